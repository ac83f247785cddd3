"""The dated stock of data instruments: what was in force between whom in a month, and which rows rest on memory.

An instrument is in force from the month of its entry into force up to, not including, the month in which it ended. Of a date that gives
only a year July is taken, as in the labels of the backtest (``docs/backtest.md``), whose rule the table follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sim.data.codes import meant
from sim.data.further.clauses import Clauses, read_clauses
from sim.data.tables import Table, month_of, read_table
from sim.types import NEVER, UserError, month_label

TABLE = "data_instruments"
JUDGED = {"adequacy_decision": "judged", "transfer_framework": "undertaker"}
"""The role of the other party where one decides, by type."""
_MIDDLE = 6
"""The month, from 0, that stands for a year of which no month is known."""
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class DataInstrument:
    """One instrument.

    Attributes
    ----------
    id, type, name : str
        Number in the table, agreement type and name.
    parties : tuple of str
        Codes of states and blocs, sorted, two or more.
    judge : str
        Who decides; empty where both decide, or nobody does.
    signed, in_force, ended : int
        Months; NEVER where there is no such date.
    depth : int
        0 to 4.
    open : bool
        Whether any state may ask to accede.
    grade_dates, grade_content : str
        How its dates, its type and its depth are known: A, B, C, D or M (memory).
    source : str
        Where it is from.
    clauses : Clauses or None
        What it says of its own life; None where nothing is known of that.
    """

    id: str
    type: str
    name: str
    parties: tuple[str, ...]
    judge: str
    signed: int
    in_force: int
    ended: int
    depth: int
    open: bool
    grade_dates: str
    grade_content: str
    source: str
    clauses: Clauses | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each party: judge, judged or undertaker where one decides, both judges where both do, else party."""
        if self.type not in JUDGED:
            return ("party",) * len(self.parties)
        return tuple("judge" if self.judge in ("", party) else JUDGED[self.type] for party in self.parties)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every pair of its parties."""
        return tuple(combinations(self.parties, 2))

    @property
    def from_memory(self) -> tuple[str, ...]:
        """What of it rests on memory: dates, content, both or nothing."""
        graded = {"dates": self.grade_dates, "content": self.grade_content}
        return tuple(what for what, grade in graded.items() if "M" in grade)

    def in_force_at(self, month: int) -> bool:
        """Whether it is in force in a month."""
        return self.in_force <= month < self.ended


def read_instruments(folder: Path | None, parties: Collection[str]) -> tuple[DataInstrument, ...]:
    """Read the whole history of data instruments, sorted by number.

    Parameters
    ----------
    folder : Path or None
        A user's tables.
    parties : collection of str
        Codes of the states and blocs there are. Of our own table, other parties are left out, and rows with fewer than two left.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder)
    clauses = read_clauses(folder)
    found = (_instrument(table, i, parties, clauses) for i in range(len(table)))
    return tuple(one for one in found if one is not None)


def stock(instruments: Iterable[DataInstrument], month: int, least_depth: int = 0) -> tuple[DataInstrument, ...]:
    """Return what is in force in a month and at least so deep: neither ended by then nor yet to come."""
    return tuple(one for one in instruments if one.in_force_at(month) and one.depth >= least_depth)


def notes(instruments: Iterable[DataInstrument], month: int) -> tuple[tuple[str, str], ...]:
    """Say of the stock of a month which rows rest on memory, for a reader of the results: (column, sentence) each."""
    held = stock(instruments, month)
    told = []
    for what, column in (("dates", "in_force"), ("content", "depth")):
        who = [one.id for one in held if what in one.from_memory]
        if who:
            told.append(
                (f"{TABLE}.{column}", f"{len(who)} of {len(held)} in force in {month_label(month)} rest on memory: {', '.join(who)}")
            )
    return tuple(told)


def _instrument(table: Table, i: int, valid: Collection[str], clauses: Mapping[str, Clauses]) -> DataInstrument | None:
    words, where = {name: cells[i] for name, cells in table.words.items()}, f"{table.where} row {table.row[i]}"
    parties = _parties(words["parties"], where, valid, table.own)
    judge = words["judge"]
    if len(parties) < 2 or (table.own and judge and judge not in parties):
        return None
    _check_judge(words["type"], judge, parties, where)
    signed, in_force, ended = (_month(words[column]) for column in ("signed", "in_force", "ended"))
    if in_force < signed:
        raise UserError(f"{where}, column in_force: {words['in_force']} lies before {words['signed']} in column signed")
    if ended < (signed if in_force == NEVER else in_force):
        first = "signed" if in_force == NEVER else "in_force"
        raise UserError(f"{where}, column ended: {words['ended']} lies before {words[first]} in column {first}")
    return DataInstrument(
        id=words["id"],
        type=words["type"],
        name=words["name"],
        parties=parties,
        judge=judge,
        signed=signed,
        in_force=in_force,
        ended=ended,
        depth=_depth(table, i, where),
        open=bool(table.numbers["open"][i] == 1),
        grade_dates=words["grade_dates"],
        grade_content=words["grade_content"],
        source=words["source"],
        clauses=clauses.get(words["id"]),
    )


def _parties(cell: str, where: str, valid: Collection[str], own: bool) -> tuple[str, ...]:
    codes = [code.strip() for code in cell.split(";")]
    for code in codes:
        if code not in valid and not own:
            raise UserError(f"{where}, column parties: {code!r} is not a state or bloc of the roster; {meant(code, valid)}")
        if codes.count(code) > 1:
            raise UserError(f"{where}, column parties: {code} is given twice")
    if len(codes) < 2:
        raise UserError(f"{where}, column parties: {cell!r} names one party; two or more were expected, with ; between them")
    return tuple(sorted(code for code in codes if code in valid))


def _check_judge(kind: str, judge: str, parties: tuple[str, ...], where: str) -> None:
    if kind in JUDGED and len(parties) != 2:
        raise UserError(f"{where}, column parties: {len(parties)} parties; {kind} has 2")
    if kind not in JUDGED and judge:
        raise UserError(f"{where}, column judge: {judge!r} decides nothing in {kind}; a blank was expected")
    if kind == "transfer_framework" and not judge:
        raise UserError(f"{where}, column judge: a value is required in transfer_framework; valid are {', '.join(parties)}")
    if judge and judge not in parties:
        raise UserError(f"{where}, column judge: {judge!r} is not one of its parties; valid are {', '.join(parties)}")


def _depth(table: Table, i: int, where: str) -> int:
    depth = float(table.numbers["depth"][i])
    if depth != round(depth):
        raise UserError(f"{where}, column depth: {depth:g}; a whole number from 0 to 4 was expected")
    return int(depth)


def _month(date: str) -> int:
    return 12 * int(date) + _MIDDLE if _YEAR.fullmatch(date) else month_of(date, blank=NEVER)
