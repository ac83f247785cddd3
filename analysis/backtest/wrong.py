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
from sim.params import configure
from sim.sameness import source_digest
from sim.state.world import World
from sim.types import UserError, month_label
from sim.why import TypeWhy, why

MOST = 20
AT_START = ("settled", "eligibility")
"""Rules whose bar may be lifted, or set, later in the runs."""
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
        setting, codes = self.world.setting, (self.universe.codes[i], self.universe.codes[j])
        types = {row["type"] for row in table("groups") if row["group"] in groups}
        if not any(kind.name in types and bool(setting.negotiated[t]) for t, kind in enumerate(setting.types)):
            return f"no rule: these runs negotiate no type of the group {' or '.join(groups)}"
        if not set(codes) <= set(setting.codes):
            return "no rule: a party is not in these runs"
        return "; ".join(_told(kind, missed=missed) for kind in why(self.world, *codes).types if kind.name in types)


def _told(kind: TypeWhy, *, missed: bool) -> str:
    """Say of one type what bars it at the start, or what each side would gain midway and how it stands among others."""
    name, bar, best = kind.name.replace("_", " "), next(iter(kind.bars), None), kind.best
    if bar is not None and (bar.rule != "worth" or best is None or best.least is None):
        later = "; laws that came into force later in the runs let it" if bar.rule == "eligibility" and not missed else ""
        return f"{name}: rule of {bar.rule}, {bar.sentence}{' at the start' if bar.rule in AT_START else ''}{later}"
    assert best is not None and best.sides is not None and best.least is not None
    first, second = best.sides
    said = f"{first.party} {first.role} gains {_bp(first.bp)}, {second.party} {_bp(second.bp)} midway"
    least = best.least
    if bar is not None:
        return f"{name}: {said}; what weighs against it for {least.party} is {least.worst.title}, {_bp(least.worst.bp)}"
    if missed:
        place = kind.places[first.party]
        hopes = (
            f"{second.party} is number {place} of those {first.party} hopes for" if place else f"{first.party} hopes for nothing from it"
        )
        return f"{name}: {said}, so talks may open; {second.party} is {hopes}, and desks and meetings are few"
    return f"{name}: {said}; what speaks for it for {least.party}, which gains less, is {least.best.title}, {_bp(least.best.bp)}"


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
