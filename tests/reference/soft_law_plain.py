"""Soft law, member by member: who follows guidelines this month, and what of its law it took from them."""

from __future__ import annotations

import math
from typing import Any

from reference.conferences_plain import _name
from reference.plain_world import code
from sim import luck
from sim.rng import identity, uniform
from sim.types import Stage


def step(w: Any, decide: Any) -> None:
    """Hold the law of each party to what it took from guidelines, then let members take more."""
    part = w.part("soft_law")
    for party in w.parties:
        hold(w, party)
    for row, guide in enumerate(w.instruments):
        does = [one.name for one in w.kinds[guide.type].does]
        if "guides" not in does or guide.conference is None or guide.stage != Stage.IN_FORCE or guide.in_force >= w.month:
            continue
        for one in w.adherence:
            if one.instrument != row or one.bound_by is not None or one.stage != Stage.IN_FORCE:
                continue
            party = one.party
            short = max(0.0, guide.safeguards_guided - w.protection_firms[party])
            closed = max(0.0, guide.openness_guided - (1.0 - w.localisation[party]))
            if max(short, closed) < 1e-6:
                continue
            if uniform(w.seed, luck.FOLLOW, w.month, _name(w, guide), identity(party)) >= 1.0 - math.exp(-part.rate / 12.0):
                continue
            if short > 0.0:
                w.followed_safeguards[party] = w.protection_firms[party] + part.followed * short
            if closed > 0.0:
                w.followed_openness[party] = 1.0 - w.localisation[party] + part.followed * closed
            w.cost_of_law[party] += w.part("law").cost_safeguards * max(0.0, w.followed_safeguards[party] - w.safeguards[party]) ** 2
            hold(w, party)
            w.say(code("guidelines_followed"), party_a=party, type=guide.type, instrument=row, value=part.followed * short)


def hold(w: Any, party: str) -> None:
    """Let no law of a party fall short of what it took from guidelines."""
    for level in (w.protection_firms, w.own_safeguards, w.safeguards):
        level[party] = max(level[party], w.followed_safeguards[party])
    w.localisation[party] = min(w.localisation[party], 1.0 - w.followed_openness[party])
