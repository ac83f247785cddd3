r"""How links come and go: cables age and retire, links that are announced come into service or are given up, and new ones are announced.

**Capacity** is that of the year in which a link came into service, and a part is added each January by better equipment at its ends.

**New links.** Each January the pull of a pair is

.. math:: p_{ij} = K_{ij}^{-b} \, \frac{q_{ij}}{q_{ij} + B_{ij}}, \qquad q_{ij} = Q \, \frac{X_{ij} + X_{ji}}{\sum X}

with ``X`` digital trade as known, ``Q`` what all states ask for, ``K`` the km that would be laid and ``B`` the bandwidth between the two
once all that is announced is built, at least that of one new link, which cannot be laid in parts. Two states with a coast may be joined by
sea, other neighbours by land where no line joins them yet. Announcements are shared out among states by their pull; with whom is a race of
exponentials by :math:`p_{ij}`. What is announced is due
after a lead and a delay, and then either comes into service or is given up. Links announced before the run wait likewise, for their delay
from the start or from the date that was promised, if that is later.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.ground import widths
from sim.mechanisms.links import equations
from sim.mechanisms.links.words import ABANDONED, ANNOUNCED, IN_SERVICE, RETIRED
from sim.rng import identity, uniforms
from sim.state.world import Ints, World

if TYPE_CHECKING:
    from sim.mechanisms.links.rule import Links

FIRST_YEAR = 2010
"""Year to which capacity and demand are given; a link of unknown age counts as one of it."""
MOST = 0.5
"""Largest chance that a state announces a link in a month."""


def capacities(part: Links, since: Any, month: int) -> Any:
    """Return what links carry that came into service in some months, Mbit/s, (n,)."""
    years = np.where(since > 0, since // 12, FIRST_YEAR).tolist()
    # One by one: NumPy's powers may differ from Python's in the last bit, and a floor would make a Mbit/s of it.
    known = {year: capacity(part, year, month // 12) for year in set(years)}
    return np.array([known[year] for year in years], dtype=np.int64)


def capacity(part: Links, year: int, now: int) -> int:
    """Return what a link of some year carries by now, Mbit/s."""
    fresh = part.capacity * 1e6 * (1.0 + part.capacity_growth) ** (year - FIRST_YEAR)
    return max(math.floor(fresh * (1.0 + part.upgrade) ** max(now - year, 0)), 1)


def delays(part: Links, world: World, ids: Any, month: int) -> Any:
    """Return how much later than announced links come, in months, (n,)."""
    drawn = uniforms(world.seed, luck.LINK_DELAY, month, ids)
    return np.array([math.ceil(equations.lasts(u, part.delay_months, part.delay_shape)) for u in drawn.tolist()], dtype=np.int64)


def ways(world: World, first: Any, second: Any) -> Any:
    """Add the ways that the links of the start belong to, sorted by states, and return which one each does, (n,)."""
    n = world.setting.n_states
    asked, place = np.unique(first * n + second, return_inverse=True)
    world.ways.extend(len(asked), first=asked // n, second=asked % n)
    return place


def latencies(part: Links, km: Any, away: Any) -> Any:
    """Return what links add to latency, ns, (n,): ``away`` is the distance between capitals."""
    return np.floor(part.fibre_delay * np.maximum(km, away) + 1e6 * part.hop_delay).astype(np.int32)


def age(part: Links, world: World) -> None:
    """Let old cables retire that are not the last of a state, and add to what the others carry."""
    links, month = world.links, world.month
    serving = links["status"] == IN_SERVICE
    old = serving & ~links["land"] & (links["since"] > 0) & (month - links["since"] >= 12 * part.retire_age)
    rows = where_true(old)
    if len(rows):
        rows = rows[uniforms(world.seed, luck.LINK_RETIRED, month, links["key"][rows]) < part.retire_rate]
    held = np.bincount(np.concatenate([links[end][serving] for end in ("first", "second")]), minlength=world.setting.n_states)
    for r in rows.tolist():
        ends = int(links["first"][r]), int(links["second"][r])
        if min(held[ends[0]], held[ends[1]]) > 1:
            held[list(ends)] -= 1
            links["status"][r], links["days_down"][r] = RETIRED, 0
            say(world, "link_retired", ends)
    if part.upgrade > 0.0:
        rows = where_true(links["status"] == IN_SERVICE)
        links["mbps"][rows] = np.floor(links["mbps"][rows] * (1.0 + part.upgrade)).astype(np.int64)


def want(part: Links, world: World) -> None:
    """Renew the pull of pairs, and how likely each state is to announce a link in a month."""
    setting, edges, links, ways = world.setting, world.setting.edges, world.links, world.ways
    net, n, year = setting.roster.network, setting.n_states, world.month // 12
    # As promised: what is down is repaired, and what is announced is built.
    fresh = np.where(links["status"] == ANNOUNCED, capacity(part, year, year), links["mbps"])
    counts, promised = links["status"] <= IN_SERVICE, np.zeros(len(ways), dtype=np.int64)
    np.add.at(promised, links["way"][counts], fresh[counts])
    up, width = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int64)
    first, second = ways["first"], ways["second"]
    widths.forest(first, second, promised, widths.widest_first(promised), up, width)
    joined, whole = np.zeros(edges.n, dtype=np.bool_), np.zeros(n)
    for one, other in ((first, second), (second, first)):
        at = edges.find_all(one[promised > 0], other[promised > 0])
        joined[at[at >= 0]] = True
    demand = part.demand * 1e6 * (1.0 + part.demand_growth) ** (year - FIRST_YEAR)
    equations.pull(
        edges.start, edges.col, edges.rev, edges.distance, edges.border, joined, net.coast, world.trade_known, up, width, demand,
        capacity(part, year, year), part.cost_elasticity, part.sea_route, part.land_route, world.link_pull, whole,
    )  # fmt: skip
    equations.chances(whole, part.announce_rate * int(net.coast.sum()) / 12.0, MOST, world.link_plans)


def deliver(part: Links, world: World) -> None:
    """Let links that are due come into service, or be given up."""
    links, month = world.links, world.month
    # Every link is due in a month after the one in which it is announced, or after the start.
    rows = where_true(links["due"] == np.int32(month))
    if not len(rows):
        return
    share = np.where(links["by_content"][rows], part.built_content, part.built)
    comes = uniforms(world.seed, luck.LINK_FATE, month, links["key"][rows]) < share
    built, dropped = rows[comes], rows[~comes]
    links["status"][built], links["since"][built] = IN_SERVICE, month
    links["mbps"][built] = capacities(part, links["since"][built], month)
    links["status"][dropped] = ABANDONED
    say_all(world, "link_landed", built, value=links["mbps"][built] / 1e6)
    say_all(world, "link_abandoned", dropped)


def announce(part: Links, world: World) -> None:
    """Let states, and the firms in them, announce links."""
    setting, edges, month = world.setting, world.setting.edges, world.month
    n, chosen, seed = setting.n_states, np.zeros(setting.n_states, dtype=np.bool_), np.uint64(world.seed)
    equations.drawn_below(seed, luck.LINK_ANNOUNCED.key, np.uint64(month), setting.identity[:n], world.link_plans, chosen)
    who = where_true(chosen)
    if not len(who):
        return
    edge = np.empty(len(who), dtype=np.int64)
    equations.partners(seed, luck.LINK_PARTNER.key, np.uint64(month), who, edges.start, edges.col, setting.identity, world.link_pull, edge)
    whom, coast, away = edges.col[edge], setting.roster.network.coast, edges.distance[edge]
    land = ~(coast[who] & coast[whom])
    km = away * np.where(land, part.land_route, part.sea_route)
    codes, first, second = setting.codes, np.minimum(who, whom), np.maximum(who, whom)
    ids = np.array([identity(f"{codes[i]}>{codes[j]}:{month}") for i, j in zip(who.tolist(), whom.tolist(), strict=True)], dtype=np.uint64)
    world.links.extend(
        len(who), first=first, second=second, way=_found(world, first, second), land=land, km=km, ns=latencies(part, km, away),
        status=ANNOUNCED, announced=month, due=month + part.lead_months + delays(part, world, ids, month), since=0, by_content=False,
        stands=False, key=ids,
    )  # fmt: skip
    code = setting.words.code("event", "link_announced")
    world.events.extend(len(who), month=month, event=code, party_a=who, party_b=whom, value=km)
    # Who is cut off waits for what it has announced.
    world.link_plans[who[world.reaches[who] == 0]] = 0.0


def _found(world: World, first: Any, second: Any) -> Any:
    """Return the ways that a few links belong to, (n,); new ones are added in the order of the links."""
    table, out = world.ways, np.empty(len(first), dtype=np.int32)
    equations.find_ways(table["first"], table["second"], first, second, out)
    for k in where_true(out < 0).tolist():
        equations.find_ways(table["first"], table["second"], first[k : k + 1], second[k : k + 1], out[k : k + 1])
        if out[k] < 0:
            out[k] = len(table)
            table.append(first=first[k], second=second[k])
    return out


def say_all(world: World, word: str, rows: Ints, **told: Any) -> None:
    """Write an event of some links into the ledger, a row each."""
    if len(rows):
        links = world.links
        code = world.setting.words.code("event", word)
        world.events.extend(len(rows), month=world.month, event=code, party_a=links["first"][rows], party_b=links["second"][rows], **told)


def say(world: World, word: str, ends: tuple[int, int], **told: Any) -> None:
    """Write an event of one link into the ledger."""
    world.events.append(month=world.month, event=world.setting.words.code("event", word), party_a=ends[0], party_b=ends[1], **told)
