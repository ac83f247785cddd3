"""Rows of numbers as small JSON: the first row whole, then only what changed.

A panel of T months and P parties becomes ``{"first": [...], "changes": [[month, [party, value, party, value, ...]], ...]}``, months with
no change left out. Numbers keep five significant digits, which is finer than any mark on the page.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
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


class Panel:
    """A panel that grows month by month and is packed at any time, so that a long game costs no more to tell than a short one.

    Examples
    --------
    >>> panel = Panel()
    >>> for row in ([1.0, 2.0], [1.0, 2.0], [1.0, 3.0]):
    ...     panel.add(np.array(row))
    >>> panel.packed
    {'first': [1, 2], 'changes': [[2, [1, 3]]]}
    """

    def __init__(self, digits: int = DIGITS) -> None:
        self.months = 0
        self._digits = digits
        self._first: list[Any] = []
        self._last: list[Any] = []
        self._raw: NDArray[np.float64] = np.empty(0)
        self._changes: list[list[Any]] = []

    def add(self, row: NDArray[np.float64]) -> None:
        """Add a month's row of party values."""
        row = np.array(row, dtype=np.float64)
        if self.months == 0:
            self._first = shorts(row, self._digits)
            self._last = [*self._first]
        else:
            told: list[Any] = []
            for party in np.flatnonzero(~((row == self._raw) | (np.isnan(row) & np.isnan(self._raw)))).tolist():
                value = short(float(row[party]), self._digits)
                if value != self._last[party]:
                    told += [party, value]
                    self._last[party] = value
            if told:
                self._changes.append([self.months, told])
        self._raw = row
        self.months += 1

    @property
    def packed(self) -> dict[str, Any]:
        """The first row and what changed since."""
        return {"first": self._first, "changes": self._changes}

    def copy(self) -> Panel:
        """Return an independent panel of the same months."""
        twin = copy.copy(self)
        twin._last, twin._changes = [*self._last], [*self._changes]
        return twin


def packed(rows: Iterable[NDArray[np.float64]]) -> dict[str, Any]:
    """Pack a panel, one row of party values a month."""
    panel = Panel()
    for row in rows:
        panel.add(row)
    return panel.packed


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
