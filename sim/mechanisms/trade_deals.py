r"""Trade deals are the occasion of digital trade agreements: who begins one is drawn by trade, distance, deals in force and politics.

.. math:: p_{ij} = q_{ij} \, \Lambda( \beta_0 + \beta_1 \ln X_{ij} + \beta_2 \ln^2 X_{ij} + \beta_3 \ln D_{ij}
          + \beta_4 \ln (1 + n_i) (1 + n_j) + \beta_5 h_{ij} + \beta_6 \min(\rho_i, \rho_j) )

is the chance that two parties begin to make a deal in a year, with ``X`` digital trade both ways (10^9 USD a year, as known), ``D``
distance (1,000 km), ``n`` the deals that a party has in force (who has some makes more: Baldwin 1993), ``h`` hostility, ``rho`` protection
of people against the state (democracies make more: Mansfield, Milner and Rosendorff 2002), ``Lambda`` the logistic function, and ``q`` 1
where no deal with services is in force between the two and ``upgrade`` elsewhere. The square says that those who trade most without a deal
have stayed without. Talks on a digital trade agreement may begin while a deal is being made, ``lasts`` months; then it is in force. A state
that leaves a bloc has lost the bloc's deals: replacing them, and one with the bloc, is an occasion at once.

Source: coefficients fitted by maximum likelihood to the trade agreements with services that entered into force in 2011 to 2018 between
parties without one (``trade_agreements.csv``; ``python -m analysis findings trade_deals`` repeats the fit). ``upgrade`` is the odds of the
fourteen digital agreements of 2019 and later whose occasion is known: eleven came with a new deal, three without.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.registry import param, part
from sim.rng import uniforms
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Event


@part(
    "mechanism",
    name="trade_deals",
    title="Trade deals",
    title_id="Kesepakatan dagang",
    sentence_id="Kesepakatan dagang menjadi kesempatan bagi perjanjian perdagangan digital; "
    "peluangnya mengikuti perdagangan, jarak, dan politik.",
)
@dataclass(frozen=True)
class TradeDeals:
    """Trade deals are the occasion of digital trade agreements; who begins one is drawn by trade, distance and politics."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_deals",
            "Nobody makes trade deals, and nobody replaces those lost.",
            "Tidak ada kesepakatan dagang baru, dan yang hilang tidak diganti.",
            (("mechanisms.trade_deals.strength", 0.0), ("mechanisms.trade_deals.replacing", 0)),
            "new_signatures_digital_trade_agreement",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "trade_known", "blocked", "hostility", "protection_state", "gdp", "bound", "trade_deal", "deal_until",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("trade_deal", "deal_until")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array("trade_deal", ("edge",), dtype=bool, unit="0/1", meaning="a trade agreement with services is in force between the two"),
        array("deal_until", ("edge",), dtype="int32", unit="month", meaning="a trade deal is being made before this month"),
    )

    base: float = param(
        -5.9,
        unit="log odds a year",
        low=-6.59,
        high=-5.21,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="At 10^9 USD of trade, 1,000 km, no deals, no hostility and no protection against the state.",
    )
    trade: float = param(
        0.078,
        unit="log odds per log point",
        low=-0.034,
        high=0.19,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance rises with digital trade, at 10^9 USD.",
    )
    trade_squared: float = param(
        -0.019,
        unit="log odds per squared log point",
        low=-0.029,
        high=-0.009,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How this rise falls off as trade grows.",
    )
    distance: float = param(
        -0.61,
        unit="log odds per log point",
        low=-0.786,
        high=-0.434,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance falls with distance.",
    )
    deals: float = param(
        0.248,
        unit="log odds per log point",
        low=0.134,
        high=0.362,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance rises with the deals that either has in force.",
    )
    hostility: float = param(
        -2.03,
        unit="log odds per unit",
        low=-5.12,
        high=1.05,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance falls with hostility.",
    )
    protection: float = param(
        3.02,
        unit="log odds per unit",
        low=2.13,
        high=3.91,
        source="fitted to trade_agreements.csv, 2011 to 2018",
        meaning="How the chance rises with protection against the state where it is less.",
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
        if world.month == world.setting.config.start:
            # As a run begins, deals of the years before are being made, by the chances of the start.
            for months in range(12 * ((self.lasts - 1) // 12), 0, -12):
                self._begun(world, world.month - months)
        if world.month % 12 == 0 or world.month == world.setting.config.start:
            self._begun(world, world.month)
        self._lost(world)

    def _begun(self, world: World, month: int) -> None:
        """Draw who begins a deal in the year of a month: each pair once."""
        edges, ids = world.setting.edges, world.setting.identity
        free = (edges.row < edges.col) & ~world.blocked & (world.deal_until <= month)
        e = where_true(free & (world.gdp[edges.row] > 0.0) & (world.gdp[edges.col] > 0.0))
        drawn = uniforms(world.seed, luck.TRADE_DEAL, month // 12, ids[edges.row[e]], ids[edges.col[e]])
        hit = e[drawn < self.chance(world, e)]
        world.deal_until[hit] = world.deal_until[edges.rev[hit]] = month + self.lasts

    def chance(self, world: World, e: Ints) -> Floats:
        """Return the chance that the two parties of some edges begin a deal in a year, shape (n,)."""
        edges, out = world.setting.edges, np.empty(len(e))
        n, alone = world.setting.n_parties, np.ones(world.setting.n_parties, dtype=np.bool_)
        alone[: world.setting.n_states] = ~world.bound.any(axis=0)  # a bloc's deal is one, and not one with each member
        in_force = where_true(world.trade_deal)
        had = np.log1p(np.bincount(edges.row[in_force], weights=alone[edges.col[in_force]], minlength=n))
        _chances(
            np.asarray(e, dtype=np.int64), edges.row, edges.col, edges.rev, edges.log_distance, world.trade_known, world.trade_deal, had,
            world.hostility, world.protection_state,
            (self.base, self.trade, self.trade_squared, self.distance, self.deals, self.hostility, self.protection),
            self.strength, self.upgrade, out,
        )  # fmt: skip
        return out

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


@jit
def _chances(
    of: Ints, row: Ints, col: Ints, rev: Ints, log_distance: Floats, trade: Floats, deal: Bools, had: Floats, hostility: Floats,
    protection: Floats, beta: tuple[float, float, float, float, float, float, float], strength: float, upgrade: float, out: Floats,
) -> None:  # fmt: skip
    """Fill the chance of a deal on some edges, (n,); ``beta`` are the coefficients in the order of the module's equation."""
    for at in range(of.shape[0]):
        e = of[at]
        i, j = row[e], col[e]
        size = math.log(max(trade[e] + trade[rev[e]], 1e3) / 1e9)
        odds = beta[0] + beta[1] * size + beta[2] * size * size + beta[3] * log_distance[e]
        odds += beta[4] * (had[i] + had[j]) + beta[5] * hostility[e] + beta[6] * min(protection[i], protection[j])
        out[at] = strength * (upgrade if deal[e] else 1.0) / (1.0 + math.exp(-odds))
