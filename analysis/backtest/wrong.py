"""The twenty dyads that the model gets most wrong, and what the model itself says of them at the window's start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.backtest.evaluation import KNOWN, MODEL, Scored
from analysis.backtest.labels import GROUPS, Instrument
from analysis.backtest.model_scores import ModelScores
from analysis.backtest.universe import Universe, table
from sim import engine
from sim.bargains.worth import issue_worth
from sim.params import configure
from sim.sameness import source_digest
from sim.stakes.payoffs import midway, midway_gains
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import World
from sim.types import UserError, month_label

MOST = 20
SIZE_AT_LEAST = 0.00005
"""Bp below which a gain is told as none."""


@dataclass(frozen=True)
class Wrong:
    """A dyad, whether it signed and what, the share of seeds, and the reason."""

    pair: str
    signed: bool
    what: str
    share: float
    rank: float
    reason: str


def most_wrong(universe: Universe, scored: Scored, model: ModelScores, instruments: Mapping[int, list[Instrument]]) -> list[Wrong]:
    """List the dyads most wrong: half that signed and have the least shares, half that did not and have the largest.

    Parameters
    ----------
    scored : Scored
        A reading of dyads without direction.
    instruments : dict
        What each dyad signed in the window, by place of the dyad.
    """
    score, seen = scored.scores[MODEL, KNOWN], scored.seen
    rank = np.array([1.0 + (score > value).sum() + 0.5 * ((score == value).sum() - 1) for value in score])
    # Among equal shares the heavier, and then the one with more trade, is the worse miss.
    trade = scored.scores["trade", KNOWN]
    misses = sorted(np.flatnonzero(seen.signed).tolist(), key=lambda u: (score[u], -seen.weight[u], -trade[u], u))[: MOST // 2]
    alarms = sorted(np.flatnonzero(~seen.signed & (score > 0)).tolist(), key=lambda u: (-score[u], trade[u], u))[: MOST - len(misses)]
    asked = Asked(universe, model)
    found = []
    for unit in misses + alarms:
        i, j = int(seen.first[unit]), int(seen.second[unit])
        rows = instruments.get(int(seen.dyad[unit]), [])
        what = "; ".join(f"{row.name} ({month_label(row.signed)})" for row in rows)
        groups = sorted({row.group for row in rows}) or list(GROUPS)
        reason = asked.why(i, j, groups, missed=bool(seen.signed[unit]))
        pair = f"{universe.codes[i]}-{universe.codes[j]}"
        found.append(Wrong(pair, bool(seen.signed[unit]), what, float(score[unit]), float(rank[unit]), reason))
    return found


class Asked:
    """The model at the start of the runs, asked about one dyad after another.

    Parameters
    ----------
    universe : Universe
    model : ModelScores
        Its first manifest says the configuration.
    """

    def __init__(self, universe: Universe, model: ModelScores) -> None:
        self.universe, self.refusal = universe, ""
        self.world: World | None = None
        manifest = model.manifest
        if manifest.get("source_digest") != source_digest():
            self.refusal = "not asked: these runs were lived by another version of the model"
            return
        try:
            self.world = _first_month(manifest)
        except UserError as fault:
            self.refusal = f"not asked: the runs' configuration cannot be read here ({fault})"

    def why(self, i: int, j: int, groups: list[str], *, missed: bool) -> str:
        """Say in a sentence why the model does or does not let two parties sign an instrument of some groups."""
        if self.world is None:
            return self.refusal
        setting = self.world.setting
        types = {row["type"] for row in table("groups") if row["group"] in groups}
        able = [t for t, kind in enumerate(setting.types) if kind.name in types and bool(setting.negotiated[t])]
        if not able:
            return f"no rule: these runs negotiate no type of the group {' or '.join(groups)}"
        a, b = (self._place(code) for code in (self.universe.codes[i], self.universe.codes[j]))
        if a is None or b is None:
            return "no rule: a party is not in these runs"
        told = [self._of_type(t, a, b, missed=missed) for t in able]
        return "; ".join(told)

    def _place(self, code: str) -> int | None:
        assert self.world is not None
        codes = self.world.setting.codes
        return codes.index(code) if code in codes else None

    def _of_type(self, t: int, a: int, b: int, *, missed: bool) -> str:
        """Say of one type what forbids it, or what each side would gain midway and how it stands among others."""
        world = self.world
        assert world is not None
        setting, kind = world.setting, world.setting.types[t]
        name, codes = kind.name.replace("_", " "), setting.codes
        edge = setting.edges.find(a, b)
        if edge < 0:
            return f"{name}: rule of candidates, the two keep no eye on each other"
        if world.blocked[edge]:
            return f"{name}: rule of blocs, a bloc and its member never negotiate"
        for party in (a, b):
            speaker = int(world.principal[t, party])
            if speaker != party:
                who = "nobody" if speaker < 0 else codes[speaker]
                return f"{name}: rule of competence, {codes[party]} does not speak for itself ({who} does)"
        for s in np.flatnonzero(setting.rules_out[t]):
            if world.in_force[s, edge]:
                return f"{name}: rule of what is settled, {setting.types[s].name.replace('_', ' ')} in force at the start"
        ways = [self._way(t, *way) for way in ((a, b), (b, a))]
        eligible = [way for way in ways if way is not None]
        if not eligible:
            later = "" if missed else "; laws that came into force later in the runs let it"
            return f"{name}: rule of eligibility, neither may be {kind.roles[0]} of the other at the start{later}"
        best = max(eligible, key=lambda way: min(way[0]))
        gains, worst, strongest = best
        first, second = (a, b) if best is ways[0] else (b, a)
        said = f"{codes[first]} {kind.roles[0]} gains {_bp(gains[0])}, {codes[second]} {_bp(gains[1])} midway"
        if min(gains) <= 0.0:
            loser = first if gains[0] <= gains[1] else second
            return f"{name}: {said}; what weighs against it for {codes[loser]} is {worst}"
        if missed:
            return f"{name}: {said}, so talks may open; {codes[first]} has {self._rank(t, first, second)}, and desks and meetings are few"
        least = first if gains[0] <= gains[1] else second
        return f"{name}: {said}; what speaks for it for {codes[least]}, which gains less, is {strongest}"

    def _way(self, t: int, first: int, second: int) -> tuple[tuple[float, float], str, str] | None:
        """Return both gains midway (bp), and the worst and the best term of who gains less; None where the first may not be in role 0."""
        world = self.world
        assert world is not None
        edges, kind = world.setting.edges, world.setting.types[t]
        edge, back = edges.find(first, second), edges.find(second, first)
        if edge < 0 or back < 0:
            return None
        one = [np.array([value], dtype=np.int32) for value in (first, second, edge, back)]
        groups = Groups(one[0], one[1], one[2], one[3], issues_of(world.setting))
        if not bool(kind.eligible(world, groups)[0]):
            return None
        c = kind.coefficients(world, groups).dyads()
        gains = midway_gains(c)[0]
        if np.isnan(gains).any():
            return (float("-inf"), float("-inf")), "that no text is allowed", "nothing"
        side = int(np.argmin(gains))
        x = midway(c)[0]
        terms = {"its worth without any text (trade gained, less distrust and upkeep)": float(c.a[0, side])}
        for k, issue in enumerate(issues_of(world.setting)):
            b, w, theta = (float(one[0, side, k]) for one in (c.b, c.w, c.theta))
            moved = issue_worth(b, w, theta, float(x[k])) - issue_worth(0.0, w, theta, float(c.status_quo[0, k]))
            terms[f"the issue {issue.replace('_', ' ')}"] = float(moved)
        worst, strongest = (f"{words}, {_bp(terms[words])}" for words in (of(terms, key=lambda name: terms[name]) for of in (min, max)))
        return (float(gains[0]), float(gains[1])), worst, strongest

    def _rank(self, t: int, owner: int, partner: int) -> str:
        """Say which place a partner has among those who promise a party something on a type."""
        world = self.world
        assert world is not None
        edges = world.setting.edges
        edge = edges.find(owner, partner)
        mine = slice(int(edges.start[owner]), int(edges.start[owner + 1]))
        hopes = world.prospect[t, mine]
        return f"{int((hopes > world.prospect[t, edge]).sum()) + 1} of {int((hopes > 0).sum())} by what it hopes of them"


def _first_month(manifest: Mapping[str, Any]) -> World:
    """Return the world after the first month of the first seed, when each party has looked at its partners."""
    tree = {("scenarios" if key == "scenario" else key): value for key, value in manifest["config"].items()}
    world = engine.start(engine.assemble(configure(tree)), int(manifest["seeds"][0]))
    engine.step(world)
    return world


def _bp(value: float) -> str:
    """Write basis points with a sign."""
    if not np.isfinite(value):
        return "nothing allowed"
    return "0 bp" if abs(value) < SIZE_AT_LEAST else f"{value:+.2g} bp".replace("-", "−")
