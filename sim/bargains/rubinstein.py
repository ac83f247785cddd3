r"""The subgame-perfect first proposal when two impatient parties alternate in proposing: each is indifferent to waiting for its turn.

Party f proposes first, r answers. With ``x`` the text that f proposes whenever it does and ``y`` the one that r does, both on the
frontier,

.. math::
    u_r(x) - d_r = \max(\rho_r, q_r (u_r(y) - d_r)), \qquad u_f(y) - d_f = \max(\rho_f, q_f (u_f(x) - d_f)),

.. math:: q_i = \delta_i^{\Delta / (2 \alpha_i)} (1 - p)^{\Delta}, \qquad \rho_i = r_i - d_i

``x`` is accepted at once. ``Delta`` is the time between offers in months, ``delta_i`` the discount factor per month, ``p`` the chance per
month that talks break down and leave ``d``; a bargaining weight ``alpha_i`` above one half makes a party as much more patient, so that at
equal weights ``delta_i`` stands as it is. As ``Delta`` goes to 0 both texts go to the Nash point with weights in proportion to ``1 / -log
q_i``. On a unit to divide ``x`` gives f the share ``(1 - q_r) / (1 - q_f q_r)``.

Along the frontier what f leaves to r falls with what it takes, by more than what r would ask falls; so two nested bisections find ``x``.
The more f takes in ``x`` the more r leaves it in ``y``, so the inner search starts between the answers to the two ends of the outer one.
Where a ratifier would reject ``x`` or ``y``, or lambda is too coarse, :mod:`sim.bargains.rubinstein_inside` finds both texts at once.

Symbols: the rest as in :mod:`sim.bargains.problems`.

Source: Rubinstein (1982), "Perfect Equilibrium in a Bargaining Model", Econometrica 50; breakdown and the limit: Binmore, Rubinstein and
Wolinsky (1986), "The Nash Bargaining Solution in Economic Modelling", RAND Journal of Economics 17; outside options: Binmore, Shaked and
Sutton (1989), "The Outside Option Principle", Quarterly Journal of Economics 104.
Departs from the first in concave utilities over several issues in place of one cake, and in ratifiers, whose win-sets both sides know.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.frontier import N_BISECT, copy_text, farthest, frontier_text, unit_scales
from sim.bargains.problems import Floats, Outcomes, Problems, first_proposers
from sim.bargains.rubinstein_inside import settle_inside
from sim.bargains.splits import WIDE, pivot_arrays
from sim.bargains.winset import no_pivots
from sim.bargains.worth import box_is_empty, utility_at
from sim.kernels import jit
from sim.types import Status

_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_NO_TEXT = int(Status.NO_TEXT)
_FINE = 0.5**52
_Q_MIN, _Q_MAX = 1e-9, 1.0 - 1e-9


def waiting_factors(problems: Problems, delta: tuple[float, float], breakdown: float, interval: float) -> Floats:
    """Return what a gain is worth after waiting for one offer, shape (M, 2), between 0 and 1, by party.

    Parameters
    ----------
    problems : Problems
        M problems; ``first`` says who proposes.
    delta : (float, float)
        Discount factors per month of the side that proposes first and of the other, in (0, 1).
    breakdown : float
        Chance per month that talks break down, in [0, 1).
    interval : float
        Months between offers, positive.
    """
    first = first_proposers(problems)[:, None]
    own = np.where(np.arange(2)[None] == first, delta[0], delta[1])
    q = own ** (interval / (2.0 * problems.weight)) * (1.0 - breakdown) ** interval
    return np.asarray(np.clip(q, _Q_MIN, _Q_MAX))


def rubinstein_outcomes(problems: Problems, q: Floats) -> tuple[Outcomes, Floats]:
    """Return the first proposal of each equilibrium and what the other side would propose in its turn.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`; ``first`` says who proposes.
    q : ndarray, shape (M, 2)
        What a gain is worth after waiting for one offer, by party, strictly between 0 and 1.

    Returns
    -------
    Outcomes
        AGREED, NO_ZONE, NO_WIN_SET or NO_TEXT; ``step`` is 0.
    ndarray, shape (M, K)
        The other side's proposal, where agreed (no unit).
    """
    m, k = problems.lo.shape
    text, answer, utility = np.full((m, k), np.nan), np.full((m, k), np.nan), np.full((m, 2), np.nan)
    status, coarse = np.zeros(m, np.int8), np.zeros(m, np.bool_)
    p, first, q = problems, first_proposers(problems), np.ascontiguousarray(q)
    _solve_rubinstein(p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, first, q, text, answer, utility, status, coarse)
    pivot, binding = pivot_arrays(p), None
    if pivot is not None or coarse.any():
        v = no_pivots(m, k)
        binding = np.zeros((m, 2), np.bool_)
        settle_inside(
            p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, pivot or (v.a, v.b, v.w, v.theta, v.d, v.active), first, q,
            text, answer, utility, status, coarse, binding,
        )  # fmt: skip
    return Outcomes(text, utility, status, np.zeros(m, np.int32), None if pivot is None else binding), answer


@jit
def _solve_rubinstein(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, first: npt.NDArray[np.int8], q: Floats,
    text: Floats, answer: Floats, utility: Floats, status: npt.NDArray[np.int8], coarse: npt.NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill text and answer (M, K), utility (M, 2; basis points) and status (M,) without regard to ratifiers.

    Sets coarse (M,) where neighbouring lambdas pick texts too far apart. Rows without agreement keep what text and utility held.
    """
    n_issues = lo.shape[1]
    x, y, near = np.empty(n_issues), np.empty(n_issues), np.empty(n_issues)
    ends = np.empty((2, n_issues))
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            status[m] = _NO_TEXT
            continue
        me = 0 if first[m] == 0 else 1
        other = 1 - me
        scale0, scale1 = unit_scales(a, b, w, theta, lo, hi, m, ends)
        low, high, least, most = 0.0, 1.0, 0.0, 1.0
        status[m] = _NO_ZONE
        for _ in range(N_BISECT):
            share = 0.5 * (low + high)
            _text_of(b, w, theta, lo, hi, m, me, share, scale0, scale1, x)
            mine, theirs = utility_at(a, b, w, theta, m, me, x), utility_at(a, b, w, theta, m, other, x)
            if mine <= r[m, me] and theirs <= r[m, other]:
                break
            more, at = mine <= r[m, me], -1.0
            if not more and theirs > r[m, other]:
                kept = max(r[m, me], d[m, me] + q[m, me] * (mine - d[m, me]))
                at, gap = _reply(a, b, w, theta, lo, hi, m, me, least, min(most, share), kept, scale0, scale1, y, near)
                got = utility_at(a, b, w, theta, m, other, y)
                more = theirs - d[m, other] >= q[m, other] * (got - d[m, other])
                status[m], utility[m, me], utility[m, other] = _AGREED, mine, theirs
                copy_text(x, text[m])
                copy_text(y, answer[m])
                coarse[m] = gap > WIDE
            if more:
                low = share
                least = at if at >= 0.0 else least
                copy_text(x, ends[1])
            else:
                high = share
                most = at if at >= 0.0 else most
                copy_text(x, ends[0])
        coarse[m] = status[m] == _AGREED and (coarse[m] or farthest(ends) > WIDE)


@jit
def _text_of(
    b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, me: int, share: float, scale0: float, scale1: float, x: Floats
) -> None:
    """Write the frontier text at which party ``me`` has the weight ``share`` into x, shape (K,)."""
    lam = share if me == 0 else 1.0 - share
    frontier_text(b, w, theta, lo, hi, m, lam / scale0, (1.0 - lam) / scale1, x)


@jit
def _reply(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, me: int, low: float, high: float,
    kept: float, scale0: float, scale1: float, y: Floats, near: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Write into y, shape (K,), the frontier text of least weight to ``me`` worth ``kept`` (basis points) to it.

    Returns that weight, which lies between low and high, and how far y is from its neighbour ``near`` below it.
    """
    _text_of(b, w, theta, lo, hi, m, me, high, scale0, scale1, y)
    copy_text(y, near)
    for _ in range(N_BISECT):
        if high - low <= _FINE:
            break
        at = 0.5 * (low + high)
        _text_of(b, w, theta, lo, hi, m, me, at, scale0, scale1, near)
        if utility_at(a, b, w, theta, m, me, near) >= kept:
            high = at
            copy_text(near, y)
        else:
            low = at
    gap = 0.0
    if low > 0.0:
        _text_of(b, w, theta, lo, hi, m, me, low, scale0, scale1, near)
        for k in range(y.shape[0]):
            gap = max(gap, abs(y[k] - near[k]))
    return high, gap
