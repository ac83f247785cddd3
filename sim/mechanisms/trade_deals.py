r"""Trade deals are the occasion of digital trade agreements: who begins one is drawn by trade, distance and likeness of votes.

.. math:: p_{ij} = q_{ij} \, \Lambda( \beta_0 + \beta_1 \ln X_{ij} + \beta_2 \ln D_{ij} + \beta_3 A_{ij} )

is the chance that two parties begin to make a deal in a year, with ``X`` digital trade both ways (10^9 USD a year, as known), ``D``
distance (1,000 km), ``A`` likeness of votes (0 to 1), ``Lambda`` the logistic function, and ``q`` 1 where no deal with services is in force
between the two and ``upgrade`` elsewhere. Talks on a digital trade agreement may begin while a deal is being made, ``lasts`` months; then
it is in force. A state that leaves a bloc has lost the bloc's deals: replacing them, and one with the bloc, is an occasion at once.

Source: coefficients fitted by maximum likelihood to the trade agreements with services that entered into force in 2011 to 2018 between
parties without one (``trade_agreements.csv``: 186 in 106,477 dyad-years; standard errors 0.34, 0.02, 0.08, 0.40). ``upgrade`` is the odds
of the fourteen digital agreements of 2019 and later whose occasion is known: eleven came with a new deal, three without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.registry import param, part
from sim.rng import uniforms
from sim.state.world import Floats, Ints, World
from sim.types import Event


@part(
    "mechanism",
    name="trade_deals",
    title="Trade deals",
    title_id="Kesepakatan dagang",
    sentence_id="Kesepakatan dagang menjadi kesempatan bagi perjanjian perdagangan digital; peluangnya mengikuti perdagangan dan jarak.",
)
@dataclass(frozen=True)
class TradeDeals:
    """Trade deals are the occasion of digital trade agreements; who begins one is drawn by trade, distance and likeness."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_deals",
            "Nobody makes trade deals, and nobody replaces those lost.",
            "Tidak ada kesepakatan dagang baru, dan yang hilang tidak diganti.",
            (("mechanisms.trade_deals.strength", 0.0), ("mechanisms.trade_deals.replacing", 0)),
            "new_signatures_digital_trade_agreement",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("trade_known", "blocked", "trade_deal", "deal_until")
    writes: ClassVar[tuple[str, ...]] = ("trade_deal", "deal_until")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array("trade_deal", ("edge",), dtype=bool, unit="0/1", meaning="a trade agreement with services is in force between the two"),
        array("deal_until", ("edge",), dtype="int32", unit="month", meaning="a trade deal is being made before this month"),
    )

    base: float = param(
        -3.73,
        unit="log odds a year",
        low=-4.4,
        high=-3.06,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="At 10^9 USD of trade, 1,000 km and votes wholly unlike.",
    )
    trade: float = param(
        0.343,
        unit="log odds per log point",
        low=0.3,
        high=0.386,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance rises with digital trade.",
    )
    distance: float = param(
        -0.383,
        unit="log odds per log point",
        low=-0.544,
        high=-0.223,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance falls with distance.",
    )
    affinity: float = param(
        0.43,
        unit="log odds per unit",
        low=-0.38,
        high=1.24,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance rises with likeness of votes.",
    )
    strength: float = param(1.0, unit="factor", low=0.0, high=5.0, source="assumed", meaning="Factor on every chance; 0 for no deals.")
    upgrade: float = param(
        0.27,
        unit="factor",
        low=0.0,
        high=1.0,
        source="3 of 14 digital agreements came without a new trade deal",
        meaning="The chance where a deal is in force already, over that where none is.",
    )
    lasts: int = param(36, unit="months", low=6, high=120, source="assumed", meaning="Months in which a deal is made.")
    replacing: int = param(
        60, unit="months", low=0, high=120, source="assumed", meaning="Months in which a state that left a bloc replaces its deals."
    )

    def begin(self, world: World) -> None:
        """Read the deals in force."""
        deals, edges, n = world.setting.roster.deals, world.setting.edges, world.setting.n_parties
        keys = edges.row.astype(np.int64) * n + edges.col
        now = deals.services_in_force(world.month // 12)
        held = np.concatenate([deals.first[now] * n + deals.second[now], deals.second[now] * n + deals.first[now]])
        world.trade_deal[:] = np.isin(keys, held)

    def step(self, world: World, decide: Any) -> None:
        """Conclude the deals that are made, begin those of the year, and let leavers begin to replace theirs."""
        world.trade_deal |= world.deal_until == world.month
        if world.month % 12 == 0 or world.month == world.setting.config.start:
            self._begun(world)
        self._lost(world)

    def _begun(self, world: World) -> None:
        """Draw who begins a deal this year: each pair once."""
        edges, ids = world.setting.edges, world.setting.identity
        free = (edges.row < edges.col) & ~world.blocked & (world.deal_until <= world.month)
        e = where_true(free & (world.gdp[edges.row] > 0.0) & (world.gdp[edges.col] > 0.0))
        drawn = uniforms(world.seed, luck.TRADE_DEAL, world.month // 12, ids[edges.row[e]], ids[edges.col[e]])
        hit = e[drawn < self.chance(world, e)]
        world.deal_until[hit] = world.deal_until[edges.rev[hit]] = world.month + self.lasts

    def chance(self, world: World, e: Ints) -> Floats:
        """Return the chance that the two parties of some edges begin a deal in a year, shape (n,)."""
        edges = world.setting.edges
        both = world.trade_known[e] + world.trade_known[edges.rev[e]]
        odds = self.base + self.trade * np.log(np.maximum(both, 1e3) / 1e9)
        odds += self.distance * edges.log_distance[e] + self.affinity * edges.affinity[e]
        factor = self.strength * np.where(world.trade_deal[e], self.upgrade, 1.0)
        return np.asarray(factor / (1.0 + np.exp(-odds)))

    def _lost(self, world: World) -> None:
        """Let a state that has left a bloc this month replace the bloc's deals, and make one with the bloc."""
        events, edges = world.events, world.setting.edges
        first = world.first_event()
        for at in where_true(events["event"][first:] == Event.MEMBERSHIP_ENDED):
            state, bloc = int(events["party_a"][first + at]), int(events["party_b"][first + at])
            theirs = edges.col[edges.start[bloc] : edges.start[bloc + 1]][world.trade_deal[edges.start[bloc] : edges.start[bloc + 1]]]
            for other in [*theirs.tolist(), bloc]:
                e = edges.find(state, other)
                if e >= 0 and other != state:
                    world.trade_deal[[e, edges.rev[e]]] = False
                    world.deal_until[[e, edges.rev[e]]] = world.month + self.replacing
