r"""What a partner's gain means for one's own security: a rival that gains is feared, an ally that gains is welcome.

.. math:: s_i = - 10^4 \, \omega \, (h_{ij} - \phi \, a_{ij} [a_{ij} \ge \underline{a}]) \, G_j / Y_i

in basis points of own GDP a year, with ``h`` hostility, ``a`` strength of the alliance (0 to 1 each), ``G_j`` what the partner gains by
trade, USD a year, and ``Y_i`` own GDP.

Source: Gowa and Mansfield (1993), "Power Politics and International Trade", American Political Science Review 87. Weights are assumed.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import by_role
from sim.ports import PoliticsTerms
from sim.stakes.stakes import Groups
from sim.state.world import Floats, World

WORDS = ("security: what the other gains", "keamanan: apa yang diperoleh pihak lain")


def externality(view: World, groups: Groups, gain: Floats) -> Floats:
    """Return what the partner's gain is worth to each side's security, shape (G, 2), bp of own GDP a year.

    Parameters
    ----------
    gain : float64 (G, 2)
        What each side gains by trade, bp of its own GDP a year.
    """
    terms = view.setting.terms(PoliticsTerms)
    gdp = np.maximum(by_role(view.gdp[groups.first], view.gdp[groups.second]), 1.0)
    alliance = np.maximum(view.alliance[groups.edge], view.alliance[groups.back])
    hostility = np.maximum(view.hostility[groups.edge], view.hostility[groups.back])
    weight = terms.fear_of_rivals * (hostility - terms.joy_in_allies * np.where(alliance >= terms.least_alliance, alliance, 0.0))
    theirs = (gain * gdp)[:, ::-1]
    return np.asarray(-weight[:, None] * theirs / gdp)
