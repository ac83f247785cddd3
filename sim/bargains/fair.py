r"""Fair points of a bargaining problem: equal gains, equal shares of the ideal gains, and how far an outcome is from the frontier.

.. math::
    \text{egalitarian:} \; \frac{u_0 - d_0}{\alpha_0} = \frac{u_1 - d_1}{\alpha_1}, \qquad
    \text{Kalai-Smorodinsky:} \; \frac{u_0 - d_0}{\alpha_0 (I_0 - d_0)} = \frac{u_1 - d_1}{\alpha_1 (I_1 - d_1)}

``I_i = max u_i(x)`` subject to the other's reservation value and both win-sets is the ideal value of party i. Where no efficient text has
these proportions, the smaller side of the equation is made as large as it can be, then the other (:mod:`sim.bargains.splits`).

Symbols: ``alpha`` bargaining weight, the rest as in :mod:`sim.bargains.problems`.

Source: Kalai and Smorodinsky (1975), "Other Solutions to Nash's Bargaining Problem", Econometrica 43; unequal weights: Dubra (2001), "An
Asymmetric Kalai-Smorodinsky Solution", Economics Letters 73; egalitarian: Kalai (1977), Econometrica 45.
Departs from them in the reservation value: an outside option above the disagreement value bounds the outcome and the ideal point, and is
not split from.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.problems import Floats, Outcomes, Problems
from sim.bargains.splits import ideal_values, proportional, without_agreement
from sim.types import Status


def egalitarian_outcomes(problems: Problems) -> Outcomes:
    """Return the text at which the gains over no agreement (basis points) are as the bargaining weights.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.

    Returns
    -------
    Outcomes
        AGREED, NO_ZONE, NO_WIN_SET or NO_TEXT; ``step`` is 0.
    """
    return proportional(problems, problems.d, problems.weight)


def kalai_smorodinsky_outcomes(problems: Problems) -> Outcomes:
    """Return the text at which both have the same share of their ideal gains, weighed by the bargaining weights.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.

    Returns
    -------
    Outcomes
        AGREED, NO_ZONE, NO_WIN_SET or NO_TEXT; ``step`` is 0.
    """
    ideal, best = ideal_values(problems)
    there_is = best.status == Status.AGREED
    gain = np.where(there_is[:, None], ideal - problems.d, 1.0)
    found = proportional(problems, problems.d, problems.weight * gain)
    return without_agreement(found, ~there_is, best.status)


def distance_to_frontier(problems: Problems, outcomes: Outcomes) -> Floats:
    """Return how much more both sides could have had at once, as a share of their ideal gains, shape (M,).

    0 on the frontier (inside both win-sets); the share is the largest ``t`` such that some text gives each party i at least
    ``u_i + t (I_i - d_i)``. NaN where nothing was agreed.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    outcomes : Outcomes
        What a protocol made of them.
    """
    ideal, best = ideal_values(problems)
    agreed = (outcomes.status == Status.AGREED) & (best.status == Status.AGREED)
    gain = np.where(agreed[:, None], ideal - problems.d, 1.0)
    here = np.where(agreed[:, None], outcomes.utility, problems.d)
    found = proportional(problems, np.ascontiguousarray(here), gain)
    ahead = np.min((found.utility - here) / gain, axis=1)
    return np.where(agreed, np.maximum(ahead, 0.0), np.nan)
