"""The cloud market and data centres: shares beside Korea's and Japan's, Africa's growth, what was built, and all that without building."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.findings import Lived, table
from sim import engine
from sim.params import configure
from sim.ports import MarketTerms
from sim.state.world import World

Floats = NDArray[np.float64]

PUBLIC = 0
SEEDS, START, END = 6, 2017, 2024
STILL = {"mechanisms": {"data_centres": {"pace": 0.0}, "market": {"entry": 0.0}}}
TITLE = "The cloud market beside what is known of it"
LEAD = f"""
The baseline from {START}-01 to {END}-12, seeds 0 to {SEEDS - 1}, all states, under `nash`. It reads
cloud regions and data centres of its start, and nothing later. Nothing below was fitted. Two things
were chosen after a first look at Korea and Japan: that every state has local providers, and the share
of the market below which size tells nothing more. Intervals are 95 % over seeds (normal).

Class A: competition authorities. Korea: shares of AWS and Microsoft in sales of IaaS and PaaS (KFTC
2022). Japan: 60 to 70 % of corporate cloud with AWS, Microsoft and Google (JFTC 2022, fiscal 2020).
Class B: press and market researchers. The three largest firms, all of the United States, had 50 % of
the world's market at the end of 2017 and 67 % at the end of 2022 (Synergy). Africa's data centres
doubled in three years, at under 1 % of the world's (Xalam).
"""


@dataclass
class Seen:
    """What one run shows: by year what is asked of it, and at the end who built where."""

    korea: dict[int, float] = field(default_factory=dict)
    japan: dict[int, float] = field(default_factory=dict)
    world: dict[int, float] = field(default_factory=dict)
    africa: dict[int, float] = field(default_factory=dict)
    whole: dict[int, float] = field(default_factory=dict)
    end: World | None = None


def body(lived: Lived) -> str:
    """Live the runs and return the page's tables."""
    lived.heard(f"seeds 0 to {SEEDS - 1}: baseline, {START}-01 to {END}-12, with and without building")
    runs, still = ([_live(seed, over) for seed in range(SEEDS)] for over in ({}, STILL))
    shares = [
        ["Korea, two largest of the US, December 2019", _share([one.korea[2019] for one in runs]), "84.6", "A"],
        ["the same, December 2020", _share([one.korea[2020] for one in runs]), "79.4", "A"],
        ["the same, December 2021", _share([one.korea[2021] for one in runs]), "74.1", "A"],
        ["change 2019 to 2021, points", _share([one.korea[2021] - one.korea[2019] for one in runs]), "-10.5 (null 0)", "A"],
        ["Japan, three largest of the US, 2020", _share([one.japan[2020] for one in runs]), "60 to 70", "A"],
        ["world, change December 2017 to 2022, points", _share([one.world[2022] - one.world[2017] for one in runs]), "17 (null 0)", "B"],
    ]
    grown = [one.africa[2024] / one.africa[2021] for one in runs]
    gibrat = [one.whole[2024] / one.whole[2021] for one in runs]
    africa = [
        [
            "Africa's data centres, December 2024 over 2021",
            _told(grown, "{:.2f}"),
            f"2.0 (null: {np.mean(gibrat):.2f})",
            "B",
        ],
        ["its share of the world's, 2021, %", _share([one.africa[2021] / one.whole[2021] for one in runs]), "under 1", "B"],
        ["its share, 2024, %", _share([one.africa[2024] / one.whole[2024] for one in runs]), "under 1", "B"],
    ]
    return "\n\n".join(
        (
            "## Shares of providers of the United States in public load, %",
            table(["", "here", "record", "class"], shares),
            "Providers of one home are one here, so all of the United States stand beside the two or three largest.",
            "## Africa",
            table(["", "here", "record", "class"], africa),
            "## What firms have begun to build, MW",
            table(["in", "in all", "whose providers build abroad", "MW"], _built(runs)),
            "## With building and without it, at the end",
            table(["", "here", "nothing is built"], _beside(runs, still)),
        )
    )


def _live(seed: int, over: dict[str, Any]) -> Seen:
    """Live one run and look at it each December."""
    world = engine.start(engine.assemble(configure({"scenarios": "baseline", "start": f"{START}-01", "end": f"{END}-12", **over})), seed)
    seen, n = Seen(end=world), world.setting.n_states
    african = np.array([region == "Africa" for region in world.setting.roster.regions])
    while world.month <= 12 * END + 11:
        engine.step(world)
        if world.month % 12 == 0:
            year = world.month // 12 - 1
            capacity = world.cloud_capacity[:n]
            seen.korea[year], seen.japan[year] = (_of_users(world, code) for code in ("KOR", "JPN"))
            seen.world[year] = _of_home(world, "USA")
            seen.africa[year], seen.whole[year] = float(capacity[african].sum()), float(capacity.sum())
    return seen


def _of_users(world: World, code: str) -> float:
    """Return the share of providers of the United States in the public load of a state's users."""
    clouds, codes = world.clouds, world.setting.codes
    mine = np.flatnonzero((clouds["user"] == codes.index(code)) & (clouds["mode"] == PUBLIC))
    share = world.setting.terms(MarketTerms).shares(world)[mine]
    return float(share[clouds["home"][mine] == codes.index("USA")].sum() / share.sum())


def _of_home(world: World, code: str) -> float:
    """Return the share of providers of a home in all public load."""
    offers = world.cloud_offers
    return float(offers["serves"][offers["home"] == world.setting.codes.index(code)].sum() / offers["serves"].sum())


def _ends(runs: Sequence[Seen]) -> list[World]:
    return [one.end for one in runs if one.end is not None]


def _built(runs: Sequence[Seen]) -> list[list[str]]:
    """Return where most is built and whose providers build most abroad, means over seeds, ten rows."""
    worlds = _ends(runs)
    codes = worlds[0].setting.codes
    here = np.mean([world.built for world in worlds], axis=0)
    there = np.mean([world.built_abroad for world in worlds], axis=0)
    first, second = (np.argsort(-values, kind="stable")[:10] for values in (here, there))
    return [[codes[i], f"{here[i]:,.0f}", codes[j], f"{there[j]:,.0f}"] for i, j in zip(first, second, strict=True)]


def _beside(runs: Sequence[Seen], still: Sequence[Seen]) -> list[list[str]]:
    """Return what differs where nothing is built."""

    def abroad(world: World) -> float:
        return float((world.load_renewed * (1.0 - world.lies_at_home)).sum() / world.load_renewed.sum())

    rows: list[tuple[str, Any]] = [
        ("data centres in service, MW", lambda world: world.cloud_capacity[: world.setting.n_states].sum()),
        (
            "load that lies abroad, %",
            lambda world: 100.0 * abroad(world),
        ),
        ("public load with providers of the US, %", lambda world: 100.0 * _of_home(world, "USA")),
        ("load in own hands, mean state, %", lambda world: 100.0 * world.in_own_hands.mean()),
        ("exposure to one other state, mean state, %", lambda world: 100.0 * world.exposure.mean()),
        ("mean price, ratio", lambda world: world.cloud_price.mean()),
        ("pacts on infrastructure signed", lambda world: _signed(world, "infrastructure_pact")),
        ("all signatures", lambda world: float(len(world.instruments))),
    ]
    return [[name, *(_told([float(look(world)) for world in _ends(some)], "{:,.1f}") for some in (runs, still))] for name, look in rows]


def _signed(world: World, kind: str) -> float:
    names, instruments = world.setting.type_names, world.instruments
    return float(((instruments["type"] == names.index(kind)) & (instruments["signed"] >= 12 * START)).sum())


def _share(values: Sequence[float]) -> str:
    return _told([100.0 * value for value in values], "{:.1f}")


def _told(values: Sequence[float], form: str) -> str:
    """Return a mean over seeds with its interval."""
    mean, wide = float(np.mean(values)), 1.96 * float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return f"{form.format(mean)} ({form.format(mean - wide)} to {form.format(mean + wide)})"
