r"""What two parties make of their stakes before they talk: the midway text, what it promises, and the problem handed to a protocol.

Stakes and their draft are in :mod:`sim.stakes.stakes`; the names that agreement types use are found here too.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.problems import Problems
from sim.bargains.worth import issue_worth, reservation
from sim.kernels import jit
from sim.stakes.layout import W_FLOOR
from sim.stakes.stakes import Coefficients, Draft, Groups, Stakes, joined, take
from sim.state.world import Floats
from sim.types import ISSUES

BP = 1e4
ISSUE = {name: k for k, name in enumerate(ISSUES)}
"""Places of the shipped issues: issues of a run are only added behind them."""


def midway(c: Coefficients) -> Floats:
    """Return the text halfway between the two sides' own best texts, shape (G, K): what a party reckons with before talks begin."""
    w = np.maximum(c.w, W_FLOOR)
    best = np.clip(c.theta + c.b / (2.0 * w), c.lo[:, None, :], c.hi[:, None, :])
    return 0.5 * (best[:, 0, :] + best[:, 1, :])


def prospects(c: Coefficients) -> Floats:
    """Return each side's gain at the midway text, shape (G, 2), bp; zero for both where either would lose or no text is allowed."""
    return promising(midway_gains(c))


def promising(gain: Floats) -> Floats:
    """Return gains (G, 2) where both sides have one, and zero for both elsewhere."""
    return np.where((gain[:, :1] > 0.0) & (gain[:, 1:] > 0.0), gain, 0.0)


def midway_gains(c: Coefficients) -> Floats:
    """Return each side's gain at the midway text, shape (G, 2), bp: negative for who would lose, NaN where no text is allowed."""
    gain = np.empty((len(c.a), 2))
    _midway_gains(c.a, c.b, c.w, c.theta, c.d, c.lo, c.hi, gain)
    return gain


@jit
def _midway_gains(a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, lo: Floats, hi: Floats, gain: Floats) -> None:
    """Fill utility at the midway text less the value of no agreement: what :func:`midway` and ``worth.gain`` give, a dyad at a time."""
    for g in range(gain.shape[0]):
        mine, theirs, hopeless = a[g, 0], a[g, 1], False
        for k in range(lo.shape[1]):
            best = min(max(theta[g, 0, k] + b[g, 0, k] / (2.0 * max(w[g, 0, k], W_FLOOR)), lo[g, k]), hi[g, k])
            other = min(max(theta[g, 1, k] + b[g, 1, k] / (2.0 * max(w[g, 1, k], W_FLOOR)), lo[g, k]), hi[g, k])
            x = 0.5 * (best + other)
            mine += issue_worth(b[g, 0, k], w[g, 0, k], theta[g, 0, k], x)
            theirs += issue_worth(b[g, 1, k], w[g, 1, k], theta[g, 1, k], x)
            hopeless = hopeless or lo[g, k] > hi[g, k]
        gain[g, 0], gain[g, 1] = (np.nan, np.nan) if hopeless else (mine - d[g, 0], theirs - d[g, 1])


def to_problems(c: Coefficients) -> Problems:
    """Hand coefficients to a protocol: the reservation value is the value of no agreement, and both sides weigh the same.

    Outside options, bargaining weights, pivots and groups have their places in :class:`Problems` and are filled by later rules.
    """
    return Problems(a=c.a, b=c.b, w=c.w, theta=c.theta, d=c.d, r=reservation(c.d), lo=c.lo, hi=c.hi, weight=np.full((len(c.a), 2), 0.5))


__all__ = [
    "BP",
    "ISSUE",
    "W_FLOOR",
    "Coefficients",
    "Draft",
    "Groups",
    "Stakes",
    "joined",
    "midway",
    "midway_gains",
    "promising",
    "prospects",
    "take",
    "to_problems",
]
