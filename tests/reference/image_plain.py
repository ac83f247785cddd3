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
        _at_home(w, part, party, lost)
    for owner, partner in w.dyads:
        w.trust_kept[owner, partner] += part.belief * max(w.image[partner] - before[partner], 0.0)


def _at_home(w: Any, part: Any, party: str, found_out: int) -> None:
    """Let the image of a party's executive at home fade and move, or begin anew."""
    faded = 0.0 if w.in_office[party] == w.month else w.image_at_home[party] * 0.5 ** (1.0 / part.half_life)
    both = [(row.party_a == party) + (row.party_b == party) for row in w.this_month(Event.ENTRY_INTO_FORCE)]
    annulled = [(row.party_a == party) + (row.party_b == party) for row in w.this_month(Event.ANNULMENT)]
    refused = [row.party_a == party for row in w.this_month(Event.RATIFICATION_FAILED)]
    points = part.won_at_home * sum(both) + part.hosted_at_home * _hosted(w, party)
    lost = found_out + sum(refused) + sum(annulled)
    w.image_at_home[party] = (1.0 - (1.0 - faded) * math.exp(-points)) * math.exp(-part.lost_at_home * lost)


def _hosted(w: Any, party: str) -> int:
    """Count the meetings of heads that a party hosted because it was its turn."""
    bodies = w.roster.bodies
    return sum(
        w.met_in_person[body] + w.met_online[body]
        for b, body in enumerate(bodies.names)
        if bodies.rank[b] == Rank.HEAD and bodies.host[b] < 0 and w.hosting[body] == party
    )
