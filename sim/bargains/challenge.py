r"""Each party weighs what it can expect from challenging the other on an issue; who expects less gives way.

On an issue that divides them party i, of bargaining weight ``alpha`` and salience ``s`` (its stake as a share of its largest), expects

.. math::
    E_i = s_j (P_i U^s + (1 - P_i) U^f) + (1 - s_j) U^s - U^q, \qquad
    U^s = 2 - 4 (1/2 - D/2), \; U^f = 2 - 4 (1/2 + D/2), \; U^q = 0

``D`` distance of the positions as a share of the issue's range; the other resists with chance ``s_j``. The chance to win is

.. math::
    P_i = \frac{\alpha_i s_i}{\alpha_i s_i + \alpha_j s_j} \; \text{(corrected)}, \qquad
    P_i = \frac{\alpha_i s_i}{2 (\alpha_i s_i + \alpha_j s_j)} \; \text{(published)}

Both expect to gain: the one that expects less moves to the other's position. Only j does: i moves part of the way, ``|E_i| / E_j`` of it,
or all the way where that is more than one. Neither does: nobody moves. After the rounds what still divides them is settled at the mean of
the positions, weighed by ``alpha s``.

Source: Bueno de Mesquita (1994), "Political Forecasting: An Expected Utility Method", in European Community Decision Making; (1997), "A
Decision Making Model: Its Structure and Form", International Interactions 23; the published form as replicated by Scholz, Calbert and
Smith (2011), "Unravelling Bueno De Mesquita's Group Decision Model", Journal of Theoretical Politics 23: its denominator counts the votes
on every ordered pair of positions, so that the chances of two rivals do not sum to one. The corrected form counts those on this pair
only.
Departs from them in risk-neutral parties (with two of them the published rule can only give the least and the largest exponent), in
certainty that the other stays where it is unless challenged (Q = 1), and in one contest an issue.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.problems import Floats, Problems
from sim.bargains.stances import settle, stances
from sim.bargains.worth import box_is_empty
from sim.kernels import jit

_TIE = 1e-12


def challenge_texts(problems: Problems, rounds: int, published: bool) -> Floats:
    """Return the text that the challenges lead to, shape (M, K); NaN where lo > hi.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    rounds : int
        Rounds of challenges.
    published : bool
        Whether chances to win are those of the published form.
    """
    position, stake = stances(problems)
    text = np.full(problems.lo.shape, np.nan)
    _challenge(problems.lo, problems.hi, problems.weight, position, stake, rounds, published, text)
    return text


@jit
def win_chance(mine: float, theirs: float, published: bool) -> float:
    """Return the chance to win of the side that throws in ``mine`` (weight times salience) against ``theirs``."""
    total = mine + theirs
    chance = mine / total if total > 0.0 else 0.5
    return 0.5 * chance if published else chance


@jit
def expected_gain(distance: float, chance: float, resists: float) -> float:
    """Return the expected utility of a challenge over a distance, 0 to 1, won by ``chance`` where the other resists."""
    won, lost = 2.0 - 4.0 * (0.5 - 0.5 * distance), 2.0 - 4.0 * (0.5 + 0.5 * distance)
    gain: float = resists * (chance * won + (1.0 - chance) * lost) + (1.0 - resists) * won
    return gain


@jit
def gives_way(mine: float, theirs: float) -> float:
    """Return the share of the distance that a side moves, given what it and the other expect from a challenge."""
    if theirs <= 0.0:
        return 0.0
    if mine > 0.0:
        return 1.0 if mine < theirs - _TIE else 0.0
    return min(-mine / theirs, 1.0)


@jit
def _challenge(lo: Floats, hi: Floats, weight: Floats, position: Floats, stake: Floats, rounds: int, published: bool, text: Floats) -> None:
    """Fill text (M, K); position and stake are (M, 2, K)."""
    at, s, top = np.zeros(2), np.zeros(2), np.zeros(2)
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            continue
        for i in range(2):
            top[i] = 0.0
            for k in range(lo.shape[1]):
                top[i] = max(top[i], stake[m, i, k])
        for k in range(lo.shape[1]):
            for i in range(2):
                at[i] = position[m, i, k]
                s[i] = stake[m, i, k] / top[i] if top[i] > 0.0 else 0.0
            pull0, pull1 = weight[m, 0] * s[0], weight[m, 1] * s[1]
            for _ in range(rounds):
                if at[0] == at[1] or hi[m, k] <= lo[m, k]:
                    break
                distance = abs(at[1] - at[0]) / (hi[m, k] - lo[m, k])
                e0 = expected_gain(distance, win_chance(pull0, pull1, published), s[1])
                e1 = expected_gain(distance, win_chance(pull1, pull0, published), s[0])
                move0, move1 = gives_way(e0, e1), gives_way(e1, e0)
                gap = at[1] - at[0]
                at[0] += move0 * gap
                at[1] -= move1 * gap
            text[m, k] = min(max(settle(at, pull0, pull1), lo[m, k]), hi[m, k])
