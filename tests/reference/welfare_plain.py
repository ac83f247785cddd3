"""What each party gains by what is in force, told instrument by instrument and party by party.

A type's own numbers are asked for one pair at a time; the cut by source, the sharing in blocs and the sums are told here.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np

from reference.conferences_plain import TableView
from reference.effects_plain import _rate
from reference.plain_world import ISSUES, View
from sim.stakes.payoffs import Groups
from sim.types import Event, Stage

MOVED = (
    *(Event.ENTRY_INTO_FORCE, Event.EXPIRY, Event.TERMINATION, Event.BOUND, Event.RELEASED),
    *(Event.SUSPENSION, Event.RESUMPTION, Event.CONTINUED, Event.WITHDRAWAL, Event.ANNULMENT, Event.SUCCESSION),
)


def begin(w: Any) -> None:
    """Ask about what history left in force."""
    _ask(w, list(w.kinds))
    _add_up(w)


def step(w: Any, decide: Any) -> None:
    """Ask again where something moved, all in January and on dates; trade follows every month."""
    asked = {row.type for row in w.this_month(*MOVED)} - {None}
    if w.month % 12 == 0 or w.month in w.roster.dates or w.this_month(Event.ACTION):
        asked = set(w.kinds)
    if asked:
        _ask(w, sorted(asked))
    _add_up(w)
    _carry(w)


def _carry(w: Any) -> None:
    """Add a month of trade to what each instrument of two has carried, and the part that its own effect adds."""
    for one in w.instruments:
        if one.stage != Stage.IN_FORCE or one.in_force >= w.month or one.conference is not None or (one.first, one.second) not in w.trade:
            continue
        month = (w.trade[one.first, one.second] + w.trade[one.second, one.first]) / 12.0
        kind = w.kinds[one.type]
        effect = max(_rate(kind, "frees_data", field="effect"), _rate(kind, "adds_trade", field="effect")) * one.moving
        one.trade_carried += month
        one.trade_added += month * effect / (1.0 + effect)


def _ask(w: Any, kinds: list[str]) -> None:
    for name in kinds:
        gains = {(source, party): 0.0 for source in ("party", *range(w.schema.axes["issue"])) for party in w.parties}
        kind = _without_trade(w.kinds[name])
        for row, one in enumerate(w.instruments):
            if one.type == name and one.conference is None and hasattr(kind, "coefficients"):
                _of_two(w, kind, row, one, gains)
            elif one.type == name and one.conference is not None and one.stage == Stage.IN_FORCE:
                _of_many(w, name, kind, row, one, gains)
        for source in ("party", *range(w.schema.axes["issue"])):
            own = _shared(w, {party: gains[source, party] for party in w.parties})
            for party, gain in own.items():
                key, into = ((name, party), w.gain_of_party) if source == "party" else ((name, source, party), w.gain_by_issue)
                into[key] = gain
    paid = dict.fromkeys(w.parties, 0.0)
    for one in w.instruments:
        payer, payee = (one.first, one.second) if one.payment > 0.0 else (one.second, one.first)
        if one.stage == Stage.IN_FORCE and one.payment != 0.0 and not {payer, payee} & _emptied(w):
            paid[payer] -= 1e4 * abs(one.payment) * (1.0 + w.part("bargaining").payment_overhead) / w.gdp[payer]
            paid[payee] += 1e4 * abs(one.payment) / w.gdp[payee]
    w.gain_by_payment = _shared(w, paid)


def _without_trade(kind: Any) -> Any:
    twin = copy.copy(kind)
    for one in kind.does:
        if one.name in ("adds_trade", "frees_data"):
            object.__setattr__(twin, one.effect, 0.0)
    return twin


def _of_two(w: Any, kind: Any, row: int, one: Any, gains: dict[Any, float]) -> None:
    """Ask what an instrument is worth to both sides, and to who left a bloc and the side it faces."""
    builds = next((does for does in kind.does if does.name == "builds"), None)
    if one.stage != Stage.IN_FORCE and not (builds is not None and one.stage == Stage.COMPLETED):
        return
    faced = [(one.first, one.second)]
    if builds is None and one.stage == Stage.IN_FORCE:
        for its in w.adherence:
            if its.instrument == row and its.bound_by is None and its.stage == Stage.IN_FORCE and its.party not in (one.first, one.second):
                faced.append((its.party, one.second) if its.role == 0 else (one.first, its.party))
    for first, second in faced:
        if (first, second) not in w.edge_at or {first, second} & _emptied(w):
            continue
        view, size = View(w), 1.0
        if builds is not None:
            view.need = view.need.copy()
            needed = sum(_promised(other, builds) for other in w.instruments if _stands(other, one.type, second))
            if needed > 0.0:
                view.need[w.place[second]] = needed / getattr(kind, builds.cost)
        places = (w.place[first], w.place[second], w.edge_at[first, second], w.edge_at[second, first])
        c = kind.coefficients(view, Groups(*(np.array([place]) for place in places), ISSUES)).dyads()
        if builds is not None and _promised(one, builds) > 0.0 and c.commitment[0] > 0.0:
            size = _promised(one, builds) / float(c.commitment[0])
        for side, party in enumerate((first, second)):
            rows = (c.b[0, side].tolist(), c.w[0, side].tolist(), c.theta[0, side].tolist(), c.status_quo[0].tolist())
            _cut(gains, party, float(c.a[0, side]), float(c.d[0, side]), rows, one.text, size)


def _stands(one: Any, kind: str, host: str) -> bool:
    return one.type == kind and one.second == host and one.conference is None and one.stage in (Stage.IN_FORCE, Stage.COMPLETED)


def _promised(one: Any, builds: Any) -> float:
    """Return what would have met the whole need as it was signed (USD)."""
    level = one.text[5] if builds.issue == "infrastructure" else 1.0
    return one.commitment / level if level > 0.0 else 0.0


def _of_many(w: Any, name: str, kind: Any, row: int, one: Any, gains: dict[Any, float]) -> None:
    inside = [its for its in w.adherence if its.instrument == row and its.stage == Stage.IN_FORCE]
    own = {its.party for its in inside if its.bound_by is None}
    every = own | {its.party for its in inside if its.bound_by is not None and its.bound_by not in own}
    parties = sorted(every - _emptied(w), key=w.place.get)
    if not parties:
        return
    among = np.array([party in parties for party in w.parties])
    c = kind.stakes(TableView(w), list(w.kinds).index(name), np.array([w.place[party] for party in parties]), among, row)
    for i, party in enumerate(parties):
        rows = (c.b[i].tolist(), c.w[i].tolist(), c.theta[i].tolist(), c.status_quo[i].tolist())
        _cut(gains, party, float(c.a[i]), float(c.d[i]), rows, one.text, 1.0)


def _emptied(w: Any) -> set[str]:
    """Return the blocs that nobody is a member of any more: they gain and lose nothing."""
    return {bloc for bloc in w.blocs if not w.members(bloc)}


def _cut(gains: dict[Any, float], party: str, a: float, d: float, rows: Any, text: list[float], size: float) -> None:
    """Cut what a text is worth over no agreement: each issue by its move from present law, being party by the rest."""
    whole, by_issue = a - size * d, 0.0
    for k, (b, w, theta, today) in enumerate(zip(*rows, strict=True)):
        level = today if math.isnan(text[k]) else text[k]
        whole += size * (b * level - w * (level - theta) ** 2)
        moved = size * ((b * level - w * (level - theta) ** 2) - (b * today - w * (today - theta) ** 2))
        gains[k, party] += moved
        by_issue += moved
    gains["party", party] += whole - by_issue


def _shared(w: Any, gains: dict[str, float]) -> dict[str, float]:
    """Share a bloc's gain among those it binds, so that each gets the same part of its GDP; it then shows what they gain together."""
    found = dict(gains)
    bound = {bloc: [state for state in w.states if w.bound[bloc, state]] for bloc in w.blocs}
    size = {bloc: sum(w.gdp[state] for state in states) for bloc, states in bound.items()}
    for bloc, states in bound.items():
        for state in states:
            found[state] += gains[bloc] * w.gdp[bloc] / size[bloc]
    for bloc, states in bound.items():
        if states:
            found[bloc] = sum(found[state] * w.gdp[state] for state in states) / size[bloc]
    return found


def _add_up(w: Any) -> None:
    absent = dict.fromkeys(w.blocs, 0.0)
    w.gain_by_trade = _shared(w, {**w.opened, **absent})
    w.gain_by_diversion = _shared(w, {**w.diverted, **absent})
    issues = range(w.schema.axes["issue"])
    w.gain_as_party = {party: sum(w.gain_of_party[kind, party] for kind in w.kinds) for party in w.parties}
    w.gain_on_issue = {(k, party): sum(w.gain_by_issue[kind, k, party] for kind in w.kinds) for k in issues for party in w.parties}
    apart = (w.gain_as_party, w.gain_by_payment, w.gain_by_trade, w.gain_by_diversion)
    w.welfare = {party: sum(one[party] for one in apart) + sum(w.gain_on_issue[k, party] for k in issues) for party in w.parties}
