r"""Flows of pairs from margins where each state names few partners: the balance of :mod:`sim.trade.balance`, linear in named pairs.

.. math:: X_{ij} = a_i \, b_j \, s_{ij}

with ``a`` what a state sells at equal ease, ``b`` what it buys, and ``s`` the *ease* of a pair (symmetric): ``s_ij`` of partners by name,
and one number ``far`` between any other two, between a state and the rest of the world, and within the rest. Exports that no importer
reports (or imports that no exporter does) have an ease of 1 with everybody, which plays no part: their one factor takes it up. A sum over
everybody is then one over partners and one that is the same for all,

.. math:: \sum_j s_{ij} b_j = \sum_{j \in partners} (s_{ij} - far) \, b_j + far \, (B - b_i + b_{rest}) + b_{unreported}

so that each round costs as much as there are partners, and every margin is met whatever the number of partners.

Source: Deming and Stephan (1940); Wilson (1967). Departs from them in the one number for all pairs that are not named.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Bools = NDArray[np.bool_]
ROUNDS = 2000
TOLERANCE = 1e-11
"""Largest difference from a margin, as a share of it, at which fitting stops."""


@jit
def ease(
    start: Ints, col: Places, n: int, log_distance: Floats, border: Floats, language: Floats, elasticity: float, contiguity: float,
    tongue: float, out: Floats,
) -> None:  # fmt: skip
    """Fill how freely states trade with their partners, (E,); edges of blocs are left. Distance in 1,000 km."""
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            if col[e] >= n:
                break
            out[e] = math.exp(-elasticity * log_distance[e] + contiguity * border[e] + tongue * language[e])


@jit
def fit(
    start: Ints, col: Places, n: int, eased: Floats, far: float, exports: Floats, imports: Floats, sells: Floats, buys: Floats
) -> float:
    """Solve for the factors of both sides, (N + 2,), from nothing; return the largest difference left, as a share of its margin.

    Parameters
    ----------
    start, col : array, shape (P + 1,), (E,)
        Partners, the first n of whom are states; the relation is symmetric.
    eased : array, shape (E,)
        Ease of each pair, symmetric.
    far : float
        Ease of all other pairs, above 0.
    exports, imports : array, shape (N + 2,)
        Margins of the states, of the rest, and of what one side does not report; of one sum.
    sells, buys : array, shape (N + 2,)
        Filled; as large as one another over the states.
    """
    beyond = np.empty(start[n])
    for e in range(beyond.shape[0]):
        beyond[e] = eased[e] - far if col[e] < n else 0.0
    sells[:] = exports
    other, off = np.zeros(start.shape[0] + 1), 0.0
    new = np.empty(n + 2)
    for _ in range(ROUNDS):
        answer(start, col, n, beyond, far, imports, sells, other, buys)
        answer(start, col, n, beyond, far, exports, buys, other, new)
        off = 0.0
        for i in range(n + 2):
            if new[i] > 0.0:
                # The row was off by this before it was scaled; the columns are off by less after it.
                off = max(off, abs(sells[i] / new[i] - 1.0))
            sells[i] = new[i]
        if off <= TOLERANCE:
            break
    sold, bought = 0.0, 0.0
    for i in range(n):
        sold += sells[i]
        bought += buys[i]
    if sold > 0.0 and bought > 0.0:
        by = math.sqrt(bought / sold)
        for i in range(n + 2):
            sells[i] *= by
            buys[i] /= by
    return off


@jit
def answer(start: Ints, col: Places, n: int, beyond: Floats, far: float, margin: Floats, given: Floats, other: Floats, out: Floats) -> None:
    """Fill the factors of one side, (N + 2,), that meet its margins with those of the other side as given; ``other`` is room, (P + 2,)."""
    whole = 0.0
    for i in range(n):
        other[i] = given[i]
        whole += given[i]
    rest, unreported = given[n], given[n + 1]
    for i in range(n):
        total = over_partners(beyond[start[i] : start[i + 1]], col[start[i] : start[i + 1]], other)
        total += far * (whole - given[i] + rest) + unreported
        out[i] = margin[i] / total if total > 0.0 else 0.0
    total = far * (whole + rest) + unreported
    out[n] = margin[n] / total if total > 0.0 else 0.0
    total = whole + rest
    out[n + 1] = margin[n + 1] / total if total > 0.0 else 0.0


@jit
def over_partners(weight: Floats, col: Places, factor: Floats) -> float:
    """Add up what partners weigh times their factor, (C,), in four sums side by side: a processor waits for none of them."""
    q = weight.shape[0] // 4
    w0, w1, w2, w3 = weight[:q], weight[q : 2 * q], weight[2 * q : 3 * q], weight[3 * q : 4 * q]
    c0, c1, c2, c3 = col[:q], col[q : 2 * q], col[2 * q : 3 * q], col[3 * q : 4 * q]
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for e in range(q):
        # Unsigned places: none counts from the end, so nothing has to be asked of each.
        a += w0[e] * factor[np.uint32(c0[e])]
        b += w1[e] * factor[np.uint32(c1[e])]
        c += w2[e] * factor[np.uint32(c2[e])]
        d += w3[e] * factor[np.uint32(c3[e])]
    for e in range(4 * q, weight.shape[0]):
        a += weight[e] * factor[np.uint32(col[e])]
    return (a + b) + (c + d)


@jit
def sales(
    start: Ints, col: Places, n: int, eased: Floats, sells: Floats, buys: Floats, effect: Floats, frame: Floats, spending: Floats,
    moved: Bools, index: Floats, trade: Floats,
) -> None:  # fmt: skip
    """Renew what the importers that moved buy of each partner, by exact hat algebra (:mod:`sim.trade.hat`), and their index.

    Parameters
    ----------
    eased : array, shape (E,)
    sells, buys : array, shape (N + 2,) or (N,)
        From :func:`fit`.
    effect, frame : array, shape (E,)
        Trade added by what is in force now, and by what was in force when the margins were so: a share.
    spending : array, shape (N,)
        What each importer spends, at home and abroad, USD a year.
    moved : array of bool, shape (N,)
        Importers to renew.
    index : array, shape (N,)
        What they would spend at the prices of the margins to buy as they do, over what they spend; renewed in place.
    trade : array, shape (E,)
        From the owner of an edge to the partner, USD a year; renewed in place.
    """
    rise = np.zeros(n)
    # Seller by seller, as edges lie: what an importer buys is a row of the matrix turned round.
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            j = col[e]
            if j >= n:
                break
            if moved[j]:
                sold = sells[i] * buys[j] * eased[e]
                trade[e] = sold
                if effect[e] != frame[e]:
                    gain = (1.0 + effect[e]) / (1.0 + frame[e]) - 1.0
                    rise[j] += sold * gain
                    trade[e] = sold * (1.0 + gain)
    for j in range(n):
        if moved[j]:
            index[j] = 1.0 + rise[j] / spending[j]
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            j = col[e]
            if j >= n:
                break
            if moved[j] and index[j] != 1.0:
                trade[e] /= index[j]
