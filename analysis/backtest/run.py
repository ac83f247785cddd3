"""One backtest from end to end: labels, runs, scores, and what is written of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.backtest import looks
from analysis.backtest.evaluation import Evaluation, Line
from analysis.backtest.labels import OURS, Instrument, read_labels
from analysis.backtest.living import lived
from analysis.backtest.model_scores import ModelScores, kept_scores, model_scores
from analysis.backtest.resampling import RESAMPLES
from analysis.backtest.target import READINGS, target
from analysis.backtest.universe import universe
from analysis.backtest.written import signed_by_dyad, write_tables
from analysis.backtest.wrong import Wrong, most_wrong
from analysis.worlds import Heard
from sim.types import UserError

DEVELOPMENT = (2010, 2018)
HELD = (2019, 2025)
SEEDS = 200


@dataclass(frozen=True)
class Asked:
    """What a backtest is asked.

    Attributes
    ----------
    window : (int, int)
        First and last year.
    seeds, resamples : int
    runs : Path or None
        Stored runs; None lives them.
    labels : Path or None
        A table of one's own.
    why, date : str or None
        For the log of looks.
    outputs, log : Path
    """

    window: tuple[int, int] = DEVELOPMENT
    seeds: int = SEEDS
    resamples: int = RESAMPLES
    runs: Path | None = None
    labels: Path | None = None
    why: str | None = None
    date: str | None = None
    outputs: Path = Path("outputs")
    log: Path = field(default=looks.LOG)

    @property
    def words(self) -> str:
        """The window as it is typed."""
        return f"{self.window[0]}-{self.window[1]}"

    @property
    def months(self) -> tuple[int, int]:
        """First and last month of the window."""
        return 12 * self.window[0], 12 * self.window[1] + 11

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.outputs / "backtest" / self.words


@dataclass(frozen=True)
class Backtest:
    """The results."""

    evaluation: Evaluation
    lines: list[Line]
    wrong: list[Wrong]


def backtest(asked: Asked, heard: Heard = lambda _: None) -> Backtest:
    """Score a window, write the tables, and return what they hold; a look at 2019 or later is logged before anything is scored.

    ``heard`` is told what is about to be lived.

    Raises
    ------
    UserError
        If labels or runs cannot be read or do not cover the window, or the look cannot be logged.
    """
    parties = universe()
    instruments = read_labels(OURS if asked.labels is None else asked.labels, parties)
    first, last = asked.months
    _refuse_empty(instruments, asked)
    if last >= looks.FIRST_HELD:
        looks.note_look(
            asked.log, asked.words, "ours" if asked.labels is None else asked.labels.name,
            "own" if asked.runs is None else asked.runs.name, asked.seeds if asked.runs is None else 0, asked.why, asked.date,
        )  # fmt: skip
    forecast: ModelScores | None = None
    if asked.runs is None:
        kept = lived(*asked.window, asked.seeds, asked.outputs / "backtest" / "runs", heard)
        model, forecast = (kept_scores(one, parties, first, last) for one in kept)
    else:
        model = model_scores(asked.runs, parties, first, last)
    evaluation = Evaluation(parties, instruments, first, last, model, asked.resamples, forecast)
    lines = [line for reading in evaluation.readings for line in evaluation.lines(reading)]
    if not lines:
        raise UserError(f"no dyad of these runs signed anything in {asked.words} by these labels: there is nothing to score")
    wrong = most_wrong(parties, evaluation.scored(READINGS[0]), model, signed_by_dyad(evaluation))
    write_tables(asked.folder, evaluation, lines, wrong)
    return Backtest(evaluation, lines, wrong)


def _refuse_empty(instruments: Sequence[Instrument], asked: Asked) -> None:
    """Refuse labels without a positive in the window, before anything is lived."""
    seen = target(universe(), instruments, *asked.months, READINGS[0])
    if not seen.n_signed:
        signed = [row.signed // 12 for row in instruments if row.counts]
        have = f"those of depth 2 or more are of {min(signed)} to {max(signed)}" if signed else "none is of depth 2 or more"
        raise UserError(f"the labels hold no instrument that a dyad at risk signed in {asked.words} ({have}): there is nothing to score")
