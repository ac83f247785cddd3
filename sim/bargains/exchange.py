r"""Two parties trade positions on pairs of issues, each trade gaining both the same, until no trade is left that gains.

On each issue that divides them the parties stand at 0 and 1 of the distance between their positions ``z``. With salience ``s`` (a party's
stake in an issue as a share of all its stakes) and bargaining weight ``alpha`` the outcome expected there is

.. math:: O_k = \frac{\alpha_0 s_{0k} z_{0k} + \alpha_1 s_{1k} z_{1k}}{\alpha_0 s_{0k} + \alpha_1 s_{1k}}

Party i, to whom issue q matters more than p in proportion than to j, moves on p so far that the outcome there shifts by ``dp`` towards j;
j moves on q and shifts it by ``dq`` towards i. Both gain the same, ``s_iq dq - s_ip dp = s_jp dp - s_jq dq``, where

.. math:: dq = dp \, \frac{s_{ip} + s_{jp}}{s_{iq} + s_{jq}}

and one of the two moves all the way to where the other stands. The trade that gains most is made first. The text lies at the expected
outcomes that are left.

Symbols: ``dp``, ``dq`` in shares of the distance on an issue; gains in shares of all that a party has at stake.

Source: Stokman and Van Oosten (1994), "The Exchange of Voting Positions", in Bueno de Mesquita and Stokman (eds), European Community
Decision Making (exchanges at equal gains).
Departs from it in two parties instead of many, and in salience read off the payoffs: what would be lost between the two positions, taken
as even along the way.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.problems import Floats, Problems
from sim.bargains.stances import settle, stances
from sim.bargains.worth import box_is_empty
from sim.kernels import jit

_LEAST = 1e-12


def exchange_texts(problems: Problems) -> Floats:
    """Return the text that equal-gain exchanges lead to, shape (M, K); NaN where lo > hi.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    """
    position, stake = stances(problems)
    text = np.full(problems.lo.shape, np.nan)
    _exchange(problems.lo, problems.hi, problems.weight, position, stake, text)
    return text


@jit
def equal_gain(dp: float, s_ip: float, s_jp: float, s_iq: float, s_jq: float) -> float:
    """Return the shift on issue q that makes both gain the same from a shift ``dp`` on issue p; s are saliences."""
    dq: float = dp * (s_ip + s_jp) / (s_iq + s_jq)
    return dq


@jit
def trade(s: Floats, room: Floats, i: int, p: int, q: int) -> tuple[float, float, float]:
    """Return (dp, dq, gain of each) of the largest equal-gain trade in which party i gives on p and the other on q.

    s (2, K) are saliences; room (2, K) how far each party can shift the outcome by moving all the way.
    """
    j = 1 - i
    dp = room[i, p]
    dq = equal_gain(dp, s[i, p], s[j, p], s[i, q], s[j, q])
    if dq > room[j, q]:
        dq = room[j, q]
        dp = equal_gain(dq, s[i, q], s[j, q], s[i, p], s[j, p])
    return dp, dq, s[i, q] * dq - s[i, p] * dp


@jit
def _exchange(lo: Floats, hi: Floats, weight: Floats, position: Floats, stake: Floats, text: Floats) -> None:
    """Fill text (M, K); position and stake are (M, 2, K)."""
    n_issues = lo.shape[1]
    s, room, z = np.zeros((2, n_issues)), np.zeros((2, n_issues)), np.zeros((2, n_issues))
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            continue
        for i in range(2):
            total = 0.0
            for k in range(n_issues):
                total += stake[m, i, k]
            for k in range(n_issues):
                s[i, k] = stake[m, i, k] / total if total > 0.0 else 0.0
                z[i, k] = float(i)
        # Each trade uses up one party's room on one issue, so there are at most 2 K of them.
        for _ in range(2 * n_issues):
            for k in range(n_issues):
                pull = weight[m, 0] * s[0, k] + weight[m, 1] * s[1, k]
                for i in range(2):
                    room[i, k] = weight[m, i] * s[i, k] * (z[1, k] - z[0, k]) / pull if pull > 0.0 else 0.0
            best, giver, first, second, best_p, best_q = _LEAST, -1, 0, 0, 0.0, 0.0
            for p in range(n_issues):
                for q in range(p + 1, n_issues):
                    if s[0, p] + s[1, p] > 0.0 and s[0, q] + s[1, q] > 0.0:
                        i = 0 if s[0, q] * s[1, p] > s[0, p] * s[1, q] else 1
                        dp, dq, gain = trade(s, room, i, p, q)
                        if gain > best:
                            best, giver, first, second, best_p, best_q = gain, i, p, q, dp, dq
            if giver < 0:
                break
            _move(z, room, giver, first, best_p)
            _move(z, room, 1 - giver, second, best_q)
        for k in range(n_issues):
            at = settle(z[:, k], weight[m, 0] * s[0, k], weight[m, 1] * s[1, k])
            text[m, k] = position[m, 0, k] + at * (position[m, 1, k] - position[m, 0, k])


@jit
def _move(z: Floats, room: Floats, i: int, k: int, shift: float) -> None:
    """Move party i on issue k towards the other so far that the outcome shifts by ``shift``."""
    if shift >= room[i, k]:
        z[i, k] = z[1 - i, k]
    else:
        z[i, k] += (z[1 - i, k] - z[i, k]) * (shift / room[i, k])
