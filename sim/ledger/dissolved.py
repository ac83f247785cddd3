"""A bloc that its last member has left is nobody any more: all that it made with one other ends with it."""

from __future__ import annotations

import numpy as np

from sim.arrays import where_true
from sim.ledger.instruments import move
from sim.ledger.parties import made_by_many
from sim.ledger.stages import TRANSITIONS
from sim.state.world import Bools, World
from sim.types import Reason, Stage


def without_members(world: World) -> Bools:
    """Say which parties are blocs without a member, (P,): they meet nobody and negotiate nothing."""
    out = np.zeros(world.setting.n_parties, dtype=np.bool_)
    out[world.setting.n_states :] = ~world.member.any(axis=1)
    return out


def dissolve(world: World, bloc: int) -> None:
    """End what a bloc has made with one other, as its last member has left it.

    What is signed and not in force falls (*competence lost*: nobody can consent to it). What is in force or suspended ends (*too few*: of
    one side nobody is left), also where a leaver is bound as before, because what it was paid or promised was the bloc's.

    Parameters
    ----------
    bloc : int
        Place on the B axis.
    """
    instruments, party = world.instruments, world.setting.n_states + bloc
    sides = (instruments["first"] == party) | (instruments["second"] == party)
    for row in where_true(sides & ~made_by_many(world)).tolist():
        stage = Stage(int(instruments["stage"][row]))
        if TRANSITIONS[stage]:
            move(world, row, Stage.TERMINATED, Reason.COMPETENCE_LOST if stage is Stage.SIGNED else Reason.TOO_FEW)
