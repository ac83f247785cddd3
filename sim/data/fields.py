"""The declaration of every column: ``fields.csv``, one row a column, read by the loader, the bounds check and the documentation.

Tables of instruments, deals and law lie in ``further/``, with a ``fields.csv`` of their own.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from sim.types import UserError, nearest

FOLDER = Path(__file__).resolve().parent
FURTHER = FOLDER / "further"
"""Where the tables of instruments, deals and law lie, with a declaration of their own."""
NOT_TABLES = ("assumed", "derived")


@dataclass(frozen=True)
class Field:
    """One declared column of one table.

    Attributes
    ----------
    field, table, axis : str
        Column, table (file name without ``.csv``) and the axis that its values lie on.
    unit : str
        A unit of measure, or one of ``text``, ``code``, ``party``, ``organisation``, ``date``, ``month``, ``year``, ``0/1`` and
        ``choice: a | b``.
    default, low, high : float
        Value used where ``fill_rule`` says so, and the bounds of a valid value; NaN where none is declared.
    carry_back_years : int
        Years that the first vintage may be carried back.
    fill_rule : str
        ``key`` and ``required`` refuse a blank; ``blank`` lets it stand for "none"; ``median`` and ``default`` fill it.
    meaning, year, source, terms, status : str
        What it says, its vintage, where it comes from, the terms of use and how far it is sourced.
    dense : bool
        Whether every dyad must be given.
    """

    field: str
    table: str
    axis: str
    unit: str
    default: float
    low: float
    high: float
    carry_back_years: int
    fill_rule: str
    meaning: str
    year: str
    source: str
    terms: str
    status: str
    dense: bool

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return self.unit not in ("text", "code", "party", "organisation", "date", "month") and not self.unit.startswith("choice:")

    @property
    def options(self) -> tuple[str, ...]:
        """The valid words of a choice; none for other columns."""
        return tuple(w.strip() for w in self.unit.removeprefix("choice:").split("|")) if self.unit.startswith("choice:") else ()


@functools.cache
def load_fields() -> dict[tuple[str, str], Field]:
    """Read ``fields.csv``: the declaration of each column by (table, column), in the order of the file."""
    return _declared(FOLDER / "fields.csv")


@functools.cache
def load_further() -> dict[tuple[str, str], Field]:
    """Read the declaration of the tables of instruments, deals and law."""
    return _declared(FURTHER / "fields.csv")


def _declared(path: Path) -> dict[tuple[str, str], Field]:
    number = float("nan")
    fields: dict[tuple[str, str], Field] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            fields[row["table"], row["field"]] = Field(
                field=row["field"],
                table=row["table"],
                axis=row["axis"],
                unit=row["unit"],
                default=float(row["default"]) if row["default"] else number,
                low=float(row["low"]) if row["low"] else number,
                high=float(row["high"]) if row["high"] else number,
                carry_back_years=int(row["carry_back_years"] or 0),
                fill_rule=row["fill_rule"],
                meaning=row["meaning"],
                year=row["year"],
                source=row["source"],
                terms=row["terms"],
                status=row["status"],
                dense=row["dense"] == "1",
            )
    return fields


@functools.cache
def table_names() -> tuple[str, ...]:
    """Return the names of the tables that are files, sorted."""
    return tuple(sorted({table for table, _ in load_fields()} - set(NOT_TABLES)))


@functools.cache
def further_names() -> tuple[str, ...]:
    """Return the names of the tables of instruments, deals and law, sorted."""
    return tuple(sorted({table for table, _ in load_further()}))


@functools.cache
def columns_of(table: str) -> tuple[Field, ...]:
    """Return the declared columns of a table, in the order of the declaration.

    Raises
    ------
    UserError
        If there is no such table.
    """
    declared = load_fields() if table in (*table_names(), *NOT_TABLES) else load_further()
    found = tuple(field for (name, _), field in declared.items() if name == table)
    if not found:
        raise UserError(f"there is no table {table!r}; {nearest(table, (*table_names(), *further_names()))}")
    return found


def assumed(name: str) -> float:
    """Return a declared constant: a row of the pseudo-table ``assumed``."""
    return load_fields()["assumed", name].default
