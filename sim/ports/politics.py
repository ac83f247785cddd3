"""What other rooms read of politics between states: how a rival's gain is feared, and an ally's welcome."""

from __future__ import annotations

from typing import Protocol


class PoliticsTerms(Protocol):
    """The terms on which hostility and alliance count."""

    @property
    def fear_of_rivals(self) -> float:
        """What a rival's gain costs one's own security, share of the gain, omega."""

    @property
    def joy_in_allies(self) -> float:
        """What an ally's gain is worth, as a share of what a rival's costs, phi."""

    @property
    def least_alliance(self) -> float:
        """Strength from which an alliance counts."""
