"""Instruments: signed, listed as in force at the start, and moved from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.ledger.filled import fill
from sim.ledger.members import bind_members
from sim.ledger.parties import made_by_many
from sim.ledger.stages import ENDINGS, TRANSITIONS
from sim.state.world import World
from sim.types import NEVER, Event, ModelFault, Reason, Stage, TalkStage


def sign(
    world: World, talk: int, text: NDArray[np.float64], due: int, term: int | None = None, commitment: float | None = None,
    payment: float = 0.0, *, whole: float = 0.0,
) -> int:  # fmt: skip
    """Sign what a negotiation concluded: one instrument, two adherences, and what its type's consequences make of it.

    Parameters
    ----------
    talk : int
        Row of the concluded negotiation.
    text : float64 (K,)
    due : int
        Month in which it enters into force.
    term : int or None
        Months in force before it is completed or expires, or ``NEVER``; None for what the type does.
    commitment : float or None
        USD committed in all, 0 where none; None for what the type does.
    payment : float
        Side payment while in force, USD a year: positive from first to second, negative the other way.
    whole : float
        USD that a level of 1 would commit.

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
        term=NEVER,
        talk=talk,
        package=int(talks["package"][talk]),
        successor_of=int(talks["succeeds"][talk]),
    )
    fill(world, [row], whole=whole, payment=payment)
    for name, value in (("term", term), ("commitment", commitment)):
        if value is not None:
            world.instruments[name][row] = value
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
        value=float(world.instruments["commitment"][row]),
    )
    return row


def list_instrument(
    world: World, type_index: int, first: int, second: int, text: NDArray[np.float64], signed: int, in_force: int, listed: int
) -> int:
    """Enter an instrument that was in force before the run began, with its true dates and no events.

    ``text`` holds the levels of the first issues; of those that parts add it says nothing.
    """
    return list_instruments(world, [(type_index, first, second, text, signed, in_force, listed)])[0]


def list_instruments(world: World, some: Sequence[tuple[int, int, int, NDArray[np.float64], int, int, int]]) -> list[int]:
    """Enter several as :func:`list_instrument` does one; what their types do is compiled for all together."""
    rows = []
    for type_index, first, second, text, signed, in_force, listed in some:
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
        rows.append(row)
    fill(world, rows, listed=True)
    return rows


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
    for at in where_true(adherence["instrument"] == row):
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
