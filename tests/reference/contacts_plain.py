"""The month's contacts, one by one: how each is held, and what hours it takes of both sides and of their staff."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from reference.platforms_plain import hold
from sim import luck
from sim.rng import identity, uniform, uniforms
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
    w.hours_used, received = dict.fromkeys(w.hours_used, 0.0), dict.fromkeys(w.hours_given, 0.0)
    chosen = [
        (one, other, rank, best_way(w, one, other, rank) if way is None else way) for one, other, rank, way in decide.choose_partners(w)
    ]
    screens = iter(hold(w, [tuple(contact) for *contact, channel in chosen if channel == Channel.VIDEO]))
    w.bridge_asked = dict.fromkeys(w.bridge_asked, 0)
    for one, other, rank, channel in chosen:
        platform, bridge, held = next(screens) if channel == Channel.VIDEO else (None, None, True)
        if bridge is not None:
            w.bridge_asked[bridge] += 1
        if not held:
            # What finds no platform, no port or an outage is held by telephone.
            channel = Channel.CALL
        w.say(
            Event.CONTACT, party_a=one, party_b=other, channel=channel, rank=rank, occasion=occasion(w, one, other, channel),
            platform_used=platform, bridge_used=bridge,
        )  # fmt: skip
        w.hours_used[one, rank.name.lower()] += hours(w, one, other, channel) + journey(w, one, other, channel)
        received[other, rank.name.lower()] += hours(w, one, other, channel)
    _count(w, received)


def _count(w: Any, received: dict[tuple[str, str], float]) -> None:
    """Remember the hours given to contacts that others opened, and what part of its staff each party's meetings took."""
    part, talks = w.part("contacts"), w.part("bargaining")
    teams = {"head": part.team_head, "minister": part.team_minister, "official": part.team_official}
    for key in received:
        w.hours_given[key] = part.given_memory * w.hours_given[key] + (1.0 - part.given_memory) * received[key]
    for party in w.parties:
        taken = sum(team * (w.hours_used[party, rank] + received[party, rank]) for rank, team in teams.items())
        able = talks.desks * math.exp(talks.desk_elasticity * math.log(max(w.gdp[party], 1.0) / talks.desk_reference))
        share = taken / (talks.talk_hours * able)
        w.meetings[party] = part.meetings_memory * w.meetings[party] + (1.0 - part.meetings_memory) * share


def _summits(w: Any) -> list[list[str]]:
    """List the states that are at each summit of this month."""
    meeting = [one for one, month in zip(w.roster.organisations, w.roster.summit_month, strict=True) if month == w.month % 12 + 1]
    return [[state for state in w.states if w.inside(state, organisation)] for organisation in meeting]


def best_way(w: Any, one: str, other: str, rank: Rank) -> Channel:
    """Return the channel that is worth most to who opens a contact once its hours are paid."""
    paid = {
        channel: worth(w, one, other, rank, channel)
        - w.hour_price[one, rank.name.lower()] * (hours(w, one, other, channel) + journey(w, one, other, channel))
        for channel in Channel
        if left(w, one, other, channel) > 0.0
    }
    return max(paid, key=lambda channel: paid[channel])


def worth(w: Any, one: str, other: str, rank: Rank, channel: Channel) -> float:
    """Return what a contact is worth to who opens it, by this month's luck."""
    part, hope = w.part("contacts"), sum(w.prospect[kind, one, other] for kind in w.kinds) * w.gdp[one] / 1e4
    keep, build, begin, carry = yields(w)[channel]
    kinds = part.keep_weight * keep + part.build_weight * build + part.prospect_weight * begin * hope / (hope + part.hope_half)
    if any(w.open_talk[kind, one, other] is not None for kind in w.kinds):
        kinds += part.talk_weight * carry
    if any(some[other] for some in (w.elected, w.opening, w.proposing, w.in_crisis, w.supplying)):
        kinds += part.election_weight
    luck_of = float(uniforms(w.seed, luck.PARTNER, w.month, *(np.array([identity(code)]) for code in (one, other)), word=int(rank))[0])
    liking = w.contact_weight[one, other] * (1.0 + part.trust_weight * w.trust[one, other])
    return liking / -math.log(luck_of) * left(w, one, other, channel) * kinds


def yields(w: Any) -> dict[Channel, tuple[float, float, float, float]]:
    """Return what each channel yields: keep, build, begin and carry, as shares of the best channel's."""
    trust, talks = w.part("trust"), w.part("bargaining")
    names = [channel.name.lower() for channel in Channel]
    keep = [1.0, *(getattr(trust, f"keep_{name}") for name in names[1:])]
    build = [getattr(trust, name) for name in names]
    begin = [getattr(talks, f"start_{name}") for name in names]
    carry = [float(getattr(talks, f"rounds_{name}")) for name in names]
    shares = [[one / max(some) if max(some) > 0.0 else 0.0 for one in some] for some in (keep, build, begin, carry)]
    return {channel: tuple(some[int(channel)] for some in shares) for channel in Channel}  # type: ignore[misc]


def left(w: Any, one: str, other: str, channel: Channel) -> float:
    """Return what this month leaves of a channel between two parties, with what a shared gathering adds."""
    part, together = w.part("contacts"), w.summit[one, other]
    if channel == Channel.VISIT:
        return way(w, one, other)
    if channel == Channel.SUMMIT:
        return (1.0 + part.summit_weight) * way(w, one, other) if together else 0.0
    if channel != Channel.VIDEO:
        return 1.0
    practised = 0.5 * (w.skill_with[one, other] + math.sqrt(w.skill[one] * w.skill[other]))
    line = min(w.way_between[one, other], min(w.bandwidth[one], w.bandwidth[other]) / part.line_enough) * (
        part.novice + (1.0 - part.novice) * practised
    )
    gathered = 1.0 + part.summit_weight * (1.0 - way(w, one, other)) if together else 1.0
    return float(line * w.carries[one, other] * math.sqrt(w.digital_government[one] * w.digital_government[other]) * gathered)


def way(w: Any, one: str, other: str) -> float:
    """Return how open the way between two parties is."""
    return float((1.0 - w.closure[one]) * (1.0 - w.closure[other]))


def hours(w: Any, one: str, other: str, channel: Channel) -> float:
    """Return the hours of a contact, without the journey; a gathering that goes online takes those of a meeting at it."""
    part = w.part("contacts")
    own = float(getattr(part, f"hours_{channel.name.lower()}"))
    if channel == Channel.VIDEO and w.summit[one, other]:
        return own + (part.hours_summit - own) * (1.0 - way(w, one, other))
    return own


def journey(w: Any, one: str, other: str, channel: Channel) -> float:
    """Return the hours of the journey both ways, which only a visit needs."""
    return 2.0 * float(w.facts[one, other].distance) / float(w.part("contacts").speed) if channel == Channel.VISIT else 0.0


def occasion(w: Any, one: str, other: str, channel: Channel) -> int:
    """Name the most pressing thing that called for a contact."""
    if any(w.open_talk[kind, one, other] is not None for kind in w.kinds):
        return Occasion.NEGOTIATION
    if channel == Channel.SUMMIT:
        return Occasion.SUMMIT
    if sum(w.prospect[kind, one, other] for kind in w.kinds) > 0.0:
        return Occasion.PROSPECT
    if w.elected[other]:
        return Occasion.ELECTION
    # Occasions that parts add come after the model's own, by name: crisis, opening, proposal, request.
    called = [n for n, some in enumerate((w.in_crisis, w.opening, w.proposing, w.supplying)) if some[other]]
    return len(Occasion) + called[0] if called else Occasion.ROUTINE
