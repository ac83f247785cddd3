"""What is in force changes the world, dyad by dyad: digital trade by its margins, and payments instrument by instrument."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference import margins_plain
from reference.linkage_plain import signed_together
from sim.types import Event, Institution, Stage


def begin(w: Any) -> None:
    """Trade for the first month; what is known of it is that of the year before."""
    w.effect = _gains(w)
    w.effect_frame = dict(w.effect)
    _trade(w, w.month // 12 - 1)
    w.trade_known, w.imports_known = dict(w.trade), dict(w.imports)
    _trade(w, w.month // 12)


def step(w: Any, decide: Any) -> None:
    """Trade of the month, and what is due to be paid."""
    if any(w.imports_halted.values()):
        _mend(w)
    if w.month % 12 == 0 and w.month != w.config.start:
        w.trade_known, w.imports_known = dict(w.trade), dict(w.imports)
    w.effect = _gains(w)
    _trade(w, w.month // 12)
    if w.this_month(Event.MEMBERSHIP_BEGAN, Event.MEMBERSHIP_ENDED):
        between = {dyad: value for dyad, value in w.trade_known.items() if not {*dyad} & set(w.blocs)}
        w.trade_known, w.imports_known = _with_blocs(w, between, w.imports_known)
    _cut(w)
    for instrument in w.instruments:
        if instrument.ended == w.month and instrument.commitment > 0.0 and _promised(w, instrument):
            # What has ended builds no more of what it promised.
            unbuilt = (instrument.commitment - instrument.disbursed) / _rate(w.kinds[instrument.type], "builds", field="cost", absent=1.0)
            w.committed[instrument.second] = max(0.0, w.committed[instrument.second] - max(0.0, unbuilt))
    for instrument in w.instruments:
        if instrument.stage == Stage.IN_FORCE and instrument.commitment > 0.0 and instrument.in_force < w.month and not instrument.stands:
            _pay(w, instrument)
    for instrument in w.instruments:
        if instrument.stage == Stage.IN_FORCE and instrument.payment != 0.0 and instrument.in_force < w.month:
            _compensate(w, instrument)
    for its in w.adherence:
        instrument = w.instruments[its.instrument]
        if its.stage == instrument.stage == Stage.IN_FORCE and its.bound_by is None and instrument.in_force < w.month:
            _programme(w, instrument, its.party, its.role)


def _programme(w: Any, instrument: Any, party: str, role: int) -> None:
    """Pay a month of a programme, or receive it: bills, teaching and technology."""
    bills, teaching = instrument.subsidy_funds, instrument.training_funds
    if role == 0:
        spent = instrument.subsidy_overhead + instrument.training_overhead
        w.paid[party] += bills + teaching + spent
        w.overhead[party] += spent
    elif role == 1:
        w.received[party] += bills + teaching
        w.access_funds[party] += bills
        w.learning_funds[party] += teaching
        w.technology_offered[party] += instrument.technology_a_month


def _mend(w: Any) -> None:
    """Let trade be what it would be without last month's cuts."""
    trade = {dyad: w.trade_halted[dyad] or value for dyad, value in w.trade.items() if not {*dyad} & set(w.blocs)}
    imports = {state: w.imports_halted[state] or w.imports[state] for state in w.states}
    w.trade, w.imports = _with_blocs(w, trade, imports)


def _cut(w: Any) -> None:
    """Let two states trade less that no path of links joins this month, though links have joined both with most others before."""
    part = w.part("effects")
    keeps = {0: part.cut_keeps, 1: part.satellite_keeps, 2: 1.0}
    w.trade_halted, w.imports_halted = dict.fromkeys(w.trade_halted, 0.0), dict.fromkeys(w.imports_halted, 0.0)
    if not any(w.linked[state] and w.joined[state] < 2 for state in w.states):
        return
    trade = {dyad: value for dyad, value in w.trade.items() if not {*dyad} & set(w.blocs)}
    lost = dict.fromkeys(w.states, 0.0)
    for seller, buyer in trade:
        both = (seller, buyer)
        if w.latency[both] == 2**31 - 1 and all(w.linked[state] for state in both) and any(w.joined[state] < 2 for state in both):
            whole = w.trade_halted[both] = trade[both]
            trade[both] = whole * keeps[w.joined[seller]] * keeps[w.joined[buyer]]
            lost[buyer] += whole - trade[both]
    imports = {state: w.imports[state] for state in w.states}
    for state in w.states:
        if lost[state] > 0.0:
            w.imports_halted[state] = imports[state]
            imports[state] = max(1.0, imports[state] - lost[state])
    w.trade, w.imports = _with_blocs(w, trade, imports)


def _promised(w: Any, instrument: Any) -> bool:
    """Say whether all had consented to what ended this month, and to what was signed with it, so that its host counted on it."""
    rows = signed_together(w, w.instruments.index(instrument))
    votes = [one.vote for one in w.adherence if one.instrument in rows and one.institution not in (None, Institution.EXECUTIVE_ACT)]
    return instrument.in_force is not None or all(vote < w.month for vote in votes)


def _compensate(w: Any, instrument: Any) -> None:
    """Pay a twelfth of a yearly side payment; the overhead is the payer's."""
    to_second = instrument.payment > 0.0
    payer, receiver = (instrument.first, instrument.second) if to_second else (instrument.second, instrument.first)
    month, more = abs(instrument.payment) / 12.0, w.part("bargaining").payment_overhead
    w.paid[payer] += month * (1.0 + more)
    w.overhead[payer] += month * more
    w.received[receiver] += month


def _trade(w: Any, year: int) -> None:
    """Lay out the margins of a year anew every month, and put what instruments have changed on top, importer by importer."""
    part, n, at = w.part("effects"), len(w.states), w.place
    far = (part.rest_distance / 1000.0) ** -part.distance_elasticity
    ease = np.full((n, n), np.nan)
    for (one, other), tie in w.facts.items():
        if one in w.states and other in w.states:
            nearness = (tie.distance / 1000.0) ** -part.distance_elasticity
            ease[at[one], at[other]] = nearness * math.exp(part.contiguity * tie.border + part.common_language * tie.language)
    structure = margins_plain.seed(ease, far)
    sold, bought = _margins(w, year)
    flow = margins_plain.flows(structure, sold, bought)
    w.sells, w.buys = (dict(zip(w.states, one.tolist(), strict=True)) for one in margins_plain.factors(flow, structure))
    pairs = [dyad for dyad in w.facts if dyad[0] in w.states and dyad[1] in w.states]
    trade, imports = {}, {}
    for buyer in w.states:
        mine = [(seller, to) for seller, to in pairs if to == buyer]
        spent = part.digital_share * w.gdp[buyer] + bought[at[buyer]]
        gain = {dyad: (1.0 + w.effect[dyad]) / (1.0 + w.effect_frame[dyad]) - 1.0 for dyad in mine}
        rise = sum(flow[at[seller], at[buyer]] * gain[seller, buyer] for seller, _ in mine)
        w.price_index[buyer] = 1.0 + rise / spent
        for dyad in mine:
            trade[dyad] = flow[at[dyad[0]], at[buyer]] * (1.0 + gain[dyad]) / w.price_index[buyer]
        # Others sell to it as before, each over the same index.
        before = sum(flow[at[seller], at[buyer]] for seller, _ in mine)
        imports[buyer] = max(1.0, sum(trade[dyad] for dyad in mine) + (bought[at[buyer]] - before) / w.price_index[buyer])
    w.trade, w.imports = _with_blocs(w, trade, imports)
    _open(w, flow, bought)


def _margins(w: Any, year: int) -> tuple[Any, Any]:
    """Return both margins: of the states, of the rest, and what one side does not report."""
    digital = w.roster.digital
    y = list(digital.years).index(year)
    gap = float(digital.discrepancy[y])
    sold = [*digital.exports[y].tolist(), float(digital.rest_exports[y]), -gap if gap < 0.0 else 0.0]
    bought = [*digital.imports[y].tolist(), float(digital.rest_imports[y]), gap if gap > 0.0 else 0.0]
    return np.array(sold), np.array(bought)


def _with_blocs(w: Any, between: dict[tuple[str, str], float], imports: dict[str, float]) -> tuple[dict[Any, float], dict[str, float]]:
    """Return trade and imports of all parties: a bloc trades as its members do, without those that belong to the other side too."""
    trade, found = {}, {state: imports[state] for state in w.states}
    behind = {party: w.members(party) if party in w.blocs else [party] for party in w.parties}
    for one, other in w.dyads:
        sellers = [state for state in behind[one] if state not in behind[other]]
        buyers = [state for state in behind[other] if state not in behind[one]]
        trade[one, other] = sum((between.get((seller, buyer), 0.0) for seller in sellers for buyer in buyers), 0.0)
    for bloc in w.blocs:
        inside = sum(between.get((seller, buyer), 0.0) for seller in behind[bloc] for buyer in behind[bloc])
        found[bloc] = max(1.0, sum(imports[state] for state in behind[bloc]) - inside)
    return trade, found


def _open(w: Any, flow: Any, bought: Any) -> None:
    """Take every instrument off, importer by importer: what each saves by them, and what each seller sells by them, or loses."""
    part, n, at = w.part("effects"), len(w.states), w.place
    added = max(_rate(kind, "frees_data", field="effect") for kind in w.kinds.values())
    alone = {dyad: added if free else 0.0 for dyad, free in w.free_flow.items()}
    w.opened, w.diverted = dict.fromkeys(w.states, 0.0), dict.fromkeys(w.states, 0.0)
    for buyer in w.states:
        # What it buys of everybody today: by name, or of others and the rest over its index.
        today = flow[:n, at[buyer]] / w.price_index[buyer]
        off = np.ones(n)
        for seller in w.states:
            if (seller, buyer) in w.facts:
                today[at[seller]] = w.trade[seller, buyer]
                if w.effect[seller, buyer] > alone[seller, buyer]:
                    off[at[seller]] = (1.0 + alone[seller, buyer]) / (1.0 + w.effect[seller, buyer])
        spent = part.digital_share * w.gdp[buyer] + bought[at[buyer]]
        index = 1.0 + float(today @ (off - 1.0)) / spent
        w.opened[buyer] -= 1e4 * spent / w.gdp[buyer] / part.trade_elasticity * math.log(index)
        for seller in w.states:
            more = today[at[seller]] * (1.0 - off[at[seller]] / index)
            into = w.opened if off[at[seller]] != 1.0 else w.diverted
            into[seller] += 1e4 * part.exporters_weight * part.profit_margin * float(more) / w.gdp[seller]


def _gains(w: Any) -> dict[tuple[str, str], float]:
    """Return the trade added between two: the best of what frees personal data, and beside it the best of what opens markets.

    A common area of free flow gives as much as the type that frees data best.
    """
    frees = {name: _rate(kind, "frees_data", field="effect") for name, kind in w.kinds.items()}
    opens = {name: _rate(kind, "adds_trade", field="effect") for name, kind in w.kinds.items()}
    gains = {dyad: max(frees.values()) if free else 0.0 for dyad, free in w.free_flow.items()}
    more = dict.fromkeys(gains, 0.0)
    for (kind, one, other), moves in w.freed.items():
        if moves:
            gains[one, other] = max(gains[one, other], frees[kind] * moves)
            more[one, other] = max(more[one, other], opens[kind] * moves)
    return {dyad: gain + more[dyad] for dyad, gain in gains.items()}


def _rate(kind: Any, *names: str, field: str, absent: float = 0.0) -> float:
    """Return the parameter of a type that one of the consequences of these names reads as it stands now."""
    return next((getattr(kind, getattr(one, field)) for one in kind.does if one.name in names and getattr(one, field)), absent)


def _pay(w: Any, instrument: Any) -> None:
    """Pay one month's part of a commitment: the giver bears the overhead too, the receiver builds with the rest."""
    kind, giver, receiver = w.kinds[instrument.type], instrument.first, instrument.second
    part, cost, overhead = (
        instrument.commitment / instrument.term,
        _rate(kind, "builds", field="cost", absent=1.0),
        _rate(kind, "builds", field="overhead"),
    )
    instrument.disbursed += part
    w.paid[giver] += part * (1.0 + overhead)
    w.overhead[giver] += part * overhead
    w.received[receiver] += part
    w.capacity_gained[receiver] += part / cost
    behind = w.members(receiver) if receiver in w.blocs else []
    weigh = w.need if any(w.need[state] for state in behind) else w.population
    for state in behind:
        w.capacity_gained[state] += part / cost * weigh[state] / sum(weigh[other] for other in behind)
    w.committed[receiver] = max(0.0, w.committed[receiver] - part / cost)
