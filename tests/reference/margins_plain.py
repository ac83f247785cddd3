"""Flows from margins told a second time, over whole matrices in plain NumPy: the twin that ``sim.trade.sparse`` is held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def seed(ease: Floats, far: float) -> Floats:
    """Return the structure of all pairs, (N + 2, N + 2): states, the rest of the world, and what one side does not report.

    ``ease`` is (N, N), NaN where two keep no eye on one another.
    """
    n = len(ease)
    whole = np.full((n + 2, n + 2), far)
    whole[:n, :n] = np.where(np.isnan(ease), far, ease)
    np.fill_diagonal(whole[:n, :n], 0.0)
    whole[n + 1, :] = whole[:, n + 1] = 1.0
    whole[n + 1, n + 1] = 0.0
    return whole


def flows(structure: Floats, exports: Floats, imports: Floats) -> Floats:
    """Return flows with the structure and the margins given, seller by buyer: rows and columns scaled in turn, far past the tolerance."""
    flow = structure.copy()
    for _ in range(500):
        for axis, margin in ((0, imports), (1, exports)):
            total = flow.sum(axis=axis)
            by = np.divide(margin, total, out=np.zeros_like(total), where=total > 0.0)
            flow = flow * (by[None, :] if axis == 0 else by[:, None])
        if np.abs(flow.sum(axis=0) - imports).max() <= 1e-15 * imports.max():
            break
    return flow


def factors(flow: Floats, structure: Floats) -> tuple[Floats, Floats]:
    """Return the factors of sellers and buyers, (N,) each, by which flows are made; as large as one another over the states."""
    n = len(flow) - 2
    sold, bought = np.zeros(n + 2), np.zeros(n + 2)
    sells, buys = flow.sum(axis=1) > 0.0, flow.sum(axis=0) > 0.0
    # Everybody trades with the rest at one ease, where it trades at all; what one side does not report has an ease of 1.
    pivot = n if flow[n].sum() > 0.0 and flow[:, n].sum() > 0.0 else int(np.argmax(flow[:n].sum(axis=1)))
    reach = structure[pivot] > 0.0
    bought[reach & buys] = flow[pivot, reach & buys] / structure[pivot, reach & buys]
    for i in np.flatnonzero(sells):
        to = int(np.argmax(np.where((structure[i] > 0.0) & (bought > 0.0), flow[i], 0.0)))
        sold[i] = flow[i, to] / structure[i, to] / bought[to]
    for j in np.flatnonzero(buys & (bought == 0.0)):
        of = int(np.argmax(np.where((structure[:, j] > 0.0) & (sold > 0.0), flow[:, j], 0.0)))
        bought[j] = flow[of, j] / structure[of, j] / sold[of]
    by = np.sqrt(bought[:n].sum() / sold[:n].sum())
    return sold[:n] * by, bought[:n] / by
