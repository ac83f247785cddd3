"""The cloud market, choice by choice: what each is worth, who renews, what follows for each state and each pair."""

from __future__ import annotations

import math
from typing import Any

from reference.plain_world import code
from sim import luck
from sim.rng import identity, uniform

PUBLIC, PRIVATE, SOVEREIGN, HYBRID = 0, 1, 2, 3
NO_PATH = 2**31 - 1
LEAST = 0.01


def begin(w: Any) -> None:
    """Lay out offers and choices; then move the constants of places until what lies in each state is what stands there."""
    part, regions = w.part("market"), dict[tuple[str, str], int]()
    host, home, count = w.roster.clouds.pairs(w.month)
    for s, p, many in zip(host.tolist(), home.tolist(), count.tolist(), strict=True):
        regions[w.states[s], w.states[p]] = many
    abroad = {p: sum(many for (s, q), many in regions.items() if q == p and s != p) for p in w.states}
    large = [p for p in w.states if abroad[p] >= 3]
    pairs = {*regions, *((s, s) for s in w.states), *((s, p) for s in w.states for p in large)}
    for s, p in sorted(pairs, key=lambda pair: (w.place[pair[0]], w.place[pair[1]])):
        w.add("cloud_offers", host=s, home=p, since=0 if (s, p) in regions or s == p else None, serves=0.0)
    whole = max(sum(regions.values()), 1)
    region = [regions.get((row.host, row.home), 0) / whole for row in w.cloud_offers]
    size = {p: sum(share for row, share in zip(w.cloud_offers, region, strict=True) if row.home == p) for p in w.states}
    for u in w.states:
        _look(w, part, u, large, size, region)
    for u in w.states:
        w.load_renewed[u], w.stored[u] = _load(w, part, u), w.cloud_capacity[u]
    _price(w, part)
    for at in range(101):
        for u in w.states:
            _choose(w, part, u, 1.0, size, region)
        _add_up(w, part)
        if at < 100:
            for s in w.states:
                gap = math.log(max(w.cloud_capacity[s], 0.01) / max(w.stored[s], 0.01))
                w.place_pull[s] = min(max(w.place_pull[s] + 0.6 * gap, -8.0), 8.0)
            size, region = _sizes(w)
    _between(w, part)


def step(w: Any, decide: Any) -> None:
    """Let those renew whose month it is, and add up."""
    part = w.part("market")
    for p in w.states:
        w.failures[p] = part.memory * w.failures[p] + w.provider_down[p]
    if w.month % 12 == 0:
        _between(w, part)
        _enter(w, part)
    _price(w, part)
    size, region = _sizes(w)
    fear = {u: _fear(w, u) for u in w.states}
    for u in w.states:
        if int(identity(u)) % 12 == w.month % 12 and part.renewed > 0.0:
            load = _load(w, part, u)
            rate = part.renewed * (1.0 - (1.0 - part.switching) * min(1.0, w.load_renewed[u] / max(load, 1e-9)))
            _choose(w, part, u, rate, size, region, fear[u])
            w.load_renewed[u] = load
    _add_up(w, part)


def _load(w: Any, part: Any, u: str) -> float:
    return float(w.load[u] * (1.0 + part.remote_work * w.closure[u]))


def _large(part: Any, share: float) -> float:
    return float(part.by_size * math.log(max(share, LEAST)))


def _look(w: Any, part: Any, u: str, large: list[str], size: dict[str, float], region: list[float]) -> None:
    """Add the choices of a user: offers at home, the best elsewhere by size, distance and friendship, then its own modes."""

    def value(at: int) -> float:
        row = w.cloud_offers[at]
        known = 0.0
        if row.home == u:
            known = part.by_friends
        elif (u, row.home) in w.facts:
            known = part.by_friends * w.alliance_weight[u, row.home] - part.by_enemies * w.hostility[u, row.home]
        attraction = _large(part, size[row.home]) + part.by_region * math.log(max(region[at], LEAST))
        return attraction + known - part.by_latency * (w.latency[u, row.host] / 1e6)

    rows = range(len(w.cloud_offers))
    away = [at for at in rows if w.cloud_offers[at].host != u and w.latency[u, w.cloud_offers[at].host] < NO_PATH]
    best = sorted(away, key=lambda at: -value(at))[: part.looked_at]
    for at in sorted([*best, *(at for at in rows if w.cloud_offers[at].host == u)]):
        _add(w, u, w.cloud_offers[at].host, w.cloud_offers[at].home, PUBLIC, at)
    _add(w, u, u, u, PRIVATE, None)
    _add(w, u, u, u, SOVEREIGN, None)
    for p in large:
        if p != u:
            _add(w, u, u, p, HYBRID, None)


def _add(w: Any, u: str, s: str, p: str, mode: int, offer: int | None) -> None:
    ends = {"to_host": (u, s), "to_home": (u, p)}
    w.add("clouds", user=u, host=s, home=p, mode=mode, offer=offer, **{k: pair if pair in w.facts else None for k, pair in ends.items()})


def _sizes(w: Any) -> tuple[dict[str, float], list[float]]:
    whole = sum(row.serves for row in w.cloud_offers)
    region = [row.serves / whole if whole > 0.0 else 0.0 for row in w.cloud_offers]
    return {p: sum(x for row, x in zip(w.cloud_offers, region, strict=True) if row.home == p) for p in w.states}, region


def _price(w: Any, part: Any) -> None:
    for s in w.states:
        rule = min(max((w.figure("rule_of_law", s) + 2.5) / 5.0, 0.0), 1.0)
        if w.stored[s] <= 0.0:
            scarce = 0.0
        elif w.cloud_capacity[s] <= 0.0:
            scarce = 1e9**part.scarcity
        else:
            scarce = (w.stored[s] / w.cloud_capacity[s]) ** part.scarcity
        w.cloud_price[s] = (1.0 + part.risk * (1.0 - rule)) * min(max(scarce, part.lowest), part.highest)


def _fear(w: Any, u: str) -> float:
    whose = w.exposed_to[u]
    if whose is None:
        return 0.0
    return float(w.exposure[u] * (1.0 - w.alliance_weight.get((u, whose), 0.0)) / 2.0)


def _let(w: Any, u: str, s: str) -> float:
    """How much of what law binds may lie there."""
    if s == u:
        return 1.0
    if (u, s) not in w.facts:
        return 0.0
    return 1.0 if w.free_flow[u, s] else max(w.freed[kind, u, s] for kind in w.kinds)


def _worth(w: Any, part: Any, row: Any, size: dict[str, float], region: list[float], fear: float) -> float:
    u, s, p = row.user, row.host, row.home
    cost = {PUBLIC: 0.0, PRIVATE: part.private_cost, SOVEREIGN: part.sovereign_cost, HYBRID: part.hybrid_cost}[row.mode]
    out = w.place_pull[s] - part.by_price * (math.log(w.cloud_price[s]) + math.log(1.0 + cost))
    if row.mode == PRIVATE:
        return out + float(part.private)
    if row.mode == SOVEREIGN:
        return out + float(part.sovereign + part.by_fear * fear + part.by_technology * w.technology[u])
    out += _large(part, size[p]) - part.by_price * math.log(w.provider_price[p]) - part.by_failures * w.failures[p]
    kind = part.by_friends + part.by_technology * w.technology[u]
    if p != u:
        kind = -part.by_leaks * (w.salience[p] - 1.0) * (1.0 - w.rights_of_foreigners[p])
        if (u, p) in w.facts:
            kind += part.by_friends * w.alliance_weight[u, p] - part.by_enemies * w.hostility[u, p]
    if row.mode == HYBRID:
        return out + 0.5 * kind + float(part.hybrid + part.at_home)
    out += part.by_region * math.log(max(region[row.offer], LEAST)) + kind - part.by_latency * (w.latency[u, s] / 1e6)
    return out + float(part.at_home) if s == u else out - part.by_law * w.own_safeguards[u] * (1.0 - _let(w, u, s))


def _choose(w: Any, part: Any, u: str, rate: float, size: dict[str, float], region: list[float], fear: float | None = None) -> None:
    fear = _fear(w, u) if fear is None else fear
    mine = [row for row in w.clouds if row.user == u and (row.mode != PUBLIC or w.cloud_offers[row.offer].since is not None)]
    let = [_let(w, u, row.host) for row in mine]
    weight = [0.0 if w.latency[u, row.host] == NO_PATH else math.exp(_worth(w, part, row, size, region, fear)) for row in mine]
    whole, home = sum(weight), sum(a * b for a, b in zip(weight, let, strict=True))
    for row in w.clouds:
        if row.user == u:
            row.free, row.bound = row.free * (1.0 - rate), row.bound * (1.0 - rate)
    for row, may in zip(mine, let, strict=True):
        row.bound *= may
    left = 1.0 - sum(row.bound for row in mine)
    for row, may, pull in zip(mine, let, weight, strict=True):
        row.free += rate * pull / whole
        row.bound += left * pull * may / home


def _share(w: Any, part: Any, row: Any) -> float:
    tied = part.tied * w.localisation[row.user]
    return float((1.0 - tied) * row.free + tied * row.bound)


def _add_up(w: Any, part: Any) -> None:
    for offer in w.cloud_offers:
        offer.serves = 0.0
    for name in ("stored", "serves", "cloud_exports", "cloud_imports", "lies_at_home", "in_own_hands", "cut_off_from_data"):
        setattr(w, name, dict.fromkeys(w.states, 0.0))
    reach: dict[str, dict[str, float]] = {u: {} for u in w.states}
    for row in w.clouds:
        u, s, p, share = row.user, row.host, row.home, _share(w, part, row)
        mw = _load(w, part, u) * share
        w.stored[s] += mw
        w.lies_at_home[u] += share * (s == u)
        w.in_own_hands[u] += share * (p == u)
        if row.mode == PUBLIC:
            w.cloud_offers[row.offer].serves += mw
            for who in {s, p}:
                reach[u][who] = reach[u].get(who, 0.0) + share
        if row.mode == HYBRID:
            reach[u][p] = reach[u].get(p, 0.0) + 0.5 * share
        if p != u:
            w.serves[p] += mw
            paid = part.usd_per_mw * mw * w.cloud_price[s] * w.provider_price[p]
            w.cloud_exports[p] += paid
            w.cloud_imports[u] += paid
        if w.latency[u, s] == NO_PATH:
            w.cut_off_from_data[u] += share
        elif row.mode in (PUBLIC, HYBRID):
            w.cut_off_from_data[u] += share * w.provider_down[p]
    for u in w.states:
        others = {who: part_of for who, part_of in reach[u].items() if who != u and part_of > 0.0}
        w.exposed_to[u] = min(others, key=lambda who: (-others[who], w.place[who])) if others else None
        w.exposure[u] = max(others.values(), default=0.0)


def _between(w: Any, part: Any) -> None:
    """Say of each pair what the partner holds of the owner's load, and what its law reaches."""
    w.held, w.reached = dict.fromkeys(w.dyads, 0.0), dict.fromkeys(w.dyads, 0.0)
    for row in w.clouds:
        share = _share(w, part, row)
        if row.mode == PUBLIC:
            if row.to_home is not None:
                w.held[row.to_home] += share
                w.reached[row.to_home] += share
            if row.to_host is not None and row.host != row.home:
                w.reached[row.to_host] += share
        elif row.mode == HYBRID and row.to_home is not None:
            w.held[row.to_home] += 0.5 * share
            w.reached[row.to_home] += 0.5 * share
    for (u, other), run in w.run_by.items():
        if u in w.states and run > 0.0 and w.cloud_capacity[u] > 0.0:
            w.reached[u, other] = min(1.0, w.reached[u, other] + w.lies_at_home[u] * min(1.0, run / w.cloud_capacity[u]))
    for values in (w.held, w.reached):
        for bloc in w.blocs:
            inside, whole = w.members(bloc), sum(w.load[state] for state in w.members(bloc))
            if whole <= 0.0:
                continue
            for other in w.states:
                if other in inside:
                    continue
                if (bloc, other) in w.facts:
                    values[bloc, other] = sum(values.get((i, other), 0.0) * (w.load[i] / whole) for i in inside)
                if (other, bloc) in w.facts:
                    values[other, bloc] = sum(values.get((other, i), 0.0) for i in inside)


def _enter(w: Any, part: Any) -> None:
    for offer in w.cloud_offers:
        if offer.since is not None:
            continue
        shares = [_share(w, part, row) for row in w.clouds if (row.user, row.home, row.mode) == (offer.host, offer.home, PUBLIC)]
        pull = _load(w, part, offer.host) * sum(shares) + w.run_by.get((offer.host, offer.home), 0.0)
        if pull <= 0.0:
            continue
        chance = 1.0 - math.exp(-part.entry * (1.0 - w.site_stop[offer.host]) * pull / (pull + part.entry_load))
        if uniform(w.seed, luck.CLOUD_ENTRY, w.month, identity(offer.host), identity(offer.home)) < chance:
            offer.since = w.month
            w.say(code("cloud_region_opened"), party_a=offer.home, party_b=offer.host, value=pull)
