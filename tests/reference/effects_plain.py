"""What is in force changes the world, dyad by dyad: digital trade by gravity, and payments instrument by instrument."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference import gravity_plain
from sim.types import Stage


def begin(w: Any) -> None:
    """Trade for the first month."""
    _trade(w)


def step(w: Any, decide: Any) -> None:
    """Trade of the month, and what is due to be paid."""
    _trade(w)
    for instrument in w.instruments:
        if instrument.stage == Stage.IN_FORCE and instrument.commitment > 0.0 and instrument.in_force < w.month:
            _pay(w, instrument)
    for instrument in w.instruments:
        if instrument.stage == Stage.IN_FORCE and instrument.payment != 0.0 and instrument.in_force < w.month:
            _compensate(w, instrument)


def _compensate(w: Any, instrument: Any) -> None:
    """Pay a twelfth of a yearly side payment; the overhead is the payer's."""
    to_second = instrument.payment > 0.0
    payer, receiver = (instrument.first, instrument.second) if to_second else (instrument.second, instrument.first)
    month, more = abs(instrument.payment) / 12.0, w.part("bargaining").payment_overhead
    w.paid[payer] += month * (1.0 + more)
    w.overhead[payer] += month * more
    w.received[receiver] += month


def _trade(w: Any) -> None:
    """Solve gravity anew every month; resistance only at the start and each January."""
    for dyad in w.dyads:
        w.effect[dyad] = _gain(w, dyad)
    part, states = w.part("effects"), w.states
    output = np.array([part.digital_share * w.gdp[state] for state in states])
    whole = part.digital_share * float(w.roster.world_gdp[w.year])
    km, border, effect = (np.full((len(states), len(states)), blank) for blank in (np.nan, 0.0, 0.0))
    outside = [whole - part.digital_share * w.gdp[state] for state in states]
    for one, other in w.dyads:
        if one in states and other in states:
            i, j = states.index(one), states.index(other)
            km[i, j], border[i, j], effect[i, j] = w.facts[one, other].distance, w.facts[one, other].border, w.effect[one, other]
            outside[i] -= part.digital_share * w.gdp[other]
    phi = gravity_plain.freeness(km, border, effect, part.distance_elasticity, part.contiguity)
    if w.month == w.config.start or w.month % 12 == 0:
        rest = (part.rest_distance / 1000.0) ** -part.distance_elasticity
        solved = gravity_plain.resistance(phi, math.exp(part.home_bias), rest, output, np.maximum(0.0, outside), whole)
        w.resistance.update(zip(states, solved.tolist(), strict=True))
    flows = gravity_plain.flows(np.array([w.resistance[state] for state in states]), phi, output, whole)
    for one, other in w.dyads:
        # A bloc trades as its members do, without those that belong to the other side too.
        sellers = [state for state in _behind(w, one) if state not in _behind(w, other)]
        buyers = [state for state in _behind(w, other) if state not in _behind(w, one)]
        sold = [flows[states.index(s), states.index(b)] for s in sellers for b in buyers if (s, b) in w.facts]
        w.trade[one, other] = float(sum(sold))
    for party in w.parties:
        bought = [value for (seller, buyer), value in w.trade.items() if buyer == party and seller in states]
        w.imports[party] = max(1.0, sum(bought))


def _behind(w: Any, party: str) -> list[str]:
    return w.members(party) if party in w.blocs else [party]


def _gain(w: Any, dyad: tuple[str, str]) -> float:
    """Return the trade added between two: the best of what is in force; a common area of free flow gives as much as the best type."""
    if w.free_flow[dyad]:
        return max(kind.trade_effect for kind in w.kinds.values())
    return max(kind.trade_effect * w.freed[(name, *dyad)] for name, kind in w.kinds.items())


def _pay(w: Any, instrument: Any) -> None:
    """Pay one month's part of a commitment: the giver bears the overhead too, the receiver builds with the rest."""
    kind, giver, receiver = w.kinds[instrument.type], instrument.first, instrument.second
    part = instrument.commitment / instrument.term
    w.paid[giver] += part * (1.0 + kind.overhead)
    w.overhead[giver] += part * kind.overhead
    w.received[receiver] += part
    w.capacity_gained[receiver] += part / kind.cost_per_mw
    behind = w.members(receiver) if receiver in w.blocs else []
    weigh = w.need if any(w.need[state] for state in behind) else w.population
    for state in behind:
        w.capacity_gained[state] += part / kind.cost_per_mw * weigh[state] / sum(weigh[other] for other in behind)
    w.committed[receiver] = max(0.0, w.committed[receiver] - part / kind.cost_per_mw)
