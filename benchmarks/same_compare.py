"""Compare what two trees hold, bit for bit, through a written map of new names and a written list of what may differ.

Two files beside this one are read: ``same_renames.csv`` (kind, old, new, why) says what a thing of the base is called here, and
``same_moves.csv`` (configuration, kind, name, issue, why) says what may differ, by the base's names; ``*`` stands for any run of letters in
its first three columns. Kinds are ``array``, ``table`` (renames only), ``column`` (``TABLE.COLUMN``), ``metric`` (in scalars, series and
panels) and ``words`` (``TABLE.COLUMN`` of the record).
"""

from __future__ import annotations

import csv
import fnmatch
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

KINDS = ("array", "column", "words", "metric")
METRICS = ("scalars", "series", "panels")
SHOWN = 17
"""Significant digits that tell two neighbouring numbers of 64 bits apart."""


class Refused(Exception):
    """Something asked for cannot be: one sentence, exit code 2."""


@dataclass(frozen=True)
class Rename:
    """A thing of the base and what it is called here."""

    kind: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Moves:
    """Something that may differ, and the issue that says so."""

    configuration: str
    kind: str
    name: str
    issue: str
    why: str

    def covers(self, configuration: str, kind: str, name: str) -> bool:
        """Say whether a difference is one of these."""
        pairs = ((configuration, self.configuration), (kind, self.kind), (name, self.name))
        return all(fnmatch.fnmatchcase(one, pattern) for one, pattern in pairs)


@dataclass(frozen=True)
class Difference:
    """One name that differs: where, and how."""

    kind: str
    name: str
    where: str
    how: str

    def __str__(self) -> str:
        return f"{self.where}, {self.kind} {self.name}: {self.how}"


@dataclass
class Compared:
    """What a comparison of one configuration found."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    allowed: list[Difference] = field(default_factory=list)
    used: set[Rename | Moves] = field(default_factory=set)
    added: list[str] = field(default_factory=list)


def compare(
    old: Mapping[str, np.ndarray],
    new: Mapping[str, np.ndarray],
    configuration: str = "",
    renames: tuple[Rename, ...] = (),
    moves: tuple[Moves, ...] = (),
) -> Compared:
    """Compare all that the base holds of one configuration with what is held here; the first difference comes first.

    Parameters
    ----------
    old, new : mapping of str to arrays
        As ``same_live.py`` writes them.
    configuration : str
    renames, moves : tuple
        What is called otherwise here, and what may differ.
    """
    found, met = Compared(), set()
    for key in sorted(old, key=_order):
        where, kind, name = _parts(key)
        here, rename = _renamed(key, renames)
        found.used |= {rename} if rename else set()
        met.add(here)
        found.counts[kind] += not key.endswith("~count")
        how = "the base has it and it is not here; name it in benchmarks/same_renames.csv, or bring it back"
        if here in new:
            how = differs(old[key], new[here], key, _months(old))
        if not how:
            continue
        one = Difference(kind, name, where, how)
        may = [move for move in moves if move.covers(configuration, kind, name)]
        found.used.update(may)
        (found.allowed if may else found.differences).append(one)
    found.added = sorted({" ".join(_parts(key)[1:]) for key in new if key not in met})
    return found


def differs(old: np.ndarray, new: np.ndarray, key: str = "", months: np.ndarray | None = None) -> str:
    """Say how two arrays differ in dtype, shape or bits, at the first place where they do; empty where they do not."""
    if old.dtype != new.dtype:
        return f"{old.dtype} at the base, {new.dtype} here"
    if key.endswith("~words"):
        return "" if old.tobytes() == new.tobytes() else _other_words(old, new)
    if old.shape != new.shape:
        return f"shape {old.shape} at the base, {new.shape} here"
    one, two = _bits(old), _bits(new)
    unlike = one != two
    if not unlike.any():
        return ""
    first = int(np.flatnonzero(unlike)[0]) // (len(one) // old.size)
    index = tuple(int(i) for i in np.unravel_index(first, old.shape))
    place = f"[{', '.join(map(str, index))}]" if index else "the number"
    if months is not None and key.startswith(("record/series/", "record/panels/")):
        place += f" (month {int(months[index[0]]) // 12:04d}-{int(months[index[0]]) % 12 + 1:02d})"
    n = int(np.count_nonzero(unlike.reshape(old.size, -1).any(axis=1)))
    return f"{place} is {_said(old[index])} at the base, {_said(new[index])} here; {n} of {old.size} differ"


def _bits(array: np.ndarray) -> np.ndarray:
    """Return an array's bytes, every NaN with the same bits."""
    whole = np.ascontiguousarray(array)
    if whole.dtype.kind == "f":
        whole = np.where(np.isnan(whole), np.array(np.nan, dtype=whole.dtype), whole)
    return whole.reshape(-1).view(np.uint8)


def _said(value: Any) -> str:
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.{SHOWN}g} ({float(value).hex()})"
    return str(value)


def _other_words(old: np.ndarray, new: np.ndarray) -> str:
    one, two = words_of(old), words_of(new)
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    a, b = (words[at] if at < len(words) else "nothing" for words in (one, two))
    return f"row {at} is {a!r} at the base, {b!r} here; {len(one)} rows at the base, {len(two)} here"


def words_of(text: np.ndarray) -> list[str]:
    """Return the words of a text that ``same_live.py`` wrote."""
    return bytes(text).decode().split("\n") if len(text) else []


def _months(held: Mapping[str, np.ndarray]) -> np.ndarray | None:
    return held.get("record/months")


def _parts(key: str) -> tuple[str, str, str]:
    """Return where, what kind and which name a key is."""
    where, _, rest = key.removesuffix("~words").removesuffix("~count").partition("/")
    kind, _, name = rest.partition("/")
    if where != "record":
        return where, kind, name
    if kind in METRICS:
        return f"record, {kind}", "metric", name
    return "record", "words", f"{kind}.{name}" if name else kind


def _order(key: str) -> tuple[bool, str, int, str]:
    where, kind, _ = _parts(key)
    return where.startswith("record"), where[:7], KINDS.index(kind), key


def _renamed(key: str, renames: tuple[Rename, ...]) -> tuple[str, Rename | None]:
    """Return what a key of the base is called here."""
    _, kind, name = _parts(key)
    for one in renames:
        if (one.kind, one.old) == (kind, name):
            old, new = (text.replace(".", "/") if kind == "words" else text for text in (one.old, one.new))
            return key.replace(f"/{old}", f"/{new}", 1), one
    table = name.partition(".")[0]
    for one in renames:
        if kind == "column" and (one.kind, one.old) == ("table", table):
            return key.replace(f"/column/{table}.", f"/column/{one.new}.", 1), one
    return key, None


def read_renames(path: Path) -> tuple[Rename, ...]:
    """Read the map of names."""
    return tuple(Rename(**row) for row in _rows(path, Rename, (*KINDS, "table")))


def read_moves(path: Path) -> tuple[Moves, ...]:
    """Read the list of what may differ."""
    return tuple(Moves(**row) for row in _rows(path, Moves, (*KINDS, "*")))


def _rows(path: Path, form: type, kinds: tuple[str, ...]) -> Iterator[dict[str, str]]:
    columns = list(form.__dataclass_fields__)  # type: ignore[attr-defined]
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != columns:
            raise Refused(f"{path.name}: its first line must be {','.join(columns)}")
        for row in reader:
            if None in row or None in row.values() or not all(text.strip() for text in row.values()):
                raise Refused(f"{path.name}, line {reader.line_num}: each of {', '.join(columns)} must be said, and nothing more")
            if row["kind"] not in kinds:
                raise Refused(f"{path.name}, line {reader.line_num}: a kind is one of {', '.join(kinds)}, not {row['kind']!r}")
            yield row


def missing(held: Mapping[str, np.ndarray], shows: tuple[str, ...]) -> list[str]:
    """Return what a configuration should show and does not, in the forms of ``same_worlds.py``."""
    return [one for one in shows if not _shown(held, one)]


def _shown(held: Mapping[str, np.ndarray], what: str) -> bool:
    name, _, word = what.partition("=")
    table, _, column = name.partition(".")
    if not column:
        table, column = "events", name
    key = f"record/{table}/{column}"
    if table == "series":
        return key in held and bool((held[key] != held[key][0]).any())
    if f"{key}~words" in held:
        found = words_of(held[f"{key}~words"])
        return word in found if word else any(found)
    return key in held and bool((np.nan_to_num(held[key].astype(float)) > 0.0).any() or (held[key] < -1.0).any())


def counted(held: Mapping[str, np.ndarray], column: str = "event") -> Counter[str]:
    """Count the words of one column of the record's events."""
    return Counter(words_of(held[f"record/events/{column}~words"]))
