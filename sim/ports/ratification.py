"""What other rooms read of ratification: who must consent at home, how ratifiers are scattered, and what is known of them."""

from __future__ import annotations

from typing import Protocol


class RatificationTerms(Protocol):
    """The terms on which those at home consent."""

    @property
    def least_regime(self) -> int:
        """Least regime type (0 to 3) in which a legislature must consent; 4 for none."""

    @property
    def spread(self) -> float:
        """Standard deviation of ideal points at home, in the scale of a text."""

    @property
    def scatter(self) -> float:
        """How far ratifiers of one quota differ in distance (domestic spreads)."""

    @property
    def persuasion(self) -> float:
        """How much nearer ratifiers stand to an executive of full standing at home (domestic spreads)."""

    @property
    def own_error(self) -> float:
        """Error of an executive about its own ratifiers (domestic spreads)."""

    @property
    def other_error(self) -> float:
        """Error of the other side about them (domestic spreads)."""
