"""Ratification: what a party signed is put to those at home who must consent, and is ratified or falls."""

from __future__ import annotations

from sim.arrays import where_true
from sim.ledger.instruments import move
from sim.ledger.parties import made_by_many
from sim.ledger.stages import TRANSITIONS
from sim.state.world import Ints, World
from sim.types import Event, Institution, ModelFault, Reason, Stage


def put_to_ratifiers(world: World, place: int, institution: Institution, vote: int) -> None:
    """Note who must consent to a signature, and in which month they decide.

    Parameters
    ----------
    place : int
        Row of the adherence.
    institution : Institution
    vote : int
        Month of the decision; -1 under an executive act, which needs none.

    Raises
    ------
    ModelFault
        If the adherence is not a fresh signature.
    """
    adherence = world.adherence
    if adherence["stage"][place] != Stage.SIGNED or adherence["institution"][place] >= 0:
        raise ModelFault(f"adherence {place} is not a fresh signature: nothing in it can be put to ratifiers")
    adherence["institution"][place], adherence["vote"][place] = institution, vote


def pending(world: World) -> Ints:
    """Return the adherences that wait for their ratifiers, by row."""
    adherence = world.adherence
    waits = (adherence["stage"] == int(Stage.SIGNED)) & (adherence["institution"] > int(Institution.EXECUTIVE_ACT))
    return where_true(waits)


def ratify(world: World, place: int) -> None:
    """Record that one party has ratified what it signed.

    Raises
    ------
    ModelFault
        If it has nothing to ratify.
    """
    adherence = world.adherence
    if Stage.RATIFIED not in TRANSITIONS[Stage(adherence["stage"][place])]:
        raise ModelFault(f"adherence {place} is {Stage(adherence['stage'][place]).name}: there is nothing to ratify")
    adherence["stage"][place] = Stage.RATIFIED
    _tell(world, place, Event.RATIFICATION, Reason.NONE)


def fail_ratification(world: World, place: int, reason: int) -> None:
    """Record that one party's ratification failed, which ends an instrument of two; a treaty of many goes on without it.

    Raises
    ------
    ModelFault
        If it has nothing to ratify, or fails without a reason.
    """
    adherence = world.adherence
    if Stage.RATIFIED not in TRANSITIONS[Stage(adherence["stage"][place])]:
        raise ModelFault(f"adherence {place} is {Stage(adherence['stage'][place]).name}: there is nothing to ratify")
    if reason == Reason.NONE:
        raise ModelFault(f"the ratification of adherence {place} failed without a reason")
    _tell(world, place, Event.RATIFICATION_FAILED, reason)
    if made_by_many(world, adherence["instrument"][place]):
        adherence["stage"][place], adherence["until"][place] = Stage.TERMINATED, world.month
        return
    move(world, int(adherence["instrument"][place]), Stage.TERMINATED, reason)


def _tell(world: World, place: int, event: Event, reason: int) -> None:
    adherence, instruments = world.adherence, world.instruments
    row, role = int(adherence["instrument"][place]), int(adherence["role"][place])
    world.events.append(
        month=world.month,
        event=event,
        party_a=int(adherence["party"][place]),
        party_b=int(instruments["first" if role else "second"][row]),
        type=int(instruments["type"][row]),
        talk=int(instruments["talk"][row]),
        instrument=row,
        conference=int(instruments["conference"][row]),
        reason=reason,
    )
