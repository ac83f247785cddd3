r"""How good a deal is: its distance from what could have been, and how its surplus is shared.

.. math:: t = \max \{ t : \exists x, \; u_i(x) \ge u_i + t (I_i - d_i) \}, \qquad
          \Delta_p = \Big\| \frac{u - p}{I - d} \Big\|, \qquad
          \sigma_0 = \frac{g_0 Y_0}{g_0 Y_0 + g_1 Y_1}, \; g_i = u_i - d_i

``t`` how much more both sides could have had at once, as a share of their ideal gains (0 on the frontier); ``Delta_p`` the distance of
the utilities from those of a point p (Nash, Kalai-Smorodinsky, egalitarian), each in units of its party's ideal gain; ``sigma_0`` the
first party's share of the surplus in money. Symbols as in :mod:`sim.bargains.fair`; ``Y`` GDP (USD a year).

Source: Nash (1950), Kalai and Smorodinsky (1975), Kalai (1977) for the points; Baarslag et al. (2013), "Evaluating practical negotiating
agents", Artificial Intelligence 198 (distance to the frontier and to the fair points as measures of quality).
Departs from the last in units: ideal gains stand for the range of a utility.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.problems import Floats, Outcomes, Problems, checked
from sim.bargains.ratified import nash_outcomes
from sim.bargains.splits import ideal_values, proportional

QUALITIES = ("to_frontier", "to_nash", "to_kalai_smorodinsky", "to_egalitarian", "surplus_share_first")
"""Names of the measures, in order."""


def quality(problems: Problems, outcomes: Outcomes, gdp: Floats) -> Floats:
    """Measure agreed texts, shape (M, 5), in the order of :data:`QUALITIES`.

    Parameters
    ----------
    problems : Problems
        M problems.
    outcomes : Outcomes
        What was agreed on each of them.
    gdp : float64 (M, 2)
        USD a year, by side.
    """
    p = checked(problems)
    ideal, _ = ideal_values(p)
    # A deal that its own beliefs call impossible has no ideal gains: its measures are blank, its share is not.
    possible = np.asarray(np.isfinite(ideal).all(axis=1))
    scale = np.where(possible[:, None], np.maximum(ideal - p.d, 1e-12), 1.0)
    out = np.full((len(p), len(QUALITIES)), np.nan)
    ahead = proportional(p, np.ascontiguousarray(outcomes.utility), scale).utility - outcomes.utility
    out[:, 0] = np.maximum(np.min(ahead / scale, axis=1), 0.0)
    for at, point in enumerate((nash_outcomes(p), proportional(p, p.d, p.weight * scale), proportional(p, p.d, p.weight)), start=1):
        gap = (outcomes.utility - point.utility) / scale
        out[:, at] = np.sqrt(gap[:, 0] * gap[:, 0] + gap[:, 1] * gap[:, 1])
    out[~possible, :4] = np.nan
    money = (outcomes.utility - p.d) * gdp
    total = money[:, 0] + money[:, 1]
    out[:, 4] = np.where(total > 0.0, money[:, 0] / np.where(total > 0.0, total, 1.0), 0.5)
    return out
