"""What other rooms read of digital trade: how large it is beside an economy, and what more of it is worth."""

from __future__ import annotations

from typing import Protocol


class TradeTerms(Protocol):
    """The terms on which digital trade is reckoned."""

    @property
    def digital_share(self) -> float:
        """Digital services that a state buys at home, share of its GDP."""

    @property
    def trade_elasticity(self) -> float:
        """Elasticity of trade to its costs, epsilon."""

    @property
    def profit_margin(self) -> float:
        """What exporters earn of what they sell more, share of sales."""

    @property
    def exporters_weight(self) -> float:
        """How much a state counts what its exporters earn, lambda, 0 to 1."""
