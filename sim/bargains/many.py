r"""Points of agreement of n parties: Nash's in two phases, egalitarian and Kalai-Smorodinsky by lexicographic max-min, utilitarian.

.. math:: \max_x \; \sum_i \alpha_i \log(u_i(x) - d_i) \quad \text{s.t.} \; u_i(x) \ge r_i, \; lo \le x \le hi

Phase 1 looks for the text of widest margin ``max_x min_i (u_i - r_i) / size_i`` (``size`` how far a utility varies over the box, which
changes no sign); without a positive margin there is no zone of agreement. Phase 2 climbs from there by Newton steps inside the zone
(:mod:`sim.bargains.interior`). At the optimum the text is the best under the weights

.. math:: \lambda_i \propto \alpha_i / (u_i(x) - d_i), \qquad
          x_k = \mathrm{clip}\left( \sum_i \lambda_i (w_{ik} \theta_{ik} + b_{ik}/2) / \sum_i \lambda_i w_{ik}, \; lo_k, hi_k \right)

which is the stopping test and not the algorithm: iterated, it leaves the zone. A step costs ``n K^2``, so 193 parties are no obstacle.

Max-min points raise ``min_i (u_i - d_i) / s_i`` as far as it goes, then, with those held fixed that cannot rise, the least of the others,
and so on: ``s_i = \alpha_i`` is egalitarian, ``s_i = \alpha_i`` times the largest gain that party i can have inside the zone
Kalai-Smorodinsky's. The first
level is exact to about 1e-6; later ones, which matter only where nobody who holds the text cares about some issue, to about 1e-3 of the
gains, because the zone is then a slit.

Source: Nash (1950), Econometrica 18; Kalai and Smorodinsky (1975), Econometrica 43; Kalai (1977), Econometrica 45; Imai (1983),
"Individual monotonicity and lexicographic maxmin solution", Econometrica 51 (n parties). Departs from Nash in the reservation values, as
the two-party protocol does.
"""

from __future__ import annotations

import math

import numpy as np

from sim.bargains.feasible import feasible
from sim.bargains.group import Floats, GroupOutcome, GroupProblem, best_under, no_text
from sim.bargains.interior import best_inside
from sim.bargains.rows import ALPHA, BASE, FLOOR, SIZE, A, B, blank, set_row
from sim.bargains.worth import loss_from_left, possible, worth
from sim.kernels import jit
from sim.types import Status

_EASE = 1e-9
"""How far below its level a utility that cannot rise is held, in units of its size: a zone must be open."""

_TRACE = 1e-6
"""Salience, as a share of the largest stake, below which nobody's care for an issue settles it."""


def nash_group(p: GroupProblem) -> GroupOutcome:
    """Find the asymmetric Nash point of n parties.

    Parameters
    ----------
    p : GroupProblem
        That passed :func:`sim.bargains.group.checked_group`.

    Returns
    -------
    GroupOutcome
        AGREED with a text at which ``u_i > r_i`` holds in floating point for all; NO_ZONE; or NO_TEXT.
    """
    if not possible(p.lo, p.hi):
        return no_text(p, Status.NO_TEXT)
    x, bound = np.zeros(len(p.lo) + 1), np.zeros(p.n + 1)
    # Weights of mean one: the search knows when it is done by numbers of the size of one.
    if not _nash(p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, p.weight * p.n, x, bound):
        return no_text(p, Status.NO_ZONE)
    text = x[:-1].copy()
    u = worth(p, text)
    lam = p.weight / (u - p.d)
    lam /= lam.sum()
    held = bool((bound[:-1] > 0.0).any())
    off = float("nan") if held else float(np.max(np.abs(best_under(p, lam) - text)))
    return GroupOutcome(text, u, Status.AGREED, lam, off)


def utilitarian_group(p: GroupProblem) -> GroupOutcome:
    """Find the text of largest weighted sum of utilities inside all reservation values."""
    lam = p.weight / p.weight.sum()
    if not possible(p.lo, p.hi):
        return no_text(p, Status.NO_TEXT)
    text = _inside(p, lam @ p.b, lam @ p.w, lam @ (p.w * p.theta))
    if text is None:
        return no_text(p, Status.NO_ZONE)
    free = best_under(p, lam)
    if feasible(p, free).signs.all():
        text = free
    return GroupOutcome(text, worth(p, text), Status.AGREED, lam)


def egalitarian_group(p: GroupProblem) -> GroupOutcome:
    """Find the lexicographic max-min point of gains over no agreement, each in basis points of own GDP and over its weight."""
    return _fair(p, p.weight * p.n)


def kalai_smorodinsky_group(p: GroupProblem) -> GroupOutcome:
    """Find the lexicographic max-min point of gains over weights, as shares of the largest gain that each could have inside the zone."""
    if not possible(p.lo, p.hi):
        return no_text(p, Status.NO_TEXT)
    most = np.empty(p.n)
    for i in range(p.n):
        text = _inside(p, p.b[i], p.w[i], p.w[i] * p.theta[i])
        if text is None:
            return no_text(p, Status.NO_ZONE)
        most[i] = worth(p, text)[i] - p.d[i]
    return _fair(p, p.weight * p.n * most)


def _inside(p: GroupProblem, b: Floats, w: Floats, pull: Floats) -> Floats | None:
    """Return the text that maximises ``sum_k b_k x_k - w_k x_k^2 + 2 pull_k x_k`` inside all reservation values; None without a zone."""
    x = np.zeros(len(p.lo) + 1)
    theta = pull / np.where(w > 0.0, w, 1.0)
    return x[:-1].copy() if _best_of(p.a, p.b, p.w, p.theta, p.r, p.lo, p.hi, b, w, theta, x) else None


def _fair(p: GroupProblem, share: Floats) -> GroupOutcome:
    """Return the lexicographic max-min point of ``(u_i - d_i) / share_i``; who cannot rise is held where it is."""
    if not possible(p.lo, p.hi):
        return no_text(p, Status.NO_TEXT)
    k, active, stake = len(p.lo), p.hi > p.lo, float(np.max(np.abs(p.b) + p.w))
    fixed, level = np.zeros(p.n, dtype=np.bool_), np.full(p.n, -math.inf)
    text: Floats | None = None
    while not fixed.all():
        x, bound = np.zeros(k + 2), np.zeros(2 * p.n + 1)
        if not _max_min(p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, share, level, x, bound):
            break
        text = x[:k].copy()
        risen = ~fixed & (bound[: p.n] > 0.0)
        fixed |= risen
        level[risen] = worth(p, text)[risen]
        # Whoever holds the text and cares about every issue leaves no second text as good.
        if not risen.any() or (p.w[fixed].sum(axis=0)[active] > _TRACE * stake).all():
            break
    return no_text(p, Status.NO_ZONE) if text is None else GroupOutcome(text, worth(p, text), Status.AGREED)


@jit
def _table(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, n_rows: int, n_issues: int
) -> tuple[Floats, Floats, Floats]:
    """Lay n utilities, (n,) and (n, K), out in the first rows of a table of n_rows rows and n_issues coordinates."""
    head, row, box = blank(n_rows, n_issues)
    for k in range(lo.shape[0]):
        box[0, k], box[1, k] = lo[k], hi[k]
    for i in range(a.shape[0]):
        set_row(head, row, box, i, a[i], b[i], w[i], theta[i])
    return head, row, box


@jit
def _nash(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, alpha: Floats, x: Floats, bound: Floats
) -> bool:
    """Write the Nash point of n parties into x (K + 1,) and say whether there is one; bound (n + 1,) tells whose floor holds it."""
    n = a.shape[0]
    head, row, box = _table(a, b, w, theta, lo, hi, n + 1, lo.shape[0])
    for i in range(n):
        head[BASE, i], head[ALPHA, i], head[FLOOR, i] = d[i], alpha[i], r[i]
    return best_inside(head, row, box, x, bound)


@jit
def _best_of(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, b0: Floats, w0: Floats, theta0: Floats, x: Floats
) -> bool:
    """Write into x (K + 1,) the text inside all r (n,) that is best by b0, w0, theta0 (K,), and say whether there is one."""
    n = a.shape[0]
    head, row, box = _table(a, b, w, theta, lo, hi, n + 1, lo.shape[0])
    for i in range(n):
        head[FLOOR, i] = r[i]
    set_row(head, row, box, n, 0.0, b0, w0, theta0)
    bound = np.zeros(n + 1)
    return best_inside(head, row, box, x, bound)


@jit
def _max_min(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, share: Floats, level: Floats,
    x: Floats, bound: Floats,
) -> bool:  # fmt: skip
    """Write into x (K + 2,) the text that raises the least of ``(u_i - d_i) / share_i`` over those whose level (n,) is not fixed.

    x[K] is how far it rises, as a share of what the most modest could have; bound (2 n + 1,) tells who cannot rise: rows to n are gains,
    the next n are reservation values.
    """
    n, k = a.shape[0], lo.shape[0]
    head, row, box = _table(a, b, w, theta, lo, hi, 2 * n + 1, k + 1)
    top = math.inf
    for i in range(n):
        best = a[i]
        for j in range(k):
            at = theta[i, j] + b[i, j] / (2.0 * w[i, j]) if w[i, j] > 0.0 else (hi[j] if b[i, j] > 0.0 else lo[j])
            at = min(max(at, lo[j]), hi[j])
            best += b[i, j] * at - loss_from_left(w[i, j], theta[i, j], at)
        top = min(top, (best - d[i]) / share[i])
    if not top > 0.0:
        return False
    box[1, k] = 1.0
    for i in range(n):
        for field in range(5):
            head[field, n + i] = head[field, i]
        for field in range(3):
            for j in range(k):
                row[field, n + i, j] = row[field, i, j]
        if r[i] > d[i]:
            head[FLOOR, n + i] = r[i]
        if level[i] > -math.inf:
            head[FLOOR, i] = level[i] - _EASE * head[SIZE, i]
        else:
            head[FLOOR, i] = d[i]
            row[B, i, k] = -share[i] * top
            head[SIZE, i] += share[i] * top
    head[A, 2 * n], row[B, 2 * n, k] = 0.0, 1.0
    return best_inside(head, row, box, x, bound)
