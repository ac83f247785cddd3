r"""What more digital trade between two is worth to either: cheaper services for who buys, profit for who sells.

.. math:: consumers_i = \frac{10^4}{\epsilon} \frac{E_i}{Y_i} \ln \left( 1 + \frac{M_{ij}}{E_i} g \right), \qquad
          exporters_i = \frac{10^4 \lambda m}{Y_i} X_{ij} \left( \frac{1 + g}{1 + \frac{X_{ij}}{E_j} g} - 1 \right)

in basis points of own GDP a year, with ``M`` what i buys from j, ``X`` what it sells there, ``E`` all that a party spends on digital
services, ``Y`` GDP (USD a year), and ``g`` what the agreement adds to trade, over what is in force between the two: its own effect over one
and theirs. Who has one of the kind makes no second (``excluded_by``). Trade is as known, a
year late. It is the exact change of one pair with all others as they are (:mod:`sim.trade.hat`).

Source: Dekle, Eaton and Kortum (2008), IMF Staff Papers 55; Grossman and Helpman (1994), American Economic Review 84.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import by_role
from sim.ports import TradeTerms
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Groups
from sim.state.world import Floats, World

TERMS = {
    "consumers": ("cheaper services from the other", "layanan lebih murah dari pihak lain"),
    "exporters": ("profit of own exporters", "laba eksportir sendiri"),
}
"""Words of the two terms, English and Indonesian."""


@dataclass(frozen=True)
class DataTrade:
    """Digital trade of G dyads, by role.

    Attributes
    ----------
    bought, sold : float64 (G, 2)
        What each side buys from the other and sells to it, USD a year.
    exposed : float64 (G, 2)
        What each side buys from the other, bp of own GDP a year: its people's data go with it.
    share : float64 (G, 2)
        The other side's part in what each side buys abroad.
    consumers, exporters : float64 (G, 2)
        The two terms, bp of own GDP a year.
    """

    bought: Floats
    sold: Floats
    exposed: Floats
    share: Floats
    consumers: Floats
    exporters: Floats

    @property
    def gain(self) -> Floats:
        """Both terms together, bp of own GDP a year, (G, 2)."""
        return self.consumers + self.exporters

    def told(self, draft: Draft) -> None:
        """Add both terms to a draft."""
        draft.term("consumers", self.consumers)
        draft.term("exporters", self.exporters)


def data_trade(view: World, groups: Groups, effect: float) -> DataTrade:
    """Return what more digital trade, by ``effect`` (a share of trade without any agreement), is worth to both sides of some dyads."""
    terms = view.setting.terms(TradeTerms)
    i, j = groups.first, groups.second
    # A bloc that its last member has left has no economy, and may still wait for an answer on what it signed.
    gdp = np.maximum(by_role(view.gdp[i], view.gdp[j]), 1.0)
    abroad = np.maximum(by_role(view.imports_known[i], view.imports_known[j]), 1.0)
    # Trade on an edge runs from the owner to the partner: what the first side buys comes back along it.
    sold = by_role(view.trade_known[groups.edge], view.trade_known[groups.back])
    bought = sold[:, ::-1]
    spending = terms.digital_share * gdp + abroad
    more = (effect / (1.0 + view.effect[groups.edge]))[:, None]
    consumers = BP / terms.trade_elasticity * spending / gdp * np.log1p(bought / spending * more)
    rise = (1.0 + more) / (1.0 + sold / spending[:, ::-1] * more) - 1.0
    exporters = BP * terms.exporters_weight * terms.profit_margin * sold * rise / gdp
    return DataTrade(bought, sold, BP * bought / gdp, bought / abroad, consumers, exporters)
