r"""The best split of the gains inside all win-sets, where a ratifier would reject the executives' own.

The text solves the problem of :mod:`sim.bargains.splits` with ``u_i^piv(x) >= d_i^piv`` for each ratifier with a say, by the interior point
method of :mod:`sim.bargains.interior`. The proportional rule is stated with the least share ``t`` as one more coordinate:

.. math:: \max_{x, t} \; t \quad \text{s.t.} \; u_i(x) - c_i t \ge e_i, \; u_i(x) \ge r_i, \; u_i^{piv}(x) \ge d_i^{piv}, \; lo \le x \le hi

A second search settles what the first leaves open: on issues to which the party served first is indifferent, the other has its best.

Symbols as in :mod:`sim.bargains.splits` and :mod:`sim.bargains.winset`.

Source: Boyd and Vandenberghe (2004), "Convex Optimization", section 4.1.3 (the epigraph form); win-sets: Putnam (1988).
Departs from a full lexicographic search in that the first party's other issues are held where the first search put them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import best_text, copy_text
from sim.bargains.interior import best_inside
from sim.bargains.rows import FLOOR, SIZE, B, blank, row_value, set_row
from sim.bargains.winset import Bools, Floats
from sim.bargains.worth import utility_at
from sim.kernels import jit
from sim.types import Status

_AGREED = int(Status.AGREED)
_NO_WIN_SET = int(Status.NO_WIN_SET)
_EVEN = 1e-6


@jit
def ratify_split(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays,
    even: bool, base: Floats, share: Floats, text: Floats, utility: Floats, status: npt.NDArray[np.int8], binding: Bools,
) -> None:  # fmt: skip
    """Move agreed texts (M, K) that ratifiers would reject to the best split inside all win-sets; arrays as in ``Problems``.

    even: proportional by share (M, 2) over base (M, 2) instead of weighted. Rows whose ratifiers accept keep their bits. Fills
    binding (M, 2).
    """
    n_issues = lo.shape[1]
    y, z = np.empty(n_issues), np.empty(n_issues)
    x, bound = np.zeros(n_issues + 2), np.zeros(7)
    for m in range(lo.shape[0]):
        if status[m] != _AGREED or (passes_at_home(pivot, m, 0, text[m]) and passes_at_home(pivot, m, 1, text[m])):
            continue
        head, row, box = blank(7, n_issues + 1)
        set_voices(a, b, w, theta, r, lo, hi, pivot, m, head, row, box)
        if even:
            most = np.inf
            for i in range(2):
                best_text(b, w, theta, lo, hi, m, i, y)
                most = min(most, (utility_at(a, b, w, theta, m, i, y) - base[m, i]) / share[m, i])
            # The coordinate t is measured in the most that the least share can be.
            box[0, n_issues], box[1, n_issues] = -1.0, 2.0
            for i in range(2):
                set_row(head, row, box, 4 + i, a[m, i], b[m, i], w[m, i], theta[m, i])
                row[B, 4 + i, n_issues] = -share[m, i] * most
                head[FLOOR, 4 + i] = base[m, i]
                head[SIZE, 4 + i] += 3.0 * share[m, i] * most
            row[B, 6, n_issues] = 1.0
        else:
            _set_sum(b, w, theta, m, share[m, 0], share[m, 1], y, z, head, row, box)
        if not best_inside(head, row, box, x, bound):
            status[m] = _NO_WIN_SET
            for i in range(2):
                utility[m, i] = np.nan
                binding[m, i] = bound[2 + i] > 0.0
            for k in range(n_issues):
                text[m, k] = np.nan
            continue
        copy_text(x, text[m])
        for i in range(2):
            utility[m, i] = row_value(head, row, i, x)
            binding[m, i] = bound[2 + i] > 0.0
        served = -1
        if even:
            gap = (utility[m, 0] - base[m, 0]) / share[m, 0] - (utility[m, 1] - base[m, 1]) / share[m, 1]
            if abs(gap) > _EVEN * most:
                served = 0 if gap < 0.0 else 1
        elif share[m, 0] == 0.0 or share[m, 1] == 0.0:
            served = 0 if share[m, 1] == 0.0 else 1
        if served >= 0:
            please_other(a, b, w, theta, r, lo, hi, pivot, m, served, text[m])
            for i in range(2):
                utility[m, i] = utility_at(a, b, w, theta, m, i, text[m])


@jit
def please_other(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays, m: int, served: int, x: Floats
) -> None:
    """Move the issues of x, shape (K,), to which party ``served`` is indifferent to where the other likes them best."""
    n_issues = x.shape[0]
    head, row, box = blank(5, n_issues)
    set_voices(a, b, w, theta, r, lo, hi, pivot, m, head, row, box)
    some = False
    for k in range(n_issues):
        if w[m, served, k] > 0.0 or b[m, served, k] != 0.0:
            box[0, k], box[1, k] = x[k], x[k]
        elif hi[m, k] > lo[m, k]:
            some = True
    if not some:
        return
    other = 1 - served
    set_row(head, row, box, 4, 0.0, b[m, other], w[m, other], theta[m, other])
    inside = np.zeros(n_issues + 1)
    if best_inside(head, row, box, inside, np.zeros(5)):
        copy_text(inside, x)


@jit
def set_voices(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays, m: int,
    head: Floats, row: Floats, box: Floats,
) -> None:  # fmt: skip
    """Write the box of negotiation m, its executives with floors r into rows 0 and 1, and ratifiers with a say into rows 2 and 3."""
    v_a, v_b, v_w, v_theta, v_d, active = pivot
    copy_text(lo[m], box[0])
    copy_text(hi[m], box[1])
    for i in range(2):
        set_row(head, row, box, i, a[m, i], b[m, i], w[m, i], theta[m, i])
        head[FLOOR, i] = r[m, i]
        if active[m, i]:
            set_row(head, row, box, 2 + i, v_a[m, i], v_b[m, i], v_w[m, i], v_theta[m, i])
            head[FLOOR, 2 + i] = v_d[m, i]


@jit
def _set_sum(
    b: Floats, w: Floats, theta: Floats, m: int, share0: float, share1: float, y: Floats, z: Floats, head: Floats, row: Floats, box: Floats
) -> None:
    """Write ``share0 u_0 + share1 u_1``, less a constant, into row 6; y and z are room for K numbers each."""
    slope = np.empty(y.shape[0])
    for k in range(y.shape[0]):
        slope[k] = share0 * b[m, 0, k] + share1 * b[m, 1, k]
        y[k] = share0 * w[m, 0, k] + share1 * w[m, 1, k]
        z[k] = 0.0
        if y[k] > 0.0:
            z[k] = (share0 * w[m, 0, k] * theta[m, 0, k] + share1 * w[m, 1, k] * theta[m, 1, k]) / y[k]
    set_row(head, row, box, 6, 0.0, slope, y, z)
