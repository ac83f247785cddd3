r"""The cloud market: each state's users choose where their load lies, with providers of which home, and how.

A **choice** is a state, a provider's home and a mode: *public* (a region open to all), *private* (own machines at home), *sovereign* (a
cloud at home under own law, dearer) and *hybrid* (a foreign provider's technology in own hands at home). Which choices a state has is fixed
as the run begins: its own modes, all offers in its own state, and of the others those worth most. An *offer* is the regions that providers
of one home have in one state. Its worth to user u, in state s with home p, is

.. math:: V = a \ln x_p + b \ln x_{ps} - c \ln (q_s q_p) - d \ell_{us} + f A_{up} - h H_{up} + k [s = u] - l\, o_u (1 - f_{us}) [s \ne u]
          - m (S_p - 1)(1 - R_p)[p \ne u] - z F_p

with ``x`` the shares of the public market that p holds, and holds in s, last month; ``q`` prices; latency (ms, one way); ``A`` the
alliance graph and ``H`` hostility (own providers: 1 and 0); ``o`` safeguards of own law against firms and ``f`` the share of data that
instruments free; ``S`` how much p's surveillance is on people's minds and ``R`` rights of foreigners; ``F`` remembered failures. Own
machines, sovereign and hybrid clouds have a constant each, cost more, and need no network. A sovereign cloud gains by the fear of the
largest foreign power in whose reach the load is: its share times half of one less the weight of the alliance graph. Own providers and
sovereign clouds gain by the technology that the state's firms hold (:mod:`sim.mechanisms.access`).

Contracts are renewed once a year, in a month of each state's own. The part that is new, and of the rest those that switch, goes to choices
in proportion to :math:`e^V` (a logit). Law that controls where data lie binds a part of the load to the soil: it may lie at home, or
abroad as far as instruments free it, and what may not stay where it is comes home at renewal.

**Price** of state s: :math:`(1 + \rho (1 - r_s)) \, \phi_s^\psi`, with ``r`` rule of law and ``\phi`` how full its data centres are, within
bounds. **New offers**: each January providers of large homes may open a region where users already buy from them abroad.

**Exposure** of u to g is the share of its load that lies in g or that providers of g hold (for providers: CLOUD Act 2018); a hybrid cloud
counts half. Two of a pair know it as of last December (arrays ``held`` and ``reached``).

Sources: logit of Farrell and Klemperer (2007) on switching; KFTC (2022): 14 % ever switched, over 5 to 8 years of use, hence 2 % a year;
Leviathan (2015, paid by Google): 30 to 60 % more for forced local clouds. The other weights are assumed, and none is fitted. Departs
from the market in that firms of one home are one, and a state is one user.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.declare.arrays import Array, Rows
from sim.declare.neutral import Neutral
from sim.declare.words import Word
from sim.ground.paths import NO_PATH
from sim.mechanisms.market import choices, equations
from sim.mechanisms.market.words import STATE, WORDS
from sim.ports import MarketTerms
from sim.registry import param, part
from sim.state.world import Floats, Ints, World

ROUNDS, STRIDE, SPAN, LEAST_MW = 100, 0.6, 8.0, 0.01
"""Rounds in which the constants of places are found, the part of a gap that each closes, their bound, and the least MW that counts."""
_ROLE: dict[str, Any] = {"low": 0.0, "source": "assumed"}


@part(
    "mechanism",
    name="market",
    title="Cloud market",
    title_id="Pasar komputasi awan",
    sentence_id="Pengguna tiap negara memilih di mana datanya berada, pada penyedia dari negara mana, dan dengan cara apa.",
)
@dataclass(frozen=True)
class Market:
    """Each state's users choose where their load lies, with providers of which home, and how."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_chooses_anew",
            "All load stays where it lay as the run began, and no region is opened.",
            "Semua beban tetap di tempatnya saat simulasi mulai, dan tidak ada wilayah baru dibuka.",
            (("mechanisms.market.renewed", 0.0), ("mechanisms.market.entry", 0.0)),
            "load_exposed",
        ),
    )
    offers: ClassVar[tuple[type, ...]] = (MarketTerms,)
    reads: ClassVar[tuple[str, ...]] = (
        "load", "cloud_capacity", "closure", "freed", "free_flow", "latency", "alliance_weight", "hostility", "own_safeguards", "salience",
        "rights_of_foreigners", "localisation", "member", "provider_down", "provider_price", "stored", "failures", "exposure", "exposed_to",
        "load_renewed", "cloud_price", "site_stop", "place_pull", "run_by", "lies_at_home", "technology",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "cloud_price", "stored", "lies_at_home", "in_own_hands", "exposure", "exposed_to", "serves", "cloud_exports", "cloud_imports",
        "cut_off_from_data", "failures", "load_renewed", "held", "reached", "place_pull",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("cloud_offers", "clouds", "events")
    words: ClassVar[tuple[Word, ...]] = WORDS
    state: ClassVar[tuple[Array | Rows, ...]] = STATE

    by_size: float = param(0.5, unit="log odds", high=1.0, meaning="Pull of large providers: per log of their share, a.", **_ROLE)
    by_region: float = param(0.3, unit="log odds", high=1.0, meaning="Pull of large regions: per log of their share, b.", **_ROLE)
    by_price: float = param(
        1.5,
        unit="elasticity",
        low=0.8,
        high=2.5,
        source="memory: computing hardware about -1.5; no estimate for clouds was read",
        meaning="Pull of a low price: per log, c.",
    )
    by_latency: float = param(0.02, unit="log odds per ms", high=0.1, meaning="Push of latency, one way, d.", **_ROLE)
    by_friends: float = param(1.0, unit="log odds", high=4.0, meaning="Pull of the alliance graph, f.", **_ROLE)
    by_enemies: float = param(2.0, unit="log odds", high=8.0, meaning="Push of hostility, h.", **_ROLE)
    at_home: float = param(1.0, unit="log odds", high=4.0, meaning="Pull of a region in the own state, k.", **_ROLE)
    by_law: float = param(0.5, unit="log odds", high=4.0, meaning="Push of own law where no instrument frees data, l.", **_ROLE)
    by_leaks: float = param(0.5, unit="log odds", high=4.0, meaning="Push of surveillance that has been laid open, m.", **_ROLE)
    by_failures: float = param(0.5, unit="log odds a month", high=4.0, meaning="Push of remembered failures, z.", **_ROLE)
    by_fear: float = param(2.0, unit="log odds", high=8.0, meaning="Pull of a sovereign cloud by fear of a foreign power.", **_ROLE)
    by_technology: float = param(
        1.0, unit="log odds", high=4.0, meaning="Pull of own providers and sovereign clouds by all the technology there is.", **_ROLE
    )
    private: float = param(0.0, unit="log odds", low=-4.0, high=4.0, source="assumed", meaning="Worth of own machines.")
    sovereign: float = param(-2.0, unit="log odds", low=-6.0, high=4.0, source="assumed", meaning="Worth of a sovereign cloud.")
    hybrid: float = param(-1.5, unit="log odds", low=-6.0, high=4.0, source="assumed", meaning="Worth of a hybrid cloud.")
    private_cost: float = param(0.25, unit="share", low=0.0, high=1.0, source="assumed", meaning="What own machines cost more.")
    sovereign_cost: float = param(
        0.45,
        unit="share",
        low=0.3,
        high=0.6,
        source="Leviathan 2015 (paid by Google): 30 to 60 %",
        meaning="What a sovereign cloud costs more.",
    )
    hybrid_cost: float = param(0.2, unit="share", low=0.0, high=0.6, source="assumed", meaning="What a hybrid cloud costs more.")
    renewed: float = param(1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="Contracts that come up for renewal in a year.")
    switching: float = param(
        0.02,
        unit="share a year",
        low=0.005,
        high=0.03,
        source="KFTC 2022: 14 % ever switched, over 5 to 8 years of use",
        meaning="Part of old load that goes elsewhere.",
    )
    tied: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Load that the strictest control over where data lie binds to the soil.",
    )
    risk: float = param(0.5, unit="share", low=0.0, high=2.0, source="assumed", meaning="What a MW costs more without rule of law, rho.")
    scarcity: float = param(
        0.5, unit="elasticity", low=0.0, high=2.0, source="assumed", meaning="How price rises as data centres fill, psi."
    )
    lowest: float = param(0.7, unit="ratio", low=0.1, high=1.0, source="assumed", meaning="Least factor by which empty ones are cheaper.")
    highest: float = param(3.0, unit="ratio", low=1.0, high=10.0, source="assumed", meaning="Largest factor by which full ones are dearer.")
    usd_per_mw: float = param(
        6e6,
        unit="USD per MW a year",
        low=2e6,
        high=1.2e7,
        source="own calculation: some 270 billion USD of cloud services in 2023 over 47,000 MW of data centres",
        meaning="What users pay for a MW of load at price 1.",
    )
    entry: float = param(
        0.5, unit="a year", low=0.0, high=4.0, source="assumed", meaning="Chance of a first region where much load draws one."
    )
    entry_load: float = param(
        10.0, unit="MW", low=1.0, high=100.0, source="assumed", meaning="Load abroad at which half of that chance is reached."
    )
    memory: float = param(0.9, unit="share a month", low=0.0, high=0.99, source="assumed", meaning="How slowly failures are forgotten.")
    remote_work: float = param(
        0.1, unit="share", low=0.0, high=0.5, source="assumed", meaning="How much more load a full closure of borders brings."
    )
    looked_at: int = param(48, unit="offers", low=4, high=400, source="assumed", meaning="Offers in other states that a user looks at.")

    def begin(self, world: World) -> None:
        """Lay out offers and choices, and let the market find its prices: everybody chooses anew, in rounds."""
        n = world.setting.n_states
        host, home, regions = choices.offers(world)
        world.cloud_offers.extend(len(host), host=host, home=home, since=np.where((regions > 0) | (host == home), 0, -1), serves=0.0)
        whole = max(int(regions.sum()), 1)
        region = np.asarray(regions / whole)
        size = self._by_home(home, region, n)
        columns = choices.choices(world, self.looked_at, self._at_equal_prices(world, size, region))
        world.clouds.extend(len(columns["user"]), **columns)
        world.load_renewed[:] = self.load_of_users(world)
        world.stored[:] = world.cloud_capacity[:n]
        self._price(world)
        everybody, there = np.arange(n, dtype=np.int64), np.maximum(world.cloud_capacity[:n], LEAST_MW)
        for _ in range(ROUNDS):
            self._choose(world, everybody, np.ones(n), size, region)
            self._add_up(world)
            gap = np.array([math.log(a / max(b, LEAST_MW)) for a, b in zip(there.tolist(), world.stored.tolist(), strict=True)])
            world.place_pull[:] = np.clip(world.place_pull + STRIDE * gap, -SPAN, SPAN)
            size, region = self._sizes(world)
        self._choose(world, everybody, np.ones(n), size, region)
        self._add_up(world)
        self._between(world)

    def step(self, world: World, decide: Any) -> None:
        """Let those renew whose month it is, and find what follows."""
        world.failures[:] = self.memory * world.failures + world.provider_down
        if world.month % 12 == 0:
            self._between(world)
            self._enter(world)
        self._price(world)
        load = self.load_of_users(world)
        whom = where_true((world.setting.identity[: len(load)] % np.uint64(12)) == world.month % 12)
        if len(whom) and self.renewed > 0.0:
            rate = self.renewed * (1.0 - (1.0 - self.switching) * np.minimum(1.0, world.load_renewed / np.maximum(load, 1e-9)))
            size, region = self._sizes(world)
            self._choose(world, whom, rate, size, region)
            world.load_renewed[whom] = load[whom]
        self._add_up(world)

    @property
    def _values(self) -> tuple[float, ...]:
        return (
            self.by_size, self.by_region, self.by_price, self.by_latency, self.by_friends, self.by_enemies, self.at_home, self.by_law,
            self.by_leaks, self.by_failures, self.by_fear, self.by_technology, self.private, self.sovereign, self.hybrid, self.private_cost,
            self.sovereign_cost, self.hybrid_cost,
        )  # fmt: skip

    def load_of_users(self, world: World) -> Floats:
        """Return the load of each state's users this month, (N,) MW: closed borders bring more of it."""
        n = world.setting.n_states
        return np.asarray(world.load[:n] * (1.0 + self.remote_work * world.closure[:n]))

    def _sizes(self, world: World) -> tuple[Floats, Floats]:
        """Return the shares of the public market of providers of each home, (N,), and of each offer, (F,)."""
        serves, n = world.cloud_offers["serves"], world.setting.n_states
        whole = float(np.add.reduce(serves))
        region = serves / whole if whole > 0.0 else np.zeros(len(serves))
        return self._by_home(world.cloud_offers["home"], region, n), region

    @staticmethod
    def _by_home(home: Ints, region: Floats, n: int) -> Floats:
        """Add up shares of offers by the home of their providers, (N,)."""
        return np.asarray(np.bincount(home, weights=region, minlength=n), dtype=np.float64) if len(home) else np.zeros(n)

    def _rule_of_law(self, world: World) -> Floats:
        roster = world.setting.roster
        year = int(np.searchsorted(roster.years, world.month // 12))
        return np.asarray(np.clip((roster.figures["rule_of_law"][year] + 2.5) / 5.0, 0.0, 1.0))

    def _price(self, world: World) -> None:
        n = world.setting.n_states
        equations.prices(
            n, self.risk, self.scarcity, self.lowest, self.highest, self._rule_of_law(world), world.stored, world.cloud_capacity,
            world.cloud_price,
        )  # fmt: skip

    def _fear(self, world: World) -> Floats:
        """Return how much each state fears the power in whose reach most of its load is, (N,)."""
        edges, n = world.setting.edges, world.setting.n_states
        whose = world.exposed_to[:n].astype(np.int64)
        edge = edges.find_all(np.arange(n, dtype=np.int64), np.maximum(whose, 0))
        friends = np.where(edge >= 0, world.alliance_weight[np.maximum(edge, 0)], 0.0)
        return np.where(whose >= 0, world.exposure * (1.0 - friends) / 2.0, 0.0)

    def _starts(self, world: World) -> Any:
        """Return where each state's choices begin, (N + 1,): kept, since choices are fixed."""
        found = world.clouds.memo.get("starts")
        if found is None:
            found = world.clouds.remember("starts", np.searchsorted(world.clouds["user"], np.arange(world.setting.n_states + 1)))
        return found

    def _at_equal_prices(self, world: World, size: Floats, region: Floats) -> Floats:
        """Return what each offer is worth to each user at price 1, without law, leaks and failures, (F, N)."""
        n, edges = world.setting.n_states, world.setting.edges
        host, home = world.cloud_offers["host"].astype(np.int64), world.cloud_offers["home"].astype(np.int64)
        out = np.empty((len(host), n))
        large = self.by_size * np.log(np.maximum(size[home], equations.LEAST)) + self.by_region * np.log(
            np.maximum(region, equations.LEAST)
        )
        for u in range(n):
            edge = edges.find_all(np.full(len(home), u, dtype=np.int64), home)
            kind = self.by_friends * world.alliance_weight[edge] - self.by_enemies * world.hostility[edge]
            known = np.where(home == u, self.by_friends, np.where(edge >= 0, kind, 0.0))
            far = world.latency[u, host]
            out[:, u] = large + known - self.by_latency * np.where(far < NO_PATH, far / 1e6, np.inf)
        return out

    def _choose(self, world: World, whom: Any, rate: Floats, size: Floats, region: Floats) -> None:
        clouds = world.clouds
        equations.renew(
            whom, self._starts(world), clouds["host"], clouds["home"], clouds["mode"], clouds["offer"], clouds["to_host"],
            clouds["to_home"], world.cloud_offers["since"], size, region, world.latency, world.freed, world.free_flow, world.cloud_price,
            world.provider_price, world.alliance_weight, world.hostility, world.own_safeguards, world.salience,
            world.rights_of_foreigners, world.failures, self._fear(world), world.technology, self._values, world.place_pull, rate,
            clouds["free"], clouds["bound"],
        )  # fmt: skip

    def shares(self, world: World) -> Floats:
        """Return what each choice holds of its user's load, (C,)."""
        clouds = world.clouds
        tied = self._tied(world)[clouds["user"]]
        return np.asarray((1.0 - tied) * clouds["free"] + tied * clouds["bound"])

    def _tied(self, world: World) -> Floats:
        return np.asarray(self.tied * world.localisation[: world.setting.n_states])

    def _add_up(self, world: World) -> None:
        clouds = world.clouds
        equations.add_up(
            self._starts(world), clouds["host"], clouds["home"], clouds["mode"], clouds["offer"], clouds["free"], clouds["bound"],
            self.load_of_users(world), self._tied(world), world.latency, world.provider_down, world.cloud_price, world.provider_price,
            self.usd_per_mw, world.stored, world.lies_at_home, world.in_own_hands, world.exposure, world.exposed_to, world.serves,
            world.cloud_exports, world.cloud_imports, world.cut_off_from_data, world.cloud_offers["serves"],
        )  # fmt: skip

    def _between(self, world: World) -> None:
        """Let two know what they hold of each other's data: as things stand now, until next January."""
        clouds, edges, n = world.clouds, world.setting.edges, world.setting.n_states
        equations.between(
            self._starts(world), clouds["host"], clouds["home"], clouds["mode"], clouds["to_host"], clouds["to_home"], clouds["free"],
            clouds["bound"], self._tied(world), world.held, world.reached,
        )  # fmt: skip
        # What an investor runs in a state under pacts reaches that part of the load that lies there at home.
        for edge in where_true(world.run_by > 0.0).tolist():
            u = int(edges.row[edge])
            if u < n and world.cloud_capacity[u] > 0.0:
                part_run = min(1.0, world.run_by[edge] / world.cloud_capacity[u])
                world.reached[edge] = min(1.0, world.reached[edge] + world.lies_at_home[u] * part_run)
        for values in (world.held, world.reached):
            equations.of_blocs(edges.start, edges.col, edges.rev, n, world.member, world.load, values)

    def _enter(self, world: World) -> None:
        """Let providers open their first region where users of the state already buy from them abroad."""
        clouds, offers, setting = world.clouds, world.cloud_offers, world.setting
        pull, opens = np.empty(len(offers)), np.zeros(len(offers), dtype=np.bool_)
        equations.pulls(
            offers["host"], offers["home"], self._starts(world), clouds["home"], clouds["mode"], clouds["free"], clouds["bound"],
            self.load_of_users(world), self._tied(world), pull,
        )  # fmt: skip
        # Who runs data centres there under a pact is drawn by them as by load.
        edge = setting.edges.find_all(offers["host"].astype(np.int64), offers["home"].astype(np.int64))
        pull += np.where((edge >= 0) & (offers["host"] != offers["home"]), world.run_by[np.maximum(edge, 0)], 0.0)
        equations.entries(
            np.uint64(world.seed), luck.CLOUD_ENTRY.key, np.uint64(world.month), setting.identity, offers["host"], offers["home"],
            offers["since"], pull, self.entry, self.entry_load, world.site_stop, opens,
        )  # fmt: skip
        code = setting.words.code("event", "cloud_region_opened")
        for k in where_true(opens).tolist():
            offers["since"][k] = world.month
            world.events.append(
                month=world.month, event=code, party_a=int(offers["home"][k]), party_b=int(offers["host"][k]), value=float(pull[k])
            )


_OFFERED: type[MarketTerms] = Market
