"""What other rooms read of cables and land lines: whether anything rests on them, and what satellites carry where there are none."""

from __future__ import annotations

from typing import Protocol


class LinkTerms(Protocol):
    """The terms on which states are joined."""

    @property
    def felt(self) -> bool:
        """Whether meetings on a screen and digital trade need links."""

    @property
    def satellite_delay(self) -> float:
        """What a way over satellites adds to latency, one way, ms."""

    @property
    def satellite_mbps(self) -> int:
        """Width of a state's way over satellites, Mbit/s."""
