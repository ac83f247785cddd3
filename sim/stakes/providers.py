"""Whose providers hold the data of a party's people: as the cloud market had it last December (:mod:`sim.mechanisms.market`).

Firms of a home answer to its law wherever they store data (CLOUD Act 2018, section 103), so what they hold counts and not where it lies.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import by_role
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Groups
from sim.state.world import Floats, World

READS = ("held", "imports_known", "gdp")
"""Arrays that these figures are made of."""


def held_by(view: World, groups: Groups) -> Floats:
    """Return the share of each side's load that the other side's providers hold, shape (G, 2)."""
    return np.asarray(by_role(view.held[groups.edge], view.held[groups.back]))


def held_trade(view: World, groups: Groups) -> Floats:
    """Return what each side buys abroad from providers of the other's home, USD a year, shape (G, 2)."""
    return np.asarray(held_by(view, groups) * by_role(view.imports_known[groups.first], view.imports_known[groups.second]))


def in_bp(view: World, groups: Groups, usd: Floats) -> Floats:
    """Return USD a year of each side in bp of its GDP, shape (G, 2)."""
    # A bloc that its last member has left has no economy, and may still wait for an answer on what it signed.
    return np.asarray(BP * usd / np.maximum(by_role(view.gdp[groups.first], view.gdp[groups.second]), 1.0))
