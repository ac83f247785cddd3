"""The table of moved names: what was called otherwise in an older version, what replaced it, or that nothing did.

``moved_names.csv`` holds a row a name: ``kind``, ``old``, ``new`` (empty where it is gone), ``since`` (the version from which the new name
holds), ``was`` (of a setting that is gone: the value, as JSON, with which nothing is lost by leaving it out) and ``note`` (what to say).
An old name is never given to anything else.

=========== ===================================================================================================================
kind        what ``old`` is
=========== ===================================================================================================================
setting     a setting's path, as typed (``roster.kind``)
parameter   a parameter's path (``mechanisms.contacts.hours_head``, ``protocol.rounds``, ``shocks.travel_closure.strength``)
option      a path and its value, with ``=`` between them (``protocol.learning=concessions``); ``new`` is the value
mechanism, agreement, protocol, shock, metric    a part
scenario, study    a file of ``scenarios/`` or ``configs/study/``
column, event, issue, table    a column of a run folder's tables, a kind of event, an issue, a table
module      a module, or a name in it (``sim.theory.many:Many``), that parts of a user's own import
command     a verb of a door
attribute   an attribute of a graph
=========== ===================================================================================================================
"""

from __future__ import annotations

import csv
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.types import UserError, nearest

KINDS = (
    "setting", "parameter", "option", "mechanism", "agreement", "protocol", "shock", "metric", "scenario", "study", "column", "event",
    "issue", "table", "module", "command", "attribute",
)  # fmt: skip
PATHS = ("setting", "parameter")
FILE = Path(__file__).with_name("moved_names.csv")
FACADE = "sim.parts"
"""The one module that parts of a user's own need."""
_UNHEARD: ContextVar[bool] = ContextVar("unheard", default=False)
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_MISSING = re.compile(r"cannot import name '(\w+)' from")


class MovedName(UserWarning):
    """Something was told by a name of an older version, and read by the name it has now."""


@dataclass(frozen=True)
class Moved:
    """One row of the table; ``new`` is empty where nothing took the place."""

    kind: str
    old: str
    new: str
    since: str
    was: str
    note: str

    def __post_init__(self) -> None:
        """Refuse a row that says nothing."""
        if self.kind not in KINDS or not self.old or not _VERSION.fullmatch(self.since) or self.old == self.new:
            raise ValueError(f"moved name {self}: kind, old name or version is not one")
        if not self.new and not self.note:
            raise ValueError(f"moved name {self.old}: it has no new name, so a note must say what replaced it")
        if self.was:
            json.loads(self.was)

    def lost_by(self, value: Any) -> bool:
        """Say whether anything is lost by leaving out a setting that is gone, with this value."""
        return not self.was or bool(json.loads(self.was) != value)

    def __str__(self) -> str:
        """Say what became of the name."""
        if self.new:
            return f"{self.old} is called {self.new} since version {self.since}" + (f" ({self.note})" if self.note else "")
        return f"there is no {self.old} since version {self.since}: {self.note}"


class Names:
    """Moved names by kind.

    Parameters
    ----------
    rows : iterable of Moved
    """

    def __init__(self, rows: Iterable[Moved]) -> None:
        self.rows = tuple(rows)
        self._by = {(row.kind, row.old): row for row in self.rows}
        if len(self._by) < len(self.rows):
            raise ValueError("moved names: a name stands in the table twice")
        for row in self.rows:
            seen, new = {row.old}, row.new
            while new:
                if new in seen:
                    raise ValueError(f"moved names: {row.old} comes back to {new}, and an old name is never given to anything else")
                seen.add(new)
                new = self._by[row.kind, new].new if (row.kind, new) in self._by else ""

    def of(self, kind: str) -> dict[str, Moved]:
        """Return the rows of a kind, by old name."""
        return {row.old: row for row in self.rows if row.kind == kind}

    def last(self, kind: str, name: str) -> Moved | None:
        """Return what became of a name in the end, however often it moved; None where it never did."""
        row, found = self._by.get((kind, name)), None
        while row is not None:
            found, row = row, self._by.get((kind, row.new)) if row.new else None
        return None if found is None else Moved(kind, name, found.new, found.since, found.was, found.note)

    def now(self, kind: str, name: str, *, heard: bool = True) -> str:
        """Return what a name is called now, and tell so once.

        Raises
        ------
        UserError
            If it is gone: what replaced it.
        """
        row = self.last(kind, name)
        if row is None:
            return name
        if not row.new:
            raise UserError(str(row))
        if heard:
            tell(row)
        return row.new

    def olds(self, kind: str, name: str) -> tuple[str, ...]:
        """Return what a name was called before, the latest first."""
        found: list[str] = []
        wanted = [name]
        while wanted:
            here = [row.old for row in self.rows if row.kind == kind and row.new in wanted]
            found, wanted = [*found, *here], here
        return tuple(found)


def read(text: str) -> Names:
    """Read a table of moved names.

    Raises
    ------
    ValueError
        If a row is none: the table is ours.
    """
    return Names(Moved(**row) for row in csv.DictReader(text.splitlines()))


TABLE = read(FILE.read_text(encoding="utf-8"))


def tell(row: Moved) -> None:
    """Say that an old name was read by its new one; the doors show each sentence once."""
    if not _UNHEARD.get():
        warnings.warn(f"{row}, and was read so; write the new name", MovedName, stacklevel=3)


@contextmanager
def unheard() -> Iterator[None]:
    """Read old names without telling so: what a program wrote, such as a manifest, nobody can write anew."""
    before = _UNHEARD.set(True)
    try:
        yield
    finally:
        _UNHEARD.reset(before)


def near(kind: str, word: str, choices: Iterable[str]) -> str:
    """Name the valid choice nearest to a word, as the end of a sentence; what became of it where it is a moved name."""
    row = TABLE.last(kind, word)
    return nearest(word, choices) if row is None else str(row)


def near_path(path: str, word: str, choices: Iterable[str]) -> str:
    """Name the valid choice nearest to the last word of a setting's path; what became of the path where it moved."""
    row = next((found for kind in PATHS if (found := TABLE.last(kind, path)) is not None), None)
    return nearest(word, choices) if row is None else str(row)


def import_advice(fault: BaseException) -> str | None:
    """Return what a person should know whose file imports a module of ours that is not there (any more), None for other faults."""
    if not isinstance(fault, ImportError) or not (fault.name or "").startswith("sim"):
        return None
    module = str(fault.name)
    missing = _MISSING.search(str(fault))
    steps = module.split(".")
    asked = [f"{module}:{missing[1]}"] if missing else []
    asked += [".".join(steps[:depth]) for depth in range(len(steps), 1, -1)]
    row = next((found for name in asked if (found := TABLE.last("module", name)) is not None), None)
    facade = f"parts of your own import what they need from {FACADE}"
    if row is not None:
        return f"{row}; {facade}"
    return f"{asked[0].replace(':', ' has no ') if missing else f'there is no module {module}'}; {facade}"


def renamed(kind: str, tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return named values by the names of now; a name that is gone stays as it was, for old tables may hold it."""
    rows = {name: TABLE.last(kind, name) for name in tree}
    return {(row.new or name) if (row := rows[name]) is not None else name: value for name, value in tree.items()}
