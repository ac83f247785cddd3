r"""Where each party stands on each issue, what it has at stake there, and whether a text that a procedure made will be signed.

A party stands at the text it likes best among those its own ratifiers accept; on an issue to which it is indifferent it stands where the
other does. Its stake in an issue is what it would lose, in basis points, by moving to where the other stands:

.. math:: g_{ik} = \max(0, v_{ik}(x_{ik}) - v_{ik}(x_{jk})), \qquad v_{ik}(x) = b_{ik} x - w_{ik} (x - \theta_{ik})^2

A text is signed if both executives gain more than their reservation values and no ratifier with a say rejects it. Procedures that move
positions instead of maximising may end at a text that is not: the talks then fail as REFUSED where some other text would have been
signed, and otherwise for the reason that there is none.

Symbols as in :mod:`sim.bargains.problems` and :mod:`sim.bargains.winset`.

Source: positions, salience and capability as the inputs of procedures: Bueno de Mesquita and Stokman (1994), "European Community Decision
Making".
Departs from it in that salience is read off the payoffs instead of asked from experts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.concession import at_the_edge, best_at_home
from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import end_text
from sim.bargains.problems import Floats, Outcomes, Problems
from sim.bargains.splits import pivot_arrays, weighted_best
from sim.bargains.winset import Bools
from sim.bargains.worth import box_is_empty, loss_moved, utility_at
from sim.kernels import jit
from sim.types import Status


def stances(problems: Problems) -> tuple[Floats, Floats]:
    """Return each party's position, shape (M, 2, K), and its stake in each issue (basis points), of the same shape.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`. Rows where lo > hi have NaN positions and no stakes.
    """
    m, k = problems.lo.shape
    position, stake = np.full((m, 2, k), np.nan), np.zeros((m, 2, k))
    p = problems
    _stand(p.a, p.b, p.w, p.theta, p.lo, p.hi, pivot_arrays(p), position, stake)
    return position, stake


def judged(problems: Problems, text: Floats) -> Outcomes:
    """Return what comes of texts: AGREED where all sign, else why not.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    text : ndarray, shape (M, K)
        A text for each, inside its box; anything where lo > hi.

    Returns
    -------
    Outcomes
        AGREED, REFUSED, NO_ZONE, NO_WIN_SET or NO_TEXT; ``step`` is 0.
    """
    m = len(problems)
    p, pivot = problems, pivot_arrays(problems)
    utility, signed = np.full((m, 2), np.nan), np.zeros(m, np.bool_)
    binding = None if pivot is None else np.zeros((m, 2), np.bool_)
    _judge(p.a, p.b, p.w, p.theta, p.r, p.lo, p.hi, pivot, np.ascontiguousarray(text), utility, signed, binding)
    status = np.full(m, Status.AGREED, np.int8)
    rest = np.flatnonzero(~signed)
    why = weighted_best(p.take(rest), p.weight[rest]).status
    status[rest] = np.where(why == Status.AGREED, Status.REFUSED, why)
    return Outcomes(np.where(signed[:, None], text, np.nan), utility, status, np.zeros(m, np.int32), binding)


@jit
def _stand(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, pivot: PivotArrays | None, position: Floats, stake: Floats
) -> None:
    """Fill position and stake, shape (M, 2, K)."""
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            continue
        for i in range(2):
            end_text(b, w, theta, lo, hi, m, i, position[m, i])
            if pivot is not None and not passes_at_home(pivot, m, i, position[m, i]):
                best_at_home(a, b, w, theta, lo, hi, pivot, m, i, position[m, i])
        for k in range(lo.shape[1]):
            for i in range(2):
                here, there = position[m, i, k] - theta[m, i, k], position[m, 1 - i, k] - theta[m, i, k]
                lost = b[m, i, k] * (position[m, i, k] - position[m, 1 - i, k]) - loss_moved(w[m, i, k], here, there)
                stake[m, i, k] = lost if lost > 0.0 else 0.0


@jit
def _judge(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays | None,
    text: Floats, utility: Floats, signed: npt.NDArray[np.bool_], binding: Bools | None,
) -> None:  # fmt: skip
    """Fill signed (M,), and utility (M, 2; basis points) where it is; binding (M, 2) where a ratifier is at its edge or in the way."""
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            continue
        u0, u1 = utility_at(a, b, w, theta, m, 0, text[m]), utility_at(a, b, w, theta, m, 1, text[m])
        signed[m] = u0 > r[m, 0] and u1 > r[m, 1]
        if pivot is not None and binding is not None:
            for i in range(2):
                passes = passes_at_home(pivot, m, i, text[m])
                binding[m, i] = not passes or at_the_edge(pivot, lo, hi, m, i, text[m])
                signed[m] = signed[m] and passes
        if signed[m]:
            utility[m, 0], utility[m, 1] = u0, u1


@jit
def settle(position: Floats, pull0: float, pull1: float) -> float:
    """Return the mean of two positions, shape (2,), weighed by two pulls; halfway where neither pulls."""
    total = pull0 + pull1
    share: float = pull1 / total if total > 0.0 else 0.5
    settled: float = position[0] + share * (position[1] - position[0])
    return settled
