"""What is known this year and who belongs to what this month.

Figures follow the as-of rule; memberships act on their dates; a bloc is the sum of its members.

Extensive figures of a bloc are sums over members; indices are population-weighted means over members whose figure is known.
Capability is a declared mix of shares of the world, in units of the average state: ``capability = n (GDP share + material share +
cloud share) / 3`` with stated weights and n the states of the world. Capacity is a state's part of the data centres of its region, and
load what its users ask for (:mod:`sim.data.data_centres`). Use of the internet is the figure known as the run begins; from then on
:mod:`sim.mechanisms.access` moves it. Need is load that is not served at home: ``need = max(0, load - capacity -
committed)`` in MW. A bloc needs what its members need, less what is promised to it and not yet built. ``pledged`` is what pacts that
still wait for their ratifiers would build, and ``outlay`` what an investor pays a year for pacts that are signed and not yet paid out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import both_inside, where_true
from sim.consequences import COST, OVERHEAD
from sim.data.records import InstrumentRow
from sim.data.start_state import AddedRow
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.ledger import change_binding, change_membership, dissolve, list_instruments, renew_coverage
from sim.ledger.votes import pending
from sim.mechanisms.roster.principals import principals
from sim.registry import param, part
from sim.state.world import Bools, Floats, World
from sim.types import Flag, Stage

SUMS = ("gdp", "population", "material_capability", "base_capacity", "capacity_gained", "load")
MEANS = ("internet_use", "bandwidth", "digital_government", "cybersecurity", "protection_firms", "protection_state", "localisation")


@part(
    "mechanism",
    name="roster",
    title="Roster",
    title_id="Daftar negara",
    sentence_id="Angka yang diketahui tahun ini, keanggotaan yang berlaku bulan ini, dan siapa berbicara atas nama siapa diperbarui.",
)
@dataclass(frozen=True)
class RosterOfTheMonth:
    """The figures known this year, the memberships of this month and who speaks for whom are brought up to date."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "cannot_be_off",
            "Without it there are no figures, no members and nobody who speaks: nothing would be left to compare.",
            "Tanpa mekanisme ini tidak ada angka, anggota, dan wakil: tidak ada yang dapat dibandingkan.",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "member", "gone", "bound", "committed", "capacity_gained", "base_capacity", "gdp", "internet_use", "population",
        "material_capability", "cloud_capacity", "principal",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        *SUMS, *MEANS, "cloud_capacity", "capability", "need", "pledged", "outlay", "waiting",
        "member", "bound", "principal", "blocked", "free_flow", "in_force",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("events", "adherence", "instruments")
    lays_covers: ClassVar[bool] = True
    state: ClassVar[tuple[Array, ...]] = (
        array("gdp", ("party",), unit="USD a year", meaning="gross domestic product as known this year"),
        array("population", ("party",), unit="people", meaning="population as known this year"),
        array("internet_use", ("party",), unit="share of people", meaning="people who use the internet; that of a bloc by people"),
        array("bandwidth", ("party",), unit="index 0-1", meaning="telecommunication infrastructure, the ceiling of video contacts"),
        array("digital_government", ("party",), unit="index 0-1", meaning="e-government development"),
        array("cybersecurity", ("party",), unit="index 0-1", meaning="cyber-security commitment"),
        array("material_capability", ("party",), unit="share of world", meaning="composite index of national capability"),
        array("protection_firms", ("party",), unit="index 0-1", meaning="protection of personal data against firms"),
        array("protection_state", ("party",), unit="index 0-1", meaning="protection of personal data against the state"),
        array("localisation", ("party",), unit="index 0-1", meaning="control over where data lie"),
        array("base_capacity", ("party",), unit="MW", meaning="data centres in service, without what pacts have added"),
        array("cloud_capacity", ("party",), unit="MW", meaning="cloud capacity, read and gained"),
        array("load", ("party",), unit="MW", meaning="cloud capacity that its users ask for, wherever it stands"),
        array("need", ("party",), unit="MW", meaning="load that is neither served at home nor promised by pacts"),
        array("pledged", ("party",), unit="MW", meaning="capacity of pacts signed with it that wait for their ratifiers"),
        array("waiting", ("edge",), unit="USD", meaning="funds of pacts of the owner with the partner that wait for ratifiers"),
        array("outlay", ("party",), unit="USD a year", meaning="what it pays for pacts signed and not yet paid out, overhead included"),
        array(
            "capability", ("party",), unit="times the average state", meaning="declared mix of GDP, material capability and cloud capacity"
        ),
        array("member", ("bloc", "state"), dtype=bool, unit="0/1", meaning="state is a member of the bloc"),
        array("gone", ("bloc", "state"), dtype=bool, unit="0/1", meaning="state has walked out of the coalition in the run"),
        array("bound", ("bloc", "state"), dtype=bool, unit="0/1", meaning="state is bound by the bloc's law"),
        array(
            "principal",
            ("type", "party"),
            dtype="int32",
            start=-1,
            unit="party",
            refers="party",
            meaning="who speaks for the party on the type; -1 for a bloc without the competence",
        ),
        array("blocked", ("edge",), dtype=bool, unit="0/1", meaning="a bloc and its own member, or a bloc without members: never a dyad"),
        array("free_flow", ("edge",), dtype=bool, unit="0/1", meaning="both inside one area of free data flow"),
    )

    mw_per_region: float = param(
        40.0,
        unit="MW",
        low=10.0,
        high=120.0,
        source="assumed",
        meaning="Weight of one provider's cloud region in its state's part of the data centres of a part of the world.",
    )
    mw_per_exchange: float = param(
        5.0, unit="MW", low=1.0, high=20.0, source="assumed", meaning="Weight of one building that houses an internet exchange in the same."
    )
    income_elasticity: float = param(
        0.5,
        unit="elasticity",
        low=0.0,
        high=1.0,
        source="assumed, between every user alike and in proportion to income",
        meaning="How the load that a user asks for grows with GDP per head.",
    )
    gdp_share: float = param(1.0, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of GDP in capability.")
    material_share: float = param(
        1.0, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of material capability (CINC) in capability."
    )
    cloud_share: float = param(1.0, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of cloud capacity in capability.")

    def begin(self, world: World) -> None:
        """Set the world of the first month, with the instruments then in force and no events."""
        roster, setting = world.setting.roster, world.setting
        world.member[:], world.bound[:] = self._inside(world)
        world.internet_use[: setting.n_states] = roster.figure("internet_use", world.month)
        self._renew(world, begins=True)
        self._capacity(world)
        names, issues, codes = setting.type_names, setting.words.issues, {code: p for p, code in enumerate(setting.codes)}
        list_instruments(
            world,
            [
                (names.index(row.type), codes[row.parties[0]], codes[row.parties[1]], _text(row, issues), row.signed, row.in_force, at)
                for at, row in enumerate(roster.instruments)
                if row.in_force_at(world.month) and row.type in names and all(code in codes for code in row.parties)
            ],
        )
        renew_coverage(world)

    def step(self, world: World, decide: Any) -> None:
        """Let dated memberships and competences act, renew figures in January, and read what is in force as the month begins."""
        changed = world.month % 12 == 0 or world.month in world.setting.roster.dates
        member, bound = self._inside(world)
        for b in where_true(((member != world.member) | (bound != world.bound)).any(axis=1)):
            for state in where_true(member[b] != world.member[b]):
                change_membership(world, int(b), int(state), bool(member[b, state]))
            world.member[b] = member[b]
            for state in where_true(bound[b] != world.bound[b]):
                world.bound[b, state] = bound[b, state]
                change_binding(world, int(b), int(state), bool(bound[b, state]))
            if not member[b].any():
                dissolve(world, int(b))
            changed = True
        if changed:
            self._renew(world)
        self._capacity(world)
        renew_coverage(world)

    def _inside(self, world: World) -> tuple[Bools, Bools]:
        """Return who is a member of each bloc this month, and whom its law binds, shape (B, N) each."""
        roster = world.setting.roster
        at = np.array([roster.organisations.index(bloc) for bloc in roster.blocs], dtype=np.int64)
        since = roster.member_from[at] <= world.month
        since &= ~world.gone
        return since & (world.month < roster.member_until[at]), since & (world.month < roster.member_bound_until[at])

    def _renew(self, world: World, *, begins: bool = False) -> None:
        setting, roster, n = world.setting, world.setting.roster, world.setting.n_states
        year = int(np.searchsorted(roster.years, world.month // 12))
        begun, figures, flags = roster.year_row(setting.config.start), roster.figures, roster.flags
        for name in (*SUMS[:3], *MEANS):
            source = "cinc" if name == "material_capability" else name
            if name != "internet_use":
                getattr(world, name)[:n] = figures[source][year]
        centres, weights = roster.data_centres, self.weights
        if begins:
            # What stands later is the model's own (mechanism data_centres).
            counts = np.stack([figures["cloud_regions"][year], figures["ix_buildings"][year]], axis=1)
            world.base_capacity[:n] = centres.capacity(year, weights, counts)
        if world.month % 12 == 0 or world.month == setting.config.start:
            # Use moves each month; what users ask for is reckoned once a year, as what is in service is.
            users, income = world.internet_use[:n] * world.population[:n], world.gdp[:n] / world.population[:n]
            asked = centres.load_per(year, weights, self.income_elasticity, world.internet_use[:n])
            world.load[:n] = asked * users * income**self.income_elasticity
        for b in range(len(roster.blocs)):
            inside = where_true(world.member[b])
            for name in SUMS:
                values = getattr(world, name)
                values[n + b] = np.sum(values[inside])
            for name in MEANS:
                values = getattr(world, name)
                # Whose use was known as the run began counts: no later figure of it is read.
                known = inside[flags[name][begun if name == "internet_use" else year][inside] < Flag.FILLED]
                use = known if len(known) else inside
                values[n + b] = np.sum(values[use] * world.population[use]) / np.sum(world.population[use]) if len(use) else 0.0
        world.principal[:] = principals(roster, setting.type_names, world.month, world.bound, world.member)
        edges = setting.edges
        world.blocked[:] = False
        for b in range(len(roster.blocs)):
            own = np.zeros(setting.n_parties, dtype=np.bool_)
            own[:n] = world.member[b] | world.bound[b]
            mine = np.arange(edges.start[n + b], edges.start[n + b + 1])
            # Where nobody is inside there is nobody to meet.
            mine = mine[own[edges.col[mine]]] if world.member[b].any() else mine
            world.blocked[mine] = world.blocked[edges.rev[mine]] = True
        world.free_flow[:] = False
        for at in where_true(roster.free_flow):
            within = np.zeros(setting.n_parties, dtype=np.bool_)
            within[:n] = (roster.member_from[at] <= world.month) & (world.month < roster.member_bound_until[at])
            for b in range(len(roster.blocs)):
                within[n + b] = bool(world.member[b].any() and within[:n][world.member[b]].all())
            both_inside(edges.start, edges.col, within, world.free_flow)

    @property
    def weights(self) -> tuple[float, float]:
        """MW of one cloud region and of one building with an exchange."""
        return self.mw_per_region, self.mw_per_exchange

    def _capacity(self, world: World) -> None:
        n, roster = world.setting.n_states, world.setting.roster
        year = int(np.searchsorted(roster.years, world.month // 12))
        for b in range(len(roster.blocs)):
            for values in (world.capacity_gained, world.base_capacity):
                values[n + b] = np.add.reduce(values[:n][world.member[b]])
        shares = (self.gdp_share, self.material_share, self.cloud_share)
        whole = (
            float(roster.world_gdp[year]),
            float(roster.world_total["cinc"][year]),
            roster.data_centres.world(year, self.weights),
        )
        _stand(
            n, shares, whole, float(roster.world_states), world.gdp, world.material_capability, world.base_capacity, world.capacity_gained,
            world.load, world.committed, world.cloud_capacity, world.capability, world.need,
        )  # fmt: skip
        for b in range(len(roster.blocs)):
            world.need[n + b] = max(0.0, float(np.add.reduce(world.need[:n][world.member[b]])) - world.committed[n + b])
        self._promises(world)

    def _promises(self, world: World) -> None:
        """Sum up what signed pacts would still build, and what those not yet paid out cost a year."""
        instruments, doings = world.instruments, world.setting.doings
        stage, kind, second = instruments["stage"], instruments["type"], instruments["second"]
        world.pledged[:] = 0.0
        world.outlay[:] = 0.0
        world.waiting[:] = 0.0
        waits = np.zeros(len(instruments), dtype=np.bool_)
        waits[world.adherence["instrument"][pending(world)]] = True
        alive = (instruments["commitment"] > 0.0) & ((stage == Stage.SIGNED) | (stage == Stage.IN_FORCE) | (stage == Stage.SUSPENDED))
        overhead, cost = doings.rate(OVERHEAD), doings.rate(COST)
        for row in where_true(alive):
            whole = float(instruments["commitment"][row])
            year = 12.0 * whole / float(instruments["term"][row])
            world.outlay[int(instruments["first"][row])] += (1.0 + float(overhead[kind[row]])) * year
            if waits[row]:
                world.pledged[int(second[row])] += whole / float(cost[kind[row]])
                edge = world.setting.edges.find(int(instruments["first"][row]), int(second[row]))
                if edge >= 0:
                    world.waiting[edge] += whole


def _text(row: InstrumentRow, issues: tuple[str, ...]) -> Floats:
    """Return what an instrument of the tables says, on the first issues; one that a scenario adds may say something of any."""
    return row.levels_of(issues) if isinstance(row, AddedRow) else row.text


@jit
def _stand(
    n_states: int, shares: tuple[float, float, float], whole: tuple[float, float, float], world_states: float, gdp: Floats,
    material: Floats, base: Floats, gained: Floats, load: Floats, committed: Floats, cloud: Floats, capability: Floats, need: Floats,
) -> None:  # fmt: skip
    """Fill cloud capacity (MW) and capability of each party, (P,), and the need of each state (MW).

    ``shares`` are the weights and ``whole`` the world's totals of GDP, of material capability and of cloud capacity.
    """
    total = shares[0] + shares[1] + shares[2]
    scale = world_states / (total if total > 0.0 else 1.0)
    for p in range(cloud.shape[0]):
        cloud[p] = base[p] + gained[p]
        capability[p] = scale * (
            shares[0] * (gdp[p] / whole[0]) + shares[1] * (material[p] / max(1e-9, whole[1])) + shares[2] * (cloud[p] / max(1.0, whole[2]))
        )
    for p in range(n_states):
        need[p] = max(0.0, load[p] - cloud[p] - committed[p])
