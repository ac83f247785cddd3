"""Checks of single values that a person gives: whole numbers, months, folders, named values, lists of codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.types import UserError, month_index, month_label, nearest

FIRST_MONTH, LAST_MONTH = month_index("1998-01"), month_index("2035-12")
LONGEST_STEP = 255
"""Bytes of one name in a path, as most file systems hold them."""


def whole(key: str, value: Any, low: int, high: int) -> int:
    """Return a whole number within bounds, or say in a sentence why it is not one.

    NumPy's whole numbers and floats that are whole (``7.0``, as tables of numbers give them) count; True and False do not.
    """
    if isinstance(value, np.integer) or (isinstance(value, (float, np.floating)) and value.is_integer()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UserError(f"{key} must be a whole number, not {value!r}")
    if not low <= value <= high:
        raise UserError(f"{key} = {value} lies outside {low} to {high}")
    return value


def month(key: str, value: Any) -> int:
    """Return a month's number, or say why the label is not a month within range."""
    try:
        number = month_index(value)
    except UserError as fault:
        raise UserError(f"{key}: {fault}") from None
    if not FIRST_MONTH <= number <= LAST_MONTH:
        raise UserError(f"{key} {value} lies outside {month_label(FIRST_MONTH)} to {month_label(LAST_MONTH)}")
    return number


def folder_of(key: str, value: str | Path) -> Path:
    """Return the path of a folder, ``~`` standing for the home folder.

    Raises
    ------
    UserError
        If ``~NAME`` names nobody's home, or no system could hold a path of that name.
    """
    for step in str(value).split("/"):
        size = len(step.encode("utf-8", "replace"))
        if size > LONGEST_STEP:
            raise UserError(f"{key}={step[:40]}... cannot be a path: a name in it has {size:,} bytes, and {LONGEST_STEP} can be held")
        if "\0" in step:
            raise UserError(f"{key} cannot be a path: it holds a NUL character")
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise UserError(f"{key}={value}: there is no such home folder") from None


def named(key: str, value: Any, allowed: Collection[str]) -> dict[str, Any]:
    """Return the named values that a key holds.

    Raises
    ------
    UserError
        If it holds anything else, or a name that is not allowed.
    """
    if not isinstance(value, Mapping):
        raise UserError(f"{key} must hold named values ({', '.join(allowed)}), not {value!r}")
    for name in value:
        if name not in allowed:
            raise UserError(f"{key} has no {name!r}; {nearest(str(name), allowed)}")
    return dict(value)


def codes(key: str, value: Any, example: str) -> tuple[str, ...]:
    """Return a list of codes; a whole number stands for the code of the same digits (Correlates of War numbers its states).

    Raises
    ------
    UserError
        If it is no list, or one of them was read as something else than a word: 1e3 or NO without quotes.
    """
    if isinstance(value, (str, Mapping)) or not isinstance(value, (list, tuple)):
        raise UserError(f"{key} must be a list of codes such as {example}, not {value!r}")
    found = []
    for one in value:
        if isinstance(one, (int, np.integer)) and not isinstance(one, bool):
            one = str(int(one))
        if not isinstance(one, str):
            raise UserError(f"{key} must be a list of codes such as {example}; {one!r} is none as it stands: put it in quotes")
        found.append(one)
    return tuple(found)
