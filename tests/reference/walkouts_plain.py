"""Members that walk out of a coalition, member by member and partner by partner."""

from __future__ import annotations

from typing import Any

from reference.executives_plain import led
from reference.keeping_plain import asked, halfway, of_two, worth
from reference.plain_world import View, code
from reference.staff_plain import price
from sim.contracts import staff_months
from sim.types import Stage


def step(w: Any, decide: Any) -> None:
    """Each January after the first month, let every member of every coalition compare, and go."""
    part = w.part("walkouts")
    if not part.may or w.month % 12 or w.month == w.config.start:
        return
    for one in w.config.roster.coalitions:
        inside = [state for state in w.states if w.member[one.name, state] and not w.gone[one.name, state]]
        if w.month < one.start or len(inside) < 2:
            continue
        kinds = [name for name in sorted(w.kinds) if name in one.types and name in w.config.negotiated]
        together = _together(w, kinds, one.name)
        for state in inside:
            better = _alone(w, kinds, one.name, inside, state) - together
            looks = w.better_alone[one.name, state] + 1 if better > part.bar else 0
            w.better_alone[one.name, state] = looks
            if looks >= part.looks:
                w.gone[one.name, state] = True
                w.say(code("walkout"), party_a=state, party_b=one.name, value=better)


def _together(w: Any, kinds: list[str], coalition: str) -> float:
    """Return what the coalition has and the best that it hopes for, bp."""
    held = sum(one.value_first for _, one in of_two(w, Stage.IN_FORCE) if one.first == coalition)
    held += sum(one.value_second for _, one in of_two(w, Stage.IN_FORCE) if one.second == coalition)
    best = 0.0
    for kind in kinds:
        for partner in w.partners[coalition]:
            bp = w.prospect[kind, coalition, partner]
            if bp * w.gdp[coalition] / 1e4 / max(staff_months(w.kinds[kind])) >= price(w, coalition):
                best = max(best, bp)
    return float(held + best)


def _alone(w: Any, kinds: list[str], coalition: str, inside: list[str], state: str) -> float:
    """Return the best that a member could hope for by itself, bp; 0 where nothing pays the staff of both."""
    view, best = View(w), 0.0
    for kind in kinds:
        type_ = w.kinds[kind]
        for partner in w.partners[state]:
            shut = w.blocked[state, partner] or w.hostile[state, partner] or w.bars(state, partner)
            if w.principal[kind, partner] != partner or partner == coalition or shut or w.in_force[kind, state, partner]:
                continue
            for mine, pair in ((0, (state, partner)), (1, (partner, state))):
                groups = asked(w, *pair)
                if not bool(type_.eligible(view, groups)[0]):
                    continue
                c = led(w, kind, type_.coefficients(view, groups).dyads(), pair)
                if any(float(c.lo[0, k]) > float(c.hi[0, k]) for k in range(c.lo.shape[1])):
                    continue
                text = halfway(c)
                gains = [worth(c, side, text) - float(c.d[0, side]) for side in (0, 1)]
                months = staff_months(type_)
                pays = all(gains[side] * w.gdp[who] / 1e4 / months[side] >= price(w, who) for side, who in enumerate(pair))
                if min(gains) > 0.0 and pays:
                    best = max(best, gains[mine])
    return best
