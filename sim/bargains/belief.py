r"""What a side believes the other wants, read off its offers, and the offer of a given own value that the other should like most.

The other's first offer ``f`` is taken for its best text. As it gives way it moves from ``f`` towards one's own first offer ``z``; what
part of the way it has gone on issue k by its last offer ``y`` is ``g``, and its salience is believed to be the greater the less it went:

.. math:: g_k = \min(1, |y_k - f_k| / |z_k - f_k|), \quad \hat w_k = (1 - g_k + c) / (g_k + c), \quad
    \hat D(x) = \sum_k \hat w_k (x_k - f_k)^2

with ``w^ = 1`` where ``z_k = f_k`` (nothing is learnt there). ``c`` is caution: at 0 the odds are what an other that minimises an even
distance to ``z`` under a salience ``w`` would show; as c grows all issues count alike. ``D^`` is what the other is believed to lose by a
text, up to a factor. The offer is

.. math:: \min_x \hat D(x) \quad \text{s.t.} \; u_i(x) \ge A_i, \; u_i^{piv}(x) \ge d_i^{piv}, \; lo \le x \le hi

or ``y`` itself where that gives and passes. Without a ratifier in the way
``x_k = clip((\hat w_k f_k + \mu (w_{ik} \theta_{ik} + b_{ik}/2)) / (\hat w_k + \mu w_{ik}))`` for one ``mu``, found by ``N_BISECT``
halvings. A side believed that its offer was acceptable if ``D^(x) <= D^(y)``: the other itself has offered what it should like no
better. Units as in :mod:`sim.bargains.problems`; ``g``, ``w^``, ``c`` and ``D^`` have none.

Source: Jonker, Robu and Treur (2007), "An agent architecture for multi-attribute negotiation using incomplete preference information",
Autonomous Agents and Multi-Agent Systems 15 (issues on which less is conceded weigh more); the survey of such models is Baarslag,
Hendrikx, Hindriks and Jonker (2016), same journal, 30.
Departs from them in the odds, which replace their counts and their declared table of weights, and in an exact offer instead of a search.

Limits. Where the other gives way on all issues in the same proportion (as it does who does not learn) nothing is learnt but ``f``. A
side with ratifiers shows the best text that they would pass, which is what one would want to know. Nothing is believed of the
other's reservation value.
"""

from __future__ import annotations

import math

import numpy as np

from sim.bargains.concession import inside_near
from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import N_BISECT, clip, copy_text
from sim.bargains.winset import Floats
from sim.bargains.worth import loss, utility_at
from sim.kernels import jit


@jit
def believed_salience(f: Floats, y: Floats, z: Floats, caution: float, salience: Floats) -> None:
    """Write the other's believed salience into ``salience``, shape (K,), from its first and last offer and one's own first, (K,)."""
    for k in range(f.shape[0]):
        salience[k] = 1.0
        if z[k] != f[k]:
            gone = min(1.0, abs(y[k] - f[k]) / abs(z[k] - f[k]))
            salience[k] = (1.0 - gone + caution) / (gone + caution)


@jit
def believed_loss(f: Floats, salience: Floats, x: Floats) -> float:
    """Return what the other is believed to lose by text x, shape (K,), against its first offer f (no unit)."""
    total = 0.0
    for k in range(x.shape[0]):
        total += loss(salience[k], f[k], x[k])
    return total


@jit
def misjudged(offers: Floats, first_offers: Floats, me: int, caution: float) -> bool:
    """Tell whether party ``me`` believed its last offer to be no worse for the other than the other's own last; offers (2, K)."""
    other = 1 - me
    if math.isnan(offers[me, 0]) or math.isnan(offers[other, 0]):
        return False
    salience = np.empty(offers.shape[1])
    f = first_offers[other]
    believed_salience(f, offers[other], first_offers[me], caution, salience)
    mine: float = believed_loss(f, salience, offers[me])
    theirs: float = believed_loss(f, salience, offers[other])
    return mine <= theirs


@jit
def believed_offer(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, pivot: PivotArrays | None, m: int, i: int,
    f: Floats, y: Floats, salience: Floats, best: Floats, asked: float, x: Floats,
) -> None:  # fmt: skip
    """Write into x, shape (K,), the text worth ``asked`` to party i (and passing at home) that the other is believed to lose least by.

    f, y (K,): the other's first and last offer; y itself, taken into the box, where that is enough.
    """
    n_issues = x.shape[0]
    for k in range(n_issues):
        x[k] = clip(y[k], lo[m, k], hi[m, k])
    if utility_at(a, b, w, theta, m, i, x) >= asked and (pivot is None or passes_at_home(pivot, m, i, x)):
        return
    near = np.empty((2, n_issues))
    scale = 0.0
    for k in range(n_issues):
        near[0, k], near[1, k] = clip(f[k], lo[m, k], hi[m, k]), salience[k]
        scale = max(scale, max(w[m, i, k], abs(b[m, i, k])))
    copy_text(near[0], x)
    if utility_at(a, b, w, theta, m, i, x) < asked:
        # The share of oneself in the text, mu = high / (1 - high): its least value that gives enough; all of it is the best text.
        low, high = 0.0, 1.0
        for _ in range(N_BISECT):
            middle = 0.5 * (low + high)
            _between(b, w, theta, lo, hi, m, i, near, middle, scale, x)
            if utility_at(a, b, w, theta, m, i, x) >= asked:
                high = middle
            else:
                low = middle
        if high < 1.0:
            _between(b, w, theta, lo, hi, m, i, near, high, scale, x)
        else:
            copy_text(best, x)
    if pivot is not None and not passes_at_home(pivot, m, i, x):
        inside_near(a, b, w, theta, lo, hi, pivot, m, i, near, best, asked, x)


@jit
def _between(
    b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, m: int, i: int, near: Floats, share: float, scale: float, x: Floats
) -> None:
    """Write into x, shape (K,), what maximises ``share`` of party i's utility over ``scale`` less the rest of the distance to near."""
    own = share / scale
    for k in range(x.shape[0]):
        rest = (1.0 - share) * near[1, k]
        pull = rest * near[0, k] + own * (w[m, i, k] * theta[m, i, k] + 0.5 * b[m, i, k])
        x[k] = clip(pull / (rest + own * w[m, i, k]), lo[m, k], hi[m, k])
