"""Three scenarios beside their twins: what a dominant home loses, what pacts and limits change, and who produces after a transfer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analysis.findings import Lived, table
from sim import engine
from sim.ports import MarketTerms
from sim.run import prepare
from sim.state.world import World

PUBLIC, PRIVATE, SOVEREIGN, HYBRID = range(4)
SEEDS = 8
TITLE = "Infrastructure race, provider dominance, equal access"
LEAD = f"""
All three scenarios as they stand (`scenarios/`), seeds 0 to {SEEDS - 1}, under `nash`, at their last month.
Beside each stand worlds on the same luck that differ in one thing. Means over seeds; a difference has
its 95 % interval over pairs (normal). The three blows of `provider_dominance` are what-ifs.
"""
RACE, DOMINANCE, EQUAL = "infrastructure_race", "provider_dominance", "equal_access"
WITHOUT_PACTS: dict[str, Any] = {
    "negotiated": ("adequacy_decision", "digital_trade_agreement", "law_enforcement_access", "transfer_framework")
}
Look = Callable[[World], float]


def body(lived: Lived) -> str:
    """Live the runs and return the page's tables."""
    lived.heard(f"seeds 0 to {SEEDS - 1}: {DOMINANCE} and {RACE}, with and without")
    hit, calm = (_lived(DOMINANCE, twin=twin) for twin in (False, True))
    free = _lived(DOMINANCE, mechanisms={"market": {"switching": 0.03, "by_fear": 8.0}})
    race, unlimited, without = _lived(RACE), _lived(RACE, twin=True), _lived(RACE, **WITHOUT_PACTS)
    helped = _lived(EQUAL)
    alone = _lived(EQUAL, negotiated=("infrastructure_pact", *WITHOUT_PACTS["negotiated"]))
    return "\n\n".join(
        (
            "## Provider dominance, December 2025",
            table(["", "as it stands", "without the blows", "difference"], _rows(_of_the_market(calm[0]), hit, calm)),
            "The blows where users switch and fear as much as the ranges of these two parameters allow:",
            table(["", "ready to leave", "as it stands", "difference"], _rows(_of_the_market(calm[0]), free, hit)),
            "## Infrastructure race, December 2025",
            table(["", "as it stands", "no pacts", "difference"], _rows(_of_ground(), race, without)),
            table(["", "as it stands", "no limits on building", "difference"], _rows(_of_ground(), race, unlimited)),
            "## Who runs what under pacts",
            table(["investor", "host", "MW run, mean over seeds"], _run_by(race)),
            "## Equal access, December 2024",
            table(["", "as it stands", "no programmes", "difference"], _rows(_of_access(helped), helped, alone)),
            "Hosts are those to which technology was handed over in any of the runs; both worlds are asked about the same states.",
        )
    )


def _lived(scenario: str, *, twin: bool = False, **over: Any) -> list[World]:
    config = prepare({"scenarios": scenario, **over, **({"counterfactual": True} if twin else {})})[0]
    setting, worlds = engine.assemble(config), list[World]()
    for seed in range(SEEDS):
        world = engine.start(setting, seed)
        while world.month <= setting.config.end:
            engine.step(world)
        worlds.append(world)
    return worlds


def _of_the_market(first: World) -> list[tuple[str, Look]]:
    """Return what is looked at in the market: of the home that is largest as the run ends without blows."""
    home = int(np.argmax(first.serves))
    name = first.setting.codes[home]

    def public(world: World) -> float:
        offers = world.cloud_offers
        return float(offers["serves"][offers["home"] == home].sum() / offers["serves"].sum())

    return [
        (f"public load with providers of {name}, %", lambda world: 100.0 * public(world)),
        ("load that other states have with them, MW", lambda world: float(world.serves[home])),
        ("their earnings abroad, 10^9 USD a year", lambda world: float(world.cloud_exports[home]) / 1e9),
        ("load in own hands, mean state, %", lambda world: 100.0 * float(world.in_own_hands.mean())),
        ("in sovereign clouds, % of all load", lambda world: 100.0 * _mode(world, SOVEREIGN)),
        ("on own machines, %", lambda world: 100.0 * _mode(world, PRIVATE)),
        ("exposure to one other state, mean state, %", lambda world: 100.0 * float(world.exposure.mean())),
        ("transfer frameworks in force", lambda world: _in_force(world, "transfer_framework")),
        ("agreements on access of the police in force", lambda world: _in_force(world, "law_enforcement_access")),
        ("signatures", lambda world: float((world.instruments["talk"] >= 0).sum())),
    ]


def _of_ground() -> list[tuple[str, Look]]:
    """Return what is looked at on the ground."""
    return [
        ("pacts signed", lambda world: float(((world.instruments["commitment"] > 0.0) & (world.instruments["talk"] >= 0)).sum())),
        ("built by pacts, MW", lambda world: float(world.capacity_gained[: world.setting.n_states].sum())),
        ("begun by firms, MW", lambda world: float(world.built.sum())),
        ("run by investors, MW", lambda world: float(world.run_by.sum())),
        ("hosts that defaulted", lambda world: _told(world, "host_default")),
        ("of what ended was paid, %", _paid),
        ("in service, MW", lambda world: float(world.cloud_capacity[: world.setting.n_states].sum())),
        ("load that lies abroad, %", lambda world: 100.0 * _abroad(world)),
        ("exposure to one other state, mean state, %", lambda world: 100.0 * float(world.exposure.mean())),
        ("mean price", lambda world: float(world.cloud_price.mean())),
        ("first regions opened", lambda world: _told(world, "cloud_region_opened")),
    ]


def _of_access(helped: Sequence[World]) -> list[tuple[str, Look]]:
    """Return what is looked at in hosts that were handed technology, and in all."""
    roster, n = helped[0].setting.roster, helped[0].setting.n_states
    first = engine.start(helped[0].setting, 0).technology
    hosts = np.flatnonzero(np.max([world.technology for world in helped], axis=0) > first + 1e-9)
    poor = roster.figures["ldc"][-1] > 0.5

    def use(world: World, of: Any) -> float:
        return 100.0 * float(np.average(world.internet_use[:n][of], weights=world.population[:n][of]))

    return [
        ("programmes signed", lambda world: _told_of(world, "capacity_programme")),
        ("hosts that were handed technology", lambda world: float((world.technology > first + 1e-9).sum())),
        ("technology in these hosts, 0 to 100", lambda world: 100.0 * float(world.technology[hosts].mean())),
        ("load in own hands there, %", lambda world: 100.0 * float(world.in_own_hands[hosts].mean())),
        ("cloud exports of these hosts, 10^6 USD a year", lambda world: float(world.cloud_exports[hosts].sum()) / 1e6),
        ("their exposure to one other state, %", lambda world: 100.0 * float(world.exposure[hosts].mean())),
        ("skills there, 0 to 100", lambda world: 100.0 * float(world.skills[hosts].mean())),
        ("people online there, %", lambda world: use(world, hosts)),
        ("people online in least developed states, %", lambda world: use(world, poor)),
        ("gap of these to all others, points", lambda world: use(world, ~poor) - use(world, poor)),
    ]


def _told_of(world: World, kind: str) -> float:
    names, instruments = world.setting.type_names, world.instruments
    if kind not in names:
        return 0.0
    return float(((instruments["type"] == names.index(kind)) & (instruments["talk"] >= 0)).sum())


def _mode(world: World, mode: int) -> float:
    clouds = world.clouds
    mw = world.load_renewed[clouds["user"]] * world.setting.terms(MarketTerms).shares(world)
    return float(mw[clouds["mode"] == mode].sum() / mw.sum())


def _abroad(world: World) -> float:
    return float((world.load_renewed * (1.0 - world.lies_at_home)).sum() / world.load_renewed.sum())


def _in_force(world: World, kind: str) -> float:
    instruments = world.instruments
    return float(((instruments["type"] == world.setting.type_names.index(kind)) & (instruments["stage"] == 1)).sum())


def _told(world: World, event: str) -> float:
    return float((world.events["event"] == world.setting.words.code("event", event)).sum())


def _paid(world: World) -> float:
    instruments = world.instruments
    over = (instruments["commitment"] > 0.0) & (instruments["ended"] >= 0) & (instruments["in_force"] >= 0)
    whole = float(instruments["commitment"][over].sum())
    return 100.0 * float(world.array("disbursed")[over].sum()) / whole if whole > 0.0 else float("nan")


def _run_by(worlds: Sequence[World]) -> list[list[str]]:
    """Return who runs most, and where: ten rows at most."""
    edges, codes = worlds[0].setting.edges, worlds[0].setting.codes
    mean = np.mean([world.run_by for world in worlds], axis=0)
    rows = [edge for edge in np.argsort(-mean, kind="stable")[:10].tolist() if mean[edge] >= 0.05]
    return [[codes[int(edges.col[edge])], codes[int(edges.row[edge])], f"{mean[edge]:.1f}"] for edge in rows]


def _rows(looks: Sequence[tuple[str, Look]], some: Sequence[World], others: Sequence[World]) -> list[list[str]]:
    rows = []
    for name, look in looks:
        one, other = (np.array([look(world) for world in worlds]) for worlds in (some, others))
        gap = one - other
        wide = 1.96 * float(np.nanstd(gap, ddof=1)) / np.sqrt(len(gap))
        told = "" if np.isnan(gap).all() else f"{np.nanmean(gap):,.2f} ({np.nanmean(gap) - wide:,.2f} to {np.nanmean(gap) + wide:,.2f})"
        rows.append([name, *("" if np.isnan(side).all() else f"{np.nanmean(side):,.2f}" for side in (one, other)), told])
    return rows
