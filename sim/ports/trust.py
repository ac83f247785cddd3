"""What other rooms read of trust: what a contact over each channel shows of good faith, and how far it keeps what is remembered."""

from __future__ import annotations

from typing import Protocol

from sim.declare.words import ChannelWord


class TrustTerms(Protocol):
    """The terms on which meetings build and keep trust."""

    def evidence(self, added: tuple[ChannelWord, ...] = ()) -> tuple[float, ...]:
        """Return the evidence of a contact over each channel, in the order of the channels (count)."""

    def keeps(self, added: tuple[ChannelWord, ...] = ()) -> tuple[float, ...]:
        """Return how far a contact over each channel keeps trust, in the order of the channels (share of a visit)."""
