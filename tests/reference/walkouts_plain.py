"""Members that walk out of a declared coalition, member by member, partner by partner."""

from __future__ import annotations

from typing import Any

from reference.executives_plain import led
from reference.keeping_plain import asked
from reference.leverage_plain import midway
from reference.plain_world import View, code
from reference.staff_plain import price, talks_cost
from sim.contracts import staff_months
from sim.types import Stage


def step(w: Any, decide: Any) -> None:
    """Let the members of each coalition compare in January, and walk out who has been better off alone for long."""
    part, coalitions = w.part("walkouts"), w.config.roster.coalitions
    if not part.may or w.month % 12 != 0 or w.month == w.config.start:
        return
    for one in coalitions:
        inside = [state for state in w.members(one.name) if not w.gone[one.name, state]]
        if w.month < one.start or len(inside) < 2:
            continue
        kinds = [kind for kind in w.kinds if kind in one.types and kind in w.config.negotiated]
        together, view = _together(w, kinds, one.name), View(w)
        for state in inside:
            better = _alone(w, view, kinds, one.name, state) - together
            w.better_alone[one.name, state] = w.better_alone[one.name, state] + 1 if better > part.bar else 0
            if w.better_alone[one.name, state] >= part.looks:
                w.gone[one.name, state] = True
                w.say(code("walkout"), party_a=state, party_b=one.name, value=better)


def _together(w: Any, kinds: list[str], bloc: str) -> float:
    """Return what the coalition has in force is worth to it, and the best that it still hopes for that pays its staff, bp."""
    held = sum(
        value
        for one in w.instruments
        if one.stage == Stage.IN_FORCE
        for party, value in ((one.first, one.value_first), (one.second, one.value_second))
        if party == bloc
    )
    hopes = [0.0]
    for kind in kinds:
        for other in w.partners[bloc]:
            hope = w.prospect[kind, bloc, other]
            if hope * w.gdp[bloc] / 1e4 / max(staff_months(w.kinds[kind])) >= price(w, bloc):
                hopes.append(hope)
    return float(held + max(hopes))


def _alone(w: Any, view: View, kinds: list[str], bloc: str, state: str) -> float:
    """Return the best that a member could hope for by itself, with anybody who speaks for itself, that pays the staff of both, bp."""
    best = 0.0
    for kind in kinds:
        for other in w.partners[state]:
            shut = w.blocked[state, other] or w.hostile[state, other] or w.bars(state, other)
            if other == bloc or shut or w.principal[kind, other] != other or w.in_force[kind, state, other]:
                continue
            for role, pair in enumerate(((state, other), (other, state))):
                if not bool(w.kinds[kind].eligible(view, asked(w, *pair))[0]):
                    continue
                gains = midway(led(w, kind, w.kinds[kind].coefficients(view, asked(w, *pair)).dyads(), pair))
                if gains is None or min(gains) <= 0.0:
                    continue
                if all(gains[side] * w.gdp[party] / 1e4 >= talks_cost(w, kind, side, party) for side, party in enumerate(pair)):
                    best = max(best, gains[role])
    return best
