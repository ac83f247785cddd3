"""What real instruments say of how long they last, when they are looked at again, how a side leaves, and how quarrels are settled.

Rows go by the number of the instrument in ``data_instruments.csv``; where only ``instruments.csv`` has it, by its name there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sim.data.tables import Table, month_of, read_table
from sim.types import NEVER, UserError, nearest

TABLE = "clauses"
YEAR = 12


@dataclass(frozen=True)
class Clauses:
    """What one instrument says of its own life.

    Attributes
    ----------
    duration : int
        Months from entry into force after which it ends; NEVER where it has no end.
    renewal : int
        Months by which it goes on by itself at that end unless a side objects; 0 where both must agree to go on, or it has no end.
    review : int
        Months between the reviews that the text, or the law that it is made by, prescribes; 0 where it prescribes none.
    review_from : int
        Month from which that holds; 0 where it holds from entry into force.
    withdrawal : int
        Months of notice; 0 where a side may end it at once, -1 where nothing is said.
    disputes : bool
        Whether one side alone can start a procedure that settles a dispute.
    grade, source : str
        How it is known (A, B, C, D or M, memory), and where it is from.
    """

    duration: int
    renewal: int
    review: int
    review_from: int
    withdrawal: int
    disputes: bool
    grade: str
    source: str

    def known(self, month: int) -> Clauses:
        """Return what was known in a month: a review that was prescribed later is left out."""
        return replace(self, review=0, review_from=0) if self.review_from > month else self


def read_clauses(folder: Path | None, known: Collection[str] | None = None) -> dict[str, Clauses]:
    """Read the clauses by number or name of the instrument.

    Parameters
    ----------
    folder : Path or None
        A user's tables.
    known : collection of str, or None
        Numbers and names of the instruments that there are; a user's row of another is refused. Not checked where it is None.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder)
    if not table.own and known is not None:
        for i, one in enumerate(table.words["id"]):
            if one not in known:
                told = f"{one!r} is neither a number in data_instruments.csv nor a name in instruments.csv; {nearest(one, sorted(known))}"
                raise UserError(f"{table.where} row {table.row[i]}, column id: {told}")
    return {one: _clauses(table, i) for i, one in enumerate(table.words["id"])}


def notes(clauses: Iterable[Clauses | None]) -> tuple[tuple[str, str], ...]:
    """Say how many of some instruments have clauses, and how many of these rest on memory: (column, sentence) each, for a reader."""
    told = tuple(clauses)
    there = [one for one in told if one is not None]
    memory = sum("M" in one.grade for one in there)
    said = f"{len(there)} of {len(told)} instruments have clauses; those of {memory} rest on memory"
    return ((f"{TABLE}.grade", said),) if memory or len(there) < len(told) else ()


def _clauses(table: Table, i: int) -> Clauses:
    where = f"{table.where} row {table.row[i]}"
    duration, renewal, review, withdrawal = (_whole(table, i, name) for name in ("duration", "renewal", "review", "withdrawal"))
    if duration is None and renewal is not None:
        raise UserError(f"{where}, column renewal: {renewal} months, but column duration is blank: what has no end is not renewed")
    if review is None and table.words["review_from"][i]:
        raise UserError(f"{where}, column review_from: {table.words['review_from'][i]}, but column review is blank")
    return Clauses(
        duration=NEVER if duration is None else duration,
        renewal=renewal or 0,
        review=review or 0,
        review_from=month_of(table.words["review_from"][i], blank=0),
        withdrawal=-1 if withdrawal is None else withdrawal,
        disputes=bool(table.numbers["disputes"][i] == 1),
        grade=table.words["grade"][i],
        source=table.words["source"][i],
    )


def _whole(table: Table, i: int, column: str) -> int | None:
    """Return a number of months; years are turned into months. None where the cell is blank."""
    cell, value = table.words[column][i], float(table.numbers[column][i])
    if not cell:
        return None
    months = value * YEAR if column == "duration" else value
    if abs(months - round(months)) > 1e-9:
        wanted = "years that make whole months were" if column == "duration" else "a whole number of months was"
        raise UserError(f"{table.where} row {table.row[i]}, column {column}: {cell}; {wanted} expected")
    return round(months)
