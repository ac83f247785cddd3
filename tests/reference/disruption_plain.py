"""The month's shocks, state by state and dyad by dyad: closed borders, bars between two parties, months of elections."""

from __future__ import annotations

import itertools
from typing import Any

from reference.ledger_plain import move, read_coverage
from reference.plain_world import code
from sim.types import Event, Reason, Stage


def step(w: Any, decide: Any) -> None:
    """Undisturb the month, lay each shock over it, average blocs, and suspend or resume what lies between parties that are barred."""
    lasting = [(shock, None) for shock in (*w.config.shocks, *w.config.background)]
    dated = [(event.shock, event) for event in w.config.events if event.shock is not None]
    w.closure, w.barred = dict.fromkeys(w.closure, 0.0), dict.fromkeys(w.barred, 0.0)
    w.vote_shift, w.leaked = dict.fromkeys(w.vote_shift, 0.0), dict.fromkeys(w.leaked, 0.0)
    w.platform_bars, w.ban_readiness = dict.fromkeys(w.platform_bars, 0.0), dict.fromkeys(w.ban_readiness, 1.0)
    w.attendance_rule = dict.fromkeys(w.attendance_rule, 0.0)
    w.share_in_person = dict.fromkeys(w.share_in_person, None)
    w.vaccine_supply = dict.fromkeys(w.vaccine_supply, 0.0)
    w.provider_down, w.provider_price = dict.fromkeys(w.states, 0.0), dict.fromkeys(w.states, 1.0)
    w.site_stop = dict.fromkeys(w.states, 0.0)
    for row in w.links:
        row.severed = 0.0
    on = False
    for n, (shock, event) in enumerate(sorted([*lasting, *dated], key=lambda pair: pair[0].name)):
        if event is not None and not event.start <= w.month < event.until:
            continue
        on = True
        changed = SHOCKS[shock.name](w, shock, w.config.start if event is None else event.start)
        if changed and shock not in w.config.background:
            w.add("felt", month=w.month, shock=n)
    for bloc in w.blocs if on else ():
        members = w.members(bloc)
        people = sum(w.population[state] for state in members)
        for array in (w.closure, w.vote_shift, w.leaked):
            array[bloc] = sum(array[state] * w.population[state] for state in members) / people if members else 0.0
        w.ban_readiness[bloc] = sum(w.ban_readiness[state] * w.population[state] for state in members) / people if members else 1.0
        for name in w.roster.platforms:
            whole = sum(w.platform_bars[state, name] * w.population[state] for state in members)
            w.platform_bars[bloc, name] = whole / people if members else 0.0
    _suspend_and_resume(w)
    for place, event in enumerate(w.config.events):
        if event.kind == "mark" and event.start == w.month:
            w.say(Event.DATED_EVENT, value=float(place))


def _suspend_and_resume(w: Any) -> None:
    """Suspend what binds two who are barred; then let resume what nothing else holds up."""
    moved = False
    for row, one in enumerate(w.instruments):
        barred = one.conference is None and w.bars(one.first, one.second)
        if barred and one.stage in (Stage.IN_FORCE, Stage.SUSPENDED) and one.suspended_for in (0, 2):
            one.suspended_for += 1
            if one.stage == Stage.IN_FORCE:
                move(w, row, Stage.SUSPENDED, Reason.BARRED)
                moved = True
    for row, one in enumerate(w.instruments):
        if one.suspended_for in (1, 3) and not w.bars(one.first, one.second):
            one.suspended_for -= 1
            if one.stage == Stage.SUSPENDED and one.suspended_for == 0:
                move(w, row, Stage.IN_FORCE)
                moved = True
    for one in w.instruments:
        if one.stage == Stage.SUSPENDED and one.conference is None:
            one.months_barred += 1
    if moved:
        read_coverage(w)


def travel_closure(w: Any, shock: Any, since: int) -> bool:
    """Close each state as far as its level of travel control says, straight between whole levels; open outside the table."""
    months = w.roster.closure_months.tolist()
    if w.month not in months:
        return False
    lost, felt = [0.0, shock.screening, shock.quarantine, shock.ban, shock.total], False
    for state, level in zip(w.states, w.roster.closure[months.index(w.month)].tolist(), strict=True):
        below = min(int(level), 3)
        closed = float(shock.strength * (lost[below] + (level - below) * (lost[below + 1] - lost[below])))
        if closed > w.closure[state]:
            w.closure[state], felt = closed, True
    return felt


def sanctions(w: Any, shock: Any, since: int) -> bool:
    """Bar who is under sanctions or at war, and blocs that enough of their people are; say who has become so, and who no longer is."""
    now = _barred(w, shock, w.month)
    before = _barred(w, shock, w.month - 1) if w.month > since else set()
    for event, some in (("bar_began", now - before), ("bar_lifted", before - now)):
        for one, other in [dyad for dyad in w.dyads if dyad in some and w.place[dyad[0]] < w.place[dyad[1]]]:
            w.say(code(event), party_a=one, party_b=other)
    for dyad in now:
        w.barred[dyad] = 1.0
    return bool(now or before)


def _barred(w: Any, shock: Any, month: int) -> set[tuple[str, str]]:
    """List the dyads that are barred in a month, both ways."""
    found = set()
    for name in ("sanctions", "wars") if shock.wars else ("sanctions",):
        for one, other, level in zip(*w.roster.spells[name].at(month), strict=True):
            if shock.strength * level >= shock.level:
                found |= {(w.states[one], w.states[other]), (w.states[other], w.states[one])}
    people = {state: {state: 1.0} for state in w.states}
    for bloc in w.blocs:
        everybody = sum(w.population[state] for state in w.members(bloc))
        people[bloc] = {state: w.population[state] / everybody for state in w.members(bloc)}
    return {
        (a, b)
        for a, b in w.dyads
        if sum(people[a][i] * people[b][j] for i, j in itertools.product(people[a], people[b]) if (i, j) in found)
        >= (shock.minority if a in w.blocs or b in w.blocs else 1.0)
        and people[a]
        and people[b]
    }


def election(w: Any, shock: Any, since: int) -> bool:
    """Let those vote, and no others, who did this month, where the table speaks for them."""
    speaks, votes = w.roster.elections.at(w.month)
    for state, told, voted in zip(w.states, speaks, votes, strict=True):
        if told and shock.recorded:
            w.vote_shift[state] = 1.0 if voted else -1.0
    return bool(shock.recorded and any(speaks))


def leak(w: Any, shock: Any, since: int) -> bool:
    """Lay open the surveillance of those of whom a leak is recorded this month."""
    felt, told = False, w.roster.leaks
    for party, month, size in zip(told.party.tolist(), told.month.tolist(), told.size.tolist(), strict=True):
        if month == w.month:
            w.leaked[w.states[party]] = min(10.0, w.leaked[w.states[party]] + shock.strength * size)
            felt |= shock.strength * size > 0.0
    return felt


def platform_bans(w: Any, shock: Any, since: int) -> bool:
    """Bar what states bar on record, or by a rule of law; nobody bars anything by a decision of its own."""
    video, bars = w.roster.video, {}
    if shock.whom == "recorded":
        rows = (video.ban_state, video.ban_platform, video.ban_since, video.ban_until, video.ban_level)
        for state, k, start, until, level in zip(*(one.tolist() for one in rows), strict=True):
            if start <= w.month < until:
                bars[w.states[state], video.names[k]] = level
    else:
        for name, host in zip(video.names[1:], video.clouds.home.tolist(), strict=True):
            for state in w.states:
                foreign = host < 0 or state != w.states[host]
                if foreign and (
                    shock.whom == "foreign" or (host >= 0 and w.hostility.get((state, w.states[host]), 0.0) >= shock.hostility)
                ):
                    bars[state, name] = 1.0
    felt = any(w.ban_readiness[state] != 0.0 for state in w.states)
    for state in w.states:
        w.ban_readiness[state] = 0.0
    for key, level in bars.items():
        barred = min(max(w.platform_bars[key], shock.extent * level), 1.0)
        felt |= barred != w.platform_bars[key]
        w.platform_bars[key] = barred
    return felt


def attendance_rules(w: Any, shock: Any, since: int) -> bool:
    """Let each body have the rule of attendance that it had this month."""
    told, felt = w.roster.bodies, False
    for b, start, until, rule, share in zip(told.rule_of, told.start, told.until, told.rule, told.share, strict=True):
        if shock.recorded and start <= w.month < until:
            w.attendance_rule[told.names[b]], felt = float(rule), True
            w.share_in_person[told.names[b]] = float(share) if share >= 0.0 else None
    return felt


def vaccines(w: Any, shock: Any, since: int) -> bool:
    """Give each supplier the doses that it shipped abroad this month."""
    told, felt = w.roster.vaccines, False
    for supplier, month, doses in zip(told.supplier, told.month, told.doses, strict=True):
        if month == w.month and shock.strength > 0.0:
            w.vaccine_supply[told.names[supplier]], felt = float(shock.strength * doses), True
    return felt


def link_cuts(w: Any, shock: Any, since: int) -> bool:
    """Cut links on record, all of the two states between which most can pass, or all cables of the state in which most land."""
    serving = [row for row in w.links if row.status == 1]
    if shock.what == "recorded":
        cut: dict[int, float] = {}
        for row, (name, land) in enumerate(zip(w.roster.network.names, w.roster.network.land.tolist(), strict=True)):
            one, other, system = name.split(":", 2)
            for told in w.roster.network.cuts:
                there = told.state in (one, other) and told.partner in ("", one, other) and told.system in ("", system)
                if there and not land and told.since <= w.month <= told.until:
                    cut[row] = max(cut.get(row, 0.0), told.extent)
        hit = [(w.links[row], extent) for row, extent in cut.items()]
    elif shock.what == "widest":
        carries = {way: sum(row.mbps for row in serving if row.way == way) for way in range(len(w.ways))}
        most = max(carries, key=lambda way: carries[way]) if serving else None
        hit = [(row, 1.0) for row in serving if row.way == most]
    else:
        lands = {state: sum(state in (row.first, row.second) for row in serving if not row.land) for state in w.states}
        hub = max(w.states, key=lambda state: lands[state])
        hit = [(row, 1.0) for row in serving if not row.land and hub in (row.first, row.second)]
    felt = False
    for row, extent in hit:
        severed = min(max(row.severed, shock.extent * extent), 1.0)
        felt |= severed != row.severed
        row.severed = severed
    return felt


def _by_service(w: Any) -> list[str]:
    """States by the load of others that their providers serve, those that serve none left out."""
    return sorted((state for state in w.states if w.serves[state] > 0.0), key=lambda state: -w.serves[state])


def provider_outage(w: Any, shock: Any, since: int) -> bool:
    """Let the providers of one home fail for a part of the month."""
    at, homes = ("largest", "second").index(shock.whose), _by_service(w)
    if at >= len(homes):
        return False
    before, w.provider_down[homes[at]] = w.provider_down[homes[at]], max(w.provider_down[homes[at]], shock.extent)
    return bool(w.provider_down[homes[at]] != before)


def price_step(w: Any, shock: Any, since: int) -> bool:
    """Let all providers, or those of the largest home, ask another price."""
    whose = w.states if shock.whose == "all" else _by_service(w)[:1]
    for state in whose:
        w.provider_price[state] *= shock.factor
    return bool(whose) and shock.factor != 1.0


def surveillance_leak(w: Any, shock: Any, since: int) -> bool:
    """Lay open surveillance by the largest home, once."""
    whose = _by_service(w)[:1] if w.month == since else []
    for state in whose:
        w.leaked[state] += shock.size
    return bool(whose) and shock.size > 0.0


def site_limits(w: Any, shock: Any, since: int) -> bool:
    """Forbid a part of what firms would build."""
    told, felt = w.roster.clouds.limits, False
    if shock.what == "everywhere":
        forbidden = [(state, 1.0) for state in w.states]
    else:
        rows = zip(told.host.tolist(), told.since.tolist(), told.until.tolist(), told.extent.tolist(), strict=True)
        forbidden = [(w.states[host], extent) for host, start, until, extent in rows if start <= w.month < until]
    for state, extent in forbidden:
        stop = max(w.site_stop[state], shock.extent * extent)
        felt |= stop != w.site_stop[state]
        w.site_stop[state] = stop
    return felt


SHOCKS = {
    "provider_outage": provider_outage,
    "price_step": price_step,
    "surveillance_leak": surveillance_leak,
    "site_limits": site_limits,
    "link_cuts": link_cuts,
    "attendance_rules": attendance_rules,
    "travel_closure": travel_closure,
    "sanctions": sanctions,
    "election": election,
    "leak": leak,
    "platform_bans": platform_bans,
    "vaccines": vaccines,
}
