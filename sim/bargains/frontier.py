r"""On the two-party frontier one weight picks one text, and the Nash point is the root of a monotone condition in that weight.

.. math::
    x_k(\lambda) = \mathrm{clip}\left(
    \frac{\lambda_0 (w_{0k} \theta_{0k} + b_{0k}/2) + \lambda_1 (w_{1k} \theta_{1k} + b_{1k}/2)}
    {\lambda_0 w_{0k} + \lambda_1 w_{1k}}, lo_k, hi_k \right),
    \quad \lambda_0 = \lambda / s_0, \; \lambda_1 = (1 - \lambda) / s_1

``s_i`` is what party i would lose between its own best text and the other's, so that the condition does not depend on the units
of either party. Along the frontier ``u_0`` rises and ``u_1`` falls with ``lambda``. The asymmetric Nash point, the maximum of
``alpha_0 log(u_0 - d_0) + alpha_1 log(u_1 - d_1)`` subject to ``u_i >= r_i``, is where

.. math:: \frac{\lambda_0}{\lambda_1} = \frac{\alpha_0 (u_1 - d_1)}{\alpha_1 (u_0 - d_0)}

or the nearest end of the weights at which both stay above ``r``. One bisection of ``N_BISECT`` halvings finds it: up where
``u_0 <= r_0``, down where ``u_1 <= r_1``, by the condition elsewhere. Where both fail at once no text is better for both, and there
is no zone of agreement. Every midpoint is a multiple of ``2**-52``, so ``1 - lambda`` is exact and swapping the parties mirrors
the search. Symbols: ``alpha`` is ``weight``, the rest as in :mod:`sim.bargains.problems`.

Source: Nash (1950), "The Bargaining Problem", Econometrica 18; asymmetric form: Roth (1979), "Axiomatic Models of Bargaining";
frontier: the best texts of a weighted sum of two concave utilities.
Departs from the plain weighted sum in the scale ``s_i``: without it the halvings lose digits where the parties' units differ by powers
of ten.

Limits. An issue needs joint salience ``W_MIN = 1e-9``. Where it is far below the slopes ``b``, neighbouring ``lambda`` pick texts
far apart; the last step then searches the straight line between them, which is the frontier there. A zone of agreement thinner
than the rounding of the utilities is reported as no zone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.problems import Floats, Problems
from sim.bargains.worth import box_is_empty, utility_at
from sim.kernels import jit
from sim.types import Status

N_BISECT = 52
"""Halvings of the weight: all the digits of a double between 0 and 1."""

_WIDE = 1e-11
_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_NO_TEXT = int(Status.NO_TEXT)


def best_texts(problems: Problems) -> tuple[Floats, Floats]:
    """Return each party's own best text, shape (M, 2, K), and its utility there (basis points), shape (M, 2); NaN where lo > hi.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    """
    m, k = problems.lo.shape
    text, value = np.full((m, 2, k), np.nan), np.full((m, 2), np.nan)
    p = problems
    _best_texts(p.a, p.b, p.w, p.theta, p.lo, p.hi, text, value)
    return text, value


@jit
def clip(x: float, low: float, high: float) -> float:
    """Return the point of [low, high] nearest to x."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@jit
def best_issue(b: float, w: float, theta: float, low: float, high: float) -> float:
    """Return where one party likes one issue best; its ideal point, clipped, where it does not care."""
    if w > 0.0:
        return clip(theta + b / (2.0 * w), low, high)
    if b > 0.0:
        return high
    if b < 0.0:
        return low
    return clip(theta, low, high)


@jit
def best_text(b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, i: int, x: Floats) -> None:
    """Write the best text of party i of negotiation m into x, shape (K,)."""
    for k in range(x.shape[0]):
        x[k] = best_issue(b[m, i, k], w[m, i, k], theta[m, i, k], lo[m, k], hi[m, k])


@jit
def end_text(b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, i: int, x: Floats) -> None:
    """Write the end of the frontier of party i into x: its best text, and the other's best where it does not care."""
    for k in range(x.shape[0]):
        who = i
        if w[m, i, k] == 0.0 and b[m, i, k] == 0.0:
            who = 1 - i
        x[k] = best_issue(b[m, who, k], w[m, who, k], theta[m, who, k], lo[m, k], hi[m, k])


@jit
def frontier_text(b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, weight0: float, weight1: float, x: Floats) -> None:
    """Write the text that maximises weight0 u_0 + weight1 u_1 (both positive) in the box of negotiation m into x, shape (K,)."""
    for k in range(x.shape[0]):
        if hi[m, k] <= lo[m, k]:
            x[k] = lo[m, k]
        else:
            pull0 = weight0 * (w[m, 0, k] * theta[m, 0, k] + 0.5 * b[m, 0, k])
            pull1 = weight1 * (w[m, 1, k] * theta[m, 1, k] + 0.5 * b[m, 1, k])
            x[k] = clip((pull0 + pull1) / (weight0 * w[m, 0, k] + weight1 * w[m, 1, k]), lo[m, k], hi[m, k])


@jit
def _best_texts(a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, text: Floats, value: Floats) -> None:
    """Fill text (M, 2, K) and value (M, 2) with each party's best text and its utility; rows without a text are left alone."""
    for m in range(lo.shape[0]):
        if not box_is_empty(lo, hi, m):
            for i in range(2):
                best_text(b, w, theta, lo, hi, m, i, text[m, i])
                value[m, i] = utility_at(a, b, w, theta, m, i, text[m, i])


@jit
def solve_nash(
    a: Floats,
    b: Floats,
    w: Floats,
    theta: Floats,
    d: Floats,
    r: Floats,
    lo: Floats,
    hi: Floats,
    weight: Floats,
    text: Floats,
    utility: Floats,
    status: npt.NDArray[np.int8],
) -> None:
    """Fill text (M, K), utility (M, 2; basis points) and status (M,) with the Nash point; inputs as in ``Problems``.

    Rows without agreement keep what text and utility held.
    """
    n_issues = lo.shape[1]
    x = np.empty(n_issues)
    ends = np.empty((2, n_issues))
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
            u0 = utility_at(a, b, w, theta, m, 0, x)
            u1 = utility_at(a, b, w, theta, m, 1, x)
            hopeless = u0 <= r[m, 0] and u1 <= r[m, 1]
            if hopeless:
                break
            # The two sides are products of like terms, so that swapping the parties only changes the sign.
            side0 = (lam * scale1) * (weight[m, 1] * (u0 - d[m, 0]))
            side1 = ((1.0 - lam) * scale0) * (weight[m, 0] * (u1 - d[m, 1]))
            up, down = towards(u0, u1, r[m, 0], r[m, 1], side1 - side0)
            if u0 > r[m, 0] and u1 > r[m, 1]:
                _sign(m, x, u0, u1, text, utility, status)
            if up:
                low = lam
                copy_text(x, ends[1])
            if down:
                high = lam
                copy_text(x, ends[0])
        if not hopeless and farthest(ends) > _WIDE:
            _solve_between(a, b, w, theta, d, r, weight, m, ends, x, text, utility, status)


@jit
def _solve_between(
    a: Floats,
    b: Floats,
    w: Floats,
    theta: Floats,
    d: Floats,
    r: Floats,
    weight: Floats,
    m: int,
    ends: Floats,
    x: Floats,
    text: Floats,
    utility: Floats,
    status: npt.NDArray[np.int8],
) -> None:
    """Find the Nash point on the straight line between two texts that the last digit of lambda cannot tell apart.

    This happens where an issue is nearly linear for both (its salience far below its slopes): the frontier is that line.
    """
    low, high = 0.0, 1.0
    for _ in range(N_BISECT):
        s = 0.5 * (low + high)
        slope0, slope1 = 0.0, 0.0
        for k in range(x.shape[0]):
            step = ends[0, k] - ends[1, k]
            x[k] = ends[1, k] + s * step
            slope0 += (b[m, 0, k] - 2.0 * w[m, 0, k] * (x[k] - theta[m, 0, k])) * step
            slope1 += (b[m, 1, k] - 2.0 * w[m, 1, k] * (x[k] - theta[m, 1, k])) * step
        u0 = utility_at(a, b, w, theta, m, 0, x)
        u1 = utility_at(a, b, w, theta, m, 1, x)
        if u0 <= r[m, 0] and u1 <= r[m, 1]:
            break
        rise = (weight[m, 0] * slope0) * (u1 - d[m, 1]) + (weight[m, 1] * slope1) * (u0 - d[m, 0])
        up, down = towards(u0, u1, r[m, 0], r[m, 1], rise)
        if u0 > r[m, 0] and u1 > r[m, 1]:
            _sign(m, x, u0, u1, text, utility, status)
        if up:
            low = s
        if down:
            high = s


@jit
def towards(u0: float, u1: float, r0: float, r1: float, rise: float) -> tuple[bool, bool]:
    """Tell whether to raise the lower and whether to lower the upper end of the search: towards r first, then as the rule says.

    ``rise`` is the slope of what is to be made large: the product of gains, a weighted sum, or the lesser share.
    """
    if u0 <= r0:
        return True, False
    if u1 <= r1:
        return False, True
    return rise >= 0.0, rise <= 0.0


@jit
def _sign(m: int, x: Floats, u0: float, u1: float, text: Floats, utility: Floats, status: npt.NDArray[np.int8]) -> None:
    """Write the best text so far, better than r for both, into row m of the outcome."""
    status[m] = _AGREED
    utility[m, 0], utility[m, 1] = u0, u1
    for k in range(x.shape[0]):
        text[m, k] = x[k]


@jit
def copy_text(x: Floats, y: Floats) -> None:
    """Copy as much of x as both have room for into y."""
    for k in range(min(x.shape[0], y.shape[0])):
        y[k] = x[k]


@jit
def farthest(ends: Floats) -> float:
    """Return the largest distance of two texts, shape (2, K), on one issue."""
    widest = 0.0
    for k in range(ends.shape[1]):
        widest = max(widest, abs(ends[0, k] - ends[1, k]))
    return widest


@jit
def unit_scales(a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, ends: Floats) -> tuple[float, float]:
    """Return what each party loses from one end of the frontier to the other (basis points; 1 where nothing); fill both ends."""
    for i in range(2):
        end_text(b, w, theta, lo, hi, m, i, ends[i])
    scale0 = utility_at(a, b, w, theta, m, 0, ends[0]) - utility_at(a, b, w, theta, m, 0, ends[1])
    scale1 = utility_at(a, b, w, theta, m, 1, ends[1]) - utility_at(a, b, w, theta, m, 1, ends[0])
    return (scale0 if scale0 > 0.0 else 1.0), (scale1 if scale1 > 0.0 else 1.0)
