"""Instruments: signed, listed as in force at the start, and moved from stage to stage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ledger.members import bind_members
from sim.ledger.parties import made_by_many
from sim.ledger.stages import ENDINGS, TRANSITIONS
from sim.types import NEVER, Event, ModelFault, Reason, Stage, TalkStage
from sim.world import World


def sign(world: World, talk: int, text: NDArray[np.float64], due: int, term: int, commitment: float, payment: float = 0.0) -> int:
    """Sign what a negotiation concluded: one instrument, two adherences.

    Parameters
    ----------
    talk : int
        Row of the concluded negotiation.
    text : float64 (K,)
    due : int
        Month in which it enters into force.
    term : int
        Months in force before it is completed or expires, or ``NEVER``.
    commitment : float
        USD committed in all, 0 where none.
    payment : float
        Side payment while in force, USD a year: positive from first to second, negative the other way.

    Returns
    -------
    int
        Row of the instrument.

    Raises
    ------
    ModelFault
        If the negotiation is not concluded.
    """
    talks = world.talks
    if talks["stage"][talk] != TalkStage.CONCLUDED:
        raise ModelFault(f"negotiation {world.talk_identity(talk)} is {TalkStage(talks['stage'][talk]).name}: nothing in it can be signed")
    type_index, first, second = int(talks["type"][talk]), int(talks["first"][talk]), int(talks["second"][talk])
    row = world.instruments.append(
        type=type_index,
        first=first,
        second=second,
        text=text,
        stage=Stage.SIGNED,
        signed=world.month,
        due=due,
        term=term,
        talk=talk,
        commitment=commitment,
        payment=payment,
        package=int(talks["package"][talk]),
    )
    for role, party in enumerate((first, second)):
        world.adherence.append(instrument=row, party=party, role=role, stage=Stage.SIGNED, since=world.month, until=NEVER)
    world.events.append(
        month=world.month,
        event=Event.SIGNATURE,
        party_a=first,
        party_b=second,
        type=type_index,
        talk=talk,
        instrument=row,
        value=commitment,
    )
    return row


def list_instrument(
    world: World, type_index: int, first: int, second: int, text: NDArray[np.float64], signed: int, in_force: int, listed: int
) -> int:
    """Enter an instrument that was in force before the run began, with its true dates and no events.

    ``text`` holds the levels of the first issues; of those that parts add it says nothing.
    """
    levels = np.full(len(world.setting.words.issues), np.nan)
    levels[: len(text)] = text
    row = world.instruments.append(
        type=type_index,
        first=first,
        second=second,
        text=levels,
        stage=Stage.IN_FORCE,
        signed=signed,
        due=in_force,
        in_force=in_force,
        term=NEVER,
        listed=listed,
    )
    for role, party in enumerate((first, second)):
        world.adherence.append(instrument=row, party=party, role=role, stage=Stage.IN_FORCE, since=in_force, until=NEVER)
    bind_members(world, row, say=False)
    return row


def move(world: World, row: int, stage: Stage, reason: int = Reason.NONE) -> None:
    """Move an instrument, and every adherence to it that is still alive, along a legal transition.

    What resumes after a suspension keeps the month of its entry into force. Ratification is a party's own step (:func:`sim.ledger.ratify`).

    Raises
    ------
    ModelFault
        If the transition is not legal, or the ledger has no event for it.
    """
    instruments, adherence = world.instruments, world.adherence
    now = Stage(instruments["stage"][row])
    if stage is Stage.RATIFIED or stage not in TRANSITIONS[now]:
        raise ModelFault(f"instrument {world.instrument_identity(row)} cannot go from {now.name} to {stage.name}")
    if stage not in ENDINGS:
        raise ModelFault(f"instrument {world.instrument_identity(row)} cannot go to {stage.name}: the ledger has no event for it")
    resumed = now is Stage.SUSPENDED and stage is Stage.IN_FORCE
    instruments["stage"][row] = stage
    if stage is Stage.IN_FORCE and not resumed:
        instruments["in_force"][row] = world.month
    elif not TRANSITIONS[stage]:
        instruments["ended"][row] = world.month
    many = bool(made_by_many(world, row))
    for at in np.flatnonzero(adherence["instrument"] == row):
        # A treaty of many enters into force for each party on its own day.
        if many and stage is Stage.IN_FORCE and not resumed:
            continue
        if stage in TRANSITIONS[Stage(adherence["stage"][at])]:
            adherence["stage"][at] = stage
            if not TRANSITIONS[stage]:
                adherence["until"][at] = world.month
    first, second, type_index = (int(instruments[key][row]) for key in ("first", "second", "type"))
    world.events.append(
        month=world.month,
        event=Event.RESUMPTION if resumed else ENDINGS[stage],
        party_a=first,
        party_b=second,
        type=type_index,
        talk=int(instruments["talk"][row]),
        instrument=row,
        conference=int(instruments["conference"][row]),
        reason=reason,
    )
    if stage is Stage.IN_FORCE:
        bind_members(world, row, say=True)
