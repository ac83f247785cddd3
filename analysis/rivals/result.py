"""The model beside each rival: what ``python -m analysis rivals`` writes down.

A fact tells the model from a rival if it is in band for the model and missed by the rival. Who signs with whom does so if the interval of
the model's area less the rival's, over resampled parties, lies above zero. Only the years of development are scored: those that were held
are not looked at.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.backtest.development import scores_of, seen
from analysis.backtest.evaluation import KNOWN, Line, Scored, compared
from analysis.backtest.model_scores import ModelScores
from analysis.backtest.resampling import RESAMPLES
from analysis.backtest.universe import universe
from analysis.facts import KINDS, Fact, Measure, facts
from analysis.rivals.columns import MODEL, Column, chosen, column
from analysis.rivals.limits import limits
from analysis.validation.result import FEW, HOLDS, UNDEFINED, Said
from analysis.validation.result import Line as Number
from analysis.worlds import Heard
from sim.run import provenance

SEEDS = 20
"""Seeds where nobody says."""
RIVAL, BOTH, NEITHER, UNKNOWN, ALONE = "the rival alone", "both", "neither", "cannot be told", "the model alone"
AGAINST = (RIVAL, BOTH, NEITHER, UNKNOWN, ALONE)
"""Who gets a number right, in the order in which it should trouble a reader."""
BEHIND, LEVEL, AHEAD = "the rival ranks better", "not told apart", "the model ranks better"
RANKED = (BEHIND, LEVEL, UNKNOWN, AHEAD)
"""Who ranks better who signs with whom, in the same order."""


@dataclass(frozen=True)
class Result:
    """What was asked, and every theory of it.

    Attributes
    ----------
    columns : tuple of Column
        The model first.
    facts : tuple of Fact
        Those that have a scenario: tested ones first, and those that do not tell the model from a rival before others.
    waiting : tuple of Fact
        Those that have none yet.
    lines : dict of str to Line
        How each theory ranks who signed, by name; empty where nothing was signed.
    dyads : dict of str to float
        Dyads at risk that signed a data instrument, a run.
    seeds, resamples : int
    limits : tuple of (str, str)
        What the numbers cannot bear, in English and Indonesian.
    failed : int
        Seeds that failed in any world.
    commit, digest : str
        Of the code.
    command : str
        Repeats it.
    whole : bool
        All rivals, with seeds enough to be shown in public, none failed.
    """

    columns: tuple[Column, ...]
    facts: tuple[Fact, ...]
    waiting: tuple[Fact, ...]
    lines: Mapping[str, Line]
    dyads: Mapping[str, float]
    seeds: int
    resamples: int
    limits: tuple[Said, ...]
    failed: int
    commit: str
    digest: str
    command: str
    whole: bool

    @property
    def model(self) -> Column:
        """The model's own column."""
        return self.columns[0]

    @property
    def rivals(self) -> tuple[Column, ...]:
        """All others."""
        return self.columns[1:]

    def number(self, rival: Column, fact: Fact, measure: Measure) -> Number | None:
        """Return what a theory gives of a number, None where its scenario could not be lived."""
        there = rival.facts.get(fact.id)
        return None if there is None else next(line for line in there.lines if line.measure.name == measure.name)

    def same(self, rival: Column, fact: Fact, measure: Measure) -> bool:
        """Say whether a rival gives the model's own number in every seed: then nothing that it changes is read."""
        mine, other = (self.number(one, fact, measure) for one in (self.model, rival))
        if mine is None or other is None or mine.found is None or other.found is None:
            return False
        return bool(np.array_equal(mine.found.values, other.found.values, equal_nan=True))

    def against(self, rival: Column, fact: Fact, measure: Measure | None = None) -> str:
        """Say who gets a number right, the model or a rival; of the whole fact where no number is named."""
        if measure is None:
            there = rival.facts.get(fact.id)
            return _against(self.model.facts[fact.id].verdict, None if there is None else there.verdict)
        mine, other = (self.number(one, fact, measure) for one in (self.model, rival))
        return _against(None if mine is None else mine.verdict, None if other is None else other.verdict)

    def ranks(self, rival: Column) -> str:
        """Say who ranks better who signs with whom, the model or a rival."""
        line = self.lines.get(rival.name)
        if line is None or line.difference.low != line.difference.low:
            return UNKNOWN
        return BEHIND if line.difference.high < 0.0 else AHEAD if line.difference.low > 0.0 else LEVEL


def compared_with_rivals(
    seeds: int = SEEDS,
    only: Sequence[str] = (),
    outputs: Path = Path("outputs/rivals"),
    *,
    over: Mapping[str, Any] | None = None,
    resamples: int = RESAMPLES,
    workers: int | None = None,
    heard: Heard = lambda _: None,
) -> Result:
    """Live the model and the chosen rivals, score the facts and who signs with whom, and set them side by side.

    Parameters
    ----------
    seeds : int
        Seeds 0 to ``seeds`` - 1 of every world.
    only : sequence of str
        Names of rivals; none means all.
    outputs : Path
        Where all worlds lie, and are found again.
    over : mapping or None
        Settings laid over every world by their dotted names: a small roster for a test.
    resamples : int
        Of parties.
    workers : int or None
        Processes; None takes one for each core.
    heard : callable
        Told what is about to be lived.

    Raises
    ------
    UserError
        If there is no such rival, or a world of the model cannot be lived.
    """
    laid, every = dict(over or {}), facts()
    there = [fact for fact in every if fact.scenario is not None]
    columns = tuple(column(name, there, seeds, laid, outputs, heard, workers) for name in (MODEL, *chosen(only)))
    scores = {one.name: scores_of(one.kept) for one in columns if one.kept is not None}
    lines, dyads = _ranked(columns, scores, resamples)
    failed, here = sum(one.failed for one in columns), provenance()
    words = [*(["--seeds", str(seeds)] if seeds != SEEDS else []), *(["--only", ",".join(chosen(only))] if only else [])]
    found = Result(
        columns,
        tuple(there),
        tuple(fact for fact in every if fact.scenario is None),
        lines,
        dyads,
        seeds,
        resamples,
        limits(columns, seeds, scores[MODEL], lines, dyads, laid),
        failed,
        str(here["commit"] or "none"),
        here["source_digest"],
        shlex.join(["python", "-m", "analysis", "rivals", *words]),
        not only and not laid and seeds >= FEW and not failed,
    )
    return replace(found, facts=tuple(sorted(there, key=lambda fact: _place(found, fact))))


def _ranked(columns: Sequence[Column], scores: Mapping[str, ModelScores], resamples: int) -> tuple[dict[str, Line], dict[str, float]]:
    """Return how each theory ranks who signed, and how many dyads signed a run."""
    inside, every = scores[MODEL].inside, seen()
    target = replace(every, kept=inside[every.first] & inside[every.second]).cut()
    over = {(name, KNOWN): one.over(target) for name, one in scores.items()}
    lines = compared(Scored(target, over), universe(), {one.name: one.title for one in columns}, resamples)
    return {line.scorer: line for line in lines}, {name: float(score.sum()) for (name, _), score in over.items()}


def _against(mine: str | None, other: str | None) -> str:
    if UNDEFINED in (mine, other) or mine is None or other is None:
        return UNKNOWN
    return {(True, True): BOTH, (True, False): ALONE, (False, True): RIVAL, (False, False): NEITHER}[mine == HOLDS, other == HOLDS]


def _place(result: Result, fact: Fact) -> tuple[int, int]:
    """Return the place of a fact: tested before calibrated before echoes, those in trouble first."""
    worst = min((AGAINST.index(result.against(rival, fact)) for rival in result.rivals), default=0)
    return -KINDS.index(fact.kind), worst
