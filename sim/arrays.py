"""Small things on arrays that many rooms use: their types, few values among many, edges looked up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]


def by_role(first: Any, second: Any) -> Floats:
    """Lay two roles' numbers, (M,) each, side by side, shape (M, 2)."""
    out = np.empty((len(first), 2))
    out[:, 0], out[:, 1] = first, second
    return out


def among(values: NDArray[Any], *wanted: int) -> Bools:
    """Say which values are one of a few wanted, of the shape of ``values``; ``numpy.isin`` is for many and takes detours for few."""
    # As plain integers: NumPy asks an enumeration for its array protocols each time it meets one.
    found: Bools = values == int(wanted[0])
    for one in wanted[1:]:
        found |= values == int(one)
    return found


def where_true(flags: Any) -> NDArray[np.intp]:
    """Return the places of one row of flags that are set, in order: ``numpy.flatnonzero`` without its detours, for short rows."""
    found: NDArray[np.intp] = flags.nonzero()[0]
    return found


def cells(flags: Bools) -> NDArray[np.int64]:
    """Return where flags are set, as places in the array laid flat: for arrays in which few of very many are."""
    flat = np.ascontiguousarray(flags).reshape(-1)
    words = flat[: len(flat) - len(flat) % _BLOCK].view(np.uint64)
    out = np.empty(_FEW, dtype=np.int64)
    n = _cells(words, flat, out)
    if n > len(out):
        out = np.empty(n, dtype=np.int64)
        _cells(words, flat, out)
    return out[:n]


_BLOCK, _FEW = 64, 4096
"""Flags that are looked at together, and how many set ones are made room for without counting them first."""


@jit
def _cells(words: NDArray[np.uint64], flat: Bools, out: NDArray[np.int64]) -> int:
    """List the places of set flags as far as there is room, and return how many there are."""
    n, room = 0, out.shape[0]
    for block in range(words.shape[0] // 8):
        # Eight words of eight flags together: where all are zero none is set.
        some, held = words[8 * block : 8 * block + 8], np.uint64(0)
        for word in range(8):
            held |= some[word]
        if held != 0:
            for word in range(8):
                if some[word] != 0:
                    for at in range(64 * block + 8 * word, 64 * block + 8 * word + 8):
                        if flat[at]:
                            if n < room:
                                out[n] = at
                            n += 1
    for at in range(8 * words.shape[0], flat.shape[0]):
        if flat[at]:
            if n < room:
                out[n] = at
            n += 1
    return n


@jit
def log_ratios(values: Floats, unit: float, out: Floats) -> None:
    """Fill the natural logarithm of values in some unit, (n,); as kernels take it, which NumPy may miss by a bit."""
    for at in range(out.shape[0]):
        out[at] = math.log(values[at] / unit)


@jit
def seen_by_partner(rev: Ints, values: Floats, out: Floats) -> None:
    """Fill what each edge's reverse holds, shape (E,): from the owner's side what the partner's row says."""
    for e in range(out.shape[0]):
        out[e] = values[np.uint32(rev[e])]  # unsigned: no place counts from the end


@jit
def both_inside(start: NDArray[np.int64], col: Ints, inside: Bools, out: Bools) -> None:
    """Set the flag of each edge, (E,), whose owner and partner are both inside, (P,); others keep theirs."""
    for i in range(inside.shape[0]):
        if inside[i]:
            for e in range(start[i], start[i + 1]):
                out[e] = out[e] or inside[np.uint32(col[e])]


@jit
def states_end(first: int, last: int, col: Ints, n_states: int) -> int:
    """Return where a party's edges to blocs begin, of its edges ``first`` to ``last``: partners are sorted, states first."""
    while last > first and col[last - 1] >= n_states:
        last -= 1
    return last


@jit
def row_sums(start: Ints, end: Ints, values: Floats, out: Floats) -> None:
    """Fill the sum of the values from each start up to its end, (n,), one after another: four rows go side by side, none waits."""
    n = out.shape[0]
    whole = n - n % 4
    for i in range(0, whole, 4):
        first, second, third, fourth = start[i], start[i + 1], start[i + 2], start[i + 3]
        least = min(min(end[i] - first, end[i + 1] - second), min(end[i + 2] - third, end[i + 3] - fourth))
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for k in range(least):
            a += values[np.uint32(first + k)]
            b += values[np.uint32(second + k)]
            c += values[np.uint32(third + k)]
            d += values[np.uint32(fourth + k)]
        out[i], out[i + 1], out[i + 2], out[i + 3] = a, b, c, d
        for r in range(i, i + 4):
            for e in range(start[r] + least, end[r]):
                out[r] += values[e]
    for r in range(whole, n):
        out[r] = 0.0
        for e in range(start[r], end[r]):
            out[r] += values[e]


@jit
def ends_of_states(start: NDArray[np.int64], col: Ints, n_states: int, out: NDArray[np.int64]) -> None:
    """Fill where each party's edges to blocs begin, (n,), of the first n parties."""
    for i in range(out.shape[0]):
        out[i] = states_end(start[i], start[i + 1], col, n_states)


@jit
def find_edge(start: NDArray[np.int64], col: Ints, i: int, j: int) -> int:
    """Return the edge from i to j by bisection, -1 where there is none."""
    low, high = start[i], start[i + 1]
    # Who keeps an eye on everyone has each partner at its own number, less itself.
    at = low + j - (1 if j > i else 0)
    if at < high and col[at] == j:
        return int(at)
    while low < high:
        mid = (low + high) // 2
        if col[mid] < j:
            low = mid + 1
        else:
            high = mid
    if low < start[i + 1] and col[low] == j:
        return int(low)
    return -1


@jit
def find_edges(start: NDArray[np.int64], col: Ints, first: Ints, second: Ints, out: NDArray[np.int64]) -> None:
    """Fill the edges from some parties to others, (n,), -1 where there is none."""
    for k in range(out.shape[0]):
        out[k] = find_edge(start, col, first[k], second[k])
