"""Parties that are barred from instruments between the two: nothing new is made, and what is in force is suspended until it is lifted.

Parties that are too hostile (``hostile``, :mod:`sim.mechanisms.alliances.rule`) make nothing new either; what is in force stays.

``barred`` is a forcing array on directed dyads: a shock lays it, month by month. A dyad counts as barred if either side is barred by the
other. Treaties of many are not touched.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints, among, find_edge, where_true
from sim.kernels import jit
from sim.ledger.parties import made_by_many
from sim.ledger.suspended import BY_BAR, lift, suspend
from sim.state.world import World
from sim.types import Stage, TalkStage


def shut(world: World) -> NDArray[np.bool_]:
    """Return the edges on which no talks may begin, (E,): a bloc and its own member, and parties that are barred or too hostile."""
    closed = world.blocked | world.hostile
    return np.asarray(closed | is_barred(world)) if world.barred.any() else closed


def is_barred(world: World) -> NDArray[np.bool_]:
    """Return the edges whose two parties are barred from instruments, (E,), either way."""
    out: NDArray[np.bool_] = world.barred > 0.0
    out[world.setting.edges.rev[where_true(out)]] = True  # few of very many
    return out


def bars(world: World, edge: int) -> bool:
    """Say whether the two parties of one edge are barred, either way, or too hostile for talks to begin."""
    return bool(world.hostile[edge] or world.barred[edge] > 0.0 or world.barred[world.setting.edges.rev[edge]] > 0.0)


def barred_talks(world: World) -> list[int]:
    """Return the rows of open negotiations of parties that are barred, or have become too hostile."""
    talks = world.talks
    over = world.hostile | is_barred(world) if world.barred.any() else world.hostile
    rows: list[int] = where_true((talks["stage"] == TalkStage.OPEN) & over[talks["edge"]]).tolist()
    return rows


def barred_instruments(world: World) -> NDArray[np.bool_]:
    """Return which instruments are between two parties that are barred, (M,)."""
    instruments, edges = world.instruments, world.setting.edges
    found = np.zeros(len(instruments), dtype=np.bool_)
    if world.barred.any():
        barred = is_barred(world)
        _between(edges.start, edges.col, instruments["first"], instruments["second"], made_by_many(world), barred, found)
    return found


def suspend_barred(world: World) -> bool:
    """Suspend what is in force between parties that are barred, resume what nothing else holds up any more, and say if any moved.

    What is suspended for another cause is held up by the bar as well. The term of what is suspended, for whatever cause, is put off: what a
    pact has promised is paid in full, only later.
    """
    causes, late, stage = world.array("suspended_for"), world.array("months_barred"), world.instruments["stage"]
    held, moved = (causes & BY_BAR) > 0, False
    if world.barred.any() or held.any():
        barred = barred_instruments(world)
        for row in where_true(barred & ~held & among(stage, Stage.IN_FORCE, Stage.SUSPENDED)).tolist():
            moved |= suspend(world, row, BY_BAR)
        for row in where_true(held & ~barred).tolist():
            moved |= lift(world, row, BY_BAR)
    late[(stage == Stage.SUSPENDED) & ~made_by_many(world)] += 1
    return moved


@jit
def _between(start: Ints, col: Ints, first: Ints, second: Ints, many: Bools, barred: Bools, out: Bools) -> None:
    """Say which instruments, (M,), are of two parties whose edge is barred; those of many are not."""
    for row in range(out.shape[0]):
        if not many[row]:
            edge = find_edge(start, col, first[row], second[row])
            out[row] = edge >= 0 and barred[edge]
