"""What a finding on welfare reads of some runs: gains of every state at the last month, by source, and what is coded as the runs begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.validation.page import figure_of
from analysis.validation.score import interval
from sim import engine
from sim.recorder import RunData
from sim.run import Result
from sim.stakes.welfare import source_names, source_words
from sim.state.world import Setting, World

Floats = NDArray[np.float64]
BILLION = 1e9


def billions(usd: Any) -> Floats:
    """Return money in billion USD, to the dollar: sums of floats that cancel are 0."""
    return np.round(np.asarray(usd) / BILLION, 9)


@dataclass(frozen=True)
class Gains:
    """Gains of the states of some runs at their last month.

    Attributes
    ----------
    setting : Setting
    runs : sequence of RunData
        A record a seed.
    gdp : float64 (S, N)
        By seed and state, USD a year.
    bp : dict of str to float64 (S, N)
        By ``whole`` and by each source, bp of own GDP a year.
    """

    setting: Setting
    runs: Sequence[RunData]
    gdp: Floats
    bp: dict[str, Floats]

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources."""
        return source_names(self.setting)

    def usd(self, source: str = "whole") -> Floats:
        """Return gains by a source, (S, N), billion USD a year."""
        return self.bp[source] * self.gdp / 1e4 / BILLION

    def scalars(self, column: str) -> Floats:
        """Return a column of the scalars, (S,)."""
        return np.array([run.scalars[column] for run in self.runs])

    def began(self, column: str) -> float:
        """Return a column of the series in the first month, the median over seeds."""
        return float(np.median([run.series[column][0] for run in self.runs]))

    def title(self, source: str) -> str:
        """Return what a source is called."""
        return source_words(self.setting)[source].title


def gains_of(result: Result) -> Gains:
    """Read the gains of a result recorded with panels."""
    n, names = result.setting.n_states, source_names(result.setting)

    def last(metric: str) -> Floats:
        return np.array([run.panels[metric][-1, :n] for run in result.runs])

    return Gains(result.setting, result.runs, last("gdp"), {"whole": last("welfare"), **{name: last(f"welfare_{name}") for name in names}})


class Coded(NamedTuple):
    """A listed instrument with a coded text on an issue: its name, the level it is coded at, and the law without it."""

    name: str
    level: float
    law: float


def begun(setting: Setting) -> World:
    """Return the world as the first month begins."""
    return engine.start(setting, 0)


def coded_on_security(world: World) -> list[Coded]:
    """Return the instruments in force at the start whose text on security is coded, beside the weaker side's present standards."""
    setting, issue = world.setting, list(world.setting.words.issues).index("security")
    codes = list(setting.codes)
    found = []
    for row in setting.roster.instruments:
        if row.in_force_at(setting.config.start) and not np.isnan(row.text[issue]):
            law = min(float(world.cybersecurity[codes.index(code)]) for code in row.parties)
            found.append(Coded(row.name, float(row.text[issue]), law))
    return found


def outlived(setting: Setting) -> list[Any]:
    """Return the listed instruments that are in force at the start, stay so in a run, and had ended in the world by its last month."""
    start, end = setting.config.start, setting.config.end
    return [row for row in setting.roster.instruments if row.in_force_at(start) and row.ended <= end]


def outside_the_law(world: World) -> dict[str, list[int]]:
    """Return by bloc the states that share its area of free flow as the run begins and are not bound by its law; none left out."""
    edges, n, found = world.setting.edges, world.setting.n_states, dict[str, list[int]]()
    for b, bloc in enumerate(world.setting.roster.blocs):
        bound = np.zeros(world.setting.n_parties, dtype=np.bool_)
        bound[:n] = world.bound[b]
        beside = np.unique(edges.row[world.free_flow & bound[edges.col] & (edges.row < n) & ~bound[edges.row]])
        if len(beside):
            found[bloc] = [int(i) for i in beside]
    return found


def cells(values: Any) -> tuple[str, str]:
    """Write the median of a number over seeds and its interval; seeds that have none are left out."""
    known = np.sort(np.asarray(values, dtype=np.float64)[~np.isnan(values)])
    low, high, _ = interval(known)
    return figure_of(median_of(known)), "–" if np.isnan(low) else f"{figure_of(low)} to {figure_of(high)}"


def middle_of(values: Floats) -> float:
    """Return the median of the values that are there; NaN where none is."""
    return median_of(values[~np.isnan(values)])


def median_of(values: Floats) -> float:
    """Return the median of some values; NaN of none."""
    return float(np.median(values)) if len(values) else float("nan")
