"""Occasions, party by party: who opened or proposed something last month, and who stands in a crisis."""

from __future__ import annotations

from typing import Any

from reference.plain_world import code
from sim.types import Event, Stage

CRISES = (
    Event.ANNULMENT,
    Event.SUSPENSION,
    Event.DENUNCIATION,
    *map(code, ("bar_began", "breach_found", "host_default", "leak", "overheard")),
)


def step(w: Any, decide: Any) -> None:
    """Mark who has an occasion for others' words."""
    part = w.part("occasions")
    last_month = [row for row in w.events if row.month == w.month - 1]
    for party in w.parties:
        w.opening[party] = part.openings and any(_opened(w, one) and party in (one.first, one.second) for one in w.instruments)
        w.proposing[party] = part.proposals and any(row.event == Event.CONFERENCE_OPENED and row.party_a == party for row in last_month)
        told = any(row.event in CRISES and party in (row.party_a, row.party_b) for row in last_month)
        w.in_crisis[party] = part.crises and (told or _closed(w, part, party))
    for state in w.states:
        w.closure_before[state] = w.closure[state]


def _opened(w: Any, one: Any) -> bool:
    begun = one.in_force == w.month - 1 and one.stage == Stage.IN_FORCE
    return bool(begun or (one.ended == w.month - 1 and one.stage == Stage.COMPLETED))


def _closed(w: Any, part: Any, party: str) -> bool:
    """Say whether a state, or a member of a bloc, closed its borders since last month; not where the run began with them closed."""
    states = w.members(party) if party in w.blocs else [party]
    return w.month > w.config.start and any(w.closure[state] - w.closure_before[state] >= part.crisis_closure for state in states)
