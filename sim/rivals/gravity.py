r"""Who signs with whom follows size and distance, as trade does.

.. math:: pull_{ij} = \frac{GDP_i^{a} \, GDP_j^{b}}{distance_{ij}^{c}}

GDP in USD a year, of role 0 and role 1; distance between capitals in km, of a bloc the mean of its members'. Only ratios of pulls count, so
there is no constant. The text is the middle of what the type allows, and all consent.

Source: Tinbergen (1962), "Shaping the World Economy"; coefficients: Head and Mayer (2014), "Gravity Equations: Workhorse, Toolkit, and
Cookbook", Handbook of International Economics 4, means over all gravity estimates (from memory). On who has agreements (larger and nearer
pairs): Baier and Bergstrand (2004), "Economic Determinants of Free Trade Agreements", Journal of International Economics 64.
Departs from them in that the coefficients are those of trade flows, and say nothing of who has an agreement already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.decide.theory import Theory
from sim.registry import param, part
from sim.stakes.stakes import Groups
from sim.state.world import Floats, World

_SOURCE = "memory: Head and Mayer 2014 (mean of all gravity estimates)"


@part(
    "rival",
    name="gravity",
    title="Gravity",
    title_id="Gravitasi",
    sentence_id="Pasangan yang ekonominya besar dan letaknya berdekatan paling sering menandatangani, seperti dalam perdagangan.",
)
@dataclass(frozen=True)
class Gravity(Theory):
    """Pairs with large economies that lie near each other sign most often, as in trade."""

    first_gdp: float = param(0.98, unit="elasticity", low=0.0, high=2.0, source=_SOURCE, meaning="How the pull grows with role 0's GDP, a.")
    second_gdp: float = param(0.84, unit="elasticity", low=0.0, high=2.0, source=_SOURCE, meaning="How it grows with role 1's GDP, b.")
    distance: float = param(0.93, unit="elasticity", low=0.0, high=3.0, source=_SOURCE, meaning="How it falls with distance, c.")

    def pull(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return size over distance, (G,)."""
        size = self.first_gdp * np.log(view.gdp[groups.first]) + self.second_gdp * np.log(view.gdp[groups.second])
        return np.asarray(np.exp(size - self.distance * np.log(view.setting.edges.distance[groups.edge])))
