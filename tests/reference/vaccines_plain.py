"""Vaccine, supplier by supplier and state by state: who has asked, who is given doses, and who buys."""

from __future__ import annotations

import math
from typing import Any

from reference.plain_world import code
from sim.types import Channel, Event, Rank

POOL = "COVAX"


def step(w: Any, decide: Any) -> None:
    """Let each supplier deliver what it has to those who have spoken with it."""
    part, suppliers = w.part("vaccines"), w.roster.vaccines.names
    w.gifts, w.supplying = dict.fromkeys(w.gifts, 0.0), dict.fromkeys(w.supplying, False)
    for supplier in suppliers:
        w.vaccine_stock[supplier] += w.vaccine_supply[supplier]
    if not any(w.vaccine_stock.values()):
        return
    for key in w.requests:
        w.requests[key] *= part.request_memory
    for row in w.this_month(Event.CONTACT):
        if row.rank <= Rank.MINISTER and row.channel != Channel.MESSAGE:
            for one, other in ((row.party_a, row.party_b), (row.party_b, row.party_a)):
                if one in suppliers and other in w.states:
                    w.requests[one, other] += 1.0
    served = {
        state
        for supplier in suppliers
        for state in ([supplier] if supplier in w.states else w.members(supplier) if supplier in w.blocs else [])
    }
    got = {state: sum(w.doses_sold[supplier, state] + w.doses_given[supplier, state] for supplier in suppliers) for state in w.states}
    wanted = {state: 0.0 if state in served else max(part.doses_wanted * w.population[state] - got[state], 0.0) for state in w.states}
    for supplier in suppliers:
        if w.vaccine_stock[supplier] > 0.0 and supplier in (*w.parties, POOL):
            _deliver(w, part, supplier, wanted)
    for supplier in suppliers:
        if supplier in w.parties:
            w.supplying[supplier] = w.vaccine_stock[supplier] + w.vaccine_supply[supplier] > 0.0


def _deliver(w: Any, part: Any, supplier: str, wanted: dict[str, float]) -> None:
    """Give and sell what one supplier has, and take it off what states want."""
    stock = w.vaccine_stock[supplier]
    poor = {state for state in w.states if w.gdp[state] < part.can_pay * w.population[state]}
    if supplier == POOL:
        given = _shared(stock, {state: wanted[state] if state in poor else 0.0 for state in w.states}, wanted)
        sold = dict.fromkeys(w.states, 0.0)
    else:
        pull = {
            state: wanted[state] * (1.0 - math.exp(-w.requests[supplier, state])) * _close(w, part, supplier, state) for state in w.states
        }
        means = part.gift_budget * w.gdp[supplier] / 12.0 / part.price
        given = _shared(min(stock, means), {state: pull[state] if state in poor else 0.0 for state in w.states}, wanted)
        sold = _shared(stock - sum(given.values()), {state: 0.0 if state in poor else pull[state] for state in w.states}, wanted)
        w.gifts[supplier] = part.price * sum(given.values())
    left = stock - sum(given.values()) - sum(sold.values())
    w.vaccine_stock[supplier] = left if left >= 1.0 else 0.0
    for name, doses, total in (("vaccines_given", given, w.doses_given), ("vaccines_sold", sold, w.doses_sold)):
        for state in w.states:
            total[supplier, state] += doses[state]
            wanted[state] -= doses[state]
            if doses[state] >= 1.0:
                w.say(code(name), party_a=supplier if supplier in w.parties else None, party_b=state, value=doses[state])


def _close(w: Any, part: Any, supplier: str, state: str) -> float:
    return math.exp(part.closeness * w.alliance_weight.get((state, supplier), 0.0))


def _shared(doses: float, pull: dict[str, float], most: dict[str, float]) -> dict[str, float]:
    """Share doses out by pull, to nobody more than it wants; less than one dose is none."""
    total = sum(pull.values())
    if total <= 0.0 or doses <= 0.0:
        return dict.fromkeys(pull, 0.0)
    shares = {state: min(doses * pull[state] / total, most[state]) for state in pull}
    return {state: share if share >= 1.0 else 0.0 for state, share in shares.items()}
