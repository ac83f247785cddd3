"""Contacts of heads of state or government this month, by channel, and the journeys among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Channel, Event, Rank


@part(
    "metric",
    name="heads",
    title="Contacts of heads",
    title_id="Kontak kepala negara",
    sentence_id="Berapa kontak kepala negara bulan ini menurut saluran, siapa pun yang memulainya, dan berapa perjalanannya.",
)
@dataclass(frozen=True)
class Heads:
    """How many contacts a party's head took part in this month, by channel, whoever opened them, and on how many visits it went."""

    unit: ClassVar[str] = "contacts a month"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names: each channel of the run, journeys, and all that is neither on a screen nor in writing."""
        return (*(f"head_{channel}" for channel in setting.words.channels), "head_journeys", "head_spoke")

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (channels + 2, P). A visit is a journey of the side that opened it."""
        events, first, n = world.events, world.first_event(world.month - 1), world.setting.n_parties
        held = (events["event"][first:] == Event.CONTACT) & (events["rank"][first:] == Rank.HEAD)
        channel, owner, partner = (events[name][first:][held].astype(np.int64) for name in ("channel", "party_a", "party_b"))
        channels = len(world.setting.words.channels)
        cells = channels * n
        both = np.bincount(channel * n + owner, minlength=cells) + np.bincount(channel * n + partner, minlength=cells)
        by_channel = both.reshape(channels, n)
        journeys = np.bincount(owner[channel == Channel.VISIT], minlength=n)
        spoke = by_channel[[int(one) for one in (Channel.VISIT, Channel.SUMMIT, Channel.CALL)]].sum(axis=0)
        return np.vstack((by_channel, journeys, spoke)).astype(np.float64)
