"""The month's contacts, one by one: how what the parties have chosen is held, under elections, summits and closed borders."""

from __future__ import annotations

import itertools
import math
from typing import Any

from sim import luck
from sim.rng import identity, uniform
from sim.types import Channel, Event, Occasion, Rank


def step(w: Any, decide: Any) -> None:
    """Hold elections and summits, ask the parties whom they contact, and hold each contact as circumstances allow."""
    for state in w.states:
        chance = w.part("contacts").election_rate + w.vote_shift[state]
        w.elected[state] = uniform(w.seed, luck.ELECTION, w.month, identity(state)) < chance
    w.summit = dict.fromkeys(w.dyads, False)
    for there in _summits(w):
        for one, other in itertools.permutations(there, 2):
            if (one, other) in w.summit:
                w.summit[one, other] = True
    if w.month == w.config.start or w.month % 12 == 0 or w.this_month(Event.ACTION):
        decide.appraise(w)
    for one, other, rank in decide.choose_partners(w):
        channel = hold(w, one, other, rank)
        w.say(
            Event.CONTACT, party_a=one, party_b=other, channel=channel, rank=rank, occasion=occasion(w, one, other, channel)
        )  # fmt: skip


def _summits(w: Any) -> list[list[str]]:
    """List the states that are at each summit of this month."""
    meeting = [one for one, month in zip(w.roster.organisations, w.roster.summit_month, strict=True) if month == w.month % 12 + 1]
    return [[state for state in w.states if w.inside(state, organisation)] for organisation in meeting]


def hold(w: Any, one: str, other: str, rank: Rank) -> Channel:
    """Draw the channel of a contact: each has its part of the line from 0 to the whole weight, in the order of the channels."""
    weight = weights(w, one, other, rank)
    at = uniform(w.seed, luck.CHANNEL, w.month, identity(one), identity(other)) * sum(weight.values())
    for channel, part in weight.items():
        at -= part
        if at < 0.0:
            return channel
    return Channel.MESSAGE


def weights(w: Any, one: str, other: str, rank: Rank) -> dict[Channel, float]:
    """Return the weight of each channel between two parties this month."""
    part, who = w.part("contacts"), Rank(rank).name.lower()
    open_way = (1.0 - w.closure[one]) * (1.0 - w.closure[other])
    line = min(w.bandwidth[one], w.bandwidth[other]) * math.sqrt(w.digital_government[one] * w.digital_government[other])
    visit = getattr(part, f"visit_{who}") * math.exp(-w.facts[one, other].distance / part.visit_scale)
    summit = part.summit_channel if w.summit[one, other] else 0.0
    return {
        Channel.VISIT: visit * open_way,
        Channel.SUMMIT: summit * open_way,
        Channel.CALL: getattr(part, f"call_{who}"),
        Channel.VIDEO: (getattr(part, f"video_{who}") + summit * (1.0 - open_way)) * line,
        Channel.MESSAGE: getattr(part, f"message_{who}"),
    }


def occasion(w: Any, one: str, other: str, channel: Channel) -> Occasion:
    """Name the most pressing thing that called for a contact."""
    if any(w.open_talk[kind, one, other] is not None for kind in w.kinds):
        return Occasion.NEGOTIATION
    if channel == Channel.SUMMIT:
        return Occasion.SUMMIT
    if sum(w.prospect[kind, one, other] for kind in w.kinds) > 0.0:
        return Occasion.PROSPECT
    return Occasion.ELECTION if w.elected[other] else Occasion.ROUTINE
