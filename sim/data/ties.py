"""Ties between states as sorted sparse dyads, and the distance between capitals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table
from sim.types import UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EARTH_KM = 6371.0


@dataclass(frozen=True, eq=False)
class Tie:
    """One undirected tie: row ``e`` joins states ``first[e] < second[e]`` with ``value[e]``; rows sorted by (first, second).

    Attributes
    ----------
    first, second : array, shape (E,)
        Row numbers of states.
    value : array, shape (E,)
        Strength, count or 1; unit of the table.
    """

    first: Ints
    second: Ints
    value: Floats

    @staticmethod
    def of(first: Ints, second: Ints, value: Floats) -> Tie:
        """Sort dyads given in any order and direction."""
        low, high = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((high, low))
        return Tie(low[order], high[order], value[order])

    @staticmethod
    def none() -> Tie:
        """Return the tie that joins nobody."""
        empty = np.zeros(0, dtype=np.int64)
        return Tie(empty, empty, np.zeros(0))

    def at(self, n: int, i: Ints, j: Ints) -> Floats:
        """Return the values for pairs of states, 0 where there is no tie; ``n`` states, ``i`` and ``j`` row numbers that broadcast."""
        a, b = np.broadcast_arrays(np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64))
        if self.first.shape[0] == 0:
            return np.zeros(a.shape)
        keys = self.first * n + self.second
        ask = np.minimum(a, b) * n + np.maximum(a, b)
        place = np.minimum(np.searchsorted(keys, ask), keys.shape[0] - 1)
        return np.where(keys[place] == ask, self.value[place], 0.0)

    def among(self, rows: Ints, n: int) -> Tie:
        """Return the tie among some states, renumbered in the order of ``rows`` (ascending)."""
        new = np.full(n, -1, dtype=np.int64)
        new[rows] = np.arange(rows.shape[0])
        keep = (new[self.first] >= 0) & (new[self.second] >= 0)
        return Tie(new[self.first[keep]], new[self.second[keep]], self.value[keep])


def likeness(ideal: Floats, span: float, i: Ints, j: Ints) -> Floats:
    """Return 1 - |ideal_i - ideal_j| / span for pairs of states, in [0, 1]; ``ideal`` has shape (N,)."""
    if span <= 0.0:
        return np.ones(np.broadcast_shapes(np.shape(i), np.shape(j)))
    return np.clip(1.0 - np.abs(ideal[i] - ideal[j]) / span, 0.0, 1.0)


def great_circle(lat: Floats, lon: Floats, i: Ints, j: Ints, minimum: float) -> Floats:
    """Return the great-circle distance in km between places (haversine formula), at least ``minimum`` km.

    Parameters
    ----------
    lat, lon : array, shape (N,)
        Degrees.
    i, j : int arrays that broadcast
        Row numbers.
    minimum : float
        Least distance in km.
    """
    a, b = np.radians(lat), np.radians(lon)
    half = np.sin((a[i] - a[j]) / 2.0) ** 2 + np.cos(a[i]) * np.cos(a[j]) * np.sin((b[i] - b[j]) / 2.0) ** 2
    return np.asarray(np.maximum(2.0 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), minimum), dtype=np.float64)


def dense(table: Table, first: Ints, second: Ints, row: Mapping[str, int]) -> Floats | None:
    """Return a value for every pair of states, shape (N, N), 1 with itself; None where ours does not cover the states.

    Parameters
    ----------
    table : Table
        A row a dyad, its value in the column of the table's own name.
    first, second : array
        Places of the two states of each row.
    row : mapping of str to int
        Place of each state.

    Raises
    ------
    UserError
        If a user's table lacks a dyad.
    """
    n = len(row)
    matrix = np.full((n, n), np.nan)
    np.fill_diagonal(matrix, 1.0)
    matrix[first, second] = table.numbers[table.name]
    matrix[second, first] = table.numbers[table.name]
    missing = np.argwhere(~np.isfinite(matrix))
    if not len(missing):
        return matrix
    if table.own:
        return None
    codes = sorted(row)
    a, b = codes[missing[0][0]], codes[missing[0][1]]
    have = f"it has {len(table)} of {n * (n - 1) // 2} dyads"
    raise UserError(f"{table.where} is declared dense but lacks the dyad {a} {b}; {have}")
