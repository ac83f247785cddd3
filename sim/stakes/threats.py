r"""Tariff threats: a large importer makes no agreement worse for the other, if the threat is one that it could afford to carry out.

.. math:: threat_j = 10^4 \, \frac{\tau \, s \, X_{ji} \, \ell}{Y_j} \quad \text{if} \quad \frac{X_{ji}}{X_j} \ge m
          \quad \text{and} \quad 10^4 \, \frac{\tau \, s \, X_{ji} \, (1 - \ell)}{Y_i} \le c

in basis points of GDP a year, with ``tau`` the tariff, ``X_ji`` the digital services that j sells to i and ``X_j`` all that it sells,
``s`` the exports that the tariff would hit over these, ``l`` the part of it that j loses (who buys pays the rest), ``m`` the least
share of a large importer, ``c`` what carrying it out may cost i for the threat to be believed, and ``Y`` GDP.

The threat lowers j's value of no agreement. Only gains over it decide, so it is told as what an agreement averts: a term of being
party, as every rule reads it and :mod:`sim.why` tells it. So j signs what leaves it worse off than today, and no worse than what it is
threatened with.

Source: Hirschman (1945), "National Power and the Structure of Foreign Trade" (who buys much can coerce); Schelling (1960), "The
Strategy of Conflict" (a threat counts if it is believed); Conconi et al. (2018), European Economic Review (threat points in trade
bargaining; from memory). Departs from them in that nobody retaliates, and that goods are taken to flow as digital services do.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sim.arrays import by_role
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Groups
from sim.state.world import Floats, World


class Terms(Protocol):
    """What a type says of threats."""

    @property
    def threat_tariff(self) -> float:
        """Tariff threatened, share of value; 0 for none."""

    @property
    def threat_importer(self) -> float:
        """Least share of the other's exports of who threatens."""

    @property
    def threat_scope(self) -> float:
        """Exports hit, over exports of digital services."""

    @property
    def threat_lost(self) -> float:
        """Part of the tariff that the exporter loses."""

    @property
    def threat_bearable(self) -> float:
        """Most that it may cost who threatens, bp of GDP a year."""


def threatened(view: World, groups: Groups, terms: Terms) -> Floats:
    """Return what each side of some dyads would lose by the tariff that the other threatens, (G, 2), bp of own GDP a year; 0 where none."""
    if terms.threat_tariff == 0.0:
        return np.zeros((groups.n, 2))
    edges, n = view.setting.edges, len(view.gdp)
    # States are the markets: a bloc would count its members twice, and its own are no market abroad.
    abroad = ~view.blocked & (edges.col < view.setting.n_states)
    exports = np.bincount(edges.row, weights=np.where(abroad, view.trade_known, 0.0), minlength=n)
    i, j = groups.first, groups.second
    sold = by_role(view.trade_known[groups.edge], view.trade_known[groups.back])
    gdp, whole = (np.maximum(by_role(one[i], one[j]), 1.0) for one in (view.gdp, exports))
    tariff = BP * terms.threat_tariff * terms.threat_scope * sold
    large = sold / whole >= terms.threat_importer
    believed = tariff * (1.0 - terms.threat_lost) / gdp[:, ::-1] <= terms.threat_bearable
    return np.asarray(np.where(large & believed, tariff * terms.threat_lost / gdp, 0.0))


def told(draft: Draft, view: World, groups: Groups, terms: Terms) -> None:
    """Add to a draft what an agreement averts, where anybody threatens."""
    if terms.threat_tariff > 0.0:
        draft.term("threat", threatened(view, groups, terms))
