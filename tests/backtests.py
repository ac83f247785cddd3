"""What the tests of the backtest share: a small study of a few states, lived once, and its labels."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from analysis.backtest.evaluation import Evaluation
from analysis.backtest.labels import OURS, Instrument, read_labels
from analysis.backtest.model_scores import model_scores
from analysis.backtest.universe import universe
from sim.study import run_study

STATES = ["ARG", "AUS", "CAN", "CHE", "CHL", "CHN", "DEU", "FRA", "IDN", "ISR", "JPN", "KOR", "MEX", "NZL", "SGP", "URY", "USA"]
FIRST, LAST = 12 * 2010, 12 * 2018 + 11


@functools.cache
def labels() -> tuple[Instrument, ...]:
    """Return our own labels."""
    return read_labels(OURS, universe())


@functools.cache
def study(seeds: int = 3, keep: bool = True, protocols: int = 1, end: str = "2018-12") -> Path:
    """Return the folder of a study of a few states."""
    tree = {
        "set": {"start": "2010-01", "end": end, "roster.states": STATES},
        "factors": {"protocol": {"values": ["nash", "egalitarian"]}} if protocols == 2 else {},
        "replicates": seeds,
        "keep": {"runs": list(range(seeds)) if keep else [], "record": "panels"},
    }
    return run_study(tree, outputs=tempfile.mkdtemp(), workers=1)


@functools.cache
def evaluation() -> Evaluation:
    """Return the evaluation of that study."""
    return Evaluation(universe(), labels(), FIRST, LAST, model_scores(study(), universe(), FIRST, LAST), resamples=20)
