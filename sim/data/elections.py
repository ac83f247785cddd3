"""In which months states voted, as far as the table says.

The table speaks for a state from January of the year of its first row of all to December of the year of that state's own last row: in
these months a state votes where it has a row, and in no other. Before, after, and for states without a row, it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table
from sim.types import month_index

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Elections:
    """Months of elections.

    Attributes
    ----------
    state, month : array, shape (R,)
        Row numbers of states, and the months in which they voted.
    start : int
        First month of which the table speaks.
    until : array, shape (N,)
        Month from which on it no longer speaks for a state; 0 for a state of which it never does.
    """

    state: Ints
    month: Ints
    start: int
    until: Ints

    @staticmethod
    def none(n: int) -> Elections:
        """Return a table that says nothing of ``n`` states."""
        empty = np.zeros(0, dtype=np.int64)
        return Elections(empty, empty, 0, np.zeros(n, dtype=np.int64))

    @staticmethod
    def read(table: Table, row: dict[str, int]) -> Elections:
        """Read the table; ``row`` gives the place of each code on the axis N.

        Raises
        ------
        UserError
            If a user's table names a state that the roster does not have.
        """
        table = table.codes_among(("code",), row, "state of the roster")
        if not len(table):
            return Elections.none(len(row))
        state = np.array([row[code] for code in table.words["code"]], dtype=np.int64)
        month = np.array([month_index(label) for label in table.words["month"]], dtype=np.int64)
        return Elections.of(state, month, len(row))

    @staticmethod
    def of(state: Ints, month: Ints, n: int) -> Elections:
        """Return the table that some rows of ``n`` states make, at least one."""
        until = np.zeros(n, dtype=np.int64)
        np.maximum.at(until, state, 12 * (month // 12) + 12)
        return Elections(state, month, 12 * (int(month.min()) // 12), until)

    def among(self, rows: NDArray[np.signedinteger[Any]], n: int) -> Elections:
        """Return the elections of some of ``n`` states, renumbered in the order of ``rows`` (ascending)."""
        new = np.full(n, -1, dtype=np.int64)
        new[rows] = np.arange(rows.shape[0])
        keep = new[self.state] >= 0
        return Elections(new[self.state[keep]], self.month[keep], self.start, self.until[rows])

    def known(self, month: int) -> Elections:
        """Return what was known in a month: of later ones the table says nothing."""
        keep, n = self.month <= month, self.until.shape[0]
        if not keep.any():
            return Elections.none(n)
        made = Elections.of(self.state[keep], self.month[keep], n)
        return replace(made, until=np.minimum(made.until, month + 1))

    def at(self, month: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return whether the table speaks for each state in a month, and whether it votes then, shapes (N,)."""
        speaks = (self.start <= month) & (month < self.until)
        votes = np.zeros(self.until.shape[0], dtype=np.bool_)
        votes[self.state[self.month == month]] = True
        return speaks, votes & speaks
