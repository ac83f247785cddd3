"""What other rooms read of the law on data: when another's protection counts as equivalent, and what raising one's own law costs."""

from __future__ import annotations

from typing import Protocol


class LawTerms(Protocol):
    """The terms on which protection is judged, and law is raised."""

    @property
    def equivalence(self) -> float:
        """Share of the judge's own protection that counts as equivalent, kappa."""

    @property
    def guarantees(self) -> bool:
        """Whether the other's state must be bound by law, in the same share."""

    @property
    def yearly_share(self) -> float:
        """Yearly share of a cost that is paid once, rho."""

    @property
    def cost_safeguards(self) -> float:
        """Cost of raising safeguards by a unit, once (bp of GDP for the square of the rise)."""

    @property
    def cost_redress(self) -> float:
        """Cost of raising redress by a unit, once, where all of the other's data could be reached (bp of GDP for the square)."""
