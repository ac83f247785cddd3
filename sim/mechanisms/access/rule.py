r"""People come online as far as price, income and skills let them; prices fall by a trend and where links land; programmes help.

Use starts from the figure known as the run begins and then follows its own equation alone; no later figure is read:

.. math:: u' = \left( u + \tfrac{g}{12} u (1 - u / C) \right) (f' / f)^{\epsilon(u)}, \qquad f' = f + (r - f) / \tau

with ``g`` one rate for all states, ``C`` the ceiling (:mod:`sim.mechanisms.access.equations`) and ``f`` what users have felt of ``r``: the
price beside what the world's trend alone would have made of it, by what landed and by what programmes pay. What the trend does to all is in
``g``. Use never passes the ceiling by growth, and never falls to it. It does not grow in a month in which all links of a state are down and
no satellite serves it.

**Price.** A plain plan costs a share of income in the poorest states, and with GDP per head to a power elsewhere; no price of a state is
read. It falls by a trend, and where a link lands; by less where a state has many links.

**Skills** grow with use and by teaching: what programmes pay for it buys learners, :math:`k' = k + (1 - k) l / N`. **Technology** of own
cloud providers is at the start the part of the cloud regions in a state that its own run; it moves by transfer alone.

Sources: Griliches (1957) for logistic diffusion; figures to 2018 for its rate; elasticities ITU and COMCEC studies of broadband; Cariolle
(2019) on landings. Departs from them in one rate for all, and in prices that follow from income.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import where_true
from sim.declare.arrays import Array
from sim.declare.neutral import Neutral, each
from sim.mechanisms.access import equations
from sim.mechanisms.access.words import STATE
from sim.registry import param, part
from sim.state.world import Bools, World
from sim.types import Flag

POOREST = 750.0
"""GDP per head (USD a year) of the states for which the share of income is known."""
IN_SERVICE = 1
"""Stage of a link that is in service, as its table says."""
PRICED = 2022
"""Year of that share."""
_ELASTICITIES = ("elasticity_low", "elasticity_middle", "elasticity_high")


@part(
    "mechanism",
    name="access",
    title="Access",
    title_id="Akses",
    sentence_id="Orang mulai memakai internet sejauh harga, pendapatan, dan keterampilan mengizinkan; harga turun saat kabel mendarat.",
)
@dataclass(frozen=True)
class Access:
    """People come online as far as price, income and skills let them; prices fall as new links land."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "persistence",
            "Nobody comes online who is not.",
            "Tidak ada pengguna internet baru.",
            each("mechanisms.access", 0.0, "growth", *_ELASTICITIES),
            "internet_use",
        ),
        Neutral(
            "without_price",
            "Price does not matter: use grows logistically.",
            "Harga tidak berpengaruh: pemakaian tumbuh secara logistik.",
            each("mechanisms.access", 0.0, "price_weight", *_ELASTICITIES),
            "internet_use",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "population", "member", "reaches", "satellite", "internet_use", "access_price", "landed_price",
        "price_felt", "subsidised", "skills", "technology", "access_funds", "learning_funds", "technology_offered", "digital_government",
        "use_ceiling",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "internet_use", "access_price", "landed_price", "price_felt", "subsidised", "skills", "technology", "use_ceiling", "access_funds",
        "learning_funds", "technology_offered",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = STATE

    growth: float = param(
        0.207,
        unit="per year",
        low=0.0,
        high=0.3,
        source="median of logistic fits to the figures of 185 states to 2018 (ceiling 0.97; quartiles 0.17 and 0.25)",
        meaning="Growth of use far below the ceiling, one for all states, g.",
    )
    most: float = param(
        0.97, unit="share of people", low=0.9, high=1.0, source="as the fits", meaning="Whom all can reach where nothing hinders, T."
    )
    price_share: float = param(
        0.09,
        unit="share of income",
        low=0.05,
        high=0.15,
        source="ITU: entry mobile broadband, low-income economies, 2022 and 2023",
        meaning="What a plain plan costs of GDP per head of 750 USD a year, in 2022.",
    )
    price_income: float = param(
        0.29,
        unit="elasticity",
        low=0.0,
        high=1.0,
        source="ITU: 20 times the share of income of high-income economies, whose incomes are some 67 times as large (memory)",
        meaning="How the price grows with income.",
    )
    price_trend: float = param(
        0.05, unit="share a year", low=0.0, high=0.12, source="memory: ITU price baskets of 2013 to 2022; swept", meaning="How it falls."
    )
    landing_price: float = param(
        0.175,
        unit="share of price",
        low=0.0,
        high=0.38,
        source="Equiano, forecast: retail 14 to 21 %; TeleGeography: wholesale 38 %",
        meaning="By how much the price falls where a link lands in a state of few links.",
    )
    few_links: float = param(
        2.0,
        unit="links",
        low=1.0,
        high=16.0,
        source="assumed: of 2, 4 and 8 the one with which 2010 to 2018 comes out best; states where Equiano landed had few cables",
        meaning="How many that are, the new one included; of more links it falls by as much less as they are more.",
    )
    lag: float = param(
        12.0,
        unit="months",
        low=1.0,
        high=36.0,
        source="assumed; effects are measured within two years",
        meaning="How fast users answer, tau.",
    )
    elasticity_low: float = param(
        -2.5,
        unit="elasticity",
        low=-3.8,
        high=0.0,
        source="COMCEC and Telecom Advisory, table 19: Middle Africa, South Asia",
        meaning="Of use to price where at most 15 % are online.",
    )
    elasticity_middle: float = param(
        -1.3, unit="elasticity", low=-1.8, high=0.0, source="same: South America", meaning="The same where half are online."
    )
    elasticity_high: float = param(
        -0.35, unit="elasticity", low=-0.55, high=0.0, source="same: Western Europe", meaning="The same where 90 % or more are online."
    )
    affordable_share: float = param(
        0.15,
        unit="share of income",
        low=0.05,
        high=0.25,
        source="memory: household surveys of Research ICT Africa, 5 to 25 % among users; the UN's target for the price is 2 %",
        meaning="What people spend on it at most, m.",
    )
    income_spread: float = param(
        0.8, unit="log points", low=0.5, high=1.1, source="memory: Gini of incomes 0.28 to 0.56", meaning="Spread of incomes in a state, s."
    )
    price_weight: float = param(
        1.0, unit="weight", low=0.0, high=1.0, source="assumed", meaning="How far those who cannot afford it stay offline, w."
    )
    skills_weight: float = param(
        0.3,
        unit="weight",
        low=0.0,
        high=0.6,
        source="assumed",
        meaning="Part of people who stay offline where there are no skills at all, v.",
    )
    learning: float = param(
        0.02, unit="per year", low=0.0, high=0.1, source="assumed", meaning="How fast skills grow by use where all are online."
    )
    learner_cost: float = param(200.0, unit="USD", low=20.0, high=1000.0, source="assumed", meaning="What it costs to teach one person.")
    most_subsidised: float = param(
        0.8, unit="share of price", low=0.0, high=0.9, source="assumed", meaning="Most of the price that programmes pay."
    )

    def begin(self, world: World) -> None:
        """Set prices, skills and technology of the start."""
        n, years = world.setting.n_states, world.month / 12.0 - PRICED
        income = world.gdp[:n] / np.maximum(world.population[:n], 1.0)
        level = self.price_share * POOREST / 12.0 * (1.0 - self.price_trend) ** years
        world.access_price[:] = [level * (one / POOREST) ** self.price_income for one in income.tolist()]
        world.skills[:] = world.digital_government[:n]
        host, home, regions = world.setting.roster.clouds.pairs(world.month)
        own, whole = (np.bincount(host[at], weights=regions[at], minlength=n) for at in (host == home, host >= 0))
        world.technology[:] = own / np.maximum(whole, 1.0)

    def step(self, world: World, decide: Any) -> None:
        """Live a month: prices, programmes, skills, technology, use."""
        known = self._known(world)
        world.access_price *= math.exp(math.log(1.0 - self.price_trend) / 12.0)
        self._land(world)
        self._help(world)
        equations.renew(
            world.access_price, world.landed_price, world.subsidised, world.price_felt, world.skills, world.gdp, world.population,
            self._cut_off(world), world.member, known, self.growth / 12.0, self.lag, self.most, self.affordable_share,
            self.income_spread, self.price_weight, self.skills_weight, self.elasticity_low, self.elasticity_middle,
            self.elasticity_high, self.learning / 12.0, world.use_ceiling, world.internet_use,
        )  # fmt: skip

    def _known(self, world: World) -> Bools:
        """Return whose figure was known as the run began, shape (N,)."""
        roster = world.setting.roster
        known: Bools = roster.flags["internet_use"][roster.year_row(world.setting.config.start)] < Flag.FILLED
        return known

    def _land(self, world: World) -> None:
        """Let the price fall where links landed this month."""
        links = world.links
        new = where_true((links["due"] == np.int32(world.month)) & (links["status"] == IN_SERVICE))
        if len(new):
            serves = links["status"] == IN_SERVICE
            equations.land(
                links["first"], links["second"], serves, new, self.landing_price, self.few_links, world.landed_price, world.access_price
            )

    def _help(self, world: World) -> None:
        """Spend what programmes paid in, and take up what they taught and handed over."""
        n = world.setting.n_states
        if world.access_funds.any() or world.subsidised.any():
            equations.hand_on(world.access_funds, world.member, world.population)
            equations.spend(
                world.access_funds, world.access_price, world.internet_use, world.population, self.most_subsidised, world.subsidised
            )
        if world.learning_funds.any():
            equations.hand_on(world.learning_funds, world.member, world.population)
            learners = world.learning_funds[:n] / self.learner_cost / np.maximum(world.population[:n], 1.0)
            world.skills += (1.0 - world.skills) * np.minimum(learners, 1.0)
            world.learning_funds[:n] = 0.0
        if world.technology_offered.any():
            for b in where_true(world.technology_offered[n:]):
                world.technology_offered[:n][world.member[b]] += world.technology_offered[n + b]
            world.technology[:] = np.minimum(1.0, world.technology + world.technology_offered[:n])
            world.technology_offered[:] = 0.0

    def _cut_off(self, world: World) -> Bools:
        """Return for whom all links are down and no satellite flies, shape (N,)."""
        links, out = world.links, np.empty(world.setting.n_states, dtype=np.bool_)
        equations.cut_off(world.reaches, world.satellite, links["first"], links["second"], links["status"], IN_SERVICE, out)
        return out
