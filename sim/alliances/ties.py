"""Which two parties the alliance graph joins: those with an alliance or a treaty, and those who are close or hostile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ledger import derive_in_force
from sim.state.world import World

CLOSE = 0.5
"""Weight from which on two parties are joined who have neither an alliance nor a treaty; assumed."""
HOSTILE = 0.25
"""Hostility from which on two parties are joined; assumed: below lie travel bans and lists of persons."""


def joined(world: World, close: float = CLOSE, hostile: float = HOSTILE) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Return the edges that the alliance graph draws, each dyad once, and the types of treaties in force on all edges, (E,).

    Parameters
    ----------
    world : World
    close : float
        Weight from which on two parties are joined; -1 joins all.
    hostile : float
        Hostility from which on two parties are joined; above 1 joins nobody.
    """
    edges = world.setting.edges
    treaties = derive_in_force(world).sum(axis=0)
    tied = (world.alliance_weight >= close) | (world.alliance > 0.0) | (world.hostility >= hostile) | (treaties > 0)
    return np.flatnonzero(tied & ~world.blocked & (edges.row < edges.col)), treaties
