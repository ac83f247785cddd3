"""Interception, meeting by meeting: strangers who join, hosts that are known to have heard, and who bars a platform for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.plain_world import code
from sim import luck
from sim.rng import identity, uniform, uniforms
from sim.types import Channel, Event, Rank


def step(w: Any, decide: Any) -> None:
    """Look at each meeting on a screen of the month, and act on what becomes known."""
    part = w.part("interception")
    _of_bodies(w, part)
    for row in [one for one in w.this_month(Event.CONTACT) if one.channel == Channel.VIDEO and one.platform_used is not None]:
        one, other, name = row.party_a, row.party_b, w.roster.platforms[row.platform_used]
        who = [np.array([identity(party)]) for party in (one, other)]
        drawn = [float(uniforms(w.seed, luck.INTERCEPTION, w.month, *who, index=int(row.rank), word=n)[0]) for n in range(3)]
        over = {"rank": row.rank, "platform_used": row.platform_used, "bridge_used": row.bridge_used}
        if row.rank != Rank.OFFICIAL and drawn[0] < 2.0 * part.intrusion_rate:
            w.say(code("intrusion"), party_a=one, party_b=other, **over)
            _bar(w, part, name, {one: (1, part.ban_after_intrusion), other: (1, part.ban_after_intrusion)})
        if name == "bridge" or w.own_law[one, name] or w.own_law[other, name]:
            continue
        for party, luck_of in ((one, drawn[1]), (other, drawn[2])):
            if luck_of < w.hears[party, name] * part.known_rate:
                _overheard(w, part, name, party, over)


def _of_bodies(w: Any, part: Any) -> None:
    """Look at the meetings of bodies that were held on a screen."""
    for b, body in enumerate(w.roster.bodies.names):
        many, at, host = w.met_online[body], w.met_on[body], w.hosting[body]
        if many == 0 or at is None:
            continue
        rank, name = Rank(int(w.roster.bodies.rank[b])), w.roster.platforms[at]
        joined, heard = (uniform(w.seed, luck.SITTING_HEARD, w.month, identity(body), index=what) for what in (0, 1))
        over = {"rank": rank, "platform_used": at, "of_body": b}
        if rank != Rank.OFFICIAL and joined < many * w.screen_seats[body] * part.intrusion_rate:
            w.say(code("intrusion"), party_a=host, **over)
            _bar(w, part, name, {host: (1, part.ban_after_intrusion)})
        if at > 0 and not w.own_law[host, name] and heard < many * w.hears[host, name] * part.known_rate:
            _overheard(w, part, name, host, over)


def _overheard(w: Any, part: Any, name: str, party: str, over: dict[str, Any]) -> None:
    """Tell that the host of a platform heard a party: no talks open between the two for some months, and the party may bar it."""
    host = w.states[w.roster.video.clouds.home[over["platform_used"] - 1]]
    w.say(code("overheard"), party_a=host, party_b=party, **over)
    for kind, *dyad in list(w.cooldown):
        if set(dyad) == {host, party}:
            w.cooldown[kind, dyad[0], dyad[1]] = max(w.cooldown[kind, dyad[0], dyad[1]], w.month + part.crisis_months)
    _bar(w, part, name, {party: (0, part.ban_after_leak)})


def _bar(w: Any, part: Any, name: str, involved: dict[str, tuple[int, float]]) -> None:
    """Let those involved bar a cloud, and the others on hearsay."""
    if name == "bridge":
        return
    bars = []
    for party in w.parties:
        why, chance = involved.get(party, (2, part.ban_on_hearsay))
        drawn = uniform(w.seed, luck.BAR, w.month, identity(party), identity(name), index=why)
        free = not w.shut[party, name] and not w.own_law[party, name] and w.barred_until[party, name] <= w.month
        there = party in w.states or bool(w.members(party))
        if drawn < chance * w.ban_readiness[party] and free and there:
            bars.append(party)
    for party in bars:
        w.barred_until[party, name] = w.month + 1 + part.ban_months
        w.say(code("platform_barred"), party_a=party, platform_used=w.roster.platforms.index(name), value=float(part.ban_months))
