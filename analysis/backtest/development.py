"""The development window, on which rules may be judged: what was signed in it, and how worlds lived over it rank who signed.

The years that were held are not looked at here.
"""

from __future__ import annotations

from functools import lru_cache

from analysis.backtest.labels import OURS, read_labels
from analysis.backtest.model_scores import ModelScores, inside_of, shares_of
from analysis.backtest.run import DEVELOPMENT
from analysis.backtest.target import READINGS, Target, target
from analysis.backtest.universe import universe
from analysis.worlds import Kept
from sim import engine
from sim.run import prepare

SPAN = {"start": f"{DEVELOPMENT[0]}-01", "end": f"{DEVELOPMENT[1]}-12"}
"""Settings of a world that is lived over the window."""


@lru_cache(maxsize=1)
def seen() -> Target:
    """Return what was signed in the window: all groups, all rows."""
    parties = universe()
    first, last = DEVELOPMENT
    return target(parties, read_labels(OURS, parties), 12 * first, 12 * last + 11, READINGS[0]).cut()


def kept_scores(kept: Kept) -> ModelScores:
    """Score the dyads by what is kept of a world over the window: the share of its seeds in which each signed.

    Raises
    ------
    UserError
        If its states are invented.
    """
    parties, notes = universe(), list[str]()
    config, _ = prepare({"scenarios": kept.world.scenario}, kept.world.tree)
    inside = inside_of(parties, engine.assemble(config).codes, kept.folder)
    columns = (kept.signatures[name].to_pylist() for name in ("seed", "type", "party_a", "party_b"))
    shares = shares_of(zip(*columns, strict=True), parties, config.negotiated, kept.seeds, notes)
    return ModelScores(kept.folder, kept.seeds, shares, inside, {}, notes)
