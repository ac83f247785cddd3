"""The roster of the month, state by state: figures known this year, memberships, who speaks for whom, capability and need."""

from __future__ import annotations

import itertools
import math
from typing import Any

from reference.ledger_plain import bind, let_go, list_instrument, move, read_coverage
from sim.types import Event, Flag, Institution, Reason, Stage

FIGURES = {"gdp": "gdp", "population": "population", "material_capability": "cinc"}
INDICES = ("internet_use", "bandwidth", "digital_government", "cybersecurity", "protection_firms", "protection_state", "localisation")
ADDED_UP = (*FIGURES, "base_capacity", "capacity_gained", "load")


def begin(w: Any) -> None:
    """Set the first month: who is inside, what is known, and what history has in force."""
    for state in w.states:
        w.internet_use[state] = w.figure("internet_use", state)
    for bloc, state in w.member:
        w.member[bloc, state], w.bound[bloc, state] = w.inside(state, bloc), w.inside(state, bloc, by_law=True)
    renew(w, begins=True)
    for listed, row in enumerate(w.roster.instruments):
        if row.in_force_at(w.month) and row.type in w.kinds and set(row.parties) <= set(w.parties):
            list_instrument(w, listed, row)
    read_coverage(w)


def step(w: Any, decide: Any) -> None:
    """Let memberships act on their dates, look figures up again, and read what is in force as the month begins."""
    for bloc in w.blocs:
        before = [(w.member[bloc, state], w.bound[bloc, state]) for state in w.states]
        _join_and_leave(w, bloc)
        _bind_and_release(w, bloc)
        if before != [(w.member[bloc, state], w.bound[bloc, state]) for state in w.states] and not w.members(bloc):
            _fall_apart(w, bloc)
    renew(w)
    read_coverage(w)


def _join_and_leave(w: Any, bloc: str) -> None:
    for state in w.states:
        now = w.inside(state, bloc) and not w.gone[bloc, state]
        if now != w.member[bloc, state]:
            w.say(Event.MEMBERSHIP_BEGAN if now else Event.MEMBERSHIP_ENDED, party_a=state, party_b=bloc)
        w.member[bloc, state] = now


def _bind_and_release(w: Any, bloc: str) -> None:
    for state in w.states:
        now = w.inside(state, bloc, by_law=True) and not w.gone[bloc, state]
        if now and not w.bound[bloc, state]:
            for row, instrument in enumerate(w.instruments):
                if instrument.stage == Stage.IN_FORCE:
                    bind(w, row, state, bloc)
        if w.bound[bloc, state] and not now:
            let_go(w, state, bloc)
        w.bound[bloc, state] = now


def _fall_apart(w: Any, bloc: str) -> None:
    """End all that a bloc has made with one other, as nobody is left in it."""
    for row, one in enumerate(w.instruments):
        if one.conference is None and bloc in (one.first, one.second):
            if one.stage == Stage.SIGNED:
                move(w, row, Stage.TERMINATED, Reason.COMPETENCE_LOST)
            elif one.stage in (Stage.IN_FORCE, Stage.SUSPENDED):
                move(w, row, Stage.TERMINATED, Reason.TOO_FEW)


def renew(w: Any, *, begins: bool = False) -> None:
    """Look everything up anew; what has not changed comes out the same."""
    online = _online(w)
    for state in w.states:
        for name, source in FIGURES.items():
            getattr(w, name)[state] = w.figure(source, state)
        for name in INDICES[1:]:
            getattr(w, name)[state] = w.figure(name, state)
        if begins:
            w.base_capacity[state] = _megawatts(w, state)
        part, y, centres = w.part("roster"), w.year, w.roster.data_centres
        asked = [users * income**part.income_elasticity for users, income in zip(online, centres.income[y].tolist(), strict=True)]
        users, income = w.internet_use[state] * w.population[state], w.gdp[state] / w.population[state]
        if w.month % 12 == 0 or w.month == w.config.start:
            w.load[state] = _whole(w) * users * income**part.income_elasticity / math.fsum(asked) if any(asked) else 0.0
    for bloc in w.blocs:
        _add_up(w, bloc)
    for kind, party in w.principal:
        w.principal[kind, party] = speaker(w, kind, party)
    w.blocked, w.free_flow = dict.fromkeys(w.dyads, False), dict.fromkeys(w.dyads, False)
    for bloc, state in w.member:
        if w.member[bloc, state] or w.bound[bloc, state]:
            w.blocked[bloc, state] = w.blocked[state, bloc] = True
    for bloc in w.blocs:
        for dyad in w.dyads if not w.members(bloc) else ():
            w.blocked[dyad] |= bloc in dyad
    for area, free in zip(w.roster.organisations, w.roster.free_flow, strict=True):
        for dyad in itertools.permutations(_inside_area(w, area), 2) if free else ():
            if dyad in w.free_flow:
                w.free_flow[dyad] = True
    for party in w.parties:
        w.cloud_capacity[party] = w.base_capacity[party] + w.capacity_gained[party]
        w.capability[party] = _capability(w, party)
    for state in w.states:
        w.need[state] = max(0.0, w.load[state] - w.cloud_capacity[state] - w.committed[state])
    for bloc in w.blocs:
        w.need[bloc] = max(0.0, sum(w.need[state] for state in w.members(bloc)) - w.committed[bloc])
    _count_promises(w)


def _online(w: Any) -> list[float]:
    """Count who is online in all states of the tables, in the run or not: the others gain users as those in it do."""
    centres, y = w.roster.data_centres, w.year
    people, use = centres.people[y].tolist(), centres.use.tolist()
    places = centres.rows.tolist()
    before = sum(use[at] * people[at] for at in places)
    now = sum(w.internet_use[state] * people[at] for state, at in zip(w.states, places, strict=True))
    found = [one * (now / before if before > 0.0 else 1.0) for one in use]
    for state, at in zip(w.states, places, strict=True):
        found[at] = w.internet_use[state]
    return [share * many for share, many in zip(found, people, strict=True)]


def _by_count(w: Any, counts: Any) -> float:
    part = w.part("roster")
    return part.mw_per_region * float(counts[0]) + part.mw_per_exchange * float(counts[1])


def _per_count(w: Any, r: int) -> float:
    """Return the MW of the region's states that are known for each MW that their counts would make."""
    counted = _by_count(w, w.roster.data_centres.counts_known[w.year, r])
    return float(w.roster.data_centres.known_sum[r]) / counted if counted > 0.0 else 1.0


def _shared_by(w: Any, r: int) -> float:
    centres = w.roster.data_centres
    return float(centres.known_sum[r]) + _per_count(w, r) * _by_count(w, centres.counts_other[w.year, r])


def _megawatts(w: Any, state: str) -> float:
    """Give a state its part of what its region has; by its counts where it is of no region."""
    centres, at = w.roster.data_centres, w.place[state]
    counted = _by_count(w, (w.figure("cloud_regions", state), w.figure("ix_buildings", state)))
    r, known = int(centres.region[at]), float(centres.known[at])
    if r < 0:
        return counted
    size = known if math.isfinite(known) else _per_count(w, r) * counted
    return float(centres.load[w.year, r]) * size / _shared_by(w, r) if _shared_by(w, r) > 0.0 else 0.0


def _whole(w: Any) -> float:
    """Return what is in service in all states of the tables."""
    centres = w.roster.data_centres
    there = [float(load) for r, load in enumerate(centres.load[w.year]) if _shared_by(w, r) > 0.0]
    return math.fsum(there) + _by_count(w, centres.counts_loose[w.year])


def _count_promises(w: Any) -> None:
    """Count, pact by pact, what is promised and not yet sure, and what investors pay a year."""
    w.pledged, w.outlay = dict.fromkeys(w.parties, 0.0), dict.fromkeys(w.parties, 0.0)
    w.waiting = dict.fromkeys(w.dyads, 0.0)
    for row, one in enumerate(w.instruments):
        builds = next((does for does in w.kinds[one.type].does if does.name == "builds"), None)
        if builds is None or one.commitment <= 0.0 or one.stage not in (Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED):
            continue
        kind = w.kinds[one.type]
        w.outlay[one.first] += (1.0 + getattr(kind, builds.overhead)) * one.commitment / one.term * 12.0
        asked = [its for its in w.adherence if its.instrument == row and (its.institution or 0) > Institution.EXECUTIVE_ACT]
        if any(its.stage == Stage.SIGNED for its in asked):
            w.pledged[one.second] += one.commitment / getattr(kind, builds.cost)
            w.waiting[one.first, one.second] += one.commitment


def _add_up(w: Any, bloc: str) -> None:
    """Make a bloc of its members: sums, and means by people over those whose figure is known, over all where it is known of none."""
    members = w.members(bloc)
    for name in ADDED_UP:
        getattr(w, name)[bloc] = sum(getattr(w, name)[state] for state in members)
    for name in INDICES:
        row = w.config.start // 12 - int(w.roster.years[0]) if name == "internet_use" else w.year
        known = [state for state in members if w.roster.flags[name][row, w.place[state]] < Flag.FILLED] or members
        people = sum(w.population[state] for state in known)
        getattr(w, name)[bloc] = sum(getattr(w, name)[state] * w.population[state] for state in known) / people if known else 0.0


def speaker(w: Any, kind: str, party: str) -> str | None:
    """Say who speaks for a party on an agreement type: itself, the first bloc that binds it and alone may, or nobody."""

    def competent(bloc: str, *sorts: str) -> bool:
        mine = [one for one in w.roster.competences if (one.bloc, one.agreement_type) == (bloc, kind) and one.kind in sorts]
        return any(one.start <= w.month < one.until for one in mine)

    if party in w.blocs:
        return party if w.members(party) and competent(party, "exclusive", "shared") else None
    return next((bloc for bloc in w.blocs if w.bound[bloc, party] and competent(bloc, "exclusive")), party)


def _inside_area(w: Any, area: str) -> list[str]:
    """List the parties to whom personal data flow freely within an area; a bloc is inside with all its members."""
    states = {state for state in w.states if w.inside(state, area, by_law=True)}
    blocs = [bloc for bloc in w.blocs if w.members(bloc) and states.issuperset(w.members(bloc))]
    return [*states, *blocs]


def _capability(w: Any, party: str) -> float:
    part, total, year = w.part("roster"), w.roster.world_total, w.year
    cloud = _whole(w)
    shares = (
        (part.gdp_share, w.gdp[party] / float(w.roster.world_gdp[year])),
        (part.material_share, w.material_capability[party] / max(1e-9, float(total["cinc"][year]))),
        (part.cloud_share, w.cloud_capacity[party] / max(1.0, cloud)),
    )
    weights = sum(weight for weight, _ in shares)
    return w.roster.world_states * sum(weight * share for weight, share in shares) / (weights if weights > 0.0 else 1.0)
