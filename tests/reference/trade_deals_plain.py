"""Trade deals, dyad by dyad: which are in force, which are being made, and which leavers replace."""

from __future__ import annotations

import math
from typing import Any

from sim import luck
from sim.rng import identity, uniform
from sim.types import Event


def begin(w: Any) -> None:
    """Read the deals in force that cover services."""
    deals, year = w.roster.deals, w.month // 12
    held = {
        frozenset((w.parties[first], w.parties[second]))
        for first, second, since, until, services in zip(
            deals.first, deals.second, deals.from_year, deals.to_year, deals.services, strict=True
        )
        if since <= year <= until and services
    }
    for dyad in w.dyads:
        w.trade_deal[dyad] = frozenset(dyad) in held


def step(w: Any, decide: Any) -> None:
    """Conclude the deals made, begin those of the year, and let who has left a bloc begin to replace its deals."""
    part = w.part("trade_deals")
    for dyad in w.dyads:
        if w.deal_until[dyad] == w.month:
            w.trade_deal[dyad] = True
    before = [w.month - 12 * years for years in range(9, 0, -1) if 12 * years < part.lasts] if w.month == w.config.start else []
    for month in [*before, *([w.month] if w.month % 12 == 0 or w.month == w.config.start else [])]:
        for one, other in w.dyads:
            early = w.place[one] < w.place[other]
            free = early and not w.blocked[one, other] and w.deal_until[one, other] <= month and min(w.gdp[one], w.gdp[other]) > 0.0
            if free and uniform(w.seed, luck.TRADE_DEAL, month // 12, identity(one), identity(other)) < chance(w, one, other):
                w.deal_until[one, other] = w.deal_until[other, one] = month + part.lasts
    for event in w.this_month(Event.MEMBERSHIP_ENDED):
        state, bloc = event.party_a, event.party_b
        for other in [*(partner for partner in w.partners[bloc] if w.trade_deal[bloc, partner]), bloc]:
            for dyad in ((state, other), (other, state)):
                if dyad in w.trade_deal:
                    w.trade_deal[dyad], w.deal_until[dyad] = False, w.month + part.replacing


def alone(w: Any, party: str) -> list[str]:
    """Return the partners that no bloc's law binds: the bloc's deal is one, and not one with each member."""
    return [partner for partner in w.partners[party] if not any(w.bound[bloc, partner] for bloc in w.blocs if partner in w.states)]


def chance(w: Any, one: str, other: str) -> float:
    """Return the chance that two parties begin a deal in a year."""
    part = w.part("trade_deals")
    trade = math.log(max(w.trade_known[one, other] + w.trade_known[other, one], 1e3) / 1e9)
    had = sum(math.log(1 + sum(w.trade_deal[party, partner] for partner in alone(w, party))) for party in (one, other))
    odds = part.base + part.trade * trade + part.trade_squared * trade**2 + part.distance * math.log(w.facts[one, other].distance / 1000.0)
    odds += part.deals * had + part.hostility * w.hostility[one, other]
    odds += part.protection * min(w.protection_state[one], w.protection_state[other])
    return part.strength * (part.upgrade if w.trade_deal[one, other] else 1.0) / (1.0 + math.exp(-odds))
