"""Cables and land lines, link by link: faults, repair, growth, and paths looked for afresh each month, from every state."""

from __future__ import annotations

import heapq
import math
from typing import Any

import numpy as np

from reference.plain_world import code
from sim import luck
from sim.rng import identity, uniform, uniforms
from sim.types import NEVER

NO_PATH = 2**31 - 1
ANNOUNCED, IN_SERVICE, ABANDONED, RETIRED = 0, 1, 2, 3


def begin(w: Any) -> None:
    """Lay out the links of the start."""
    part, net = w.part("links"), w.roster.network
    rows = []
    for at, name in enumerate(net.names):
        ends = w.states[net.first[at]], w.states[net.second[at]]
        waits = net.since[at] == NEVER
        rows.append((at, name, ends, waits))
    for ends in sorted({ends for _, _, ends, _ in rows}, key=lambda pair: (w.place[pair[0]], w.place[pair[1]])):
        w.add("ways", first=ends[0], second=ends[1])
    for at, name, ends, waits in rows:
        km = float(net.km[at]) * (part.land_route if net.land[at] else 1.0)
        since, key = 0 if waits else int(net.since[at]), int(identity(name))
        w.add(
            "links", first=ends[0], second=ends[1], way=_way(w, ends), land=bool(net.land[at]),
            stands=name.endswith(":join"), km=km, ns=_ns(w, part, ends, km),
            mbps=0 if waits else _capacity(part, since // 12 if since else 2010, w.month), status=ANNOUNCED if waits else IN_SERVICE,
            due=max(int(net.planned[at]), w.month) + _delay(w, part, key) if waits else None, since=since,
            by_content=int(net.owner[at]) == 1, key=key,
        )  # fmt: skip
    for at, state in enumerate(w.states):
        w.satellite_barred[state] = bool(net.barred[at] <= w.month < net.barred_until[at])
        w.satellite[state] = bool(net.service[at] <= w.month) and not w.satellite_barred[state]
    _look(w)


def step(w: Any, decide: Any) -> None:
    """Repair, open, announce and break links, and look for paths."""
    part = w.part("links")
    if w.month % 12 == 0:
        _age(w, part)
    if w.month % 12 == 0 or w.month == w.config.start:
        _want(w, part)
    for row in [row for row in w.links if row.days_down > 0]:
        row.days_down = max(row.days_down - 30, 0)
        if row.days_down == 0:
            w.say(code("link_repaired"), party_a=row.first, party_b=row.second)
    _deliver(w, part)
    _announce(w, part)
    for row in w.links:
        _fail(w, part, row)
    _serve(w, part)
    _look(w)


def _way(w: Any, ends: tuple[str, str]) -> int:
    """Return the number of the way between two states, first by code, which is there or is added."""
    for at, row in enumerate(w.ways):
        if (row.first, row.second) == ends:
            return at
    return int(w.add("ways", first=ends[0], second=ends[1]))


def _ns(w: Any, part: Any, ends: tuple[str, str], km: float) -> int:
    away = float(w.roster.distance(w.place[ends[0]], w.place[ends[1]]))
    return math.floor(part.fibre_delay * max(km, away) + 1e6 * part.hop_delay)


def _capacity(part: Any, year: int, month: int) -> int:
    fresh = part.capacity * 1e6 * (1.0 + part.capacity_growth) ** (year - 2010)
    return max(math.floor(fresh * (1.0 + part.upgrade) ** max(month // 12 - year, 0)), 1)


def _lasts(u: float, median: float, shape: float) -> float:
    return median * math.exp(math.log(u / (1.0 - u)) / shape)


def _delay(w: Any, part: Any, key: int) -> int:
    return math.ceil(_lasts(uniform(w.seed, luck.LINK_DELAY, w.month, np.uint64(key)), part.delay_months, part.delay_shape))


def _age(w: Any, part: Any) -> None:
    links_of = dict.fromkeys(w.states, 0)
    for row in w.links:
        if row.status == IN_SERVICE:
            links_of[row.first] += 1
            links_of[row.second] += 1
    for row in w.links:
        if row.status != IN_SERVICE or row.land or not row.since or w.month - row.since < 12 * part.retire_age:
            continue
        retires = uniform(w.seed, luck.LINK_RETIRED, w.month, np.uint64(row.key)) < part.retire_rate
        if retires and links_of[row.first] > 1 and links_of[row.second] > 1:
            links_of[row.first] -= 1
            links_of[row.second] -= 1
            row.status, row.days_down = RETIRED, 0
            w.say(code("link_retired"), party_a=row.first, party_b=row.second)
    for row in w.links:
        if row.status == IN_SERVICE:
            row.mbps = math.floor(row.mbps * (1.0 + part.upgrade))


def _want(w: Any, part: Any) -> None:
    year, coast = w.month // 12, dict(zip(w.states, w.roster.network.coast.tolist(), strict=True))
    new = _capacity(part, year, w.month)
    promised: dict[tuple[str, str], int] = {}
    for row in w.links:
        if row.status in (ANNOUNCED, IN_SERVICE):
            promised[row.first, row.second] = promised.get((row.first, row.second), 0) + (new if row.status == ANNOUNCED else row.mbps)
    demand = part.demand * 1e6 * (1.0 + part.demand_growth) ** (year - 2010)
    between = [(one, other) for one, other in w.dyads if one in w.states and other in w.states]
    traded = sum(w.trade_known[dyad] for dyad in between)
    whole = dict.fromkeys(w.states, 0.0)
    w.link_pull = dict.fromkeys(w.link_pull, 0.0)
    for state in w.states:
        reach = _widest(w, state, promised)
        for other in [partner for partner in w.partners[state] if partner in w.states]:
            both = w.trade_known[state, other] + w.trade_known[other, state]
            by_sea, facts = coast[state] and coast[other], w.facts[state, other]
            joined = promised.get((min(state, other), max(state, other)), 0) > 0
            if both <= 0.0 or not (by_sea or (facts.border > 0.0 and not joined)):
                continue
            asked = demand * (both / traded)
            km = facts.distance * (part.sea_route if by_sea else part.land_route)
            w.link_pull[state, other] = km**-part.cost_elasticity * asked / (asked + max(reach.get(other, 0), new))
            whole[state] += w.link_pull[state, other]
    total, rate = sum(whole.values()), part.announce_rate * sum(coast.values()) / 12.0
    for state in w.states:
        w.link_plans[state] = min(0.5, rate * whole[state] / total) if total > 0.0 else 0.0


def _widest(w: Any, state: str, width: dict[tuple[str, str], int]) -> dict[str, int]:
    """Return how wide the widest path from a state to each other is, by Dijkstra's algorithm with the narrowest way in place of a sum."""
    neighbours: dict[str, list[tuple[str, int]]] = {}
    for (one, other), mbps in width.items():
        if mbps > 0:
            neighbours.setdefault(one, []).append((other, mbps))
            neighbours.setdefault(other, []).append((one, mbps))
    found: dict[str, int] = {}
    heap = [(-(2**62), state)]
    while heap:
        narrow, here = heapq.heappop(heap)
        if here not in found:
            found[here] = -narrow
            for other, mbps in neighbours.get(here, []):
                heapq.heappush(heap, (-min(-narrow, mbps), other))
    return found


def _deliver(w: Any, part: Any) -> None:
    due = [row for row in w.links if row.status == ANNOUNCED and row.due <= w.month]
    dropped = []
    for row in due:
        share = part.built_content if row.by_content else part.built
        if uniform(w.seed, luck.LINK_FATE, w.month, np.uint64(row.key)) < share:
            row.status, row.since, row.mbps = IN_SERVICE, w.month, _capacity(part, w.month // 12, w.month)
            w.say(code("link_landed"), party_a=row.first, party_b=row.second, value=row.mbps / 1e6)
        else:
            row.status = ABANDONED
            dropped.append(row)
    for row in dropped:
        w.say(code("link_abandoned"), party_a=row.first, party_b=row.second)


def _announce(w: Any, part: Any) -> None:
    coast = dict(zip(w.states, w.roster.network.coast.tolist(), strict=True))
    chosen = [state for state in w.states if uniform(w.seed, luck.LINK_ANNOUNCED, w.month, identity(state)) < w.link_plans[state]]
    for state in chosen:
        race = {
            other: -math.log(uniform(w.seed, luck.LINK_PARTNER, w.month, identity(state), identity(other))) / w.link_pull[state, other]
            for other in w.partners[state]
            if w.link_pull[state, other] > 0.0
        }
        other = min(race, key=lambda one: race[one])
        ends = (state, other) if w.place[state] < w.place[other] else (other, state)
        land = not (coast[state] and coast[other])
        km = float(w.facts[state, other].distance) * (part.land_route if land else part.sea_route)
        key = int(identity(f"{state}>{other}:{w.month}"))
        w.add(
            "links", first=ends[0], second=ends[1], way=_way(w, ends), land=land, km=km, ns=_ns(w, part, ends, km), status=ANNOUNCED,
            announced=w.month, due=w.month + part.lead_months + _delay(w, part, key), since=0, by_content=False, stands=False, key=key,
        )  # fmt: skip
        w.say(code("link_announced"), party_a=state, party_b=other, value=km)
        if w.reaches[state] == 0:
            w.link_plans[state] = 0.0


def _fail(w: Any, part: Any, row: Any) -> None:
    if row.status != IN_SERVICE or row.days_down > 0 or row.stands:
        return
    key = np.array([row.key], dtype=np.uint64)
    fails, long = (float(uniforms(w.seed, luck.LINK_FAULT, w.month, key, word=word)[0]) for word in (0, 1))
    rate, median = (part.land_fault_rate, part.land_repair_days) if row.land else (part.fault_rate, part.repair_days)
    if fails < 1.0 - math.exp(-rate * row.km / 12000.0):
        row.days_down = min(math.ceil(_lasts(long, median, part.repair_shape)), 720)
        w.say(code("link_fault"), party_a=row.first, party_b=row.second, value=float(row.days_down))


def _serve(w: Any, part: Any) -> None:
    if w.month < 12 * part.satellites_since:
        return
    chance = 1.0 - math.exp(math.log(1.0 - min(part.satellite_rate, 0.999)) / 12.0)
    for state in w.states:
        if w.satellite[state] or w.satellite_barred[state]:
            continue
        if uniform(w.seed, luck.SATELLITE, w.month, identity(state)) < chance:
            w.satellite[state] = True
            w.say(code("satellite_service"), party_a=state)


def _look(w: Any) -> None:
    """Say what each way carries this month, and look for the shortest and the widest paths."""
    for way in w.ways:
        way.length, way.open_mbps = NO_PATH, 0
    w.links_open = dict.fromkeys(w.states, 0)
    for row in w.links:
        left = int(row.mbps * (1.0 - row.severed)) * max(30 - row.days_down, 0) // 30
        if row.status == IN_SERVICE and left > 0:
            way = w.ways[row.way]
            way.length, way.open_mbps = min(way.length, row.ns), way.open_mbps + left
            w.links_open[row.first] += 1
            w.links_open[row.second] += 1
    for state in w.states:
        far = _shortest(w, state)
        for other in w.states:
            w.latency[state, other] = far.get(other, NO_PATH)
        w.reaches[state] = len(far) - 1
        w.mean_latency[state] = sum(far.values()) / (len(far) - 1) / 1e6 if len(far) > 1 else 0.0
    _join(w)
    _joined(w)


def _joined(w: Any) -> None:
    """Say what joins each state with most others: the part in which most are, that of the first by code where several are as large."""
    if not w.part("links").felt or not w.links:
        w.joined = dict.fromkeys(w.states, 2)
        return
    most = max(w.states, key=lambda state: w.reaches[state])
    for state in w.states:
        if state == most or w.latency[most, state] < NO_PATH:
            w.joined[state], w.linked[state] = 2, True
        else:
            w.joined[state] = 1 if w.satellite[state] else 0


def _shortest(w: Any, state: str) -> dict[str, int]:
    neighbours: dict[str, list[tuple[str, int]]] = {}
    for way in w.ways:
        if way.length < NO_PATH:
            neighbours.setdefault(way.first, []).append((way.second, way.length))
            neighbours.setdefault(way.second, []).append((way.first, way.length))
    found: dict[str, int] = {}
    heap = [(0, state)]
    while heap:
        far, here = heapq.heappop(heap)
        if here not in found and far < NO_PATH:
            found[here] = far
            for other, length in neighbours.get(here, []):
                heapq.heappush(heap, (far + length, other))
    return found


def _join(w: Any) -> None:
    """Join parts by the widest ways first, a smaller part under the root of a larger one."""
    root = {state: state for state in w.states}
    members = {state: [state] for state in w.states}
    for at, state in enumerate(w.states):
        w.wide_up[state], w.wide_mbps[state] = at, 0
    for way in sorted(w.ways, key=lambda one: -one.open_mbps):
        one, other = root[way.first], root[way.second]
        if way.open_mbps == 0 or one == other:
            continue
        under, over = sorted((one, other), key=lambda part: (len(members[part]), -w.place[part]))
        w.wide_up[under], w.wide_mbps[under] = w.place[over], way.open_mbps
        for state in members.pop(under):
            root[state] = over
            members[over].append(state)
