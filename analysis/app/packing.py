"""Rows of numbers as small JSON: the first row whole, then only what changed.

A panel of T months and P parties becomes ``{"first": [...], "changes": [[month, [party, value, party, value, ...]], ...]}``, months with
no change left out. Numbers keep five significant digits, which is finer than any mark on the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = 5


def short(value: float, digits: int = DIGITS) -> float | int | None:
    """Round to significant digits; whole numbers become integers, what is no number becomes None.

    Examples
    --------
    >>> short(0.1234567), short(1234567.0), short(3.0), short(float("nan"))
    (0.12346, 1234600, 3, None)
    """
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def shorts(values: Any, digits: int = DIGITS) -> list[Any]:
    """Round every number of a list or array, whatever its shape."""
    return [shorts(v, digits) if isinstance(v, (list, np.ndarray)) else short(float(v), digits) for v in values]


def tally(counts: Any) -> str:
    """Write small whole numbers, most of them 0, one letter each: 0 to 9 and a to z; what is larger as ``~``, digits and ``.``.

    Examples
    --------
    >>> tally([0, 7, 35, 36, 1])
    '07z~36.1'
    """
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[n] if n < len(letters) else f"~{n}." for n in np.asarray(counts).ravel().tolist())


def packed(rows: Sequence[NDArray[np.float64]] | NDArray[np.float64]) -> dict[str, Any]:
    """Pack a panel, one row of party values a month."""
    if len(rows) == 0:
        return {"first": [], "changes": []}
    before = shorts(rows[0])
    changes: list[list[Any]] = []
    out = {"first": before, "changes": changes}
    last = list(before)
    raw = np.asarray(rows[0])
    for month in range(1, len(rows)):
        moved = np.flatnonzero(~((rows[month] == raw) | (np.isnan(rows[month]) & np.isnan(raw))))
        raw = np.asarray(rows[month])
        told: list[Any] = []
        for party in moved.tolist():
            value = short(float(raw[party]))
            if value != last[party]:
                told += [party, value]
                last[party] = value
        if told:
            changes.append([month, told])
    return out


def unpacked(panel: dict[str, Any], months: int) -> list[list[Any]]:
    """Undo :func:`packed`: a row of values a month, as the page's script does."""
    row = list(panel["first"])
    at = dict(panel["changes"])
    rows = []
    for month in range(months):
        told = at.get(month, [])
        for k in range(0, len(told), 2):
            row[told[k]] = told[k + 1]
        rows.append(list(row))
    return rows
