"""Values of pairs of states that last from one date to another: sanctions, wars, hostility, alliances.

A row of such a table says two states, the first and the last day (or year) of a value, and the value. It need not be dense: what it does
not give is 0. Rows may overlap; then the largest value counts. A pair is directed where the table says who does it to whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table, month_of
from sim.data.ties import Tie
from sim.types import NEVER, UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Months = NDArray[np.int64]

TABLES = {
    "hostility": ("hostility", "code_a", "code_b", "hostility"),
    "without_rivalry": ("hostility", "code_a", "code_b", "without_rivalry"),
    "sanctions": ("sanctions", "sender", "target", "level"),
    "wars": ("wars", "code_a", "code_b", "level"),
    "alliances": ("alliances", "code_a", "code_b", "strength"),
}
"""What is read: table, the two columns of states, the column of the value. Of sanctions the first state imposes them on the second."""


@dataclass(frozen=True, eq=False)
class Spells:
    """Rows of dated values of pairs.

    Attributes
    ----------
    first, second : array, shape (R,)
        Row numbers of states.
    start, until : array, shape (R,)
        Months: from ``start`` up to, not including, ``until``.
    value : array, shape (R,)
        0 to 1.
    """

    first: Ints
    second: Ints
    start: Months
    until: Months
    value: Floats

    @staticmethod
    def none() -> Spells:
        """Return a table without rows."""
        empty = np.zeros(0, dtype=np.int64)
        return Spells(empty, empty, empty, empty, np.zeros(0))

    @staticmethod
    def read(table: Table, columns: tuple[str, str], value: str, row: dict[str, int]) -> Spells:
        """Read a table; ``row`` gives the place of each code on the axis N.

        Raises
        ------
        UserError
            If a row is about a state and itself, or ends before it begins, or a user's table names a state that the roster does not have.
        """
        table = table.codes_among(columns, row, "state of the roster")
        one, two = (table.words[column] for column in columns)
        start = np.array([month_of(date, blank=0) for date in table.words["from"]], dtype=np.int64)
        until = np.array([month_of(date, blank=NEVER, after=True) for date in table.words["until"]], dtype=np.int64)
        for i, (a, b) in enumerate(zip(one, two, strict=True)):
            if a == b:
                raise UserError(f"{table.where} row {table.row[i]}, column {columns[1]}: another state than {a} was expected")
            if until[i] <= start[i]:
                dates = f"{table.words['until'][i]} lies before {table.words['from'][i]} in column from"
                raise UserError(f"{table.where} row {table.row[i]}, column until: {dates}; a later date, or none, was expected")
        first, second = (np.array([row[code] for code in codes], dtype=np.int64) for codes in (one, two))
        return Spells(first, second, start, until, table.numbers[value])

    def among(self, rows: NDArray[np.signedinteger[Any]], n: int) -> Spells:
        """Return the rows among some of ``n`` states, renumbered in the order of ``rows`` (ascending)."""
        new = np.full(n, -1, dtype=np.int64)
        new[rows] = np.arange(rows.shape[0])
        keep = (new[self.first] >= 0) & (new[self.second] >= 0)
        return Spells(new[self.first[keep]], new[self.second[keep]], self.start[keep], self.until[keep], self.value[keep])

    def pairs(self) -> tuple[Tie, Ints]:
        """Return the pairs of states that have rows, each once with its own number as value, and the pair's number of each row, (R,)."""
        low, high = np.minimum(self.first, self.second), np.maximum(self.first, self.second)
        ends, of = np.unique(np.column_stack([low, high]), axis=0, return_inverse=True)
        return Tie(ends[:, 0], ends[:, 1], np.arange(len(ends), dtype=np.float64)), of.reshape(-1)

    def handed_on(self, of: Ints, pairs: Tie) -> Spells:
        """Return the rows of each pair as rows of others: ``of`` (R,) is the pair of a row, ``pairs`` say whose each now are by value."""
        order = np.argsort(of, kind="stable")
        first = np.searchsorted(of[order], np.arange(of.max(initial=-1) + 2))
        given = pairs.value.astype(np.int64)
        count = first[given + 1] - first[given]
        place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        rows = order[np.repeat(first[given], count) + place]
        return Spells(np.repeat(pairs.first, count), np.repeat(pairs.second, count), self.start[rows], self.until[rows], self.value[rows])

    def known(self, month: int) -> Spells:
        """Return what was known in a month: what had begun by then, and had not ended by then, stays."""
        keep = self.start <= month
        until = np.where(self.until > month, NEVER, self.until)[keep]
        return Spells(self.first[keep], self.second[keep], self.start[keep], until, self.value[keep])

    def strongest(self, month: int, n: int) -> Tie:
        """Return the largest value of each pair of ``n`` states that has one in a month, whoever has it against whom."""
        first, second, value = self.at(month)
        ends, of = np.unique(np.minimum(first, second) * n + np.maximum(first, second), return_inverse=True)
        best = np.zeros(len(ends))
        np.maximum.at(best, of.reshape(-1), value)
        return Tie(ends // n, ends % n, best)

    def at(self, month: int) -> tuple[Ints, Ints, Floats]:
        """Return the pairs that have a value in a month and the value, shapes (R',): first, second, value."""
        on = (self.start <= month) & (month < self.until)
        return self.first[on], self.second[on], self.value[on]
