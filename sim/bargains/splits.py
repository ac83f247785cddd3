r"""The text on the two-party frontier that splits the gains by a rule: a weighted sum, or gains in given proportions.

.. math::
    \text{weighted:} \; \max_x \; c_0 u_0(x) + c_1 u_1(x), \qquad
    \text{proportional:} \; \max_x \; \min_i \frac{u_i(x) - e_i}{c_i}, \qquad \text{s.t.} \; u_i(x) \ge r_i, \; lo \le x \le hi

and, for each ratifier with a say, ``u_i^piv(x) >= d_i^piv``. Where the smallest share is already as large as it can be, the other's gain
is made as large as it can be beside it (lexicographic), so that both rules pick an efficient text. A weighted sum with one weight 0 is
the best text of the other party that leaves this one its reservation value.

Along the frontier of :mod:`sim.bargains.frontier` ``u_0`` rises and ``u_1`` falls with ``lambda``, so one bisection finds the text: towards
``r`` first, then up while the weighted sum rises or party 0 has the smaller share. Where a ratifier would reject that text
:mod:`sim.bargains.splits_inside` finds the best one inside the win-sets.

Symbols: ``c`` share (weighted: no unit; proportional: positive, in any unit common to both), ``e`` base (basis points), the rest as in
:mod:`sim.bargains.problems`.

Source: Kalai (1977), "Proportional Solutions to Bargaining Situations", Econometrica 45 (proportional gains); Thomson (1994),
"Cooperative Models of Bargaining", Handbook of Game Theory 2 (the rules compared); Imai (1983), "Individual Monotonicity and
Lexicographic Maxmin Solution", Econometrica 51 (lexicographic).
Departs from them in the reservation value, which bounds the outcome and is not split from, and in that a zone of agreement must be open:
a text that gives one side nothing is no agreement.

Limits. Those of the frontier: a zone thinner than the rounding of the utilities is no zone.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from sim.bargains.feasible import PivotArrays
from sim.bargains.frontier import N_BISECT, copy_text, farthest, frontier_text, towards, unit_scales
from sim.bargains.problems import Floats, Outcomes, Problems
from sim.bargains.splits_inside import ratify_split
from sim.bargains.worth import box_is_empty, utility_at
from sim.kernels import jit
from sim.types import Status

WIDE = 1e-11
"""Distance of neighbouring texts (no unit) above which the last digit of lambda is too coarse and the line between them is searched."""

_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_NO_TEXT = int(Status.NO_TEXT)


def weighted_best(problems: Problems, share: npt.ArrayLike) -> Outcomes:
    """Return the text with the largest weighted sum of utilities for each problem.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    share : array_like, broadcast to (M, 2)
        Weight of each party's utility, at least 0 and not both 0.

    Returns
    -------
    Outcomes
        AGREED with a text at which ``u_i >= r_i``, and ``u_i >= d_i`` of every ratifier with a say, hold exactly in floating point;
        NO_ZONE; NO_WIN_SET where executives have a zone that their ratifiers leave empty; or NO_TEXT; ``step`` is 0.
    """
    return _split(problems, False, problems.d, share)


def proportional(problems: Problems, base: Floats, share: npt.ArrayLike) -> Outcomes:
    """Return the text at which gains over ``base`` are in the proportions ``share`` or, where none is, the least share is largest.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    base : ndarray, shape (M, 2)
        What gains are counted from, at most the reservation value (basis points).
    share : array_like, broadcast to (M, 2)
        Proportions of the gains, positive.

    Returns
    -------
    Outcomes
        As :func:`weighted_best` gives it.
    """
    return _split(problems, True, base, share)


def ideal_values(problems: Problems) -> tuple[Floats, Outcomes]:
    """Return the most that each party can have beside the other's reservation value and both win-sets, shape (M, 2), basis points.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.

    Returns
    -------
    ndarray, shape (M, 2)
        NaN where there is no agreement to be had.
    Outcomes
        The text that gives party 0 the most, and why there is none where there is none.
    """
    best = [weighted_best(problems, side) for side in ([1.0, 0.0], [0.0, 1.0])]
    both = (best[0].status == Status.AGREED) & (best[1].status == Status.AGREED)
    values = np.stack([best[0].utility[:, 0], best[1].utility[:, 1]], axis=1)
    values[~both] = np.nan
    failed = np.where(best[0].status == Status.AGREED, best[1].status, best[0].status)
    return values, dataclasses.replace(best[0], status=np.where(both, best[0].status, failed).astype(np.int8))


def without_agreement(outcomes: Outcomes, rows: npt.NDArray[np.bool_], status: npt.NDArray[np.int8]) -> Outcomes:
    """Return outcomes in which some rows, shape (M,), have no text but the status given, shape (M,)."""
    text, utility = outcomes.text.copy(), outcomes.utility.copy()
    text[rows], utility[rows] = np.nan, np.nan
    return dataclasses.replace(outcomes, text=text, utility=utility, status=np.where(rows, status, outcomes.status).astype(np.int8))


def pivot_arrays(problems: Problems) -> PivotArrays | None:
    """Return the arrays of the ratifiers as kernels take them; None where there are none."""
    v = problems.pivot
    return None if v is None else (v.a, v.b, v.w, v.theta, v.d, v.active)


def _split(problems: Problems, even: bool, base: Floats, share: npt.ArrayLike) -> Outcomes:
    m, k = problems.lo.shape
    text, utility = np.full((m, k), np.nan), np.full((m, 2), np.nan)
    status = np.zeros(m, np.int8)
    p = problems
    base = np.ascontiguousarray(base)
    c = np.ascontiguousarray(np.broadcast_to(np.asarray(share, np.float64), (m, 2)))
    _solve_split(p.a, p.b, p.w, p.theta, p.r, p.lo, p.hi, even, base, c, text, utility, status)
    pivot = pivot_arrays(p)
    binding = None
    if pivot is not None:
        binding = np.zeros((m, 2), np.bool_)
        ratify_split(p.a, p.b, p.w, p.theta, p.r, p.lo, p.hi, pivot, even, base, c, text, utility, status, binding)
    return Outcomes(text=text, utility=utility, status=status, step=np.zeros(m, np.int32), binding=binding)


@jit
def _solve_split(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, even: bool, base: Floats, share: Floats,
    text: Floats, utility: Floats, status: npt.NDArray[np.int8],
) -> None:  # fmt: skip
    """Fill text (M, K), utility (M, 2; basis points) and status (M,) without regard to ratifiers.

    even: proportional instead of weighted. Rows without agreement keep what text and utility held.
    """
    x, ends = np.empty(lo.shape[1]), np.empty((2, lo.shape[1]))
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            status[m] = _NO_TEXT
            continue
        scale0, scale1 = unit_scales(a, b, w, theta, lo, hi, m, ends)
        low, high = 0.0, 1.0
        status[m] = _NO_ZONE
        hopeless = False
        for _ in range(N_BISECT):
            lam = 0.5 * (low + high)
            frontier_text(b, w, theta, lo, hi, m, lam / scale0, (1.0 - lam) / scale1, x)
            u0, u1 = utility_at(a, b, w, theta, m, 0, x), utility_at(a, b, w, theta, m, 1, x)
            hopeless = u0 <= r[m, 0] and u1 <= r[m, 1]
            if hopeless:
                break
            rise = (share[m, 0] * scale0) * (1.0 - lam) - (share[m, 1] * scale1) * lam
            if even:
                rise = share[m, 0] * (u1 - base[m, 1]) - share[m, 1] * (u0 - base[m, 0])
            up, down = towards(u0, u1, r[m, 0], r[m, 1], rise)
            if u0 > r[m, 0] and u1 > r[m, 1]:
                status[m], utility[m, 0], utility[m, 1] = _AGREED, u0, u1
                copy_text(x, text[m])
            if up:
                low = lam
                copy_text(x, ends[1])
            if down:
                high = lam
                copy_text(x, ends[0])
        if not hopeless and farthest(ends) > WIDE:
            _split_between(a, b, w, theta, r, even, base, share, m, ends, x, text, utility, status)


@jit
def _split_between(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, even: bool, base: Floats, share: Floats, m: int, ends: Floats, x: Floats,
    text: Floats, utility: Floats, status: npt.NDArray[np.int8],
) -> None:  # fmt: skip
    """Find the split on the straight line between two texts, shape (2, K), that the last digit of lambda cannot tell apart."""
    low, high = 0.0, 1.0
    for _ in range(N_BISECT):
        s = 0.5 * (low + high)
        rise = 0.0
        for k in range(x.shape[0]):
            step = ends[0, k] - ends[1, k]
            x[k] = ends[1, k] + s * step
            slope0 = (b[m, 0, k] - 2.0 * w[m, 0, k] * (x[k] - theta[m, 0, k])) * step
            slope1 = (b[m, 1, k] - 2.0 * w[m, 1, k] * (x[k] - theta[m, 1, k])) * step
            rise += share[m, 0] * slope0 + share[m, 1] * slope1
        u0, u1 = utility_at(a, b, w, theta, m, 0, x), utility_at(a, b, w, theta, m, 1, x)
        if u0 <= r[m, 0] and u1 <= r[m, 1]:
            break
        if even:
            rise = share[m, 0] * (u1 - base[m, 1]) - share[m, 1] * (u0 - base[m, 0])
        up, down = towards(u0, u1, r[m, 0], r[m, 1], rise)
        if u0 > r[m, 0] and u1 > r[m, 1]:
            status[m], utility[m, 0], utility[m, 1] = _AGREED, u0, u1
            copy_text(x, text[m])
        if up:
            low = s
        if down:
            high = s
