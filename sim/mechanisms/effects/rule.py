"""What is in force changes the world: digital trade grows between those covered, and promised capacity is paid for and built.

Trade follows :mod:`sim.mechanisms.effects.flows`: the margins of the year are laid out over pairs at the start and each January, and what
instruments change is renewed whenever coverage does. What parties *know* of trade is older: the trade of the December past, and as the run
begins that of the year before. :mod:`sim.mechanisms.effects.opened` says what the trade that is freed is worth, and to whom.

What commits funds pays ``commitment / term`` a month while in force and its works go on (:mod:`sim.mechanisms.works`): the party in role 0
pays that and the overhead on top, the other receives it, and its capacity grows by it over the cost of a MW. What is built for a bloc
stands in its members:
each gets its part of their need as the month began, or of their people where none is in need. Whatever else a consequence adds to parties
(:class:`sim.consequences.Adds`) is added month by month.

Sources: an adequacy decision adds 7 to 9 % of digital trade (Ferracane et al. 2026); the club effect among third states is not
modelled here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import cells, where_true
from sim.consequences import COST, OVERHEAD, TRADE, FreesData
from sim.declare.arrays import Array
from sim.declare.neutral import Neutral, each
from sim.kernels import jit
from sim.ledger import add_of_the_month
from sim.mechanisms.effects.cuts import cut, mend
from sim.mechanisms.effects.flows import added_effect, bloc_flows, bloc_imports, whose
from sim.mechanisms.effects.opened import compare
from sim.mechanisms.effects.words import STATE
from sim.ports import BargainingTerms, TradeTerms
from sim.registry import param, part
from sim.stakes.linkage import signed_with
from sim.state.world import Bools, Floats, Ints, World
from sim.trade import sparse
from sim.types import Event, Institution, ModelFault, Stage


@part(
    "mechanism",
    name="effects",
    title="Effects",
    title_id="Dampak",
    sentence_id="Perdagangan digital tumbuh di antara pihak yang tercakup, dan kapasitas yang dijanjikan dibayar lalu dibangun.",
)
@dataclass(frozen=True)
class Effects:
    """Digital trade grows between those covered, and promised capacity is paid for and built."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_effect",
            "What is in force adds no trade.",
            "Yang berlaku tidak menambah perdagangan.",
            (
                ("agreements.adequacy_decision.trade_effect", 0.0),
                ("agreements.digital_trade_agreement.trade_effect", 0.0),
                ("agreements.transfer_framework.trade_effect", 0.0),
            ),
            "digital_trade",
        ),
        Neutral(
            "no_distance",
            "Digital trade does not fall with distance.",
            "Perdagangan digital tidak berkurang dengan jarak.",
            (("mechanisms.effects.distance_elasticity", 0.0),),
            "digital_trade",
        ),
        Neutral(
            "no_cut_is_felt",
            "Digital trade goes on where links are cut.",
            "Perdagangan digital tetap berjalan meski sambungan putus.",
            each("mechanisms.effects", 1.0, "cut_keeps", "satellite_keeps"),
            "digital_trade",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "in_force", "freed", "free_flow", "effect", "effect_frame", "sells", "buys", "price_index", "trade", "trade_known",
        "imports", "imports_known", "member", "capacity_gained", "committed", "paid", "received", "overhead", "need", "population",
        "opened", "diverted", "latency", "joined", "linked", "trade_halted", "imports_halted",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "effect", "effect_frame", "sells", "buys", "price_index", "trade", "trade_known", "imports", "imports_known", "capacity_gained",
        "committed", "paid", "received", "overhead", "opened", "diverted",
        "trade_halted", "imports_halted",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("instruments",)
    lays_adds: ClassVar[bool] = True
    state: ClassVar[tuple[Array, ...]] = STATE
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms,)
    offers: ClassVar[tuple[type, ...]] = (TradeTerms,)

    digital_share: float = param(
        0.1,
        unit="share of GDP",
        low=0.045,
        high=0.155,
        source="assumed: middle of 4.5 to 15.5 % of world GDP (UNCTAD, Digital Economy Report 2019, by definition of the digital economy)",
        meaning="Digital services that a state buys at home.",
    )
    trade_elasticity: float = param(
        5.0,
        unit="elasticity",
        low=3.0,
        high=8.0,
        source="memory: Head and Mayer 2014, structural median about 5",
        meaning="Elasticity of trade to its costs: the larger, the less a given rise of trade saves.",
    )
    profit_margin: float = param(
        0.2, unit="share of sales", low=0.1, high=0.3, source="assumed", meaning="What exporters earn of what they sell more."
    )
    exporters_weight: float = param(
        0.5,
        unit="weight",
        low=0.0,
        high=1.0,
        source="assumed (Grossman and Helpman 1994: firms weigh more than nothing and less than the whole)",
        meaning="How much a state counts what its exporters earn.",
    )
    distance_elasticity: float = param(
        0.57,
        unit="elasticity",
        low=0.0,
        high=0.8,
        source="fitted to 234 pairs of states, all services 2022 (services_pairs.csv): 0.57, robust standard error 0.09",
        meaning="How digital trade falls with distance.",
    )
    contiguity: float = param(
        0.3,
        unit="log points",
        low=0.0,
        high=0.9,
        source="fitted to the same pairs: 0.30, robust standard error 0.28",
        meaning="How much a land border adds to trade.",
    )
    common_language: float = param(
        0.25,
        unit="log points",
        low=0.0,
        high=0.5,
        source="fitted to the same pairs: 0.25, robust standard error 0.14",
        meaning="How much an official language in common adds to trade.",
    )
    rest_distance: float = param(
        8000.0,
        unit="km",
        low=2000.0,
        high=15000.0,
        source="assumed",
        meaning="Distance of those that keep no eye on one another, and to the rest of the world.",
    )

    cut_keeps: float = param(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed: telephones, and satellites far out, stay",
        meaning="Part of its digital trade that a state keeps that was joined by links, and that nothing joins for a month.",
    )
    satellite_keeps: float = param(
        0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="The same where satellites in low orbit serve the state."
    )

    def begin(self, world: World) -> None:
        """Lay out trade for the first month, and what is known of it: that of the year before."""
        world.effect[:] = self._effect(world)
        world.effect_of = _rests_on(world)
        world.effect_frame[:] = world.effect
        self._solve(world, world.month // 12 - 1)
        self._know(world)
        self._solve(world, world.month // 12)

    def step(self, world: World, decide: Any) -> None:
        """Renew trade where it can have changed, and pay what is due."""
        if mend(world):
            self._sum_up(world, world.trade, world.imports)
        rests_on = _rests_on(world)
        effect = world.effect if rests_on is not None and rests_on == world.effect_of else self._effect(world)
        if world.month % 12 == 0 and world.month > world.setting.config.start:
            self._know(world)
        if world.month % 12 == 0 or _levers_moved(world):
            world.effect[:] = effect
            self._solve(world, world.month // 12)
        else:
            self._renew(world, effect)
        world.effect_of = rests_on
        if _members_moved(world):
            # What is known of states stays as it was; a bloc has other members.
            self._sum_up(world, world.trade_known, world.imports_known)
        if cut(world, self.satellite_keeps, self.cut_keeps):
            self._sum_up(world, world.trade, world.imports)
        self._pay(world)
        self._compensate(world)
        add_of_the_month(world)

    def _compensate(self, world: World) -> None:
        """Pay a month of the side payments in force; who pays bears the overhead too."""
        instruments, overhead = world.instruments, world.setting.terms(BargainingTerms).payment_overhead
        due = (instruments["stage"] == Stage.IN_FORCE) & (instruments["payment"] != 0.0) & (instruments["in_force"] < world.month)
        for row in where_true(due):
            first, second, month = (
                int(instruments["first"][row]),
                int(instruments["second"][row]),
                float(instruments["payment"][row]) / 12.0,
            )
            payer, receiver = (first, second) if month > 0.0 else (second, first)
            world.paid[payer] += (1.0 + overhead) * abs(month)
            world.overhead[payer] += overhead * abs(month)
            world.received[receiver] += abs(month)

    def _effect(self, world: World) -> Floats:
        """Return the trade added on each edge, shape (E,): by what frees personal data, and by what opens markets besides."""
        effect, doings = np.empty(world.setting.edges.n), world.setting.doings
        bound, frees = cells(world.in_force), doings.doing(FreesData)
        added_effect(world.freed, world.in_force, bound, world.free_flow, frees, doings.rate(TRADE), effect)
        return effect

    def _know(self, world: World) -> None:
        """Let parties know trade as it is now: until next January."""
        world.trade_known[:] = world.trade
        world.imports_known[:] = world.imports

    def _solve(self, world: World, year: int) -> None:
        """Lay out the margins of a year, and put on top what instruments have changed since the start."""
        edges, n = world.setting.edges, world.setting.n_states
        sold, bought = world.setting.roster.digital.sides(year)
        everybody, sells, buys = np.ones(n, dtype=np.bool_), np.empty(n + 2), np.empty(n + 2)
        eased = self._ease(world)
        off = sparse.fit(edges.start, edges.col, n, eased, self._far(), sold, bought, sells, buys)
        if off > sparse.TOLERANCE:
            raise ModelFault(f"digital trade of {year} fits no flows: after {sparse.ROUNDS} rounds a margin is off by {off:.2g} of itself")
        world.sells[:], world.buys[:] = sells[:n], buys[:n]
        self._sell(world, eased, bought[:n], everybody)
        self._sum_up(world, world.trade, world.imports)
        self._open(world, bought[:n])

    def _renew(self, world: World, effect: Floats) -> None:
        """Renew what those buy in whose purchases an effect moved since last month: of the others, all comes out as it is."""
        moved = where_true(effect != world.effect) if effect is not world.effect else ()
        dated, n = world.month in world.setting.roster.dates, world.setting.n_states
        bought = world.setting.roster.digital.sides(world.month // 12)[1][:n]
        if len(moved):
            who = np.zeros(world.setting.n_parties, dtype=np.bool_)
            whose(world.setting.edges.col, np.asarray(moved), who)
            world.effect[:] = effect
            self._sell(world, self._ease(world), bought, who[:n])
        if len(moved) or _members_moved(world):
            self._sum_up(world, world.trade, world.imports)
        if len(moved) or dated:
            # Who is in a common area of free flow is another world without instruments, whether trade moves or not.
            self._open(world, bought)

    def _sell(self, world: World, eased: Floats, bought: Floats, who: Bools) -> None:
        """Renew what some importers buy, and their imports."""
        edges, n, spending = world.setting.edges, world.setting.n_states, self._spending(world, bought)
        sparse.sales(
            edges.start, edges.col, n, eased, world.sells, world.buys, world.effect, world.effect_frame, spending, who,
            world.price_index, world.trade,
        )  # fmt: skip
        # What instruments add at given prices is bought abroad; then all is bought at the new prices.
        world.imports[:n] = np.maximum(1.0, (bought + (world.price_index - 1.0) * spending) / world.price_index)

    def _open(self, world: World, bought: Floats) -> None:
        """Find what is opened and diverted."""
        edges, n = world.setting.edges, world.setting.n_states
        compare(
            edges.start, edges.col, n, world.effect, world.free_flow, self._common(world), world.trade,
            world.sells, world.buys, world.price_index, self._far(), self._spending(world, bought), world.gdp, self.trade_elasticity,
            self.exporters_weight * self.profit_margin, world.opened, world.diverted,
        )  # fmt: skip

    def _common(self, world: World) -> float:
        """Return what a common area of free flow adds to trade by itself: as much as the agreement that frees data best."""
        doings = world.setting.doings
        return float(doings.rate(TRADE)[doings.doing(FreesData)].max(initial=0.0))

    def _spending(self, world: World, bought: Floats) -> Floats:
        """Return all that each state spends on digital services, shape (N,), USD a year."""
        return self.digital_share * world.gdp[: world.setting.n_states] + bought

    def _ease(self, world: World) -> Floats:
        """Return how freely states buy of their partners, shape (E,), to read; it changes with a lever alone, and is kept until then."""
        edges, rests_on = world.setting.edges, (self.distance_elasticity, self.contiguity, self.common_language)
        kept: tuple[Any, Floats] = edges.kept.get("ease", (None, np.zeros(0)))
        if kept[0] != rests_on:
            kept, far, n = (rests_on, np.zeros(edges.n)), edges.log_distance, world.setting.n_states
            sparse.ease(edges.start, edges.col, n, far, edges.border, edges.language, *rests_on, kept[1])
            edges.kept["ease"] = kept
        return kept[1]

    def _far(self) -> float:
        return math.exp(-self.distance_elasticity * math.log(self.rest_distance / 1000.0))

    def _sum_up(self, world: World, trade: Floats, imports: Floats) -> None:
        """Sum trade between states up to that of blocs, and their imports."""
        edges, n = world.setting.edges, world.setting.n_states
        bloc_flows(edges.start, edges.col, edges.rev, n, world.member, trade)
        bloc_imports(edges.start, edges.col, n, world.member, trade, imports)

    def _release(self, world: World) -> None:
        """Free hosts of what pacts that ended this month had promised and will never build."""
        instruments = world.instruments
        gone = (instruments["ended"] == world.month) & (instruments["commitment"] > 0.0)
        for row in where_true(gone).tolist():
            if instruments["in_force"][row] < 0 and self._waited(world, row):
                continue
            left = max(0.0, float(instruments["commitment"][row] - world.array("disbursed")[row]))
            host, cost = int(instruments["second"][row]), float(world.setting.doings.rate(COST)[instruments["type"][row]])
            world.committed[host] = max(0.0, float(world.committed[host]) - left / cost)

    def _waited(self, world: World, row: int) -> bool:
        """Say whether what ended this month before it entered into force was still not consented to, so that nothing was committed."""
        adherence = world.adherence
        asked = np.isin(adherence["instrument"], signed_with(world, row)) & (adherence["institution"] > Institution.EXECUTIVE_ACT)
        return bool((adherence["vote"][asked] >= world.month).any())

    def _pay(self, world: World) -> None:
        self._release(world)
        instruments, doings = world.instruments, world.setting.doings
        running = (instruments["stage"] == Stage.IN_FORCE) & (instruments["commitment"] > 0.0) & (instruments["in_force"] < world.month)
        running &= world.array("stands") == 0
        rows = where_true(running)
        if len(rows) == 0:
            return
        before = world.capacity_gained[world.setting.n_states :].copy()
        _pay_out(
            rows, instruments["type"], instruments["first"], instruments["second"], instruments["commitment"], instruments["term"],
            doings.rate(OVERHEAD), doings.rate(COST), world.paid, world.overhead, world.received, world.capacity_gained, world.committed,
        )  # fmt: skip
        world.array("disbursed")[rows] += instruments["commitment"][rows] / instruments["term"][rows]
        self._hand_on(world, world.capacity_gained[world.setting.n_states :] - before)

    def _hand_on(self, world: World, built: Floats) -> None:
        """Let what was built for blocs this month, (B,) MW, stand in their members."""
        for b in where_true(built):
            inside = where_true(world.member[b])
            part = world.need[inside] if world.need[inside].any() else world.population[inside]
            if len(inside):
                world.capacity_gained[inside] += built[b] * part / np.sum(part)


@jit
def _pay_out(
    rows: NDArray[np.int64], kind: NDArray[np.int8], first: Ints, second: Ints, commitment: Floats, term: Ints, overhead: Floats,
    cost: Floats, paid: Floats, spent: Floats, received: Floats, gained: Floats, committed: Floats,
) -> None:  # fmt: skip
    """Pay a month of each pact, in the order of the table: the investor what the host receives and the overhead on top."""
    for k in range(rows.shape[0]):
        row = rows[k]
        investor, host = first[row], second[row]
        month = commitment[row] / term[row]
        extra = overhead[kind[row]] * month
        paid[investor] += month + extra
        spent[investor] += extra
        received[host] += month
        built = month / cost[kind[row]]
        gained[host] += built
        committed[host] = max(0.0, committed[host] - built)


def _rests_on(world: World) -> tuple[Any, ...] | None:
    """Return all that the trade added rests on: what is in force, common areas, and the types; None where coverage is not known."""
    return None if world.coverage_of is None else (world.coverage_of, world.setting.doings, world.free_flow.tobytes())


def _levers_moved(world: World) -> bool:
    """Say whether a lever moved this month: what trade was laid out by may hold no more."""
    return _happened(world, Event.ACTION)


def _members_moved(world: World) -> bool:
    """Say whether a bloc gained or lost a member this month: its trade is its members'."""
    return _happened(world, Event.MEMBERSHIP_BEGAN) or _happened(world, Event.MEMBERSHIP_ENDED)


def _happened(world: World, kind: Event) -> bool:
    """Say whether something of a kind happened this month, by the column's bytes: months hold more than a thousand contacts."""
    return int(kind) in world.events["event"][world.first_event() :].tobytes()


_OFFERED: type[TradeTerms] = Effects
