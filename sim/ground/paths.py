r"""Latency between all states along the shortest open ways, in whole nanoseconds: from the beginning, or renewed as ways open and close.

.. math:: d_{ij} = \min_{\text{paths}} \sum_{w \in \text{path}} \ell_w

with :math:`\ell_w > 0` the length of way ``w``. From the beginning it is Dijkstra's algorithm (1959) from every state. When the length of
a way falls (or it opens), a path gains only by using it once: :math:`d_{st} \leftarrow \min(d_{st}, d_{su} + \ell + d_{vt})`. When it
rises (or it closes), the states that lose every tight way towards a source are found and settled again from those around them (Ramalingam
and Reps 1996, J. Algorithms 21(2)). Whole numbers make both the same to the bit, which tests hold; where few ways change it costs little.

A path of more than 2.1 seconds counts as none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit

Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]
NO_PATH = 2**31 - 1
"""What stands for "no path", and for the length of a way that is closed."""
_NODE = 16
"""Bits of a key in a heap that name the state."""


@jit
def arcs(n: int, first: Ints, second: Ints, start: Ints, other: Ints, way: Ints) -> None:
    """Fill the ways of each state, in the order of ways: those of state i stand in ``other`` and ``way`` from ``start[i]`` on.

    ``first`` and ``second`` are (W,), ``start`` (n + 1,), ``other`` and ``way`` (2 W,).
    """
    start[:] = 0
    for w in range(first.shape[0]):
        start[first[w] + 1] += 1
        start[second[w] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    place = start.copy()
    for w in range(first.shape[0]):
        i, j = first[w], second[w]
        other[place[i]], way[place[i]] = j, w
        other[place[j]], way[place[j]] = i, w
        place[i] += 1
        place[j] += 1


@jit
def _push(heap: NDArray[np.int64], n: int, key: int) -> int:
    at = n
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return n + 1


@jit
def _pop(heap: NDArray[np.int64], n: int) -> int:
    """Take out the first key, which stands at 0, and return how many are left."""
    n -= 1
    last, at = heap[n], 0
    while True:
        below = 2 * at + 1
        if below >= n:
            break
        if below + 1 < n and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = last
    return n


@jit
def all_paths(start: Ints, other: Ints, way: Ints, length: Ints, latency: Ints) -> None:
    """Fill the latency between all states, (n, n), from the lengths of ways, (W,); NO_PATH where a way is closed, or no path is open."""
    n = start.shape[0] - 1
    heap = np.empty(other.shape[0] + 1, dtype=np.int64)
    for s in range(n):
        row = latency[s]
        row[:] = NO_PATH
        row[s] = 0
        heap[0], held = s, 1
        while held > 0:
            key = heap[0]
            held = _pop(heap, held)
            far, x = key >> _NODE, key & ((1 << _NODE) - 1)
            if far != row[x]:
                continue
            for a in range(start[x], start[x + 1]):
                if length[way[a]] != NO_PATH and far + length[way[a]] < row[other[a]]:
                    row[other[a]] = far + length[way[a]]
                    held = _push(heap, held, ((far + length[way[a]]) << _NODE) | other[a])


@jit
def _shorter(u: int, v: int, length: int, latency: Ints, touched: Bools) -> None:
    """Let every path gain from a way between u and v that is now so long.

    Only states that are nearer to v through u gain, and only towards those to which u is nearer through v; and the other way round.
    """
    n = latency.shape[0]
    from_u, from_v = latency[u].copy(), latency[v].copy()
    by_u, by_v = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    at_u, at_v = 0, 0
    for t in range(n):
        here, there = np.int64(from_u[t]), np.int64(from_v[t])
        if here != NO_PATH and here + length < there:
            by_u[at_u] = t
            at_u += 1
        elif there != NO_PATH and there + length < here:
            by_v[at_v] = t
            at_v += 1
    for a in range(at_u):
        s = by_u[a]
        for b in range(at_v):
            t = by_v[b]
            far = np.int64(from_u[s]) + length + from_v[t]
            if far < latency[s, t]:
                latency[s, t] = latency[t, s] = far
                touched[s] = touched[t] = True


@jit
def _longer(
    u: int, v: int, old: int, start: Ints, other: Ints, way: Ints, length: Ints, latency: Ints, touched: Bools, lost: Bools, queue: Ints,
    heap: NDArray[np.int64], those: Ints,
) -> None:  # fmt: skip
    """Settle again what rested on a way between u and v that was ``old`` long and is now longer, or closed; ``lost`` is all False."""
    from_u, from_v = latency[u].copy(), latency[v].copy()
    for s in range(latency.shape[0]):
        if from_u[s] != NO_PATH and np.int64(from_u[s]) + old == from_v[s]:
            queue[0] = v
        elif from_v[s] != NO_PATH and np.int64(from_v[s]) + old == from_u[s]:
            queue[0] = u
        else:
            continue
        row = latency[s]
        at, held, n = 0, 1, 0
        while at < held:
            x = queue[at]
            at += 1
            if lost[x]:
                continue
            kept = False
            for a in range(start[x], start[x + 1]):
                y, ell = other[a], length[way[a]]
                if ell != NO_PATH and not lost[y] and row[y] != NO_PATH and np.int64(row[y]) + ell == row[x]:
                    kept = True
                    break
            if kept:
                continue
            lost[x] = True
            those[n] = x
            n += 1
            for a in range(start[x], start[x + 1]):
                y, ell = other[a], length[way[a]]
                if ell != NO_PATH and not lost[y] and np.int64(row[x]) + ell == row[y]:
                    queue[held] = y
                    held += 1
        if n == 0:
            continue
        touched[s] = True
        held = 0
        for k in range(n):
            x, best = those[k], np.int64(NO_PATH)
            for a in range(start[x], start[x + 1]):
                y, ell = other[a], length[way[a]]
                if ell != NO_PATH and not lost[y] and row[y] != NO_PATH and np.int64(row[y]) + ell < best:
                    best = np.int64(row[y]) + ell
            row[x] = best
            if best != NO_PATH:
                held = _push(heap, held, (best << _NODE) | x)
        while held > 0:
            key = heap[0]
            held = _pop(heap, held)
            far, x = key >> _NODE, key & ((1 << _NODE) - 1)
            if not lost[x] or far != row[x]:
                continue
            lost[x] = False
            for a in range(start[x], start[x + 1]):
                y, ell = other[a], length[way[a]]
                if ell != NO_PATH and lost[y] and far + ell < row[y]:
                    row[y] = far + ell
                    held = _push(heap, held, ((far + ell) << _NODE) | y)
        for k in range(n):
            lost[those[k]] = False


@jit
def renew(
    first: Ints, second: Ints, start: Ints, other: Ints, way: Ints, length: Ints, after: Ints, latency: Ints, touched: Bools
) -> int:  # fmt: skip
    """Bring latency, (n, n), from lengths of ways, (W,), to others, way by way; lengths are changed in place.

    Marks in ``touched``, (n,), the states whose latencies have changed, and returns how many ways have.
    """
    n, changed = latency.shape[0], 0
    lost = np.zeros(n, dtype=np.bool_)
    queue = np.empty(other.shape[0] + 1, dtype=np.int32)
    heap = np.empty(other.shape[0] + n + 1, dtype=np.int64)
    those = np.empty(n, dtype=np.int32)
    for w in range(first.shape[0]):
        old, new = int(length[w]), int(after[w])
        if new == old:
            continue
        changed += 1
        length[w] = new
        if new < old:
            _shorter(first[w], second[w], new, latency, touched)
        else:
            _longer(first[w], second[w], old, start, other, way, length, latency, touched, lost, queue, heap, those)
    return changed


@jit
def averages(latency: Ints, touched: Bools, reaches: Ints, mean: NDArray[np.float64]) -> None:
    """Fill, for states that are ``touched``, how many others each reaches and its mean latency to them, ms; 0 where it reaches nobody."""
    for s in range(latency.shape[0]):
        if touched[s]:
            n, whole = 0, np.int64(0)
            for t in range(latency.shape[0]):
                if t != s and latency[s, t] != NO_PATH:
                    n += 1
                    whole += latency[s, t]
            reaches[s] = n
            mean[s] = whole / n / 1e6 if n > 0 else 0.0
