r"""Cables and land lines join states; they fail and are repaired, old ones retire, and of those announced a third is not built.

A **link** is one cable system, or one land line, between two states. Its latency is

.. math:: \ell = \lfloor c \, \max(L, D) + h \rfloor

ns, with ``L`` its length and ``D`` the distance between capitals in km (so that no path is shorter than the way itself, although a state is
one point), ``c`` the delay of fibre and ``h`` what passing a state's exchange adds. Latency between any two states is that of the shortest
path of open links (:mod:`sim.ground.paths`), bandwidth the width of the widest one (:mod:`sim.ground.widths`): parallel links count by the
shortest, and by the sum of what they carry.

**Faults.** A link fails in a month with probability :math:`1 - e^{-\lambda L / 12}`; its repair takes a log-logistic time. While it is
down for a part of a month it carries the rest of it; where it is down for all of it, it is closed.

**What rests on them.** The largest part that open links make is that of the state that reaches most others, of equals the first by code.
A state outside it is *joined* with most others by satellites in low orbit where they serve it, and else by nothing. Meetings on a screen
(:mod:`sim.mechanisms.platforms`, :mod:`sim.mechanisms.bodies`, :mod:`sim.mechanisms.assembly`) and digital trade
(:mod:`sim.mechanisms.effects`) read it. Where the run has no links at all, or they are not ``felt``, all are joined.

How links come and go: :mod:`sim.mechanisms.links.growth`. Nothing that happened after the start is read: the roster holds links in service
and announced as the run begins (:mod:`sim.data.network`).

Sources: ICPC (2025) on faults; operators and 34 large events in the press on repair; the yearly lists of cables on what is built and when;
the delay of light in fibre of index 1.468; users' measurements of satellites. Departs from the wet plant: a ring is a line, and a state is
one point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.data.further.ground import OWNERS
from sim.declare.arrays import Array, Rows
from sim.declare.neutral import Neutral, each
from sim.declare.words import Word
from sim.ground import paths, widths
from sim.mechanisms.links import equations, growth
from sim.mechanisms.links.words import ANNOUNCED, BY_LINKS, IN_SERVICE, STATE, WORDS
from sim.ports import LinkTerms
from sim.registry import param, part, switch
from sim.rng import identities
from sim.state.world import Bools, World
from sim.types import NEVER


@part(
    "mechanism",
    name="links",
    title="Cables and land lines",
    title_id="Kabel dan sambungan darat",
    sentence_id="Kabel dan sambungan darat menghubungkan negara; mereka putus dan diperbaiki, dan yang baru diumumkan serta dipasang.",
)
@dataclass(frozen=True)
class Links:
    """Cables and land lines join states; they fail and are repaired, and new ones are announced and laid."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_faults",
            "No link fails.",
            "Tidak ada sambungan yang putus.",
            each("mechanisms.links", 0.0, "fault_rate", "land_fault_rate"),
            "links_down",
        ),
        Neutral(
            "nothing_built",
            "No link is announced or built, none retires, and none is made better.",
            "Tidak ada sambungan yang diumumkan, dibangun, dihentikan, atau ditingkatkan.",
            each("mechanisms.links", 0.0, "announce_rate", "built", "built_content", "upgrade", "retire_rate"),
            "link_capacity",
        ),
        Neutral(
            "not_felt",
            "Meetings and trade need no link.",
            "Rapat dan perdagangan tidak memerlukan sambungan.",
            (("mechanisms.links.felt", False),),
            "contacts_video",
            scenario="pandemic_lockdown",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "trade_known", "severed", "latency", "wide_up", "wide_mbps", "links_open", "reaches", "mean_latency", "link_pull", "link_plans",
        "satellite", "satellite_barred", "joined", "linked",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "latency", "wide_up", "wide_mbps", "links_open", "reaches", "mean_latency", "link_pull", "link_plans", "satellite",
        "joined", "linked",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("links", "ways", "events")
    words: ClassVar[tuple[Word, ...]] = WORDS
    state: ClassVar[tuple[Array | Rows, ...]] = STATE
    offers: ClassVar[tuple[type, ...]] = (LinkTerms,)

    felt: bool = switch(True, source="assumed", meaning="Whether meetings on a screen and digital trade need links.")
    fibre_delay: float = param(
        4900.0, unit="ns/km", low=4800.0, high=5100.0, source="light in glass of index 1.468", meaning="Delay of a km of fibre, c."
    )
    hop_delay: float = param(
        0.5, unit="ms", low=0.0, high=5.0, source="assumed", meaning="What a link adds besides: landing, regeneration, exchange, h."
    )
    land_route: float = param(
        1.3, unit="factor", low=1.0, high=2.0, source="assumed", meaning="Length of a land line over the way between capitals."
    )
    sea_route: float = param(
        1.3, unit="factor", low=1.0, high=2.0, source="assumed", meaning="Length of a new cable over the way between capitals."
    )
    fault_rate: float = param(
        0.14,
        unit="faults per 1,000 km a year",
        low=0.0,
        high=0.2,
        source="ICPC 2025: some 175 faults a year on 1.0 (2014) to 1.7 million km (2025), so 0.175 to 0.10",
        meaning="How often a cable fails.",
    )
    land_fault_rate: float = param(
        0.1,
        unit="faults per 1,000 km a year",
        low=0.0,
        high=2.0,
        source="assumed; most cuts on land are mended within hours",
        meaning="How often a land line fails for days.",
    )
    repair_days: float = param(
        20.0,
        unit="days",
        low=7.0,
        high=60.0,
        source="operators: 7 to 21 where permits are easy; 34 listed large events: median 27.5",
        meaning="Median time to the repair of a cable.",
    )
    land_repair_days: float = param(3.0, unit="days", low=1.0, high=30.0, source="assumed", meaning="The same of a land line.")
    repair_shape: float = param(
        1.6,
        unit="shape",
        low=1.0,
        high=5.0,
        source="quartiles of 34 listed large events, 14 and 57 days",
        meaning="How alike repair times are: the larger, the more.",
    )
    capacity: float = param(
        6.0, unit="Tbit/s", low=1.0, high=20.0, source="median of 6 designs, from memory", meaning="What a link of 2010 carries when new."
    )
    capacity_growth: float = param(
        0.27,
        unit="share a year",
        low=0.0,
        high=0.5,
        source="medians of 54 designs: 6 Tbit/s in 2010, 180 in 2024; TeleGeography: used bandwidth grew 25 to 30 % a year",
        meaning="How much more a link of the next year carries when new.",
    )
    upgrade: float = param(
        0.1, unit="share a year", low=0.0, high=0.4, source="assumed", meaning="What better equipment adds to a link in service."
    )
    built: float = param(
        0.67,
        unit="share",
        low=0.0,
        high=1.0,
        source="185 systems first listed in 2011-20: 0.66 built, 0.32 never or renamed",
        meaning="Part of announced links that comes into service.",
    )
    built_content: float = param(
        0.9, unit="share", low=0.0, high=1.0, source="21 of these systems", meaning="The same where a large firm of content has a part."
    )
    lead_months: int = param(
        19, unit="months", low=1, high=60, source="the same systems: 1.6 years", meaning="From announcement to the date that is announced."
    )
    delay_months: float = param(
        9.0,
        unit="months",
        low=1.0,
        high=36.0,
        source="the same systems: mean 1.1 to 1.3 years, 0.16 of 3 years and more; with the shape 1.8 the mean is 1.3",
        meaning="Median delay after that date.",
    )
    delay_shape: float = param(1.8, unit="shape", low=1.1, high=5.0, source="as delay_months", meaning="How alike delays are.")
    announce_rate: float = param(
        0.23,
        unit="links a year",
        low=0.0,
        high=1.0,
        source="lists of 2012 to 2022: 35 links a year with a date ahead, among 150 states with a coast",
        meaning="Links announced for each state with a coast.",
    )
    demand: float = param(
        37.0, unit="Tbit/s", low=10.0, high=100.0, source="TeleGeography, from memory", meaning="International bandwidth asked for in 2010."
    )
    demand_growth: float = param(
        0.29, unit="share a year", low=0.1, high=0.5, source="TeleGeography: 29 % a year in 2018-22", meaning="How it grows."
    )
    cost_elasticity: float = param(
        1.25,
        unit="elasticity",
        low=0.0,
        high=3.0,
        source="assumed: between 1 and 1.5, whose new links are as long as those listed in 2013 to 2022",
        meaning="How the pull of a pair falls with the km to be laid, b.",
    )
    retire_age: int = param(
        15,
        unit="years",
        low=5,
        high=40,
        source="lists: a quarter of retired systems was younger",
        meaning="Age from which on cables retire.",
    )
    retire_rate: float = param(
        0.037,
        unit="share a year",
        low=0.0,
        high=0.5,
        source="lists: 111 of 2,989 years of links that old, 2012 to 2024",
        meaning="Part of older ones that does.",
    )
    satellites_since: int = param(
        2021,
        unit="year",
        low=2015,
        high=2060,
        source="first services of late 2020",
        meaning="Year from which satellites may serve a state.",
    )
    satellite_rate: float = param(
        0.22,
        unit="probability a year",
        low=0.0,
        high=1.0,
        source="32 states in May 2022, 99 in May 2024, 125 in June 2025 (press)",
        meaning="Chance that a state that does not bar them is served.",
    )
    satellite_delay: float = param(
        28.0,
        unit="ms",
        low=12.0,
        high=160.0,
        source="users' measurements, there and back: 25 to 60 ms in most places, 320 where no gateway is near (2023 to 2025)",
        meaning="What a way over satellites adds to latency, one way.",
    )
    satellite_mbps: int = param(
        60,
        unit="Mbit/s",
        low=1,
        high=1000,
        source="users' measurements: medians of 40 to 75 in Africa (2023 to 2025)",
        meaning="Width of a state's way over satellites: that of one terminal.",
    )

    def begin(self, world: World) -> None:
        """Lay out the links of the start."""
        net, month, n = world.setting.roster.network, world.month, world.setting.n_states
        first, second, land = net.first, net.second, net.land
        away = world.setting.roster.distance(first, second)
        km = np.where(land, self.land_route * net.km, net.km)
        waits = net.since == NEVER
        ids = identities(net.names)
        since = np.where(waits, 0, net.since)
        # Those that are overdue wait for what is left of their delay, from the start on.
        promised = np.maximum(net.planned, month)
        due = np.where(waits, promised + growth.delays(self, world, ids, month), -1)
        world.links.extend(
            len(ids), first=first, second=second, way=growth.ways(world, first, second), land=land, stands=net.stands, km=km,
            ns=growth.latencies(self, km, away), mbps=np.where(waits, 0, growth.capacities(self, since, month)),
            status=np.where(waits, ANNOUNCED, IN_SERVICE), announced=-1, due=due, since=since,
            by_content=net.owner == OWNERS.index("us_content"), key=ids,
        )  # fmt: skip
        world.satellite_barred[:] = (net.barred <= month) & (month < net.barred_until)
        world.satellite[:] = (net.service <= month) & ~world.satellite_barred
        world.latency[np.arange(n), np.arange(n)] = 0
        self._renew(world, begins=True)

    def step(self, world: World, decide: Any) -> None:
        """Repair, open, announce and break links, and renew what rests on them."""
        if world.month % 12 == 0:
            growth.age(self, world)
        if world.month % 12 == 0 or world.month == world.setting.config.start:
            growth.want(self, world)
        self._repair(world)
        growth.deliver(self, world)
        growth.announce(self, world)
        self._fail(world)
        self._serve(world)
        self._renew(world)

    def _repair(self, world: World) -> None:
        """Let a month of repair pass."""
        links = world.links
        rows = where_true(links["days_down"] > 0)
        if len(rows):
            left = np.maximum(links["days_down"][rows] - equations.DAYS, 0)
            links["days_down"][rows] = left
            growth.say_all(world, "link_repaired", rows[left == 0])

    def _fail(self, world: World) -> None:
        """Draw this month's faults and write them to the ledger."""
        links = world.links
        failed: Bools = np.zeros(len(links), dtype=np.bool_)
        equations.fail(
            np.uint64(world.seed), luck.LINK_FAULT.key, np.uint64(world.month), links["key"], links["status"], links["land"],
            links["stands"], links["km"],
            self.fault_rate, self.land_fault_rate, self.repair_days, self.land_repair_days, self.repair_shape, links["days_down"], failed,
        )  # fmt: skip
        rows = where_true(failed)
        growth.say_all(world, "link_fault", rows, value=links["days_down"][rows].astype(np.float64))

    def _serve(self, world: World) -> None:
        """Let satellites begin to serve states that do not bar them."""
        if world.month < 12 * self.satellites_since or world.satellite.all():
            return
        n, begins = world.setting.n_states, np.zeros(world.setting.n_states, dtype=np.bool_)
        chance = np.where(
            world.satellite | world.satellite_barred, 0.0, 1.0 - math.exp(math.log(1.0 - min(self.satellite_rate, 0.999)) / 12.0)
        )
        equations.drawn_below(np.uint64(world.seed), luck.SATELLITE.key, np.uint64(world.month), world.setting.identity[:n], chance, begins)
        world.satellite[begins] = True
        for i in where_true(begins).tolist():
            world.events.append(month=world.month, event=world.setting.words.code("event", "satellite_service"), party_a=i)

    def _renew(self, world: World, *, begins: bool = False) -> None:
        """Work out what ways are this month, and renew latency where they have changed, and bandwidth."""
        links, ways, n = world.links, world.ways, world.setting.n_states
        first, second = ways["first"], ways["second"]
        after, carried = np.empty(len(ways), dtype=np.int32), np.empty(len(ways), dtype=np.int64)
        equations.supply(
            links["status"], links["way"], links["first"], links["second"], links["ns"], links["mbps"], links["days_down"],
            links["severed"], after, carried, world.links_open,
        )  # fmt: skip
        if begins or not np.array_equal(after, ways["length"]):
            start, other, way = (np.empty(size, dtype=np.int32) for size in (n + 1, 2 * len(ways), 2 * len(ways)))
            paths.arcs(n, first, second, start, other, way)
            touched = np.zeros(n, dtype=np.bool_)
            if begins:
                ways["length"][:], touched[:] = after, True
                paths.all_paths(start, other, way, after, world.latency)
            else:
                paths.renew(first, second, start, other, way, ways["length"], after, world.latency, touched)
            paths.averages(world.latency, touched, world.reaches, world.mean_latency)
        if begins or not np.array_equal(carried, ways["open_mbps"]):
            ways["open_mbps"][:] = carried
            widths.forest(first, second, carried, widths.widest_first(carried), world.wide_up, world.wide_mbps)
        self._join(world)

    def _join(self, world: World) -> None:
        """Say what joins each state with most others."""
        most = int(world.reaches.argmax())
        if not self.felt or not len(world.links):
            world.joined[:] = BY_LINKS
            return
        by_links = world.latency[most] != paths.NO_PATH
        world.joined[:] = np.where(by_links, BY_LINKS, world.satellite)
        world.linked |= by_links


_OFFERED: type[LinkTerms] = Links
