"""The contacts of a month, as who decides is asked about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints, find_edge
from sim.kernels import jit
from sim.state.world import World
from sim.types import Event


@dataclass(frozen=True)
class Contacts:
    """Contacts held this month, in the order in which they are worked through: (n,) each."""

    edge: Ints
    channel: NDArray[np.int8]
    rank: NDArray[np.int8]


def contacts_of_month(world: World) -> Contacts:
    """Read this month's contacts back from the ledger."""
    events, edges = world.events, world.setting.edges
    first = world.first_event()
    kind, owner, partner = events["event"][first:], events["party_a"][first:], events["party_b"][first:]
    edge, at = np.empty(len(kind), dtype=np.int32), np.empty(len(kind), dtype=np.int64)
    n = _edges_of(edges.start, edges.col, kind, int(Event.CONTACT), owner, partner, edge, at)
    return Contacts(edge[:n], events["channel"][first:][at[:n]], events["rank"][first:][at[:n]])


@jit
def _edges_of(
    start: NDArray[np.int64], col: Ints, kind: NDArray[np.int8], contact: int, owner: Ints, partner: Ints, edge: Ints,
    at: NDArray[np.int64],
) -> int:  # fmt: skip
    n = 0
    for row in range(kind.shape[0]):
        if kind[row] == contact:
            edge[n], at[n] = find_edge(start, col, owner[row], partner[row]), row
            n += 1
    return n
