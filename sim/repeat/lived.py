"""A run lived again as far as a month: the same months as the first time, kept as a world that can be asked."""

from __future__ import annotations

from collections.abc import Sequence

from sim import engine
from sim.contracts import blaming
from sim.registry import using
from sim.seat.moves import Move
from sim.seat.played import live, played_by
from sim.state.world import Setting, World
from sim.types import UserError, month_label


def lived(setting: Setting, seed: int, month: int, moves: Sequence[Move] = ()) -> World:
    """Return the world of a run at the end of a month.

    Parameters
    ----------
    setting : Setting
    seed : int
    month : int
        ``12 * year + month - 1``, of the run's months; the month before the first returns the world as the run begins.
    moves : sequence of Move
        Of the seat that is played, where one is; later ones are not made.

    Raises
    ------
    UserError
        If the run has no such month.

    Examples
    --------
    >>> from sim import engine
    >>> from sim.types import month_index
    >>> setting = engine.build({"scenarios": "baseline", "start": "2019-01", "end": "2019-06", "roster": {"states": ["IDN", "SGP", "JPN"]}})
    >>> lived(setting, 7, month_index("2019-03")).month == month_index("2019-04")
    True
    """
    world = engine.start(setting, seed)
    live_on(world, month, moves)
    return world


def live_on(world: World, month: int, moves: Sequence[Move] = ()) -> None:
    """Live a world on, in place, to the end of a month.

    Raises
    ------
    UserError
        If the run has no such month, or it is over already.
    """
    config = world.setting.config
    if not world.month - 1 <= month <= config.end:
        first = month_label(max(config.start, world.month - 1))
        raise UserError(f"there is no month {month_label(month)} ahead in this run; it has {first} to {month_label(config.end)}")
    played = played_by(world.setting, moves, engine.decider_of(world))
    with using(config.shelves), blaming():
        while world.month <= month:
            live(world, played)
