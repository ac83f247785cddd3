"""What other rooms read of courts: how often people complain, and how courts read a text."""

from __future__ import annotations

from typing import Protocol


class CourtTerms(Protocol):
    """The terms on which agreements on data are taken to court."""

    @property
    def complaint_rate(self) -> float:
        """Complaints a year on an agreement that lays all of a judge's data open to the other's state, nu."""

    @property
    def reading(self) -> float:
        """Standard deviation of how much stricter or milder a court reads the tests than who signed, sigma."""

    @property
    def leak_half_life(self) -> float:
        """Time in which what a leak added to salience halves (years)."""

    @property
    def foreseen(self) -> bool:
        """Whether parties foresee that a court may strike what they sign."""

    @property
    def deadline_sessions(self) -> int:
        """Sessions a month of talks on a successor, once the instrument has ended."""
