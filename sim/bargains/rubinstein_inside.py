r"""Both proposals of the alternating-offers equilibrium at once, inside all win-sets, as the optimum of one concave problem.

.. math:: \max_{x, y, s, v} \; A_f \log s + A_r \log v, \qquad A_i = 1 / (-\log q_i)

subject to ``u_f(x) >= d_f + s``, ``u_r(x) >= d_r + q_r v``, ``u_f(y) >= d_f + q_f s``, ``u_r(y) >= d_r + v``, the floors ``u_i >= r_i``
and the ratifiers' ``u_i^piv >= d_i^piv`` at both texts, and the box.

Why: the equilibrium is the corner at which the first proposer's gain ``s`` and the other's ``v`` in their own proposals are both as large
as they can be. ``x`` and ``y`` lie on either side of the Nash point with weights ``A`` (Binmore, Rubinstein and Wolinsky 1986), so at the
corner the slope of this weighted product lies between the slopes of the two constraints that meet there, and the corner is the optimum.
An outside option that binds only moves its text further from that Nash point.

Symbols as in :mod:`sim.bargains.rubinstein` and :mod:`sim.bargains.winset`; rows as in :mod:`sim.bargains.rows`.

Source: Rubinstein (1982); Binmore, Rubinstein and Wolinsky (1986); the interior point method: :mod:`sim.bargains.interior`.
Departs from them in the statement as one optimum, which is ours; tests compare it with the nested search and with a general optimiser.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import best_text
from sim.bargains.interior import best_inside
from sim.bargains.rows import ALPHA, FLOOR, SIZE, THETA, A, B, W, blank, size_of
from sim.bargains.splits_inside import please_other
from sim.bargains.winset import Bools, Floats
from sim.bargains.worth import utility_at
from sim.kernels import jit
from sim.types import Status

_AGREED = int(Status.AGREED)
_NO_WIN_SET = int(Status.NO_WIN_SET)
_SPARE = 1e-6


@jit
def settle_inside(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays,
    first: npt.NDArray[np.int8], q: Floats, text: Floats, answer: Floats, utility: Floats, status: npt.NDArray[np.int8], coarse: Bools,
    binding: Bools,
) -> None:  # fmt: skip
    """Replace proposals text and answer (M, K) that are coarse or that a ratifier would reject; arrays as in ``Problems``.

    q (M, 2) is what a gain is worth after waiting. Other rows keep their bits. Fills binding (M, 2) for ``text``.
    """
    n_issues = lo.shape[1]
    n = 2 * n_issues + 3
    y, x, bound = np.empty(n_issues), np.zeros(n), np.zeros(13)
    for m in range(lo.shape[0]):
        if status[m] != _AGREED:
            continue
        if not coarse[m] and _all_pass(pivot, m, text[m]) and _all_pass(pivot, m, answer[m]):
            continue
        me = 0 if first[m] == 0 else 1
        head, row, box = blank(13, n - 1)
        for k in range(n_issues):
            for start in (0, n_issues):
                box[0, start + k], box[1, start + k] = lo[m, k], hi[m, k]
        box[1, n - 3], box[1, n - 2] = 2.0, 2.0
        _set_parties(a, b, w, theta, d, r, lo, hi, pivot, m, me, q[m], y, head, row)
        if best_inside(head, row, box, x, bound):
            for k in range(n_issues):
                text[m, k], answer[m, k] = x[k], x[n_issues + k]
            spare = utility_at(a, b, w, theta, m, 1 - me, text[m])
            floor = max(r[m, 1 - me], d[m, 1 - me] + q[m, 1 - me] * (utility_at(a, b, w, theta, m, 1 - me, answer[m]) - d[m, 1 - me]))
            if spare - floor > _SPARE * size_of(b[m, 1 - me], w[m, 1 - me], theta[m, 1 - me], lo[m], hi[m]):
                please_other(a, b, w, theta, r, lo, hi, pivot, m, me, text[m])
            for i in range(2):
                utility[m, i] = utility_at(a, b, w, theta, m, i, text[m])
        else:
            status[m] = _NO_WIN_SET
            for i in range(2):
                utility[m, i] = np.nan
            for k in range(n_issues):
                text[m, k], answer[m, k] = np.nan, np.nan
        for i in range(2):
            binding[m, i] = bound[6 + i] > 0.0


@jit
def _set_parties(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays, m: int, me: int,
    q: Floats, y: Floats, head: Floats, row: Floats,
) -> None:  # fmt: skip
    """Write rows 0 to 3 (waiting), 4 and 5 (who answers gets its reservation value), 6 to 9 (ratifiers) and 10, 11 (what is maximised).

    s and v, the last coordinates but one, are measured in the most that either side could gain. y is room for K numbers.
    """
    v_a, v_b, v_w, v_theta, v_d, active = pivot
    n_issues, at_s = lo.shape[1], 2 * lo.shape[1]
    for own in range(2):
        i = me if own == 0 else 1 - me
        best_text(b, w, theta, lo, hi, m, i, y)
        most = utility_at(a, b, w, theta, m, i, y) - d[m, i]
        for j in (2 * own, 2 * own + 1):
            # j = 0, 1: what the first proposer has in x and y; 2, 3: what the other has in y and x.
            start = n_issues if j in (1, 2) else 0
            _set_at(head, row, lo, hi, m, j, start, a[m, i], b[m, i], w[m, i], theta[m, i])
            waits = 1.0 if j in (0, 2) else q[i]
            row[B, j, at_s + own] = -waits * most
            head[FLOOR, j] = d[m, i]
            head[SIZE, j] += 2.0 * waits * most
        # Whoever answers holds to its outside option: party me at y, the other at x.
        _set_at(head, row, lo, hi, m, 4 + own, n_issues if i == me else 0, a[m, i], b[m, i], w[m, i], theta[m, i])
        head[FLOOR, 4 + own] = r[m, i]
        if active[m, i]:
            for j in (6, 8):
                _set_at(head, row, lo, hi, m, j + i, 0 if j == 6 else n_issues, v_a[m, i], v_b[m, i], v_w[m, i], v_theta[m, i])
                head[FLOOR, j + i] = v_d[m, i]
    pull = math.log(q[1 - me]) / (math.log(q[me]) + math.log(q[1 - me]))
    for own in range(2):
        row[B, 10 + own, at_s + own] = 1.0
        head[ALPHA, 10 + own] = pull if own == 0 else 1.0 - pull


@jit
def _set_at(
    head: Floats, row: Floats, lo: Floats, hi: Floats, m: int, j: int, start: int, a: float, b: Floats, w: Floats, theta: Floats
) -> None:
    """Write a utility into row j for the text whose first issue is coordinate ``start``."""
    for k in range(b.shape[0]):
        row[B, j, start + k], row[W, j, start + k], row[THETA, j, start + k] = b[k], w[k], theta[k]
    head[A, j], head[SIZE, j] = a, size_of(b, w, theta, lo[m], hi[m])


@jit
def _all_pass(pivot: PivotArrays, m: int, x: Floats) -> bool:
    """Tell whether both sides' ratifiers like x, shape (K,), no less than no agreement."""
    passes: bool = passes_at_home(pivot, m, 0, x) and passes_at_home(pivot, m, 1, x)
    return passes
