"""The world assembly, head by head: who takes part, and from where."""

from __future__ import annotations

import math
from typing import Any

from reference.ties_plain import between
from sim import luck
from sim.rng import identity, uniform
from sim.types import Channel, Event, Rank

HOST = "USA"


def step(w: Any, decide: Any) -> None:
    """Hold the assembly if this is its month."""
    months = dict(zip(w.roster.organisations, w.roster.summit_month.tolist(), strict=True))
    if months.get("UN") == w.month % 12 + 1:
        for state in w.states:
            _attend(w, state)


def _attend(w: Any, state: str) -> None:
    part, there = w.part("assembly"), HOST in w.states
    open_way = (1.0 - w.closure[state]) * (1.0 - (w.closure[HOST] if there else 0.0))
    online = open_way < part.threshold
    journey = 0.0 if state == HOST else between(w.roster, "distance", state, HOST) if there else 10_000.0
    cost = 0.0 if online else part.cost * journey / 10_000.0
    chance = math.exp(part.worth - cost) / (1.0 + math.exp(part.worth - cost))
    if online:
        chance *= w.bandwidth[state] ** part.strain
    if uniform(w.seed, luck.ASSEMBLY, w.month, identity(state)) < chance:
        w.say(Event.ATTENDANCE, party_a=state, channel=Channel.VIDEO if online else Channel.VISIT, rank=Rank.HEAD)
