"""Contacts of heads of state or government this month, by channel, and the journeys among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.registry import part
from sim.state.world import Floats, Ints, Setting, World
from sim.types import Channel, Event, Rank

_CONTACT, _HEAD = int(Event.CONTACT), int(Rank.HEAD)
_VISIT, _SUMMIT, _CALL = int(Channel.VISIT), int(Channel.SUMMIT), int(Channel.CALL)


@part(
    "metric",
    name="contacts_of_heads",
    title="Contacts of heads",
    title_id="Kontak kepala negara",
    sentence_id="Berapa kontak kepala negara bulan ini menurut saluran, siapa pun yang memulainya, dan berapa perjalanannya.",
)
@dataclass(frozen=True)
class ContactsOfHeads:
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
        events, first = world.events, world.first_event(world.month - 1)
        channels = len(world.setting.words.channels)
        out = np.zeros((channels + 2, world.setting.n_parties))
        event, rank, channel, owner, partner = (events[name][first:] for name in ("event", "rank", "channel", "party_a", "party_b"))
        _count(event, rank, channel, owner, partner, out)
        return out


@jit
def _count(
    event: NDArray[np.int8], rank: NDArray[np.int8], channel: NDArray[np.int8], owner: Ints, partner: Ints, out: Floats
) -> None:  # fmt: skip
    """Count the contacts of heads among some rows of the ledger; the last two rows of ``out`` are journeys, and all that was spoken."""
    journeys, spoke = out.shape[0] - 2, out.shape[0] - 1
    for at in range(event.shape[0]):
        if event[at] != _CONTACT or rank[at] != _HEAD:
            continue
        k, i, j = channel[at], owner[at], partner[at]
        out[k, i] += 1.0
        out[k, j] += 1.0
        if k == _VISIT:
            out[journeys, i] += 1.0
        if k in (_VISIT, _SUMMIT, _CALL):
            out[spoke, i] += 1.0
            out[spoke, j] += 1.0
