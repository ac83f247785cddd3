r"""On what two parties meet on a screen: a hardware bridge with ports, or a cloud that somebody hosts.

Both generations stand side by side. A party's bridge has ports by its means, and turns meetings away by Erlang's B formula; a cloud turns
nobody away, costs by the port-hour, and is hosted under the law of a state that may listen. For two parties a platform that neither bars
is worth

.. math:: q \, (1 - B) \, (1 - g)^n - c \, \bar p - r \, \bar h

with ``q`` what delay leaves of a meeting, over the ways of links and satellites to the host (:mod:`sim.mechanisms.platforms.ways`), ``B``
what a bridge turns away, ``g`` what a gateway takes (``n``: how many of the two have rooms of the other generation), :math:`\bar p` and
:math:`\bar h` the mean over both of what an hour costs and of the chance that the host listens. The best one
carries their meetings: ``carries`` is its worth over that of an ordinary platform, at most 1, because what a screen is worth to contacts is
that of an ordinary meeting. Where none is worth anything, or no way leads there, the two do not meet on a screen. A meeting that finds no
port, or an outage, is held by telephone. What the width of the way leaves, ``way_between``, bounds the line of the two in contacts.

The host's state listens with the chance

.. math:: h = (a + (1 - a) \, \text{hostility}) \, (1 - \text{rights of foreigners})

where it has no seat at the table and its law is not the party's own. What law, prices and hostility say is looked at once a year; between,
only parties whose bars, ways or load of the bridge have changed choose anew.

Sources: Erlang (1917); delay of 150 ms as good and 400 ms as the limit (ITU-T G.114); prices and delays of a vendor
(``video_platforms.csv``). Ports by means, gateways, the weights of price and fear and the chance of listening are assumed and swept.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.data.further.platforms import Video
from sim.declare.arrays import Array, Axis
from sim.declare.neutral import Neutral, each
from sim.declare.words import Word
from sim.mechanisms.platforms import equations, ways
from sim.mechanisms.platforms.equations import BRIDGE
from sim.mechanisms.platforms.words import STATE, WORDS
from sim.ports import Held, LinkTerms, PlatformTerms
from sim.registry import param, part, switch
from sim.rng import identities, uniforms
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Event

WORK_HOURS = 2000.0
"""Hours of work in a year, by which GDP a head becomes what an hour earns."""
NS_PER_KM = 5000.0
"""How long light takes for a km of glass fibre."""


@part(
    "mechanism",
    name="platforms",
    title="Platforms",
    title_id="Platform",
    sentence_id="Rapat lewat layar berjalan di atas jembatan perangkat keras yang portnya terbatas, atau layanan awan yang tuan "
    "rumahnya dapat menyadap.",
)
@dataclass(frozen=True)
class Platforms:
    """Meetings on a screen run over hardware bridges with few ports, or over clouds whose host may listen."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "all_alike",
            "Every platform is as good as any other, none is ever full or down, and nobody listens.",
            "Semua platform sama baiknya, tidak pernah penuh atau terganggu, dan tidak ada yang menyadap.",
            (
                *each("mechanisms.platforms", 0.0, "delay_loss", "gateway_loss", "price_weight", "fear", "stands_for"),
                *each("mechanisms.platforms", 0.0, "cloud_outage_rate", "bridge_outage_rate"),
                *each("mechanisms.interception", 0.0, "intrusion_rate", "known_rate"),
            ),
            "contacts_video",
            scenario="pandemic_lockdown",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "latency", "reaches", "mean_latency", "joined", "wide_up", "wide_mbps", "way_out", "way_between", "latency_then",
        "gdp", "population", "member", "hostility", "rights_of_foreigners", "platform_bars", "barred_until", "shut", "own_law", "hears",
        "dear", "ports", "bridge_asked", "bridge_load", "turned_away", "on_cloud", "out", "bridge_out", "platform_between",
        "bridge_between", "carries",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "shut", "own_law", "hears", "dear", "ports", "bridge_load", "turned_away", "on_cloud", "out", "bridge_out", "carries",
        "platform_between", "bridge_between", "way_out", "way_between", "latency_then",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("events",)
    words: ClassVar[tuple[Word, ...]] = WORDS
    state: ClassVar[tuple[Array | Axis, ...]] = STATE
    needs: ClassVar[tuple[type, ...]] = (LinkTerms,)
    offers: ClassVar[tuple[type, ...]] = (PlatformTerms,)

    bridges: bool = switch(True, source="assumed", meaning="Whether there are hardware bridges.")
    clouds: bool = switch(True, source="assumed", meaning="Whether there are clouds.")
    ports_usual: float = param(
        20.0, unit="ports", low=0.0, high=1000.0, source="assumed", meaning="Ports of a party's own bridge at GDP 10^11 USD."
    )
    ports_elasticity: float = param(
        0.5, unit="elasticity", low=0.0, high=1.0, source="assumed", meaning="How ports grow with GDP, up to the largest bridge on sale."
    )
    ports_least: int = param(
        4, unit="ports", low=0, high=100, source="assumed: a room system that joins a few others", meaning="Ports that every party has."
    )
    meeting_hours: float = param(
        1.5, unit="hours", low=0.1, high=8.0, source="assumed, as hours_video", meaning="Hours for which a meeting keeps its ports busy."
    )
    stands_for: float = param(
        30.0,
        unit="meetings",
        low=0.0,
        high=1000.0,
        source="assumed: a ministry's other meetings on a screen",
        meaning="Meetings on a party's bridge for which one contact stands.",
    )
    busy_hours: float = param(
        160.0, unit="hours a month", low=20.0, high=730.0, source="assumed: working hours", meaning="Hours in which they are held."
    )
    load_memory: float = param(
        0.5, unit="share a month", low=0.0, high=0.95, source="assumed", meaning="How slowly the load that parties expect moves."
    )
    noticed: float = param(
        0.02,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Change of what a bridge turns away that makes parties choose anew.",
    )
    delay_good: float = param(150.0, unit="ms", low=0.0, high=399.0, source="ITU-T G.114", meaning="One-way delay that disturbs nobody.")
    delay_limit: float = param(400.0, unit="ms", low=400.0, high=2000.0, source="ITU-T G.114", meaning="One-way delay at the limit.")
    delay_loss: float = param(
        0.2, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of a meeting's worth that delay at the limit takes."
    )
    route: float = param(
        1.5,
        unit="factor",
        low=1.0,
        high=4.0,
        source="assumed",
        meaning="Way of a signal over ground over the great circle, at 200 km a millisecond, where no path of links is known.",
    )
    video_mbps: float = param(
        4.0,
        unit="Mbit/s",
        low=0.5,
        high=20.0,
        source="memory: vendors ask 2 to 4 each way for a group in high definition",
        meaning="Width that a meeting on a screen needs, v.",
    )
    meetings_at_once: float = param(
        30.0, unit="meetings", low=1.0, high=1000.0, source="assumed, as stands_for", meaning="Meetings that a state holds at once, m."
    )
    noticed_delay: float = param(
        10.0, unit="ms", low=0.0, high=100.0, source="assumed", meaning="Change of a state's mean latency that makes it choose anew."
    )
    gateway_loss: float = param(
        0.15, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part that a gateway to rooms of the other generation takes."
    )
    price_weight: float = param(
        0.2, unit="share", low=0.0, high=1.0, source="assumed", meaning="How much the price of a port counts against what an hour earns, c."
    )
    fear: float = param(
        1.0, unit="share", low=0.0, high=2.0, source="assumed", meaning="How much the chance that the host listens counts, r."
    )
    friends_listen: float = param(
        0.1, unit="probability", low=0.0, high=1.0, source="assumed", meaning="Chance that a host without hostility or law listens, a."
    )
    ordinary: float = param(
        0.85,
        unit="share",
        low=0.1,
        high=1.0,
        source="assumed: the middle pair of 2020 loses nothing, as what a screen is worth was set without platforms",
        meaning="Worth of the platform of an ordinary meeting; better ones bring no more.",
    )
    bar_level: float = param(
        0.5,
        unit="share",
        low=0.05,
        high=1.0,
        source="assumed",
        meaning="Part of a party's dealings barred from which on it bars a platform.",
    )
    cloud_outage_rate: float = param(
        0.1, unit="probability a month", low=0.0, high=1.0, source="assumed: about one a year", meaning="Chance that a cloud fails."
    )
    cloud_outage: float = param(
        0.01,
        unit="share of the month",
        low=0.0,
        high=1.0,
        source="assumed, with 99.9 % promised in view",
        meaning="How long it then fails.",
    )
    bridge_outage_rate: float = param(
        0.05, unit="probability a month", low=0.0, high=1.0, source="assumed", meaning="Chance that a party's bridge fails."
    )
    bridge_outage: float = param(
        0.05, unit="share of the month", low=0.0, high=1.0, source="assumed: a repair of a day or two", meaning="How long it then fails."
    )

    def step(self, world: World, decide: Any) -> None:
        """Let platforms fail, and parties choose anew where something has changed."""
        there = self._on_offer(world)
        self._fail(world, there)
        afresh = self._afresh(world)
        if afresh:
            self._look(world)
        expected = self._expect(world)
        net, sites = self._net(world), ways.sites_of(world.setting.roster, world.setting.config.start)
        elsewhere = self._rerouted(world, net, sites)
        shut = (world.platform_bars >= self.bar_level) | (world.barred_until > world.month)
        shut[:, BRIDGE] = False
        moved = (shut != world.shut).any(axis=1) | (np.abs(expected - world.turned_away) > self.noticed)
        if afresh:
            moved[:] = True
        world.shut[:] = shut
        world.turned_away[moved] = expected[moved]
        moved |= elsewhere
        if not moved.any():
            return
        n = world.setting.n_states
        world.way_out[:] = net[3]
        world.latency_then[moved[:n]] = world.mean_latency[moved[:n]]
        self._choose(world, there, moved, net, sites)

    def hold(self, world: World, edge: Ints, rank: Ints, on_screen: Bools) -> Held:
        """Return what becomes of this month's contacts; see :class:`sim.ports.PlatformTerms`."""
        setting, n = world.setting, len(edge)
        found = Held(np.full(n, -1, dtype=np.int8), np.full(n, -1, dtype=np.int32), np.zeros(n, dtype=np.bool_))
        equations.hold(
            edge, rank, on_screen, setting.edges.row, setting.edges.col, setting.identity, np.uint64(world.seed), luck.SCREEN.key,
            np.uint64(world.month), world.platform_between, world.bridge_between, world.ports // 2, self._erlangs(), world.out,
            world.bridge_out, *found,
        )  # fmt: skip
        return found

    def _erlangs(self) -> float:
        """Return what one contact offers to a bridge."""
        return self.stands_for * self.meeting_hours / self.busy_hours

    def _on_offer(self, world: World) -> Bools:
        """Say which platforms there are this month, (platforms,)."""
        video, month = world.setting.roster.video, world.month
        there = np.zeros(len(video.names), dtype=np.bool_)
        there[BRIDGE] = self.bridges and bool(_on_sale(video, month).any())
        there[BRIDGE + 1 :] = self.clouds & (video.clouds.since <= month) & (month < video.clouds.until)
        return there

    def _fail(self, world: World, there: Bools) -> None:
        """Draw this month's outages and write them to the ledger."""
        setting, video = world.setting, world.setting.roster.video
        ids = _identities(video)
        fails = there & (uniforms(world.seed, luck.OUTAGE, world.month, ids) < self.cloud_outage_rate)
        fails[BRIDGE] = False
        world.out[:] = np.where(fails, self.cloud_outage, 0.0)
        of_own = uniforms(world.seed, luck.OUTAGE, world.month, setting.identity, index=1) < self.bridge_outage_rate
        of_own &= there[BRIDGE] & (world.ports > 0)
        world.bridge_out[:] = np.where(of_own, self.bridge_outage, 0.0)
        for k in where_true(fails).tolist():
            host = int(video.clouds.home[k - 1])
            world.events.append(month=world.month, event=self._code(world), party_a=host, platform_used=k, value=self.cloud_outage)
        whose = where_true(of_own)
        world.events.extend(
            len(whose), month=world.month, event=self._code(world), party_a=whose, platform_used=BRIDGE, bridge_used=whose,
            value=self.bridge_outage,
        )  # fmt: skip

    def _code(self, world: World) -> int:
        return world.setting.words.code("event", "outage")

    def _afresh(self, world: World) -> bool:
        """Say whether everybody looks anew: at the start, each January, when a platform comes or goes, and when a lever moves."""
        month, config = world.month, world.setting.config
        if month % 12 == 0 or month == config.start or month in _turns(world.setting.roster.video):
            return True
        return bool(np.any(world.events["event"][world.first_event() :] == Event.ACTION))

    def _look(self, world: World) -> None:
        """Renew what changes by the year: whose law binds a host, who may listen, what an hour costs, and how many ports parties have."""
        setting, video = world.setting, world.setting.roster.video
        home, n = video.clouds.home, setting.n_states
        world.own_law[:] = False
        for k, host in enumerate(home.tolist(), start=1):
            if host >= 0:
                world.own_law[host, k] = True
                world.own_law[n:, k] = world.member[:, host]
        world.hears[:] = 0.0
        for k, host in enumerate(home.tolist(), start=1):
            if host >= 0:
                world.hears[:, k] = self._listens(world, host)
        world.hears[world.own_law] = 0.0
        sale, bridges = _on_sale(video, world.month), video.bridges
        price = np.concatenate(([bridges.price[sale].min() if sale.any() else 0.0], video.clouds.price))
        earned = world.gdp / np.maximum(world.population, 1.0) / WORK_HOURS
        whole = price[None, :] + earned[:, None]
        world.dear[:] = np.divide(price[None, :], whole, out=np.zeros_like(whole), where=whole > 0.0)
        world.ports[:] = 0
        if self.bridges and sale.any():
            wanted = self.ports_usual * (np.maximum(world.gdp, 1.0) / 1e11) ** self.ports_elasticity
            world.ports[:] = np.minimum(np.maximum(np.floor(wanted), self.ports_least), bridges.ports[sale].max())

    def _listens(self, world: World, host: int) -> Floats:
        """Return the chance that a state listens to each party's meetings on what it hosts, (P,)."""
        edges, hostility = world.setting.edges, np.zeros(world.setting.n_parties)
        towards = edges.rev[edges.start[host] : edges.start[host + 1]]
        hostility[edges.row[towards]] = world.hostility[towards]
        a = self.friends_listen
        return np.asarray((a + (1.0 - a) * hostility) * (1.0 - world.rights_of_foreigners[host]))

    def _expect(self, world: World) -> Floats:
        """Remember last month's load on each bridge, and return what each is expected to turn away, (P,)."""
        offered = self._erlangs() * world.bridge_asked
        world.bridge_load[:] = self.load_memory * world.bridge_load + (1.0 - self.load_memory) * offered
        expected = np.empty_like(offered)
        equations.turned_away(world.bridge_load, world.ports // 2, expected)
        return expected

    def _net(self, world: World) -> ways.Net:
        """Return what joins states this month."""
        terms, enough = world.setting.terms(LinkTerms), self.video_mbps * self.meetings_at_once
        felt, out = terms.felt and len(world.links) > 0, np.ones(world.setting.n_states)
        if felt:
            by_satellite = min(1.0, terms.satellite_mbps / enough)
            ways.ways_out(int(world.reaches.argmax()), world.joined, world.wide_up, world.wide_mbps, enough, by_satellite, out)
        return (
            felt, world.latency, world.joined, out, world.wide_up, world.wide_mbps, enough, 1e6 * terms.satellite_delay,
            self.route * NS_PER_KM,
        )  # fmt: skip

    def _rerouted(self, world: World, net: ways.Net, sites: ways.Sites) -> Bools:
        """Say whose ways have changed since they last chose, (P,)."""
        moved = np.zeros(world.setting.n_parties, dtype=np.bool_)
        if net[0]:
            ways.rerouted(
                world.joined, net[3], world.way_out, world.mean_latency, world.latency_then, self.noticed_delay, sites.gate, sites.first,
                sites.member, moved,
            )  # fmt: skip
        return moved

    def _choose(self, world: World, there: Bools, moved: Bools, net: ways.Net, sites: ways.Sites) -> None:
        """Let parties that have moved choose their own generation, and the best platform with everybody."""
        setting, roster = world.setting, world.setting.roster
        video, edges = roster.video, setting.edges
        sale = _on_sale(video, world.month)
        delay = np.concatenate(([video.bridges.delay[sale].min() if sale.any() else 0.0], video.clouds.delay))
        may = np.ones((setting.n_parties, len(there)), dtype=np.bool_)
        may[:, BRIDGE + 1 :] = video.clouds.for_all | (np.arange(setting.n_parties)[:, None] == video.clouds.home)
        site_start, site_ns = sites.start, np.empty((setting.n_parties, len(sites.gate)))
        ways.to_sites(sites.km, sites.gate, sites.beyond, sites.first, sites.member, *net, site_ns)
        numbers = (self.delay_good, self.delay_limit, self.delay_loss)
        servers = world.ports // 2
        equations.own_systems(
            moved, there, may, world.shut, world.hears, world.dear, delay, site_start, site_ns, servers,
            world.turned_away, *numbers, self.price_weight, self.fear, world.on_cloud,
        )  # fmt: skip
        way = np.empty(edges.n)
        ways.between_all(
            moved, edges.start, edges.col, edges.rev, edges.distance, sites.first, sites.member, *net, way, world.way_between
        )  # fmt: skip
        equations.choose(
            moved, edges.start, edges.col, edges.rev, way, there, may, world.shut, world.own_law, world.hears, world.dear,
            delay, site_start, site_ns, servers, world.turned_away, world.on_cloud, *numbers,
            self.gateway_loss, self.price_weight, self.fear, self.ordinary, world.carries, world.platform_between, world.bridge_between,
        )  # fmt: skip


_OFFERED: type[PlatformTerms] = Platforms


def _on_sale(video: Video, month: int) -> Bools:
    """Say which bridges are on sale in a month, (R,)."""
    found: Bools = (video.bridges.since <= month) & (month < video.bridges.until)
    return found


@functools.lru_cache(maxsize=8)
def _turns(video: Video) -> frozenset[int]:
    """Return the months in which a platform comes or goes."""
    return frozenset(np.concatenate([ends for one in (video.bridges, video.clouds) for ends in (one.since, one.until)]).tolist())


@functools.lru_cache(maxsize=8)
def _identities(video: Video) -> NDArray[np.uint64]:
    """Return the identities of all platforms, by name, (platforms,)."""
    return identities(video.names)
