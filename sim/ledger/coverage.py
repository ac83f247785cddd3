"""What is in force between whom, derived in one place from instruments and adherences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import cells, find_edge
from sim.kernels import jit
from sim.state.world import World
from sim.types import Stage


def derive_in_force(world: World) -> NDArray[np.bool_]:
    """Derive, from instruments and adherences alone, which edges an instrument of each type binds.

    Returns
    -------
    bool (T, E)
        True where the edge's two parties stand on different sides of an instrument that is in force for both, or are both parties to a
        treaty of many.
    """
    return derive_coverage(world)[0]


def derive_coverage(world: World) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.float64]]]:
    """Derive which edges an instrument of each type binds, and what its columns say there.

    Returns
    -------
    bool (T, E)
        As :func:`derive_in_force`.
    dict of str to float64 (T, E) or (E,)
        Each array that a consequence covers (:class:`sim.consequences.Covers`): the largest of its column over what is in force; 0 where
        nothing is.
    """
    found = np.zeros_like(world.in_force)
    out = {one.array: np.zeros_like(world.array(one.array)) for one in world.setting.doings.covers}
    _cover(world, found, out)
    return found, out


def renew_coverage(world: World) -> None:
    """Write what :func:`derive_coverage` derives to the world, unless all that it rests on is as it was when it was last written."""
    rests_on = _rests_on(world)
    if world.coverage_of == rests_on:
        return
    # Something binds, and frees data, on few edges: clearing those is quicker than clearing all.
    bound = cells(world.in_force)
    world.in_force.reshape(-1)[bound] = False
    out = {one.array: world.array(one.array) for one in world.setting.doings.covers}
    for values in out.values():
        values.reshape(-1)[bound if values.ndim == 2 else bound % len(values)] = 0.0
    _cover(world, world.in_force, out)
    world.coverage_of = rests_on


def _rests_on(world: World) -> tuple[Any, bytes]:
    """Return all that coverage is derived from: what covers, and every column of the two tables that is read for it."""
    adherence, instruments, covers = world.adherence, world.instruments, world.setting.doings.covers
    read = [adherence[name] for name in ("instrument", "stage", "party", "role", "bound_by")]
    read += [instruments[name] for name in ("stage", "type", "conference", *(one.column for one in covers))]
    return covers, b"".join(column.tobytes() for column in read)


def _cover(world: World, found: NDArray[np.bool_], out: dict[str, NDArray[np.float64]]) -> None:
    instruments, adherence, edges, n = world.instruments, world.adherence, world.setting.edges, len(world.setting.types)
    first, place = np.zeros(len(instruments) + 1, dtype=np.int64), np.empty(len(adherence), dtype=np.int64)
    _by_instrument(adherence["instrument"], adherence["stage"], instruments["stage"], int(Stage.IN_FORCE), first, place)
    # An array on edges alone holds the largest over all types: each type's row in it is the first.
    told = [(instruments[one.column], out[one.array].reshape(-1, edges.n)) for one in world.setting.doings.covers]
    for column, values in told or [(np.zeros(len(instruments)), np.zeros((1, edges.n)))]:
        _bind(
            first, place, adherence["party"], adherence["role"], adherence["bound_by"], instruments["type"], column,
            np.minimum(np.arange(n), len(values) - 1), instruments["conference"], world.setting.n_parties, edges.start, edges.col,
            edges.rev, found, values,
        )  # fmt: skip


@jit
def _by_instrument(
    instrument: NDArray[np.int32], adherence_stage: NDArray[np.int8], instrument_stage: NDArray[np.int8], in_force: int,
    first: NDArray[np.int64], place: NDArray[np.int64],
) -> None:  # fmt: skip
    """List adherences in force instrument by instrument, in their order: those of instrument r are ``place[first[r]:first[r + 1]]``."""
    for at in range(instrument.shape[0]):
        if adherence_stage[at] == in_force and instrument_stage[instrument[at]] == in_force:
            first[instrument[at] + 1] += 1
    for row in range(1, first.shape[0]):
        first[row] += first[row - 1]
    filled = first.copy()
    for at in range(instrument.shape[0]):
        if adherence_stage[at] == in_force and instrument_stage[instrument[at]] == in_force:
            place[filled[instrument[at]]] = at
            filled[instrument[at]] += 1


@jit
def _bind(
    first: NDArray[np.int64], place: NDArray[np.int64], party: NDArray[np.int32], role: NDArray[np.int8], bound_by: NDArray[np.int32],
    kind: NDArray[np.int8], column: NDArray[np.float64], at: NDArray[np.int64], conference: NDArray[np.int32], n_parties: int,
    start: NDArray[np.int64], col: NDArray[np.int32], rev: NDArray[np.int32], found: NDArray[np.bool_], out: NDArray[np.float64],
) -> None:  # fmt: skip
    """Mark in ``found`` (T, E) whom each instrument binds, and fill ``out`` with the largest of its column: type t has the row at[t]."""
    # Who is inside the treaty at hand, and through which bloc: a bloc and those bound through it are no dyad.
    inside, through = np.zeros(n_parties, dtype=np.bool_), np.full(n_parties, -1, dtype=np.int32)
    other_side = np.empty(place.shape[0], dtype=np.int32)
    for row in range(kind.shape[0]):
        those = place[first[row] : first[row + 1]]
        k, value = kind[row], column[row]
        if conference[row] >= 0:
            # Everybody's edges to everybody else, in time linear in the edges of those inside.
            for i in those:
                inside[party[i]], through[party[i]] = True, bound_by[i]
            for i in those:
                for edge in range(start[party[i]], start[party[i] + 1]):
                    other = col[edge]
                    if inside[other] and other != through[party[i]] and through[other] != party[i]:
                        _mark(k, at[k], edge, rev[edge], value, found, out)
            for i in those:
                inside[party[i]], through[party[i]] = False, -1
            continue
        # Of a bloc's instruments hundreds may be in the one role, and one party in the other: each role is listed once.
        n_other = 0
        for j in those:
            if role[j] == 1:
                other_side[n_other] = party[j]
                n_other += 1
        for i in those:
            if role[i] == 0:
                for j in range(n_other):
                    if party[i] != other_side[j]:
                        edge = find_edge(start, col, party[i], other_side[j])
                        if edge >= 0:
                            _mark(k, at[k], edge, rev[edge], value, found, out)


@jit
def _mark(k: int, at: int, edge: int, back: int, value: float, found: NDArray[np.bool_], out: NDArray[np.float64]) -> None:
    found[k, edge] = found[k, back] = True
    out[at, edge] = max(out[at, edge], value)
    out[at, back] = max(out[at, back], value)
