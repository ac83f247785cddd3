"""The events of the month that has just ended, which many metrics count: looked through once for all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.state.world import Ints, World
from sim.types import Event


def counts_of_month(world: World) -> Ints:
    """Return how many events of each kind the month had that has just ended, (kinds of the run,)."""
    found: Ints | None = world.events.memo.get(("counts", world.month))
    if found is None:
        kinds = world.events["event"][world.first_event(world.month - 1) :]
        found = np.bincount(kinds, minlength=len(world.setting.words.codes["event"]))
        found.setflags(write=False)
        world.events.remember(("counts", world.month), found)
    return found


def contacts_held(world: World) -> NDArray[np.intp]:
    """Return the rows of the ledger that are contacts of the month that has just ended, in order, (n,)."""
    found: NDArray[np.intp] | None = world.events.memo.get(("contacts", world.month))
    if found is None:
        first = world.first_event(world.month - 1)
        found = first + where_true(world.events["event"][first:] == int(Event.CONTACT))
        found.setflags(write=False)
        world.events.remember(("contacts", world.month), found)
    return found
