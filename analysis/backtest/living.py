"""The backtest's own runs: the baseline over a window, with inputs as known month by month, and as they were known before it.

What is kept of them is read where it lies there, and lived where it does not (:mod:`analysis.worlds`).
"""

from __future__ import annotations

from pathlib import Path

from analysis.worlds import Heard, Kept, World
from analysis.worlds import lived as lived_world

SCENARIO = "baseline"


def span_of(first: int, last: int) -> dict[str, str]:
    """Return the settings of a world that is lived over a window of years, and the December before it.

    What is in force in the month in which a run starts is given to it. Were that the first month of the window, the model could not sign
    what the world signed then.
    """
    return {"start": f"{first - 1}-12", "end": f"{last}-12"}


def known_world(first: int, last: int) -> World:
    """Return the world of a window of years whose figures become known as they did."""
    return World.of(SCENARIO, span_of(first, last))


def frozen_world(first: int, last: int) -> World:
    """Return the same world where nothing becomes known after the December before it: a forecast."""
    return World.of(SCENARIO, span_of(first, last), {"roster.known_until": f"{first - 1}-12"})


def lived(first: int, last: int, seeds: int, outputs: Path, heard: Heard = lambda _: None) -> tuple[Kept, Kept]:
    """Return what is kept of both worlds of a window of years, known and frozen.

    Raises
    ------
    UserError
        If a world cannot be, or the folder cannot be written.
    """
    known, frozen = (lived_world(world, seeds, outputs, heard) for world in (known_world(first, last), frozen_world(first, last)))
    return known, frozen
