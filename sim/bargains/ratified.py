"""The Nash point that both sides' ratifiers accept: the executives' own where it passes at home, else the best inside the win-sets.

The text maximises ``alpha_0 log(u_0 - d_0) + alpha_1 log(u_1 - d_1)`` subject to ``u_i >= r_i`` and, for each ratifier with a say,
``u_i^piv >= d_i^piv``. The executives' point is found first (:mod:`sim.bargains.frontier`); where a ratifier would reject it,
:mod:`sim.bargains.interior` finds the best text inside: the frontier's formula over up to four weights, two executives and two pivots.
Symbols as in :mod:`sim.bargains.problems` and :mod:`sim.bargains.winset`.

Source: Nash (1950); Putnam (1988), after Schelling (1960), "The Strategy of Conflict": a negotiator bound at home gains by it.
Departs from Putnam in that the Nash point knows the true win-sets of both sides; under a protocol of offers each knows its own only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import copy_text, solve_nash
from sim.bargains.interior import best_inside
from sim.bargains.problems import Floats, Outcomes, Problems
from sim.bargains.rows import ALPHA, BASE, FLOOR, blank, row_value, set_row
from sim.bargains.winset import Bools
from sim.kernels import jit
from sim.types import Status

_AGREED = int(Status.AGREED)
_NO_WIN_SET = int(Status.NO_WIN_SET)


def nash_outcomes(problems: Problems) -> Outcomes:
    """Find the asymmetric Nash point of each problem.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.

    Returns
    -------
    Outcomes
        AGREED with a text at which ``u_i >= r_i``, and ``u_i >= d_i`` of every ratifier with a say, hold exactly in floating point;
        NO_ZONE; NO_WIN_SET where executives have a zone that their ratifiers leave empty; or NO_TEXT; ``step`` is 0.
    """
    m, k = problems.lo.shape
    text, utility = np.full((m, k), np.nan), np.full((m, 2), np.nan)
    status = np.zeros(m, np.int8)
    p = problems
    solve_nash(p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, p.weight, text, utility, status)
    binding: Bools | None = None
    if p.pivot is not None:
        v = p.pivot
        binding = np.zeros((m, 2), np.bool_)
        _ratify(
            p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, p.weight, (v.a, v.b, v.w, v.theta, v.d, v.active), text, utility, status,
            binding,
        )  # fmt: skip
    return Outcomes(text=text, utility=utility, status=status, step=np.zeros(m, np.int32), binding=binding)


@jit
def _ratify(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, weight: Floats,
    pivot: PivotArrays,
    text: Floats, utility: Floats, status: npt.NDArray[np.int8], binding: Bools,
) -> None:  # fmt: skip
    """Move agreed texts (M, K) that ratifiers would reject to the best inside all win-sets; arrays as in ``Problems`` and ``Pivots``.

    Rows whose ratifiers accept keep their bits. Fills binding (M, 2).
    """
    n_issues = lo.shape[1]
    pivot_a, pivot_b, pivot_w, pivot_theta, pivot_d, active = pivot
    x, bound = np.zeros(n_issues + 1), np.zeros(5)
    for m in range(lo.shape[0]):
        if status[m] != _AGREED or (passes_at_home(pivot, m, 0, text[m]) and passes_at_home(pivot, m, 1, text[m])):
            continue
        head, row, box = blank(5, n_issues)
        copy_text(lo[m], box[0])
        copy_text(hi[m], box[1])
        for i in range(2):
            set_row(head, row, box, i, a[m, i], b[m, i], w[m, i], theta[m, i])
            head[BASE, i], head[ALPHA, i], head[FLOOR, i] = d[m, i], weight[m, i], r[m, i]
            if active[m, i]:
                set_row(head, row, box, 2 + i, pivot_a[m, i], pivot_b[m, i], pivot_w[m, i], pivot_theta[m, i])
                head[FLOOR, 2 + i] = pivot_d[m, i]
        if best_inside(head, row, box, x, bound):
            copy_text(x, text[m])
            for i in range(2):
                utility[m, i] = row_value(head, row, i, x)
        else:
            status[m] = _NO_WIN_SET
            for i in range(2):
                utility[m, i] = np.nan
            for k in range(n_issues):
                text[m, k] = np.nan
        for i in range(2):
            binding[m, i] = bound[2 + i] > 0.0
