"""What consequences make of instruments: their columns are filled as one is made, and some are added to parties month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.consequences import Made
from sim.types import Stage
from sim.world import World


def fill(world: World, rows: Sequence[int], *, whole: float = 0.0, payment: float = 0.0, listed: bool = False) -> None:
    """Fill the columns that the types of instruments just made compile: each consequence is asked once for all rows of its type.

    Parameters
    ----------
    rows : sequence of int
    whole : float
        USD that a level of 1 would commit.
    payment : float
        Side payment, USD a year.
    listed : bool
        Whether they were in force before the run.
    """
    instruments, setting, every = world.instruments, world.setting, np.asarray(rows, dtype=np.int64)
    kinds = instruments["type"][every]
    for t in np.unique(kinds):
        some, kind = every[kinds == t], setting.types[t]
        sums = np.full(len(some), whole), np.full(len(some), payment)
        made = Made(kind, setting.words.issues, instruments["text"][some], *sums, listed)
        for one in kind.does:
            for name, values in one.compile(made).items():
                instruments[name][some] = values


def add_of_the_month(world: World) -> None:
    """Add to parties what instruments in force add each month, from the month after their entry into force."""
    instruments, adherence = world.instruments, world.adherence
    for one in world.setting.doings.adds:
        of = adherence["instrument"]
        live = (adherence["stage"] == Stage.IN_FORCE) & (adherence["bound_by"] < 0) & (instruments["stage"][of] == Stage.IN_FORCE)
        live &= instruments["in_force"][of] < world.month
        if one.role is not None:
            live &= adherence["role"] == one.role
        # In the order of the table: sums come out the same wherever they are made.
        np.add.at(world.array(one.array), adherence["party"][live], instruments[one.column][of[live]])
