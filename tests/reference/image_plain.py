"""Image, party by party: what each proposed, hosted, gave, kept and broke this month, and what others make of it."""

from __future__ import annotations

import math
from typing import Any

from reference.plain_world import code
from sim.types import Event, Rank, Stage


def step(w: Any, decide: Any) -> None:
    """Let each party's image fade and move, and others take what it gained as evidence."""
    part, before = w.part("image"), dict(w.image)
    for party in w.parties:
        faded = before[party] * 0.5 ** (1.0 / part.half_life)
        opened = sum(row.party_a == party for row in w.this_month(Event.NEGOTIATION_OPENED))
        lost = sum(row.party_a == party for row in w.this_month(code("breach_found")))
        live = [one for one in w.instruments if one.stage == Stage.IN_FORCE and one.second is not None]
        kept = sum((one.first == party) + (one.second == party) for one in live)
        points = part.proposed * opened + part.hosted * _hosted(w, party) + part.kept * math.log(1.0 + kept)
        points += part.given * (w.paid[party] / 12.0 + w.gifts[party]) / 1e9
        w.image[party] = (1.0 - (1.0 - faded) * math.exp(-points)) * math.exp(-part.broken * lost)
    for owner, partner in w.dyads:
        w.trust_kept[owner, partner] += part.belief * max(w.image[partner] - before[partner], 0.0)


def _hosted(w: Any, party: str) -> int:
    """Count the meetings of heads that a party hosted because it was its turn."""
    bodies = w.roster.bodies
    return sum(
        w.met_in_person[body] + w.met_online[body]
        for b, body in enumerate(bodies.names)
        if bodies.rank[b] == Rank.HEAD and bodies.host[b] < 0 and w.hosting[body] == party
    )
