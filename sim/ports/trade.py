"""What other rooms read of digital trade: how large it is beside an economy."""

from __future__ import annotations

from typing import Protocol


class TradeTerms(Protocol):
    """The terms on which digital trade is reckoned."""

    @property
    def digital_share(self) -> float:
        """Digital output of a state, share of its GDP."""

    @property
    def trade_elasticity(self) -> float:
        """Elasticity of trade to its costs, epsilon."""

    @property
    def profit_margin(self) -> float:
        """Margin of profit of exporters, share of sales."""

    @property
    def exporters_weight(self) -> float:
        """Weight of exporters' profit, lambda."""
