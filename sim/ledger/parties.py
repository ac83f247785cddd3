"""Who made an instrument: two parties in two roles, or many who are all alike, at one table; and by which bloc's members."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.state.world import Bools, Ints, World


def made_by_many(world: World, rows: Any = slice(None)) -> Bools:
    """Say which instruments many parties made at one table, of the shape of ``rows``; all instruments where no rows are given."""
    return np.asarray(world.instruments["conference"][rows] >= 0)


def made_here(world: World, rows: Ints) -> Bools:
    """Say which of some instruments, (n,), were negotiated in this run, by two or by many; the others were in force before it."""
    return np.asarray((world.instruments["talk"][rows] >= 0) | made_by_many(world, rows))


def partners_in(world: World, row: int, party: int, role: int) -> list[int]:
    """Return with whom a party is bound by an instrument, sorted: the other side's own party, or everybody else at the table."""
    instruments, adherence = world.instruments, world.adherence
    if made_by_many(world, row):
        return [one for one in np.unique(adherence["party"][adherence["instrument"] == row]).tolist() if one != party]
    return [int(instruments["first" if role else "second"][row])]


def bloc_of(world: World, row: int) -> int:
    """Return the bloc whose members made an instrument among themselves; -1 for none."""
    return int(world.conferences["bloc"][int(world.instruments["conference"][row])]) if made_by_many(world, row) else -1


def among_pair(instruments: Any, first: int, second: int) -> Bools:
    """Say which instruments are between two parties, in either order of roles, (M,)."""
    one, two = instruments["first"], instruments["second"]
    return np.asarray(((one == first) & (two == second)) | ((one == second) & (two == first)))
