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
    w.effect = _gains(w)
    part, states = w.part("effects"), set(w.states)
    output = {state: part.digital_share * w.gdp[state] for state in w.states}
    whole = part.digital_share * float(w.roster.world_gdp[w.year])
    free = {
        dyad: (tie.distance / 1000.0) ** -part.distance_elasticity * math.exp(part.contiguity * tie.border) * (1.0 + w.effect[dyad])
        for dyad, tie in w.facts.items()
        if states.issuperset(dyad)
    }
    if w.month == w.config.start or w.month % 12 == 0:
        _solve(w, free, output, whole)
    flows = {
        (one, other): output[one] * output[other] / whole * phi / (w.resistance[one] * w.resistance[other])
        for (one, other), phi in free.items()
    }
    behind = {party: w.members(party) if party in w.blocs else [party] for party in w.parties}
    for one, other in w.dyads:
        if (one, other) in flows:
            w.trade[one, other] = flows[one, other]
        else:
            # A bloc trades as its members do, without those that belong to the other side too.
            sellers = [state for state in behind[one] if state not in behind[other]]
            buyers = [state for state in behind[other] if state not in behind[one]]
            w.trade[one, other] = sum((flows.get((seller, buyer), 0.0) for seller in sellers for buyer in buyers), 0.0)
    bought = dict.fromkeys(w.parties, 0.0)
    for (seller, buyer), value in w.trade.items():
        if seller in states:
            bought[buyer] += value
    w.imports = {party: max(1.0, value) for party, value in bought.items()}
    _open(w, free, output, whole)


def _open(w: Any, free: dict[tuple[str, str], float], output: dict[str, float], whole: float) -> None:
    """Solve gravity with what is in force and without any instrument, and cut the difference in what is opened and what is diverted."""
    added = max(_rate(kind, "adds_trade", "frees_data", field="effect") for kind in w.kinds.values())
    alone = {dyad: added if w.free_flow[dyad] else 0.0 for dyad in free}
    closed = {dyad: phi * (1.0 + alone[dyad]) / (1.0 + w.effect[dyad]) for dyad, phi in free.items()}
    w.outside, without = _solved(w, closed, output, whole)
    _, settled = _solved(w, free, output, whole)
    w.resistance_without = without
    part = w.part("effects")
    rest = (part.rest_distance / 1000.0) ** -part.distance_elasticity
    for state in w.states:
        mine = [dyad for dyad in free if dyad[0] == state]
        unmoved = without[state]
        if any(w.effect[dyad] > alone[dyad] for dyad in mine):
            bought = sum(output[other] / whole * free[one, other] / without[other] for one, other in mine)
            bought += rest * w.outside[state] / whole
            unmoved = 0.5 * (bought + math.sqrt(bought**2 + 4.0 * math.exp(part.home_bias) * output[state] / whole))
        w.opened[state] = 2.0 * math.log(unmoved / without[state])
        w.diverted[state] = 2.0 * math.log(settled[state] / unmoved)


def _gains(w: Any) -> dict[tuple[str, str], float]:
    """Return the trade added between two: the best of what is in force; a common area of free flow gives as much as the best type."""
    added = {name: _rate(kind, "adds_trade", "frees_data", field="effect") for name, kind in w.kinds.items()}
    best = max(added.values())
    gains = {dyad: best if free else 0.0 for dyad, free in w.free_flow.items()}
    for (kind, one, other), moves in w.freed.items():
        if moves:
            gains[one, other] = max(gains[one, other], added[kind] * moves)
    return gains


def _rate(kind: Any, *names: str, field: str, absent: float = 0.0) -> float:
    """Return the parameter of a type that one of the consequences of these names reads as it stands now."""
    return next((getattr(kind, getattr(one, field)) for one in kind.does if one.name in names and getattr(one, field)), absent)


def _solve(w: Any, free: dict[tuple[str, str], float], output: dict[str, float], whole: float) -> None:
    w.resistance.update(_solved(w, free, output, whole)[1])


def _solved(w: Any, free: dict[tuple[str, str], float], output: dict[str, float], whole: float) -> tuple[dict[str, float], ...]:
    """Return the output outside each state and its partners, and multilateral resistance.

    There is one equation for each state, so this is the one place where numbers stand in a matrix.
    """
    part = w.part("effects")
    phi = np.zeros((len(w.states), len(w.states)))
    outside = {state: whole - output[state] for state in w.states}
    for (one, other), value in free.items():
        phi[w.place[one], w.place[other]] = value
        outside[one] -= output[other]
    outside = {state: max(0.0, left) for state, left in outside.items()}
    rest, left = (part.rest_distance / 1000.0) ** -part.distance_elasticity, np.array(list(outside.values()))
    solved = gravity_plain.resistance(phi, math.exp(part.home_bias), rest, np.array(list(output.values())), left, whole)
    return outside, dict(zip(w.states, solved.tolist(), strict=True))


def _pay(w: Any, instrument: Any) -> None:
    """Pay one month's part of a commitment: the giver bears the overhead too, the receiver builds with the rest."""
    kind, giver, receiver = w.kinds[instrument.type], instrument.first, instrument.second
    part, cost, overhead = (
        instrument.commitment / instrument.term,
        _rate(kind, "builds", field="cost", absent=1.0),
        _rate(kind, "builds", field="overhead"),
    )
    w.paid[giver] += part * (1.0 + overhead)
    w.overhead[giver] += part * overhead
    w.received[receiver] += part
    w.capacity_gained[receiver] += part / cost
    behind = w.members(receiver) if receiver in w.blocs else []
    weigh = w.need if any(w.need[state] for state in behind) else w.population
    for state in behind:
        w.capacity_gained[state] += part / cost * weigh[state] / sum(weigh[other] for other in behind)
    w.committed[receiver] = max(0.0, w.committed[receiver] - part / cost)
