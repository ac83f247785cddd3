"""A user's folder of tables: which files are tables, and which look like one and would be passed over without a word."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from sim.data.fields import further_names, table_names
from sim.types import UserError, nearest

TABULAR = (
    "csv", "tsv", "tab", "txt", "dat", "xlsx", "xls", "xlsm", "xlsb", "ods", "fods", "numbers", "parquet", "feather", "arrow", "json",
    "dta", "sav", "rds", "gz", "zip", "bz2", "xz", "bak", "old", "orig", "tmp",
)  # fmt: skip
"""Endings of files that may hold a table."""
_COPY = re.compile(
    r"^(?:copy of|kopie von|copie de|salinan)\s+|(?:[ _-]*\(\d+\)|[ _-]+copy(?:[ _-]*\(?\d*\)?)?|[ _-]+v?\d+|~)$", re.IGNORECASE
)


GONE = {"pacts": "alliances", "rivalries": "hostility"}
"""Tables of older versions, and what took their place."""


def _names() -> tuple[str, ...]:
    return tuple(sorted((*table_names(), *further_names())))


def check_folder(folder: Path) -> None:
    """Refuse a folder that is missing, holds no table, or holds a file that looks like a table and is none.

    Raises
    ------
    UserError
        One sentence naming the folder or the file.
    """
    if not folder.is_dir():
        raise UserError(f"the folder of tables {folder} does not exist")
    try:
        entries = sorted(folder.iterdir())
    except OSError as fault:
        raise UserError(f"the folder of tables {folder} cannot be read: {fault.strerror or fault}") from None
    tables = [path for path in entries if path.suffix == ".csv" and path.stem in _names()]
    for path in tables:
        if not path.is_file():
            raise UserError(f"{path} is not a file")
    for path in entries:
        if path not in tables and not path.name.startswith((".", "~$")):
            _refuse_near(path)
    if not tables:
        inside = [path.name for path in entries if path.is_dir() and any((path / f"{name}.csv").is_file() for name in _names())]
        where = f", but its folder {inside[0]} does: give that one" if inside else f"; valid are {', '.join(f'{n}.csv' for n in _names())}"
        raise UserError(f"the folder {folder} holds no table{where}")


def _refuse_near(path: Path) -> None:
    """Refuse a file that its name takes for a table: another ending, capitals, a copy, a name one slip away."""
    stem, *endings = path.name.lower().split(".")
    if path.is_dir() and not endings:
        return
    if endings and not all(end.strip("~ ") in TABULAR for end in endings[-1:]):
        return
    bare, before = stem.strip(), ""
    while bare != before:
        bare, before = _COPY.sub("", bare).strip(), bare
    if bare in _names():
        how = "save it as CSV" if endings and endings[-1] not in ("csv", "txt") else "rename it"
        wanted = path.with_name(f"{bare}.csv")
        also = f", or take it out: {wanted.name} lies beside it" if wanted.is_file() else ""
        raise UserError(f"{path} looks like a table and would not be read; {how} to {bare}.csv{also}")
    if bare in GONE:
        raise UserError(f"{path} is a table of an older version; {GONE[bare]}.csv took its place (docs/data.md)")
    if path.suffix.lower() == ".csv":
        raise UserError(f"{path} is not one of the tables; {nearest(path.stem, _names())}")
    close = get_close_matches(bare, _names(), n=1, cutoff=0.8)
    if close:
        raise UserError(f"{path} looks like the table {close[0]} and would not be read; name it {close[0]}.csv, or take it out")
