"""The world assembly, head by head: who takes part, and from where."""

from __future__ import annotations

import math
from typing import Any

from reference.ties_plain import between
from sim import luck
from sim.rng import identity, uniform
from sim.types import Channel, Event, Rank

HOST = "USA"
USUAL, IN_PERSON, RECORDED, ONLINE, HYBRID = range(5)


def step(w: Any, decide: Any) -> None:
    """Hold the assembly if this is its month."""
    months = dict(zip(w.roster.organisations, w.roster.summit_month.tolist(), strict=True))
    if months.get("UN") == w.month % 12 + 1:
        for state in w.states:
            _attend(w, state)


def _attend(w: Any, state: str) -> None:
    part, there = w.part("assembly"), HOST in w.states
    rule = w.attendance_rule.get("un_general_debate", USUAL)
    kept = 1.0 - part.let_through if rule in (IN_PERSON, HYBRID) else 1.0
    open_way = (1.0 - kept * w.closure[state]) * (1.0 - kept * (w.closure[HOST] if there else 0.0))
    journey = 0.0 if state == HOST else between(w.roster, "distance", state, HOST) if there else 10_000.0
    comes = _logistic(part.worth - part.cost * journey / 10_000.0)
    calls = _logistic(part.worth) * w.bandwidth[state] ** part.strain
    if rule != RECORDED and (not w.joined[state] or (there and not w.joined[HOST])):
        # Nothing joins one of the two ends; what was recorded was sent ahead.
        calls = 0.0
    if rule == USUAL:
        comes, calls = (0.0, calls) if open_way < part.threshold else (comes, 0.0)
    elif rule == IN_PERSON:
        comes, calls = open_way * comes, 0.0
    else:
        comes = open_way * comes if rule == HYBRID else 0.0
    drawn = uniform(w.seed, luck.ASSEMBLY, w.month, identity(state))
    if drawn < comes:
        w.say(Event.ATTENDANCE, party_a=state, channel=Channel.VISIT, rank=Rank.HEAD)
    elif drawn < calls:
        w.say(Event.ATTENDANCE, party_a=state, channel=Channel.VIDEO, rank=Rank.HEAD)


def _logistic(x: float) -> float:
    return math.exp(x) / (1.0 + math.exp(x))
