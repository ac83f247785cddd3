"""Whether guidelines bring ASEAN's members to a binding market: the scenario beside the same world without guidelines, on the same luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.findings import Lived, table
from sim import engine
from sim.bargains.group import GroupProblem
from sim.bargains.many import nash_group
from sim.params import configure
from sim.scenario import load_scenario, merge
from sim.stakes.treaties import coalition, members_of_bloc, problem_of, stakes_of
from sim.state.world import World
from sim.types import Stage, Status, TalkStage, month_index

TITLE = "Soft law and a binding market among ASEAN's members"
SCENARIO, SEEDS, BLOC = "asean_integration", 20, "ASEAN"
SOFT, HARD = "regional_guidelines", "regional_market"
TALKS = month_index("2023-09")
LEAD = """
The scenario `asean_integration` from 2014-01 to 2026-12, all states, seeds 0 to 19, which share their
luck. *Without* is the same world in which nobody wants guidelines (`agreements.regional_guidelines.worth`
is 0). A number with ± is a mean over seeds with half its 95 % interval; a share of seeds has its 95 %
interval (Wilson) in brackets. Nothing was fitted to what is told here. The market's upkeep in the
scenario is a tenth of the model's, chosen after a look at the zone: at the model's Laos would lose by
its costs alone. Both are shown. What guidelines save of a table's work was raised from 0.25 to 0.33,
because a quarter saves no whole session.

*Gap* is read in September 2023, when ASEAN's talks began. It is what every member would have to be
given, in basis points of its own GDP a year, for one text to suit all as they then are. A gap of 0
means that there is a zone of agreement. *Spread* is the standard deviation of the members' safeguards.
*Depth* is how much a text binds: the mean of safeguards, redress, security, and data let move.
"""
WITHOUT: dict[str, Any] = {"agreements": {SOFT: {"worth": 0.0}}}
WORLDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("without guidelines", WITHOUT),
    ("with guidelines", {}),
    ("the same, followed five times as fast (`rate` 0.5)", {"mechanisms": {"soft_law": {"rate": 0.5}}}),
    ("without, upkeep of a market 10^6 USD", merge(WITHOUT, {"agreements": {HARD: {"upkeep": 1e6}}})),
    ("with, upkeep of a market 10^6 USD", {"agreements": {HARD: {"upkeep": 1e6}}}),
)


@dataclass(frozen=True)
class Told:
    """What one life of the scenario tells.

    Attributes
    ----------
    guided, signed, bound : float
        Months from the start to the first guidelines in force, to the first market signed, and to one in force; NaN where there is none.
    talks : float
        Mean months of the tables on a market that closed; NaN of none.
    tables, failed, follows, pairs : float
        Tables on a market called and failed, times that guidelines were followed, agreements of two members signed.
    depth, spread, gap : float
    out : tuple of str
        Members that a market in force at the end does not bind.
    without : tuple of str
        Members without each of which the others had a zone in ``TALKS``.
    """

    guided: float
    signed: float
    bound: float
    talks: float
    tables: float
    failed: float
    follows: float
    pairs: float
    depth: float
    spread: float
    gap: float
    out: tuple[str, ...]
    without: tuple[str, ...]


def body(lived: Lived) -> str:
    """Return the tables of the worlds, what guidelines change, and who stands in the way."""
    known = {words: lives(tree, lived.heard) for words, tree in WORLDS}
    head = ["world", "guidelines in force", "market signed", "market in force", "tables on a market", "failed", "months a table", "depth"]
    first = table(head, [[words, *_pacts(told)] for words, told in known.items()])
    head = ["world", "months to guidelines", "times followed", "spread at the end", "gap", "seeds with a zone", "pairs signed"]
    second = table(head, [[words, *_laws(told)] for words, told in known.items()])
    (_, bare), (_, soft) = list(known.items())[:2]
    rows = [[words, change(bare, soft, read)] for words, read in CHANGES]
    third = table(["with less without guidelines, seed by seed", "mean change"], rows)
    fourth = table(["member", "without guidelines", "with guidelines"], _who(bare, soft))
    return (
        f"## Pacts\n\n{first}\n\n## Laws, and how near a pact is\n\n{second}\n\n## What guidelines change\n\n{third}\n\n"
        f"## Who stays out\n\nIn how many seeds the others would have had a zone without this member, in September 2023; and, of seeds "
        f"with a\nmarket in force at the end, in how many it is not bound.\n\n{fourth}"
    )


CHANGES: tuple[tuple[str, Callable[[Told], float]], ...] = (
    ("seeds with a market signed", lambda one: float(not math.isnan(one.signed))),
    ("gap, bp of GDP a year", lambda one: one.gap),
    ("spread of safeguards at the end", lambda one: one.spread),
    ("months of a table on a market", lambda one: one.talks),
    ("tables on a market", lambda one: one.tables),
    ("agreements of two members signed", lambda one: one.pairs),
)


def lives(tree: Mapping[str, Any], heard: Callable[[str], None], seeds: Sequence[int] = range(SEEDS)) -> list[Told]:
    """Live the scenario with a tree laid over it, seed by seed."""
    heard(f"{SCENARIO}, seeds {seeds[0]} to {seeds[-1]}: {tree or 'as it stands'}")
    setting = engine.assemble(configure(merge(load_scenario(SCENARIO), dict(tree))))
    return [_life(engine.start(setting, seed)) for seed in seeds]


def _life(world: World) -> Told:
    gap, without = math.nan, tuple[str, ...]()
    while world.month <= world.setting.config.end:
        if world.month == TALKS:
            gap, without = _zone(world)
        engine.step(world)
    return _told(world, gap, without)


def _told(world: World, gap: float, without: tuple[str, ...]) -> Told:
    start, hard = world.setting.config.start, world.setting.type_names.index(HARD)
    members, instruments, conferences = _members(world), world.instruments, world.conferences
    markets = np.flatnonzero(instruments["type"] == hard)
    of, guides = conferences["type"] == hard, instruments["type"] == world.setting.type_names.index(SOFT)
    closed = of & (conferences["stage"] != TalkStage.OPEN)
    months = (conferences["closed"] - conferences["opened"])[closed]
    live = markets[instruments["stage"][markets] == Stage.IN_FORCE]
    inside = {world.setting.codes[p] for row in live for p in coalition(world, int(row)).tolist()}
    two = np.isin(instruments["first"], members) & np.isin(instruments["second"], members) & (instruments["signed"] >= start)
    followed = world.events["event"] == world.setting.words.code("event", "guidelines_followed")
    return Told(
        guided=_first(instruments["in_force"][guides], start),
        signed=_first(instruments["signed"][markets], start),
        bound=_first(instruments["in_force"][markets], start),
        talks=float(months.mean()) if len(months) else math.nan,
        tables=float(of.sum()),
        failed=float((of & (conferences["stage"] == TalkStage.FAILED)).sum()),
        follows=float(followed.sum()),
        pairs=float(two.sum()),
        depth=float(np.mean([_depth(world, int(row)) for row in markets])) if len(markets) else math.nan,
        spread=float(np.std(world.safeguards[members])),
        gap=gap,
        out=tuple(world.setting.codes[p] for p in members.tolist() if world.setting.codes[p] not in inside) if len(live) else (),
        without=without,
    )


def _first(months: Any, start: int) -> float:
    real = months[months >= start]
    return float(real.min() - start) if len(real) else math.nan


def _depth(world: World, row: int) -> float:
    said = dict(zip(world.setting.words.issues, world.instruments["text"][row].tolist(), strict=True))
    return float(np.mean([said["safeguards"], said["redress"], said["security"], 1.0 - said["localisation"]]))


def _members(world: World) -> Any:
    bloc = world.setting.party(BLOC)
    return np.flatnonzero(world.member[bloc - world.setting.n_states])


def _zone(world: World) -> tuple[float, tuple[str, ...]]:
    """Return the gap of a world's members, and the members without whom the others have a zone."""
    t = world.setting.type_names.index(HARD)
    members = members_of_bloc(world, t, world.setting.party(BLOC))
    near = []
    for one in members.tolist():
        others = members[members != one]
        if gap_of(problem_of(stakes_of(world, t, others, others))) == 0.0:
            near.append(world.setting.codes[one])
    return gap_of(problem_of(stakes_of(world, t, members, members))), tuple(near)


def gap_of(problem: GroupProblem, most: float = 64.0) -> float:
    """Return the least that each party would have to be given, bp of its own GDP a year, for a zone; 0 where there is one."""
    if nash_group(problem).status == Status.AGREED:
        return 0.0
    low, high = 0.0, most
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        if nash_group(replace(problem, a=problem.a + middle)).status == Status.AGREED:
            high = middle
        else:
            low = middle
    return high


def _pacts(told: Sequence[Told]) -> list[str]:
    shares = [share([not math.isnan(getattr(one, name)) for one in told]) for name in ("guided", "signed", "bound")]
    return [*shares, *(mean([getattr(one, name) for one in told]) for name in ("tables", "failed", "talks", "depth"))]


def _laws(told: Sequence[Told]) -> list[str]:
    means = [mean([getattr(one, name) for one in told]) for name in ("guided", "follows", "spread", "gap")]
    return [*means, share([one.gap == 0.0 for one in told]), mean([one.pairs for one in told])]


def _who(bare: Sequence[Told], soft: Sequence[Told]) -> list[list[str]]:
    names = sorted({code for one in (*bare, *soft) for code in (*one.out, *one.without)})
    rows = []
    for name in names:
        cells = []
        for told in (bare, soft):
            pacts = [one for one in told if not math.isnan(one.bound)]
            cells.append(
                f"{sum(name in one.without for one in told)} of {len(told)}; {sum(name in one.out for one in pacts)} of {len(pacts)}"
            )
        rows.append([name, *cells])
    return rows or [["none", "–", "–"]]


def mean(values: Sequence[float]) -> str:
    """Write a mean over seeds with half its 95 % interval; seeds without a value are left out, and told where there are any."""
    known = [one for one in values if not math.isnan(one)]
    if not known:
        return "–"
    half = 1.96 * float(np.std(known, ddof=1)) / math.sqrt(len(known)) if len(known) > 1 else math.nan
    middle = float(np.mean(known))
    digits = 3 if abs(middle) < 1.0 else 2
    interval = "" if math.isnan(half) else f" ± {half:.{digits}f}"
    left_out = "" if len(known) == len(values) else f" ({len(known)} of {len(values)} seeds)"
    return f"{middle:.{digits}f}{interval}{left_out}"


def share(hits: Sequence[bool]) -> str:
    """Write how many seeds, and the 95 % interval of their share (Wilson 1927)."""
    n, z = len(hits), 1.96
    p = sum(hits) / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (100.0 * (middle + sign * half) / (1 + z * z / n) for sign in (-1, 1))
    return f"{sum(hits)} of {n} ({max(0.0, low):.0f} to {min(100.0, high):.0f} %)"


def change(bare: Sequence[Told], soft: Sequence[Told], read: Callable[[Told], float]) -> str:
    """Write the mean change between two worlds on the same luck."""
    return mean([read(one) - read(other) for one, other in zip(soft, bare, strict=True)])
