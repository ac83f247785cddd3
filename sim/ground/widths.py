"""Bandwidth between states along the widest path, in whole Mbit/s, from a maximum spanning forest that each state holds one row of.

The widest path between two states runs in a maximum spanning tree (Hu 1961). Kruskal's algorithm takes the ways from the widest on; of
equal ones the one that was there first comes first. Parts are joined by size, and no path is shortened, so that a state is at most
log2(N) steps below the root of its part. A state's row says what its part was joined by: ``up`` the state above it, ``width`` the way that
joined the two (0 at a root). Widths never grow on the way up; the last step climbed before two states meet is the narrowest way of their
widest path. So N rows say what N x N numbers would, and the forest is made anew in some 20 microseconds for 193 states.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit

Ints = NDArray[np.signedinteger[Any]]


@jit
def forest(first: Ints, second: Ints, mbps: Ints, order: Ints, up: Ints, width: Ints) -> None:
    """Fill the forest, (n,) each, from ways, (W,), taken in an order; ways without capacity join nobody."""
    n = up.shape[0]
    size = np.ones(n, dtype=np.int32)
    for i in range(n):
        up[i], width[i] = i, 0
    for k in range(order.shape[0]):
        w = order[k]
        if mbps[w] <= 0:
            continue
        i, j = first[w], second[w]
        while up[i] != i:
            i = up[i]
        while up[j] != j:
            j = up[j]
        if i == j:
            continue
        if size[i] > size[j] or (size[i] == size[j] and i < j):
            i, j = j, i
        up[i], width[i] = j, mbps[w]
        size[j] += size[i]


def widest_first(mbps: Ints) -> NDArray[np.intp]:
    """Return ways from the widest on, (W,); of equal ones the one that was there first comes first."""
    # One key for both, so that any sort gives the same order; a stable one is ten times as slow.
    return np.argsort(np.arange(len(mbps)) - mbps * len(mbps))


@jit
def between(up: Ints, width: Ints, i: int, j: int) -> int:
    """Return the width of the widest path between two states, Mbit/s; 0 where there is none."""
    narrow = 0
    while i != j:
        if width[i] < width[j]:
            i, j = j, i
        if width[i] == 0:
            return 0
        narrow = int(width[i])
        i = up[i]
    return narrow


@jit
def of_pairs(up: Ints, width: Ints, one: Ints, other: Ints, out: Ints) -> None:
    """Fill the width of the widest path of some pairs of states, (M,)."""
    for k in range(out.shape[0]):
        out[k] = between(up, width, one[k], other[k])


@jit
def parts(up: Ints, out: Ints) -> None:
    """Fill, for each state, the root of its part, (n,)."""
    for i in range(up.shape[0]):
        root = i
        while up[root] != root:
            root = up[root]
        out[i] = root
