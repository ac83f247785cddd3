"""The development window, on which rules may be judged: what was signed in it, and how worlds lived over it rank who signed.

The years that were held are not looked at here.
"""

from __future__ import annotations

from functools import lru_cache

from analysis.backtest.labels import OURS, read_labels
from analysis.backtest.living import span_of
from analysis.backtest.model_scores import ModelScores, kept_scores
from analysis.backtest.run import DEVELOPMENT
from analysis.backtest.target import READINGS, Target, target
from analysis.backtest.universe import universe
from analysis.worlds import Kept

SPAN = span_of(*DEVELOPMENT)
"""Settings of a world that is lived over the window."""


@lru_cache(maxsize=1)
def seen() -> Target:
    """Return what was signed in the window: all groups, all rows."""
    parties = universe()
    first, last = DEVELOPMENT
    return target(parties, read_labels(OURS, parties), 12 * first, 12 * last + 11, READINGS[0]).cut()


def scores_of(kept: Kept) -> ModelScores:
    """Score the dyads by what is kept of a world over the window: the share of its seeds in which each signed.

    Raises
    ------
    UserError
        If its states are invented.
    """
    first, last = DEVELOPMENT
    return kept_scores(kept, universe(), 12 * first, 12 * last + 11)
