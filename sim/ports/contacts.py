"""What other rooms read of contacts: how much a partner is sought, and how many contacts a party can hold."""

from __future__ import annotations

from typing import Protocol


class ContactTerms(Protocol):
    """The terms on which parties choose whom to meet; the symbols are those of :mod:`sim.mechanisms.contacts`."""

    @property
    def size_elasticity(self) -> float:
        """How much larger economies are sought, gamma."""

    @property
    def distance_elasticity(self) -> float:
        """How much nearer ones are, delta."""

    @property
    def graph_weight(self) -> float:
        """How much those are who are close in the alliance graph, and hostile ones less, a (log weight)."""

    @property
    def border_weight(self) -> float:
        """How much neighbours are, b."""

    @property
    def trust_weight(self) -> float:
        """How much trusted ones are, t."""

    @property
    def prospect_weight(self) -> float:
        """How much those are with whom a deal looks good, s."""

    @property
    def hope_half(self) -> float:
        """Prospect at which half of that weight is reached (USD a year)."""

    @property
    def talk_weight(self) -> float:
        """How much those are with whom talks are open, n."""

    @property
    def summit_weight(self) -> float:
        """How much those are who attend the same summit this month, m."""

    @property
    def election_weight(self) -> float:
        """How much those are who voted this month, e."""

    @property
    def capacity_reference(self) -> float:
        """GDP at which the mean numbers of contacts hold (USD a year)."""

    @property
    def capacity_elasticity(self) -> float:
        """How those numbers grow with GDP, eta."""

    def capacity(self) -> tuple[float, float, float]:
        """Return mean contacts a month at the reference GDP, in the order of :class:`sim.types.Rank`."""
