"""Signed instruments enter into force on their day, and what has a term ends when the term is over.

Nothing enters into force before its own day, a declared number of months after signature, nor while a side still waits for its ratifiers
or is barred from the other; the two instruments of a package wait for one another. A treaty of many enters into force when enough of those
who signed it have ratified (``threshold``, a bloc's own rule, or the vote that its type declares), then and later for each who has
ratified, a declared number of months after; it falls when those who could still ratify are too few. A stage change of this month touches
flows from the next, because effects read what was in force as the month began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import among, where_true
from sim.contracts import are_alike
from sim.declare.neutral import Neutral
from sim.ledger import among_pair, barred_instruments, bind_outvoted, bloc_of, bring_into_force, made_by_many, move, own_places
from sim.ledger.votes import pending
from sim.registry import part
from sim.stakes.linkage import signed_with
from sim.stakes.treaties import carries, signatories
from sim.state.world import Ints, World
from sim.types import NEVER, Reason, Stage


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

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "at_once",
            "What is signed enters into force in the next month, where nobody must consent.",
            "Yang ditandatangani berlaku bulan berikutnya bila tidak perlu persetujuan siapa pun.",
            (
                ("agreements.transfer_framework.months_to_force", 1),
                ("agreements.infrastructure_pact.months_to_force", 1),
            ),
            "in_force_transfer_framework",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("bound", "member", "population", "gdp", "capability", "barred")
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("instruments", "adherence", "events")

    def step(self, world: World, decide: Any) -> None:
        """Move every instrument whose month has come."""
        instruments = world.instruments
        stage = instruments["stage"]
        lasted = world.month - instruments["in_force"] - world.array("months_barred")
        over = (stage == Stage.IN_FORCE) & (lasted > instruments["term"])
        due = (stage == Stage.SIGNED) & (instruments["due"] <= world.month)
        due[world.adherence["instrument"][pending(world)]] = False
        due[made_by_many(world)] = False
        due[barred_instruments(world)] = False
        # The two instruments of a package enter into force together.
        for row in where_true(due & (instruments["package"] >= 0)):
            due[row] = all(due[half] for half in signed_with(world, int(row)))
        for row in where_true(over):
            ending = world.setting.types[int(instruments["type"][row])].ending
            if ending == "completion":
                move(world, int(row), Stage.COMPLETED, Reason.FUNDS_DISBURSED)
            else:
                move(world, int(row), Stage.EXPIRED, Reason.TERM_ENDED)
        for row in where_true(due):
            move(world, int(row), Stage.IN_FORCE)
            for old in self._replaced(world, int(row)):
                move(world, old, Stage.SUCCEEDED, Reason.REPLACED)
        for row in where_true(made_by_many(world) & among(stage, Stage.SIGNED, Stage.IN_FORCE)):
            self._of_many(world, int(row))

    def _replaced(self, world: World, row: int) -> list[int]:
        """Return what an instrument takes the place of: what its talks were to replace, and what of its type is suspended.

        Where the two roles of the type are alike, either order of them does.
        """
        t = world.instruments
        first, second = int(t["first"][row]), int(t["second"][row])
        if are_alike(world.setting.types[int(t["type"][row])]):
            same = among_pair(t, first, second)
        else:
            same = (t["first"] == first) & (t["second"] == second)
        same &= t["type"] == t["type"][row]
        same &= (t["stage"] == Stage.SUSPENDED) | ((np.arange(len(t)) == t["successor_of"][row]) & (t["stage"] == Stage.IN_FORCE))
        return [int(old) for old in where_true(same) if old != row]

    def _of_many(self, world: World, row: int) -> None:
        """Bring a treaty of many into force for those whose day has come; end it when it can no longer be, or nobody is left."""
        instruments, adherence = world.instruments, world.adherence
        t, bloc, months = (
            int(instruments["type"][row]),
            bloc_of(world, row),
            world.setting.types[int(instruments["type"][row])].months_to_force,
        )
        alive, ratified = own_places(world, row), own_places(world, row, Stage.RATIFIED)
        if instruments["stage"][row] == Stage.SIGNED:
            if not self._carry(world, row, t, bloc, alive):
                move(world, row, Stage.TERMINATED, Reason.NOT_RATIFIED)
                return
            if instruments["due"][row] == NEVER and self._carry(world, row, t, bloc, ratified):
                instruments["due"][row] = world.month + months
            if instruments["due"][row] <= world.month:
                move(world, row, Stage.IN_FORCE)
                for place in ratified.tolist():
                    if adherence["vote"][place] + months <= world.month:
                        bring_into_force(world, row, place)
                bind_outvoted(world, row)
        else:
            for place in ratified.tolist():
                if adherence["vote"][place] + months <= world.month:
                    bring_into_force(world, row, place)
            if len(alive) < 2:
                move(world, row, Stage.TERMINATED, Reason.TOO_FEW)

    def _carry(self, world: World, row: int, t: int, bloc: int, places: Ints) -> bool:
        """Say whether some adherents are enough, of all who signed or of a bloc's members, to bring a treaty into force."""
        everybody = signatories(world, row) if bloc < 0 else where_true(world.member[bloc - world.setting.n_states])
        if len(everybody) < 2:
            return False
        return carries(world, t, bloc, world.adherence["party"][places], everybody)
