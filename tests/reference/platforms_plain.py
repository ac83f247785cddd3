"""Platforms, pair by pair: what fails, who bars what, what two parties meet on, and what becomes of each of the month's meetings."""

from __future__ import annotations

import math
from typing import Any

from reference.links_plain import _widest
from reference.plain_world import code
from sim import luck
from sim.rng import identity, uniform
from sim.types import Event

EARTH_KM, LIGHT_NS_PER_KM = 6371.0, 5000.0


def step(w: Any, decide: Any) -> None:
    """Let platforms fail; let parties choose anew where something has changed."""
    part, there = w.part("platforms"), on_offer(w)
    _fail(w, part, there)
    afresh = w.month % 12 == 0 or w.month == w.config.start or bool(w.this_month(Event.ACTION)) or _turns(w)
    if afresh:
        _look(w, part)
    expected = _expected(w, part)
    outs = _ways_out(w, part)
    elsewhere = _rerouted(w, part, outs)
    shut = {
        (party, name): name != "bridge" and (level >= part.bar_level or w.barred_until[party, name] > w.month)
        for (party, name), level in w.platform_bars.items()
    }
    names = w.roster.platforms
    moved = {
        party
        for party in w.parties
        if afresh
        or any(shut[party, name] != w.shut[party, name] for name in names)
        or abs(expected[party] - w.turned_away[party]) > part.noticed
    }
    for party in moved:
        w.turned_away[party] = expected[party]
        for name in names:
            w.shut[party, name] = shut[party, name]
    w.way_out = outs
    for state in (moved | elsewhere) & set(w.states):
        w.latency_then[state] = w.mean_latency[state]
    moved |= elsewhere
    for party in moved:
        w.on_cloud[party] = _rather_on_a_cloud(w, part, there, party)
    for one, other in w.dyads:
        if w.place[one] < w.place[other] and (one in moved or other in moved):
            worth, name, whose = _best(w, part, there, one, other)
            left = _way(w, part, one, other)[1]
            for dyad in ((one, other), (other, one)):
                w.way_between[dyad] = left
                w.carries[dyad] = min(worth / part.ordinary, 1.0)
                w.platform_between[dyad] = None if name is None else names.index(name)
                w.bridge_between[dyad] = whose


def erlang_b(load: float, servers: int) -> float:
    """Return what is turned away, by the formula itself: ``(A^N / N!) / sum over n of A^n / n!``, from logarithms."""
    if servers == 0:
        return 1.0
    if load == 0.0:
        return 0.0
    terms = [n * math.log(load) - math.lgamma(n + 1) for n in range(servers + 1)]
    top = max(terms)
    return math.exp(terms[-1] - top) / sum(math.exp(one - top) for one in terms)


def erlangs(w: Any) -> float:
    """Return what one contact offers to a bridge."""
    part = w.part("platforms")
    return float(part.stands_for * part.meeting_hours / part.busy_hours)


def hold(w: Any, contacts: list[Any]) -> list[tuple[int | None, str | None, bool]]:
    """Say of each contact on a screen (owner, partner, rank) its platform, whose bridge that is, and whether it is held at all."""
    one, offered, carried, found = erlangs(w), dict.fromkeys(w.parties, 0.0), dict.fromkeys(w.parties, 0.0), []
    for owner, partner, _ in contacts:
        if w.platform_between[owner, partner] == 0:
            offered[w.bridge_between[owner, partner]] += one
    turned = {party: erlang_b(load, w.ports[party] // 2) if load > 0.0 else 0.0 for party, load in offered.items()}
    for owner, partner, rank in contacts:
        at, whose = w.platform_between[owner, partner], w.bridge_between[owner, partner]
        if at is None:
            found.append((None, None, False))
            continue
        finds = (1.0 - turned[whose]) * (1.0 - w.bridge_out[whose]) if at == 0 else 1.0 - w.out[w.roster.platforms[at]]
        held = uniform(w.seed, luck.SCREEN, w.month, identity(owner), identity(partner), index=int(rank)) < finds
        if held and at == 0:
            held = carried[whose] + one <= w.ports[whose] // 2
            carried[whose] += one if held else 0.0
        found.append((at, whose, held))
    return found


def on_offer(w: Any) -> set[str]:
    """List the platforms that there are this month."""
    part, video = w.part("platforms"), w.roster.video
    clouds = video.clouds
    found = {
        name
        for name, since, until in zip(video.names[1:], clouds.since.tolist(), clouds.until.tolist(), strict=True)
        if part.clouds and since <= w.month < until
    }
    return found | ({"bridge"} if part.bridges and _sale(w) else set())


def _sale(w: Any) -> list[int]:
    """List the bridges on sale, by their places."""
    bridges = w.roster.video.bridges
    return [n for n, (since, until) in enumerate(zip(bridges.since, bridges.until, strict=True)) if since <= w.month < until]


def _turns(w: Any) -> bool:
    video = w.roster.video
    return any(w.month in ends for one in (video.bridges, video.clouds) for ends in (one.since.tolist(), one.until.tolist()))


def _fail(w: Any, part: Any, there: set[str]) -> None:
    clouds = w.roster.video.clouds
    for k, name in enumerate(w.roster.platforms):
        drawn = uniform(w.seed, luck.OUTAGE, w.month, identity(name))
        w.out[name] = part.cloud_outage if name in there - {"bridge"} and drawn < part.cloud_outage_rate else 0.0
        if w.out[name] > 0.0:
            home = int(clouds.home[k - 1])
            w.say(code("outage"), party_a=None if home < 0 else w.states[home], platform_used=k, value=part.cloud_outage)
    for party in w.parties:
        drawn = uniform(w.seed, luck.OUTAGE, w.month, identity(party), index=1)
        fails = "bridge" in there and w.ports[party] > 0 and drawn < part.bridge_outage_rate
        w.bridge_out[party] = part.bridge_outage if fails else 0.0
        if fails:
            w.say(code("outage"), party_a=party, platform_used=0, bridge_used=party, value=part.bridge_outage)


def _look(w: Any, part: Any) -> None:
    """Look at law, prices and hostility anew, and buy ports."""
    video, sale = w.roster.video, _sale(w)
    price = [min((float(video.bridges.price[n]) for n in sale), default=0.0), *video.clouds.price.tolist()]
    for k, name in enumerate(w.roster.platforms):
        host = None if k == 0 or video.clouds.home[k - 1] < 0 else w.states[video.clouds.home[k - 1]]
        for party in w.parties:
            mine = host is not None and (party == host or (party in w.blocs and bool(w.member[party, host])))
            w.own_law[party, name] = mine
            hostile = w.hostility.get((party, host), 0.0)
            listens = (part.friends_listen + (1.0 - part.friends_listen) * hostile) * (1.0 - w.rights_of_foreigners[host]) if host else 0.0
            w.hears[party, name] = 0.0 if mine else listens
            whole = price[k] + w.gdp[party] / max(w.population[party], 1.0) / 2000.0
            w.dear[party, name] = price[k] / whole if whole > 0.0 else 0.0
    most = max((float(video.bridges.ports[n]) for n in sale), default=0.0)
    for party in w.parties:
        wanted = math.floor(part.ports_usual * (max(w.gdp[party], 1.0) / 1e11) ** part.ports_elasticity)
        w.ports[party] = int(min(max(wanted, part.ports_least), most)) if part.bridges and sale else 0


def _expected(w: Any, part: Any) -> dict[str, float]:
    """Remember last month's load on each bridge, and say what each is expected to turn away."""
    for party in w.parties:
        offered = erlangs(w) * w.bridge_asked[party]
        w.bridge_load[party] = part.load_memory * w.bridge_load[party] + (1.0 - part.load_memory) * offered
    return {party: erlang_b(w.bridge_load[party], w.ports[party] // 2) for party in w.parties}


def _left(part: Any, delay: float) -> float:
    """Return what a delay leaves of a meeting."""
    return max(0.0, 1.0 - part.delay_loss * max(0.0, delay - part.delay_good) / (part.delay_limit - part.delay_good))


def _delay(w: Any, part: Any, name: str, way: float) -> float:
    """Return the delay of a platform over a way of so many ns, ms."""
    video = w.roster.video
    if name == "bridge":
        return min(float(video.bridges.delay[n]) for n in _sale(w)) + way * 1e-6
    return float(video.clouds.delay[video.names.index(name) - 1]) + way * 1e-6


def _felt(w: Any) -> bool:
    """Say whether links are felt: asked for, and there at all."""
    return bool(w.part("links").felt and w.links)


def _left_of(part: Any, mbps: float) -> float:
    """Return what a width leaves of a meeting."""
    return min(1.0, mbps / (part.video_mbps * part.meetings_at_once))


def _ways_out(w: Any, part: Any) -> dict[str, float]:
    """Return what the way of each state to most others leaves of a meeting."""
    if not _felt(w):
        return dict.fromkeys(w.states, 1.0)
    most = max(w.states, key=lambda state: w.reaches[state])
    by_satellite = _left_of(part, w.part("links").satellite_mbps)
    wide = _widest(w, most, {(way.first, way.second): way.open_mbps for way in w.ways})
    links = {state: 1.0 if state == most else _left_of(part, wide.get(state, 0)) for state in w.states}
    return {state: links[state] if w.joined[state] == 2 else by_satellite * w.joined[state] for state in w.states}


def _rerouted(w: Any, part: Any, outs: dict[str, float]) -> set[str]:
    """List whose ways have changed since they last chose: states', and those of blocs with their members'."""
    if not _felt(w):
        return set()
    found = set()
    for state in w.states:
        change = abs(w.mean_latency[state] - w.latency_then[state])
        if outs[state] != w.way_out[state] or change > (part.noticed_delay if w.joined[state] == 2 else 0.0):
            found.add(state)
    hosts = {_nearest(w, site)[0] for name in w.roster.platforms[1:] for site in _sites(w, name)}
    if any(outs[host] != w.way_out[host] for host in hosts):
        return set(w.parties)
    return found | {bloc for bloc in w.blocs if found & set(_founders(w, bloc))}


def _founders(w: Any, bloc: str) -> list[str]:
    """List the members of a bloc as the run began."""
    return [state for state in w.states if w.inside(state, bloc, month=w.config.start)]


def _between(w: Any, part: Any, one: str, other: str, km: float) -> tuple[float, float]:
    """Return the delay of the way between two states, and what its width leaves of a meeting."""
    if w.latency[one, other] < 2**31 - 1:
        if one == other:
            return 0.0, 1.0
        wide = _widest(w, one, {(way.first, way.second): way.open_mbps for way in w.ways})
        return w.latency[one, other], _left_of(part, wide[other])
    apart = [state for state in (one, other) if w.joined[state] < 2]
    if not all(w.joined[state] for state in apart):
        return math.inf, 0.0
    delay = math.floor(km * (part.route * LIGHT_NS_PER_KM) + len(apart) * (1e6 * w.part("links").satellite_delay))
    outs = _ways_out(w, part)
    return delay, min(outs[one], outs[other])


def _way(w: Any, part: Any, one: str, other: str) -> tuple[float, float]:
    """Return the same of two parties: the mean over members that have a way."""
    km = float(w.facts[one, other].distance)
    if not _felt(w):
        return math.floor(km * (part.route * LIGHT_NS_PER_KM)), 1.0
    behind = [_founders(w, party) if party in w.blocs else [party] for party in (one, other)]
    ways = [_between(w, part, a, b, km) for a in behind[0] for b in behind[1] if a != b]
    ways = [way for way in ways if way[0] < math.inf]
    if not ways:
        return math.inf, 0.0
    return math.floor(sum(way[0] for way in ways) / len(ways)), sum(way[1] for way in ways) / len(ways)


def _sites(w: Any, name: str) -> list[tuple[float, float]]:
    """List where the servers of a cloud stand."""
    clouds, k = w.roster.video.clouds, w.roster.platforms.index(name) - 1
    return [(lat, lon) for of, lat, lon in zip(clouds.site_of, clouds.site_lat, clouds.site_lon, strict=True) if of == k]


def _nearest(w: Any, site: tuple[float, float]) -> tuple[str, float]:
    """Return the state whose capital is nearest to a place, and how far it is; 0 where it is the capital itself."""
    far = {state: _km((w.roster.lat[at], w.roster.lon[at]), site, 0.0) for at, state in enumerate(w.states)}
    state = min(far, key=lambda one: far[one])
    return state, far[state] if far[state] >= 1.0 else 0.0


def _to_sites(w: Any, part: Any, party: str, name: str) -> list[float]:
    """Return the delay of the way from a party to each server of a cloud, ns; a bloc as its members at the start are on average."""
    sites = _sites(w, name)
    if party in w.blocs:
        every = [_to_sites(w, part, state, name) for state in _founders(w, party)]
        reached = [[ns for ns in one if ns < math.inf] for one in zip(*every, strict=True)]
        return [math.floor(sum(one) / len(one)) if one else math.inf for one in reached] if every else [0.0] * len(sites)
    here = (w.roster.lat[w.place[party]], w.roster.lon[w.place[party]])
    if not _felt(w):
        return [math.floor(_km(here, site) * (part.route * LIGHT_NS_PER_KM)) for site in sites]
    found = []
    for site in sites:
        gate, beyond = _nearest(w, site)
        found.append(_between(w, part, party, gate, _km(here, site))[0] + math.floor(beyond * (part.route * LIGHT_NS_PER_KM)))
    return found


def _km(one: tuple[float, float], other: tuple[float, float], least: float = 50.0) -> float:
    a, b, c, d = (math.radians(float(angle)) for angle in (*one, *other))
    half = math.sin((a - c) / 2.0) ** 2 + math.cos(a) * math.cos(c) * math.sin((b - d) / 2.0) ** 2
    return max(2.0 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0))), least)


def _opens(w: Any, party: str, name: str) -> bool:
    """Say whether a party may open a meeting on a cloud: anybody, or its home alone."""
    clouds, k = w.roster.video.clouds, w.roster.platforms.index(name) - 1
    return bool(clouds.for_all[k]) or (party in w.states and clouds.home[k] == w.place[party])


def _rather_on_a_cloud(w: Any, part: Any, there: set[str], party: str) -> bool:
    bridge, cloud = -1.0, -1.0
    if "bridge" in there and w.ports[party] // 2 > 0:
        bridge = _left(part, _delay(w, part, "bridge", 0.0)) * (1.0 - w.turned_away[party]) - part.price_weight * w.dear[party, "bridge"]
    for name in sorted(there - {"bridge"}):
        if not w.shut[party, name] and _opens(w, party, name):
            way = 2.0 * min(_to_sites(w, part, party, name), default=math.inf)
            if way == math.inf:
                continue
            worth = _left(part, _delay(w, part, name, way)) - part.price_weight * w.dear[party, name] - part.fear * w.hears[party, name]
            cloud = max(cloud, worth)
    return cloud > bridge


def _best(w: Any, part: Any, there: set[str], one: str, other: str) -> tuple[float, str | None, str | None]:
    """Return the worth of the best platform for two parties, its name, and whose bridge it is."""
    best: tuple[float, str | None, str | None] = (0.0, None, None)
    both = (one, other)
    clouds, way = sum(bool(w.on_cloud[party]) for party in both), _way(w, part, one, other)[0]
    for name in w.roster.platforms:
        if name not in there:
            continue
        price = part.price_weight * sum(w.dear[party, name] for party in both) / 2.0
        if name == "bridge":
            if way == math.inf:
                continue
            well = _left(part, _delay(w, part, name, way)) * (1.0 - part.gateway_loss) ** clouds
            for whose in both:
                worth = well * (1.0 - w.turned_away[whose]) - price
                if w.ports[whose] // 2 > 0 and worth > best[0]:
                    best = (worth, name, whose)
            continue
        if any(w.shut[party, name] for party in both) or not any(_opens(w, party, name) for party in both):
            continue
        ways = zip(*(_to_sites(w, part, party, name) for party in both), strict=True)
        by_host = min((sum(pair) for pair in ways), default=math.inf)
        if by_host == math.inf:
            continue
        well = _left(part, _delay(w, part, name, by_host))
        well *= (1.0 - part.gateway_loss) ** (2 - clouds)
        heard = 0.0 if any(w.own_law[party, name] for party in both) else sum(w.hears[party, name] for party in both) / 2.0
        worth = well - price - part.fear * heard
        if worth > best[0]:
            best = (worth, name, None)
    return best
