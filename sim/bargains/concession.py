r"""The offer that gives enough to its maker and lies nearest to what it heard, inside what its own ratifiers would accept.

.. math:: \min_x \sum_k w_{ik} (x_k - y_k)^2 \quad \text{s.t.} \; u_i(x) \ge A_i, \; u_i^{piv}(x) \ge d_i^{piv}, \; lo \le x \le hi

Symbols: ``y`` the other's last offer, ``A`` what is asked for (basis points), ``u^piv`` and ``d^piv`` of the own pivotal ratifier
(:mod:`sim.bargains.winset`), the rest as in :mod:`sim.bargains.problems`. Without a ratifier, or where it accepts the text so found, the
solution is a walk from y towards the own best text, exact in K + 1 passes; otherwise :mod:`sim.bargains.interior` finds it. Issues without
salience (w = 0) are no part of the distance: they go to the end that the sign of b prefers and, where the own ratifier holds them back
from it, count by what it has at stake.

Source: Faratin, Sierra and Jennings (2002), "Using similarity criteria to make issue trade-offs in automated negotiations", Artificial
Intelligence 142; the win-set: Putnam (1988).
Departs from the first in an exact distance instead of a search among samples.
"""

from __future__ import annotations

import math

import numpy as np

from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import best_text, clip, copy_text
from sim.bargains.interior import best_inside
from sim.bargains.rows import FLOOR, blank, set_row, size_of
from sim.bargains.winset import Floats
from sim.bargains.worth import loss_from_left, utility_at
from sim.kernels import jit

TRIES = 12
_EDGE = 1e-9


@jit
def at_the_edge(pivot: PivotArrays, lo: Floats, hi: Floats, m: int, i: int, x: Floats) -> bool:
    """Tell whether the ratifier of party i has a say and gains no more from x, shape (K,), than rounding."""
    a, b, w, theta, d, active = pivot
    if not active[m, i]:
        return False
    edge: float = d[m, i] + _EDGE * size_of(b[m, i], w[m, i], theta[m, i], lo[m], hi[m])
    at_edge: bool = utility_at(a, b, w, theta, m, i, x) <= edge
    return at_edge


@jit
def best_at_home(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, pivot: PivotArrays, m: int, i: int, best: Floats
) -> bool:
    """Move party i's best text, shape (K,), which its own ratifier rejects, to the best it accepts, and say whether there is one."""
    v_a, v_b, v_w, v_theta, v_d, _ = pivot
    n_issues = best.shape[0]
    head, row, box = blank(2, n_issues)
    for k in range(n_issues):
        box[0, k], box[1, k] = lo[m, k], hi[m, k]
        if w[m, i, k] == 0.0 and b[m, i, k] == 0.0 and v_w[m, i, k] == 0.0 and v_b[m, i, k] == 0.0:
            box[0, k], box[1, k] = best[k], best[k]
    set_row(head, row, box, 0, v_a[m, i], v_b[m, i], v_w[m, i], v_theta[m, i])
    head[FLOOR, 0] = v_d[m, i]
    set_row(head, row, box, 1, a[m, i], b[m, i], w[m, i], theta[m, i])
    x = np.zeros(n_issues + 1)
    if best_inside(head, row, box, x, np.zeros(2)):
        copy_text(x, best)
        return True
    # A win-set of one text has no inside: it is the ratifier's own best.
    best_text(v_b, v_w, v_theta, lo, hi, m, i, best)
    return passes_at_home(pivot, m, i, best)


@jit
def nearest_at_home(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, pivot: PivotArrays, m: int, i: int,
    y: Floats, best: Floats, asked: float, x: Floats,
) -> None:  # fmt: skip
    """Write into x, shape (K,), the offer of party i nearest to y that is worth ``asked`` to it and passes at home.

    ``best`` is its best text that passes; it is offered where no other text does both.
    """
    nearest_offer(a, b, w, theta, lo, hi, m, i, y, best, asked, x)
    if passes_at_home(pivot, m, i, x):
        return
    _, v_b, v_w, _, _, _ = pivot
    n_issues = x.shape[0]
    near = np.empty((2, n_issues))
    for k in range(n_issues):
        near[0, k], near[1, k] = clip(y[k], lo[m, k], hi[m, k]), w[m, i, k]
        if w[m, i, k] == 0.0:
            if b[m, i, k] != 0.0:
                near[0, k] = hi[m, k] if b[m, i, k] > 0.0 else lo[m, k]
            stake = v_w[m, i, k] + abs(v_b[m, i, k]) + abs(b[m, i, k])
            near[1, k] = stake if stake > 0.0 else 1.0
    inside_near(a, b, w, theta, lo, hi, pivot, m, i, near, best, asked, x)


@jit
def inside_near(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, pivot: PivotArrays, m: int, i: int,
    near: Floats, best: Floats, asked: float, x: Floats,
) -> None:  # fmt: skip
    """Write into x, shape (K,), the text worth ``asked`` to party i that passes at home and lies nearest to a goal.

    near (2, K): the goal, inside the box, and what an issue weighs in the distance to it.
    """
    n_issues = x.shape[0]
    if utility_at(a, b, w, theta, m, i, near[0]) >= asked and passes_at_home(pivot, m, i, near[0]):
        copy_text(near[0], x)
        return
    v_a, v_b, v_w, v_theta, v_d, _ = pivot
    head, row, box = blank(3, n_issues)
    copy_text(lo[m], box[0])
    copy_text(hi[m], box[1])
    set_row(head, row, box, 0, a[m, i], b[m, i], w[m, i], theta[m, i])
    set_row(head, row, box, 1, v_a[m, i], v_b[m, i], v_w[m, i], v_theta[m, i])
    set_row(head, row, box, 2, 0.0, np.zeros(n_issues), near[1], near[0])
    head[FLOOR, 0], head[FLOOR, 1] = asked, v_d[m, i]
    inside = np.zeros(n_issues + 1)
    copy_text(inside if best_inside(head, row, box, inside, np.zeros(3)) else best, x)


@jit
def asked_in_kind(asks: float, best: float, before: float, now: float, others: int) -> float:
    """Return the share of its possible gain that an imitating side asks for once it has heard another offer.

    It closes as much of its own way as the other closed of the gap between its offers (worth ``before``, then ``now``) and the own
    best (all in basis points); one of several ``others`` moves it by its part. Never more than all; an offer beyond the best moves nothing.
    """
    gap, left = best - before, best - now
    if gap <= 0.0 or left <= 0.0:
        return asks
    return min(1.0, asks * (1.0 - (1.0 - left / gap) / others))


@jit
def nearest_offer(
    a: Floats,
    b: Floats,
    w: Floats,
    theta: Floats,
    lo: Floats,
    hi: Floats,
    m: int,
    i: int,
    y: Floats,
    best: Floats,
    asked: float,
    x: Floats,
) -> None:
    """Write into x, shape (K,), the text worth at least ``asked`` to party i that lies nearest to y; ``best`` is i's best text.

    The box may have moved since y was offered, so y is taken into it first.
    """
    n_issues = x.shape[0]
    for k in range(n_issues):
        x[k] = clip(y[k], lo[m, k], hi[m, k])
    if utility_at(a, b, w, theta, m, i, x) >= asked:
        return
    for k in range(n_issues):
        if w[m, i, k] == 0.0 and b[m, i, k] != 0.0:
            x[k] = best[k]
    missing = asked - utility_at(a, b, w, theta, m, i, x)
    p = _way(b, w, theta, lo, hi, m, i, missing, x) if missing > 0.0 else 0.0
    # Rounding may leave the text a hair short of what is asked: go on until it is not; the best text always does.
    more = 1e-15
    for _ in range(TRIES):
        for k in range(n_issues):
            if w[m, i, k] > 0.0:
                start = clip(y[k], lo[m, k], hi[m, k])
                tau = theta[m, i, k] + b[m, i, k] / (2.0 * w[m, i, k])
                x[k] = clip(start + p * (tau - start), lo[m, k], hi[m, k])
        if utility_at(a, b, w, theta, m, i, x) >= asked:
            return
        p = clip(p * (1.0 + more), 0.0, 1.0)
        more *= 16.0
    for k in range(n_issues):
        x[k] = best[k]


@jit
def _way(b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, i: int, missing: float, x: Floats) -> float:
    """Return the share p in [0, 1] of the way from x towards tau that adds ``missing`` (basis points) to party i's utility.

    An issue with ``c = w (x - tau)^2`` adds ``c p (2 - p)`` until the box stops it, at its point nearest to tau. Taking all as free
    gives a p that is too small; whoever is stopped before it is stopped for good, so at most K + 1 passes find the exact p.
    """
    n_issues = x.shape[0]
    p = 0.0
    for _ in range(n_issues + 1):
        free, left = 0.0, missing
        for k in range(n_issues):
            if w[m, i, k] > 0.0:
                tau = theta[m, i, k] + b[m, i, k] / (2.0 * w[m, i, k])
                gap = x[k] - tau
                if gap != 0.0:
                    c = loss_from_left(w[m, i, k], tau, x[k])
                    stop = (x[k] - clip(tau, lo[m, k], hi[m, k])) / gap
                    if stop > p:
                        free += c
                    else:
                        left -= c * (stop * (2.0 - stop))
        if left <= 0.0:
            return p
        if left >= free:
            return 1.0
        share = left / free
        longer = share / (1.0 + math.sqrt(1.0 - share))
        if longer <= p:
            return p
        p = longer
    return p
