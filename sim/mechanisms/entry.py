"""Signed instruments enter into force on their day, and what has a term ends when the term is over.

Nothing enters into force before its own day, a declared number of months after signature, nor while a side still waits for its
ratifiers. A stage change of this month touches flows from the next, because effects read what was in force as the
month began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.ledger import move
from sim.ledger.votes import pending
from sim.registry import part
from sim.types import Reason, Stage
from sim.world import World


@part(
    "mechanism",
    name="entry",
    title="Entry into force",
    title_id="Mulai berlaku",
    sentence_id="Instrumen yang ditandatangani mulai berlaku pada harinya, dan yang berjangka waktu berakhir setelah jangkanya habis.",
)
@dataclass(frozen=True)
class EntryIntoForce:
    """Signed instruments enter into force on their day, and those with a term end when it is over."""

    reads: ClassVar[tuple[str, ...]] = ("bound",)
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("instruments", "adherence", "events")

    def step(self, world: World, decide: Any) -> None:
        """Move every instrument whose month has come."""
        instruments = world.instruments
        stage = instruments["stage"]
        over = (stage == Stage.IN_FORCE) & (world.month - instruments["in_force"] > instruments["term"])
        due = (stage == Stage.SIGNED) & (instruments["due"] <= world.month)
        due[world.adherence["instrument"][pending(world)]] = False
        for row in np.flatnonzero(over):
            ending = world.setting.types[int(instruments["type"][row])].ending
            if ending == "completion":
                move(world, int(row), Stage.COMPLETED, Reason.FUNDS_DISBURSED)
            else:
                move(world, int(row), Stage.EXPIRED, Reason.TERM_ENDED)
        for row in np.flatnonzero(due):
            move(world, int(row), Stage.IN_FORCE)
