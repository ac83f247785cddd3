r"""An election among candidate texts in pairwise contests: how likely each is to be the one that is left standing.

In a contest of x and y each party throws in its weight as far as it prefers one, and the stronger camp is the more likely to win:

.. math:: S(x, y) = \sum_i \alpha_i \max(0, \nu_i(x) - \nu_i(y)), \qquad P(x \succ y) = \frac{S(x, y)}{S(x, y) + S(y, x)}

(one half where nobody cares), ``nu_i`` the utility of party i from 0 at its reservation value to 1 at its ideal value. From these

.. math::
    \text{Markov:} \; \pi_y = \sum_x \pi_x T_{xy}, \quad T_{xy} = \frac{P(y \succ x)}{C - 1} \; (x \ne y), \qquad
    \text{conditional:} \; \pi_x \propto \prod_{y \ne x} P(x \succ y)

Markov: whatever text leads is challenged by another, each as often, for ever. Conditional: the text beats all others, given that one
does. Where ``P(x beats y) = c_x / (c_x + c_y)`` with strengths c = 3, 2, 1, the chances are 1/2, 1/3, 1/6 and .5625, .3333, .1042.

Symbols: C candidates; ``alpha`` bargaining weight.

Source: Wise, Lester and Efird (2015), "An Introduction to the KAPSARC Toolkit for Behavioral Analysis (KTAB) using one-dimensional
spatial models" (probabilistic Condorcet election); Black (1958), "The Theory of Committees and Elections".
Departs from it in two parties, and in candidates spread over the frontier instead of the parties' own positions.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.problems import Floats, Outcomes, Problems
from sim.bargains.splits import ideal_values, proportional, weighted_best, without_agreement
from sim.kernels import jit
from sim.types import Status

_TIE = 1e-9
_NEVER = 1e-100


def candidates(problems: Problems, n: int) -> tuple[list[Outcomes], Floats, npt.NDArray[np.int8]]:
    """Return n texts that both would sign, spread along the frontier inside both win-sets from party 1's best to party 0's.

    Candidate c gives gains over the reservation values in proportion to ``c`` and ``n - 1 - c`` times the two ideal gains.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    n : int
        Candidates, at least 3.

    Returns
    -------
    list of Outcomes
        The candidates.
    ndarray, shape (M, n, 2)
        Their utilities from 0 at the reservation value to 1 at the ideal value; 0 where there is no agreement to be had.
    ndarray of int8, shape (M,)
        AGREED, or why there is none.
    """
    ideal, best = ideal_values(problems)
    status = best.status
    gain = np.where((status == Status.AGREED)[:, None], ideal - problems.r, 1.0)
    found = [weighted_best(problems, [0.0, 1.0])]
    found += [proportional(problems, problems.r, gain * [c / (n - 1), (n - 1 - c) / (n - 1)]) for c in range(1, n - 1)]
    found.append(weighted_best(problems, [1.0, 0.0]))
    for one in found:
        status = np.where(status == Status.AGREED, one.status, status)
    value = (np.stack([one.utility for one in found], axis=1) - problems.r[:, None]) / gain[:, None]
    return found, np.where((status == Status.AGREED)[:, None, None], value, 0.0), status


def elected(problems: Problems, n: int, markov: bool) -> tuple[Outcomes, Floats]:
    """Return the candidate most likely to win each election, and the chance of every candidate, shape (M, n).

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    n : int
        Candidates, at least 3.
    markov : bool
        Whether chances are those of the Markov process; else conditional.

    Returns
    -------
    Outcomes
        AGREED, NO_ZONE, NO_WIN_SET or NO_TEXT; ``step`` is 0. Of candidates tied to 1e-9 the one nearest to the middle wins, then
        the first.
    ndarray, shape (M, n)
        Chances; equal where there is no agreement to be had.
    """
    found, value, status = candidates(problems, n)
    chance = chances(contests(problems.weight, value), markov)
    off = np.abs(np.arange(n) - (n - 1) / 2)
    winner = np.argmin(np.where(chance >= chance.max(axis=1, keepdims=True) - _TIE, off, np.inf), axis=1)
    text, utility = found[0].text.copy(), found[0].utility.copy()
    binding = None if found[0].binding is None else found[0].binding.copy()
    for c, one in enumerate(found):
        rows = winner == c
        text[rows], utility[rows] = one.text[rows], one.utility[rows]
        if binding is not None and one.binding is not None:
            binding[rows] = one.binding[rows]
    won = Outcomes(text, utility, status, found[0].step, binding)
    return without_agreement(won, status != Status.AGREED, status), chance


def contests(weight: Floats, value: Floats) -> Floats:
    """Return the chance that candidate x beats y, shape (M, C, C), from weights (M, 2) and utilities ``value`` (M, C, 2)."""
    lead = value[:, :, None, :] - value[:, None, :, :]
    ahead = weight[:, None, None] * np.maximum(lead, 0.0)
    support = ahead[..., 0] + ahead[..., 1]
    both = support + support.transpose(0, 2, 1)
    return np.asarray(np.where(both > 0.0, support / np.where(both > 0.0, both, 1.0), 0.5))


def chances(beats: Floats, markov: bool) -> Floats:
    """Return the chance of each candidate to be elected, shape (M, C).

    Parameters
    ----------
    beats : ndarray, shape (M, C, C)
        Chance that the candidate of the first axis beats that of the second.
    markov : bool
        Stationary distribution of the Markov process with challengers drawn evenly; else conditional on one beating all.
    """
    out = np.zeros(beats.shape[:2])
    _chances(np.ascontiguousarray(beats), markov, out)
    return out


@jit
def _chances(beats: Floats, markov: bool, out: Floats) -> None:
    """Fill out (M, C); the stationary distribution by elimination without subtraction (Grassmann, Taksar and Heyman 1985)."""
    n = beats.shape[1]
    step = np.zeros((n, n))
    for m in range(beats.shape[0]):
        total = 0.0
        if markov:
            for x in range(n):
                for y in range(n):
                    step[x, y] = beats[m, y, x] / (n - 1) if x != y else 0.0
            for back in range(n - 1):
                last = n - 1 - back
                leave = 0.0
                for y in range(last):
                    leave += step[last, y]
                # A candidate that nothing beats is never left: the chain all but ends there.
                leave = max(leave, _NEVER)
                for x in range(last):
                    step[x, last] /= leave
                    for y in range(last):
                        if x != y:
                            step[x, y] += step[x, last] * step[last, y]
            for x in range(n):
                out[m, x] = 1.0 if x == 0 else 0.0
                for y in range(x):
                    out[m, x] += out[m, y] * step[y, x]
        else:
            for x in range(n):
                out[m, x] = 1.0
                for y in range(n):
                    if y != x:
                        out[m, x] *= beats[m, x, y]
        for x in range(n):
            total += out[m, x]
        for x in range(n):
            out[m, x] = out[m, x] / total if total > 0.0 else 1.0 / n
