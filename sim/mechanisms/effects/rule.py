"""What is in force changes the world: digital trade grows between those covered, and promised capacity is paid for and built.

Trade follows ``sim.mechanisms.effects.gravity``; multilateral resistance is solved at the start and each January, flows whenever figures,
members or coverage change. Then, too, ``sim.mechanisms.effects.opened`` says what the trade that is freed is worth, and to whom.
What commits funds pays ``commitment / term`` a month while in force: the party in role 0 pays that and the
overhead on top, the other receives it, and its capacity grows by it over the cost of a MW. What is built for a bloc stands in its members:
each gets its part of their need as the month began, or of their people where none is in need. Whatever else a consequence adds to parties
(:class:`sim.consequences.Adds`) is added month by month.

Sources: an adequacy decision adds 7 to 9 % of digital trade (Ferracane et al. 2026); the club effect among third states is not
modelled here. Digital trade is 17 % of world trade (VoxEU 2023), which sets the home bias (see ``docs/defence.md``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import cells, seen_by_partner, where_true
from sim.consequences import COST, OVERHEAD, TRADE
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.ledger import add_of_the_month
from sim.mechanisms.effects.gravity import ROUNDS, bloc_flows, flows, freeness, largest_effect, moved_flows, resistance
from sim.mechanisms.effects.opened import close, compare, outside_of, settle, touch
from sim.ports import BargainingTerms, TradeTerms
from sim.registry import param, part
from sim.state.world import Floats, Ints, World
from sim.types import Event, Stage


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
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "in_force", "freed", "free_flow", "effect", "resistance", "trade", "member", "capacity_gained", "committed", "paid",
        "received", "overhead", "imports", "need", "population", "opened", "diverted", "outside", "resistance_without",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "effect",
        "resistance",
        "trade",
        "trade_known",
        "imports_known",
        "imports",
        "capacity_gained",
        "committed",
        "paid",
        "received",
        "overhead",
        "opened",
        "diverted",
        "outside",
        "resistance_without",
    )
    tables: ClassVar[tuple[str, ...]] = ()
    lays_adds: ClassVar[bool] = True
    state: ClassVar[tuple[Array, ...]] = (
        array("capacity_gained", ("party",), unit="MW", meaning="cloud capacity added by pacts since the start"),
        array("imports", ("party",), start=1, unit="USD a year", meaning="digital imports from all partners, at least 1"),
        array("resistance", ("party",), start=1, unit="ratio", meaning="multilateral resistance, the rest of the world being 1"),
        array("paid", ("party",), unit="USD", meaning="paid for partners' infrastructure since the start"),
        array("received", ("party",), unit="USD", meaning="received for infrastructure since the start"),
        array("overhead", ("party",), unit="USD", meaning="overhead on payments made since the start"),
        array("committed", ("party",), unit="MW", meaning="capacity promised by pacts and not yet built"),
        array("trade_known", ("edge",), unit="USD a year", meaning="digital trade as known"),
        array("imports_known", ("party",), start=1, unit="USD a year", meaning="digital imports as known"),
        array("trade", ("edge",), unit="USD a year", meaning="digital trade from the owner to the partner"),
        array("effect", ("edge",), unit="share of trade", meaning="digital trade added by what is in force between the two"),
        array(
            "resistance_without",
            ("state",),
            start=1,
            unit="ratio",
            meaning="multilateral resistance if no instrument were in force, the rest of the world being 1",
        ),
        array("outside", ("state",), unit="USD a year", meaning="digital output outside the state and its partners"),
        array(
            "opened", ("state",), unit="log points", meaning="fall of the share bought at home by what instruments free with own partners"
        ),
        array("diverted", ("state",), unit="log points", meaning="the same by what they free elsewhere; negative where trade is diverted"),
    )
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms,)
    offers: ClassVar[tuple[type, ...]] = (TradeTerms,)

    digital_share: float = param(
        0.15,
        unit="share of GDP",
        low=0.045,
        high=0.25,
        source="assumed (UNCTAD 2019 gives 4.5 to 15.5 %)",
        meaning="Digital output of a state.",
    )
    distance_elasticity: float = param(
        0.3,
        unit="elasticity",
        low=0.0,
        high=0.8,
        source="memory: services gravity literature (0 to -0.8)",
        meaning="How digital trade falls with distance.",
    )
    contiguity: float = param(
        0.53, unit="log points", low=0.2, high=0.9, source="memory: Head and Mayer 2014", meaning="How much a land border adds to trade."
    )
    trade_elasticity: float = param(5.0, unit="elasticity", low=3.0, high=8.0, source="memory: Head and Mayer 2014", meaning="Elasticity of trade.")
    profit_margin: float = param(0.2, unit="share", low=0.1, high=0.3, source="assumed", meaning="Margin.")
    exporters_weight: float = param(0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="Weight.")
    home_bias: float = param(
        3.8,
        unit="log points",
        low=2.8,
        high=4.8,
        source="fitted to one number: cross-border digital trade of 4.8 % of world GDP (17 % of world trade, VoxEU "
        "2023; trade 28 % of GDP, memory)",
        meaning="Freeness of trade at home, over that at 1,000 km.",
    )
    rest_distance: float = param(
        8000.0, unit="km", low=2000.0, high=15000.0, source="assumed", meaning="Distance to the rest of the world."
    )

    def begin(self, world: World) -> None:
        """Solve trade for the first month."""
        world.effect[:] = self._effect(world)
        self._solve(world)
        world.trade_known[:], world.imports_known[:] = world.trade, world.imports

    def step(self, world: World, decide: Any) -> None:
        """Renew trade where it can have changed, and pay what is due."""
        if world.month % 12 == 0:
            world.trade_known[:], world.imports_known[:] = world.trade, world.imports
        effect = self._effect(world)
        if world.month % 12 == 0 or _members_moved(world) or _levers_moved(world):
            if world.month % 12 == 0 or _members_moved(world) or not np.array_equal(effect, world.effect):
                world.effect[:] = effect
                self._solve(world)
        else:
            self._renew(world, effect)
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
        """Return the trade added on each edge, shape (E,): the largest that anything in force, or a common area of free flow, gives."""
        effect = np.empty(world.setting.edges.n)
        largest_effect(world.freed, cells(world.in_force), world.free_flow, world.setting.doings.rate(TRADE), effect)
        return effect

    def _solve(self, world: World) -> None:
        setting, edges, n = world.setting, world.setting.edges, world.setting.n_states
        output, whole = self._outputs(world)
        phi = np.empty(edges.n)
        freeness(edges.log_distance, edges.border, self.distance_elasticity, self.contiguity, world.effect, phi)
        if world.month % 12 == 0 or world.month == setting.config.start:
            # What a state does not trade with by name is one row: the world less itself and its partners, whatever the year.
            partners = np.where(edges.col < n, output[np.minimum(edges.col, n - 1)], 0.0)
            outside = np.maximum(0.0, whole - output - np.add.reduceat(partners, edges.start[:-1])[:n])
            rest = math.exp(-self.distance_elasticity * math.log(self.rest_distance / 1000.0))
            resist = world.resistance[:n].copy()
            resistance(edges.start, edges.col, n, output, whole, phi, math.exp(self.home_bias), rest, outside, ROUNDS, resist)
            world.resistance[:n] = resist
        flows(edges.start, edges.col, n, output, whole, phi, world.resistance, world.trade)
        self._sum_up(world)
        self._open(world, anew=True)

    def _renew(self, world: World, effect: Floats) -> None:
        """Renew trade on the edges whose effect moved since last month: where only effects move, the rest would come out as it is."""
        moved, dated = cells(effect != world.effect), world.month in world.setting.roster.dates
        if len(moved):
            edges, (output, whole) = world.setting.edges, self._outputs(world)
            moved_flows(
                edges.row, edges.col, world.setting.n_states, output, whole, edges.log_distance, edges.border, self.distance_elasticity,
                self.contiguity, moved, effect, world.resistance, world.trade,
            )  # fmt: skip
            world.effect[:] = effect
            self._sum_up(world)
        if len(moved) or dated:
            # Who is in a common area of free flow is another world without instruments, whether trade moves or not.
            self._open(world, anew=dated)

    def _open(self, world: World, *, anew: bool) -> None:
        """Find what is opened and diverted; ``anew``: the world without instruments is another, too."""
        edges, n = world.setting.edges, world.setting.n_states
        output, whole = self._outputs(world)
        if anew:
            outside_of(edges.start, edges.col, n, output, whole, world.outside)
        scale = world.resistance[:n] / output
        home = math.exp(self.home_bias) / whole * output
        rest = math.exp(-self.distance_elasticity * math.log(self.rest_distance / 1000.0)) / whole * world.outside
        common, touched = float(world.setting.doings.rate(TRADE).max(initial=0.0)), np.empty(n, dtype=np.bool_)
        if anew:
            closed = world.trade.copy()
            close(world.effect, world.free_flow, common, closed)
            world.resistance_without[:] = world.resistance[:n]
            settle(edges.start, edges.col, n, closed, scale, home, rest, world.resistance, world.resistance_without)
        touch(edges.start, n, world.effect, world.free_flow, common, touched)
        bound = world.resistance_without.copy()
        if touched.any():
            settle(edges.start, edges.col, n, world.trade, scale, home, rest, world.resistance, bound)
        compare(
            edges.start, edges.col, n, world.trade, scale, home, rest, world.resistance, touched, world.resistance_without, bound,
            world.opened, world.diverted,
        )  # fmt: skip

    def _outputs(self, world: World) -> tuple[Floats, float]:
        """Return the digital output of each state, shape (N,), and of the world, USD a year."""
        roster, n = world.setting.roster, world.setting.n_states
        year = int(np.searchsorted(roster.years, world.month // 12))
        return self.digital_share * world.gdp[:n], self.digital_share * float(roster.world_gdp[year])

    def _sum_up(self, world: World) -> None:
        """Sum trade between states up to that of blocs, and to each party's imports."""
        edges, n = world.setting.edges, world.setting.n_states
        bloc_flows(edges.start, edges.col, edges.rev, n, world.member, world.trade)
        incoming = np.empty(edges.n)
        seen_by_partner(edges.rev, world.trade, incoming)
        incoming[edges.col >= n] = 0.0
        world.imports[:] = np.maximum(1.0, np.add.reduceat(incoming, edges.start[:-1]))

    def _pay(self, world: World) -> None:
        instruments, doings = world.instruments, world.setting.doings
        running = (instruments["stage"] == Stage.IN_FORCE) & (instruments["commitment"] > 0.0) & (instruments["in_force"] < world.month)
        rows = where_true(running)
        if len(rows) == 0:
            return
        before = world.capacity_gained[world.setting.n_states :].copy()
        _pay_out(
            rows, instruments["type"], instruments["first"], instruments["second"], instruments["commitment"], instruments["term"],
            doings.rate(OVERHEAD), doings.rate(COST), world.paid, world.overhead, world.received, world.capacity_gained, world.committed,
        )  # fmt: skip
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


def _levers_moved(world: World) -> bool:
    """Say whether a lever moved since trade was last solved as a whole (January or the start): what held then may hold no more."""
    since = max(world.month - world.month % 12, world.setting.config.start)
    return bool((world.events["event"][world.first_event(since) :] == Event.ACTION).any())


def _members_moved(world: World) -> bool:
    """Say whether a bloc gained or lost a member this month: its trade is its members'."""
    now = world.events["event"][world.first_event() :]
    return bool(((now == Event.MEMBERSHIP_BEGAN) | (now == Event.MEMBERSHIP_ENDED)).any())


_OFFERED: type[TradeTerms] = Effects
