"""What other rooms read of contacts: how much a partner is sought, what a contact costs, and how many hours there are."""

from __future__ import annotations

from typing import Protocol

from sim.arrays import Bools, Floats
from sim.declare.words import ChannelWord


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
    def image_weight(self) -> float:
        """How much more those are who are well seen abroad, w."""

    @property
    def border_weight(self) -> float:
        """How much neighbours are, b."""

    @property
    def trust_weight(self) -> float:
        """How much trusted ones are, t."""

    @property
    def keep_weight(self) -> float:
        """Worth of keeping up a relation as well as a visit does, k."""

    @property
    def build_weight(self) -> float:
        """Worth of building as much trust as a visit does, b."""

    @property
    def prospect_weight(self) -> float:
        """Worth of beginning talks where a deal looks good, s."""

    @property
    def hope_half(self) -> float:
        """Prospect at which half of that worth is reached (USD a year)."""

    @property
    def talk_weight(self) -> float:
        """Worth of carrying open talks as far as a visit does, n."""

    @property
    def summit_weight(self) -> float:
        """How much more a meeting at a shared gathering is worth, m (share)."""

    @property
    def election_weight(self) -> float:
        """Worth of a word to those who voted this month, e."""

    @property
    def capacity_reference(self) -> float:
        """GDP at which the hours of :meth:`hours` hold (USD a year)."""

    @property
    def capacity_elasticity(self) -> float:
        """How hours grow with GDP, eta."""

    @property
    def hour_price(self) -> float:
        """Price of an hour when all hours are used (worth an hour)."""

    @property
    def hour_elasticity(self) -> float:
        """How that price rises with the hours used."""

    @property
    def hours_summit(self) -> float:
        """Hours of a meeting at a summit."""

    @property
    def speed(self) -> float:
        """Speed of a journey (km an hour)."""

    @property
    def novice(self) -> float:
        """Worth of a meeting on a screen for those who never held one (share)."""

    @property
    def line_enough(self) -> float:
        """Bandwidth from which more does not help a meeting on a screen (index 0-1)."""

    def hours(self) -> Floats:
        """Return the hours a month of each rank at the reference GDP, in the order of :class:`sim.types.Rank`, shape (ranks,)."""

    def channel_hours(self, added: tuple[ChannelWord, ...] = ()) -> Floats:
        """Return the hours of each channel without journeys, shape (channels,)."""

    def channel_needs(self, added: tuple[ChannelWord, ...] = ()) -> Bools:
        """Say what thins out each channel, shape (channels, needs)."""
