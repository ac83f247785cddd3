"""How far each state was closed to travellers from abroad, month by month: a level from 0 (open) to 4 (closed to all).

The table is ``travel_controls.csv``: monthly means of the indicator C8 of the Oxford COVID-19 Government Response Tracker (Hale et al.
2021, Nature Human Behaviour 5: 529-538) where it has the state and the month, assumed ones elsewhere (``docs/data.md`` gives the rule). It
need not be dense: what it does not give is open, and so is every month before its first and after its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table
from sim.types import month_index

Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, eq=False)
class Closure:
    """Levels of closure of some states.

    Attributes
    ----------
    months : array, shape (M,)
        Every month from the first to the last of the table; empty where it has none.
    level : array, shape (M, N)
        Level 0 to 4.
    assumed : array of bool, shape (M, N)
        Whether the level is assumed rather than sourced.
    """

    months: NDArray[np.int64]
    level: NDArray[np.float64]
    assumed: NDArray[np.bool_]

    @staticmethod
    def none(n: int) -> Closure:
        """Return ``n`` states that never close."""
        return Closure(np.zeros(0, dtype=np.int64), np.zeros((0, n)), np.zeros((0, n), dtype=np.bool_))

    @staticmethod
    def read(table: Table, row: dict[str, int]) -> Closure:
        """Read the table; ``row`` gives the place of each code on the axis N.

        Raises
        ------
        UserError
            If a user's table names a state that the roster does not have.
        """
        table = table.codes_among(("code",), row, "state of the roster")
        if not len(table):
            return Closure.none(len(row))
        index = {label: month_index(label) for label in set(table.words["month"])}
        first, last = min(index.values()), max(index.values())
        level = np.zeros((last - first + 1, len(row)))
        assumed = np.zeros(level.shape, dtype=np.bool_)
        at = np.array([index[label] - first for label in table.words["month"]], dtype=np.int64)
        who = np.array([row[code] for code in table.words["code"]], dtype=np.int64)
        level[at, who] = table.numbers["level"]
        assumed[at, who] = np.array([grade == "assumed" for grade in table.words["grade"]])
        return Closure(np.arange(first, last + 1, dtype=np.int64), level, assumed)

    def among(self, rows: Ints) -> Closure:
        """Return the closure of some states in the order of ``rows``, which may name one more than once."""
        return Closure(self.months, np.ascontiguousarray(self.level[:, rows]), np.ascontiguousarray(self.assumed[:, rows]))

    def share_assumed(self, start_month: int, end_month: int) -> float:
        """Return the share of assumed levels in the months of the table from ``start_month`` to ``end_month``; 0 where there are none."""
        inside = (start_month <= self.months) & (self.months <= end_month)
        return float(self.assumed[inside].mean()) if inside.any() else 0.0
