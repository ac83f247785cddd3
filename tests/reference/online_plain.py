"""Practice online, contact by contact: what two parties and each of them learn from a meeting on a screen."""

from __future__ import annotations

from typing import Any

from sim.types import Channel, Event


def step(w: Any, decide: Any) -> None:
    """Let both sides of each video event of the month learn."""
    part = w.part("online")
    for row in w.this_month(Event.CONTACT):
        if row.channel != Channel.VIDEO:
            continue
        one, other = row.party_a, row.party_b
        w.skill_with[one, other] += part.learning_together * (1.0 - w.skill_with[one, other])
        w.skill_with[other, one] = w.skill_with[one, other]
        for party in (one, other):
            w.skill[party] += part.learning * (1.0 - w.skill[party])
