"""Parties that are barred from instruments between the two: nothing new is made, and what is in force is suspended until it is lifted.

Parties that are too hostile (``hostile``, :mod:`sim.mechanisms.alliances.rule`) make nothing new either; what is in force stays.

``barred`` is a forcing array on directed dyads: a shock lays it, month by month. A dyad counts as barred if either side is barred by the
other. Treaties of many are not touched.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints, among, find_edge, where_true
from sim.kernels import jit
from sim.ledger.parties import made_by_many
from sim.ledger.suspended import BY_BAR, lift, suspend
from sim.state.world import World
from sim.types import Stage, TalkStage


def shut(world: World) -> NDArray[np.bool_]:
    """Return the edges on which no talks may begin, (E,): a bloc and its own member, and parties that are barred or too hostile."""
    closed = world.blocked | world.hostile
    closed[_barred_edges(world)] = True
    return closed


def shut_at(world: World, edge: Ints) -> NDArray[np.bool_]:
    """Say on which of some edges, (n,), no talks may begin; what :func:`shut` says of them."""
    return np.asarray(world.blocked[edge] | _over(world, edge))


def is_barred(world: World) -> NDArray[np.bool_]:
    """Return the edges whose two parties are barred from instruments, (E,), either way."""
    out: NDArray[np.bool_] = np.zeros(world.setting.edges.n, dtype=np.bool_)
    out[_barred_edges(world)] = True
    return out


def _barred_edges(world: World) -> Ints:
    """Return the places of the edges whose two parties are barred, either way, few of very many: some twice, in no order."""
    at = where_true(world.barred > 0.0)
    return np.concatenate([at, world.setting.edges.rev[at]]) if len(at) else at


def end_hopes(world: World) -> None:
    """Let parties that are barred, either way, hope for no talks: clear ``prospect`` and ``linked_prospect`` on their edges."""
    edges = _barred_edges(world)
    _end_hopes(edges, world.prospect)
    _end_hopes(edges, world.linked_prospect)


@jit
def _end_hopes(edges: Ints, hopes: Floats) -> None:
    for t in range(hopes.shape[0]):
        for at in range(edges.shape[0]):
            hopes[t, edges[at]] = 0.0


def bars(world: World, edge: int) -> bool:
    """Say whether the two parties of one edge are barred, either way, or too hostile for talks to begin."""
    return bool(world.hostile[edge] or world.barred[edge] > 0.0 or world.barred[world.setting.edges.rev[edge]] > 0.0)


def barred_talks(world: World) -> list[int]:
    """Return the rows of open negotiations of parties that are barred, or have become too hostile."""
    talks = world.talks
    rows = where_true(talks["stage"] == TalkStage.OPEN)
    found: list[int] = rows[_over(world, talks["edge"][rows])].tolist()
    return found


def _over(world: World, edge: Ints) -> NDArray[np.bool_]:
    """Say on which of some edges, (n,), the two parties are barred, either way, or too hostile."""
    back = world.setting.edges.rev[edge]
    return np.asarray(world.hostile[edge] | (world.barred[edge] > 0.0) | (world.barred[back] > 0.0))


def barred_instruments(world: World) -> NDArray[np.bool_]:
    """Return which instruments are between two parties that are barred, (M,)."""
    instruments, edges = world.instruments, world.setting.edges
    first, second, found = instruments["first"], instruments["second"], np.empty(len(instruments), dtype=np.bool_)
    _between(edges.start, edges.col, edges.rev, first, second, made_by_many(world), world.barred, found)
    return found


def suspend_barred(world: World) -> bool:
    """Suspend what is in force between parties that are barred, resume what nothing else holds up any more, and say if any moved.

    What is suspended for another cause is held up by the bar as well. The term of what is suspended, for whatever cause, is put off: what a
    pact has promised is paid in full, only later.
    """
    causes, late, stage = world.array("suspended_for"), world.array("months_barred"), world.instruments["stage"]
    held, moved = (causes & BY_BAR) > 0, False
    if world.barred.max(initial=0.0) > 0.0 or held.any():
        barred = barred_instruments(world)
        for row in where_true(barred & ~held & among(stage, Stage.IN_FORCE, Stage.SUSPENDED)).tolist():
            moved |= suspend(world, row, BY_BAR)
        for row in where_true(held & ~barred).tolist():
            moved |= lift(world, row, BY_BAR)
    late[(stage == Stage.SUSPENDED) & ~made_by_many(world)] += 1
    return moved


@jit
def _between(start: Ints, col: Ints, rev: Ints, first: Ints, second: Ints, many: Bools, barred: Floats, out: Bools) -> None:
    """Say which instruments, (M,), are of two parties whose edge is barred, either way; those of many are not."""
    for row in range(out.shape[0]):
        out[row] = False
        if not many[row]:
            edge = find_edge(start, col, first[row], second[row])
            out[row] = edge >= 0 and (barred[edge] > 0.0 or barred[rev[edge]] > 0.0)
