"""What consequences make of instruments: their columns are filled as one is made, and some are added to parties month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.consequences import INSTRUMENTS, Made
from sim.contracts import fault_of, is_own
from sim.state.world import World
from sim.types import Stage


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
    kinds = world.instruments["type"]
    if len(rows) == 1:
        # As talks sign: a slice is a view, where a list of rows is a copy.
        _compile(world, int(kinds[rows[0]]), slice(rows[0], rows[0] + 1), 1, whole, payment, listed)
        return
    every = np.asarray(rows, dtype=np.int64)
    for t in np.unique(kinds[every]).tolist():
        some = every[kinds[every] == t]
        _compile(world, t, some, len(some), whole, payment, listed)


def _compile(world: World, t: int, some: Any, count: int, whole: float, payment: float, listed: bool) -> None:
    """Ask each consequence of a type once, for all of its rows."""
    instruments, setting = world.instruments, world.setting
    kind, sums = setting.types[t], np.empty((2, count))
    sums[0], sums[1] = whole, payment
    made = Made(kind, setting.words.issues, instruments["text"][some], sums[0], sums[1], listed)
    for one in kind.does:
        for name, values in one.compile(made).items():
            if is_own(one) and (fault := _unfit(world, name, values, instruments[name][some])):
                raise fault_of(one, "compile", f"compile() gave {fault}")
            instruments[name][some] = values


def _unfit(world: World, name: str, values: Any, room: NDArray[Any]) -> str:
    """Say why a column of instruments cannot hold what a user's consequence gave for some rows of it; nothing where it can."""
    schema, numbers = world.setting.schema, np.asarray(values)
    try:
        if np.broadcast_shapes(numbers.shape, room.shape) != room.shape:
            raise ValueError
    except ValueError:
        return f"{name} in the shape {numbers.shape}; {room.shape} is expected"
    with np.errstate(all="ignore"):
        held = numbers.astype(room.dtype)
    if room.dtype.kind != "f" and not np.array_equal(held, numbers):
        return f"{name} a value that {room.dtype} cannot hold"
    if any(one.column == name for one in world.setting.doings.covers) and (numbers < 0).any():
        return f"{name} a value below 0, and an array covers it"
    refers = schema.column(INSTRUMENTS, name).refers
    table = schema.called(refers)
    most = len(world.table(table)) if table else schema.axes.get(refers, len(world.setting.words.names.get(refers, ())))
    if most and (held.max() >= most or held.min() < -1):
        return f"{name} a number that is no {refers}; -1 to {most - 1} are"
    return ""


def add_of_the_month(world: World) -> None:
    """Add to parties what instruments in force add each month, from the month after their entry into force."""
    instruments, adherence, doings = world.instruments, world.adherence, world.setting.doings
    if not doings.adding[instruments["type"]].any():
        return
    for one in doings.adds:
        if not instruments[one.column].any():
            continue
        of = adherence["instrument"]
        live = (adherence["stage"] == Stage.IN_FORCE) & (adherence["bound_by"] < 0) & (instruments["stage"][of] == Stage.IN_FORCE)
        live &= instruments["in_force"][of] < world.month
        if one.role is not None:
            live &= adherence["role"] == one.role
        # In the order of the table: sums come out the same wherever they are made.
        np.add.at(world.array(one.array), adherence["party"][live], instruments[one.column][of[live]])
