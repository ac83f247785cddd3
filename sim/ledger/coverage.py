"""What is in force between whom, derived in one place from instruments and adherences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.types import ISSUES, Stage
from sim.world import World, find_edge


def derive_in_force(world: World) -> NDArray[np.bool_]:
    """Derive, from instruments and adherences alone, which edges an instrument of each type binds.

    Returns
    -------
    bool (T, E)
        True where the edge's two parties stand on different sides of an instrument that is in force for both, or are both parties to a
        treaty of many.
    """
    return derive_coverage(world)[0]


def derive_coverage(world: World) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Derive which edges an instrument of each type binds, and how much of the data its text lets move.

    Returns
    -------
    bool (T, E)
        As :func:`derive_in_force`.
    float64 (T, E)
        One less the localisation of the text (1 where the text is not coded), the largest where several bind; 0 where none does.
    """
    shape = (len(world.setting.types), world.setting.edges.n)
    found, freed = np.zeros(shape, dtype=np.bool_), np.zeros(shape)
    _cover(world, found, freed)
    return found, freed


def renew_coverage(world: World) -> None:
    """Write what :func:`derive_coverage` derives to the world's ``in_force`` and ``freed``."""
    # Data are freed only where something binds, which is on few edges.
    world.freed[world.in_force] = 0.0
    world.in_force[:] = False
    _cover(world, world.in_force, world.freed)


def _cover(world: World, found: NDArray[np.bool_], freed: NDArray[np.float64]) -> None:
    instruments, adherence, edges = world.instruments, world.adherence, world.setting.edges
    alive = np.flatnonzero((adherence["stage"] == Stage.IN_FORCE) & (instruments["stage"][adherence["instrument"]] == Stage.IN_FORCE))
    alive = alive[np.argsort(adherence["instrument"][alive], kind="stable")]
    rows = adherence["instrument"][alive]
    moves = 1.0 - np.nan_to_num(instruments["text"][rows, ISSUES.index("localisation")])
    _bind(
        rows,
        adherence["party"][alive],
        adherence["role"][alive],
        instruments["type"][rows],
        moves,
        instruments["conference"][rows] >= 0,
        adherence["bound_by"][alive],
        world.setting.n_parties,
        edges.start,
        edges.col,
        edges.rev,
        found,
        freed,
    )


@jit
def _bind(
    rows: NDArray[np.int32], party: NDArray[np.int32], role: NDArray[np.int8], kind: NDArray[np.int8], moves: NDArray[np.float64],
    many: NDArray[np.bool_], bound_by: NDArray[np.int32], n_parties: int,
    start: NDArray[np.int64], col: NDArray[np.int32], rev: NDArray[np.int32], found: NDArray[np.bool_], freed: NDArray[np.float64],
) -> None:  # fmt: skip
    first = 0
    # Who is inside the treaty at hand, and through which bloc: a bloc and those bound through it are no dyad.
    inside, through = np.zeros(n_parties, dtype=np.bool_), np.full(n_parties, -1, dtype=np.int32)
    while first < rows.shape[0]:
        last = first
        while last < rows.shape[0] and rows[last] == rows[first]:
            last += 1
        if many[first]:
            # Everybody's edges to everybody else, in time linear in the edges of those inside.
            for i in range(first, last):
                inside[party[i]], through[party[i]] = True, bound_by[i]
            for i in range(first, last):
                for edge in range(start[party[i]], start[party[i] + 1]):
                    other = col[edge]
                    if inside[other] and other != through[party[i]] and through[other] != party[i]:
                        k, share = kind[i], moves[i]
                        found[k, edge] = found[k, rev[edge]] = True
                        freed[k, edge] = max(freed[k, edge], share)
                        freed[k, rev[edge]] = max(freed[k, rev[edge]], share)
            for i in range(first, last):
                inside[party[i]], through[party[i]] = False, -1
            first = last
            continue
        for i in range(first, last):
            for j in range(first, last):
                if role[i] == 0 and role[j] == 1 and party[i] != party[j]:
                    edge = find_edge(start, col, party[i], party[j])
                    if edge >= 0:
                        k, share = kind[i], moves[i]
                        found[k, edge] = found[k, rev[edge]] = True
                        freed[k, edge] = max(freed[k, edge], share)
                        freed[k, rev[edge]] = max(freed[k, rev[edge]], share)
        first = last
