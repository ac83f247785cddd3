r"""Whose providers hold the data of a party's people: that is where their home is, and not where the services are sold from.

.. math:: A_{ij} = (1 - o_i) \frac{p_j}{1 - p_i}

``o`` is the part of the cloud regions in a party that its own providers run, and ``p`` a party's part in all regions outside their
provider's home. So providers of one home serve every party abroad in the same proportion.

Until the market of providers is a part of the model, regions stand for market shares. Source: counts of regions (``providers.csv``).
"""

from __future__ import annotations

import numpy as np

from sim.arrays import by_role
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Groups
from sim.state.world import Floats, Ints, World

READS = ("providers_abroad", "own_providers", "imports_known", "gdp")
"""Arrays that these figures are made of."""


def held_by(view: World, groups: Groups) -> Floats:
    """Return the share of each side's data that the other side's providers hold, shape (G, 2)."""
    abroad, own = view.providers_abroad, view.own_providers
    i, j = groups.first, groups.second

    def of(one: Ints, other: Ints) -> Floats:
        others = 1.0 - abroad[one]
        return np.where(others > 0.0, (1.0 - own[one]) * abroad[other] / np.where(others > 0.0, others, 1.0), 0.0)

    return np.asarray(by_role(of(i, j), of(j, i)))


def held_trade(view: World, groups: Groups) -> Floats:
    """Return what each side buys abroad from providers of the other's home, USD a year, shape (G, 2)."""
    return np.asarray(held_by(view, groups) * by_role(view.imports_known[groups.first], view.imports_known[groups.second]))


def in_bp(view: World, groups: Groups, usd: Floats) -> Floats:
    """Return USD a year of each side in bp of its GDP, shape (G, 2)."""
    # A bloc that its last member has left has no economy, and may still wait for an answer on what it signed.
    return np.asarray(BP * usd / np.maximum(by_role(view.gdp[groups.first], view.gdp[groups.second]), 1.0))
