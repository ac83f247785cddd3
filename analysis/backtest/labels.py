"""Labels: what was signed, read from a table by a written rule (``docs/backtest.md``), and faults of a table of one's own in a sentence.

An instrument counts from depth 2 on. It weighs 1: one of n pairs gives each 1/n. A dyad counts once. It is at risk in a group while no
instrument of that group, of depth 2 or more, binds it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from analysis.backtest.universe import TABLES, Universe
from sim.types import UserError, nearest

GROUPS = ("adequacy", "digital_trade", "law_enforcement")
LEAST_DEPTH = 2
DEEPEST = 4
COLUMNS = ("id", "name", "group", "parties", "judge", "signed", "in_force", "ended", "depth", "grade_dates", "grade_content")
NEEDED = ("id", "group", "parties", "signed", "depth")
OURS = TABLES / "labels.csv"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MIDDLE = 6
"""The month, from 0, that stands for a year of which no month is known."""
_GRADES = "ABCDM"
_MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Instrument:
    """One row of a table of labels.

    Attributes
    ----------
    id, name, group : str
    parties : tuple of str
        Codes of the universe, sorted, two or more.
    judge : str
        Who decides, in a decision of one side; empty where both give.
    signed : int
        Month.
    in_force, ended : int or None
        Months.
    depth : int
        0 to 4.
    sure : bool
        Whether the date of signature and the content are both graded A or B.
    """

    id: str
    name: str
    group: str
    parties: tuple[str, ...]
    judge: str
    signed: int
    in_force: int | None
    ended: int | None
    depth: int
    sure: bool

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every pair of its parties."""
        return tuple(combinations(self.parties, 2))

    @property
    def weight(self) -> float:
        """What it gives each pair."""
        return 1.0 / len(self.pairs)

    @property
    def counts(self) -> bool:
        """Whether it is deep enough to be a label."""
        return self.depth >= LEAST_DEPTH


def read_labels(path: Path, universe: Universe) -> tuple[Instrument, ...]:
    """Read a table of labels.

    Raises
    ------
    UserError
        If it cannot be read, or a row is not as ``docs/backtest.md`` has it: file, line, what was expected, nearest choice.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"--labels {path} is larger than {_MOST_BYTES // 1_000_000} MB: a table of labels has a row an instrument")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise UserError(f"--labels {path} cannot be read: {fault.strerror or fault}") from None
    except UnicodeDecodeError:
        raise UserError(f"--labels {path} is not text in UTF-8: save it as CSV in UTF-8") from None
    if "\0" in text:
        raise UserError(f"--labels {path} is not a table: save it as CSV in UTF-8")
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        return _rows(path, reader, universe)
    except csv.Error as fault:
        raise UserError(f"{path}, line {reader.line_num}: this is no row of a CSV ({fault})") from None


def _rows(path: Path, reader: csv.DictReader[str], universe: Universe) -> tuple[Instrument, ...]:
    head = [name.strip() for name in reader.fieldnames or ()]
    for name in head:
        if name not in COLUMNS:
            raise UserError(f"{path}, line 1: there is no column {name!r}; {nearest(name, COLUMNS)}")
        if head.count(name) > 1:
            raise UserError(f"{path}, line 1: column {name!r} stands there {head.count(name)} times; give it once")
    for name in NEEDED:
        if name not in head:
            raise UserError(f"{path}, line 1: column {name!r} is missing; needed are {', '.join(NEEDED)}")
    reader.fieldnames = head
    found: dict[str, Instrument] = {}
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        if None in row or None in row.values():
            raise UserError(f"{where}: this row does not have the {len(head)} cells of line 1")
        one = _instrument(where, {name: value.strip() for name, value in row.items()}, universe)
        if one.id in found:
            raise UserError(f"{where}: id {one.id!r} stands there twice; each row needs its own")
        found[one.id] = one
    if not found:
        raise UserError(f"{path} holds no row: there is nothing to score")
    return tuple(found.values())


def _instrument(where: str, row: dict[str, str], universe: Universe) -> Instrument:
    if not row["id"]:
        raise UserError(f"{where}: id is empty; each row needs its own")
    if row["group"] not in GROUPS:
        raise UserError(f"{where}: there is no group {row['group']!r}; {nearest(row['group'], GROUPS)}")
    parties = tuple(sorted({_party(where, code.strip(), universe) for code in row["parties"].split(";")}))
    if len(parties) < 2:
        raise UserError(f"{where}: parties {row['parties']!r} are one party; two or more are needed, as in EU;JPN (EU states are one)")
    judge = row.get("judge", "")
    if judge:
        judge = _party(where, judge, universe)
        if judge not in parties:
            raise UserError(f"{where}: judge {judge} is none of the parties {';'.join(parties)}")
    if row["depth"] not in {str(depth) for depth in range(DEEPEST + 1)}:
        raise UserError(f"{where}: depth must be a whole number from 0 to {DEEPEST}, not {row['depth']!r}")
    signed, in_force, ended = (_month(where, name, row.get(name, "")) for name in ("signed", "in_force", "ended"))
    if signed is None:
        raise UserError(f"{where}: signed is empty; a date such as 2019-10-03, 2019-10 or 2019 is needed")
    if ended is not None and ended < (signed if in_force is None else in_force):
        raise UserError(f"{where}: it ended ({row['ended']}) before it began")
    grades = [_grade(where, name, row.get(name, "A")) for name in ("grade_dates", "grade_content")]
    name = row.get("name") or row["id"]
    return Instrument(row["id"], name, row["group"], parties, judge, signed, in_force, ended, int(row["depth"]), max(grades) <= "B")


def _party(where: str, code: str, universe: Universe) -> str:
    party = universe.party(code)
    if party is None:
        raise UserError(f"{where}: there is no party {code!r}; {nearest(code, (*universe.codes, *universe.members))}")
    return party


def _month(where: str, name: str, text: str) -> int | None:
    """Return a date's month, 12 year + month - 1; None for an empty one, the middle of the year for a bare year."""
    if not text:
        return None
    told = _DATE.fullmatch(text)
    month = int(told[2]) - 1 if told and told[2] else _MIDDLE
    day = int(told[3]) if told and told[3] else 1
    if told is None or not 0 <= month < 12 or not 1 <= day <= 31 or not 1900 <= int(told[1]) <= 2100:
        raise UserError(f"{where}: {name} {text!r} is no date; write 2019-10-03, 2019-10 or 2019")
    return 12 * int(told[1]) + month


def _grade(where: str, name: str, text: str) -> str:
    """Return the grade of the fact itself, which stands before a slash."""
    grade = text.partition("/")[0] or "M"
    if grade not in _GRADES or len(grade) != 1:
        raise UserError(f"{where}: {name} {text!r} is no grade; valid are {', '.join(_GRADES)}, or two with a slash")
    return grade
