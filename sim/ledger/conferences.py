"""Conferences and what they sign: opened, left, closed; a treaty is signed by many, joined later, denounced and left.

A treaty of many parties has no first and second party (both -1) and names its conference; whose it is stands in the adherences alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import among, where_true
from sim.ledger.filled import fill
from sim.ledger.members import bind_members, free_members
from sim.ledger.stages import TALK_TRANSITIONS, TRANSITIONS
from sim.state.world import Bools, Ints, World
from sim.types import NEVER, Event, ModelFault, Reason, SeatStage, Stage, TalkStage


def open_conference(world: World, type_index: int, bloc: int, initiator: int, parties: Ints, sessions: int, due: int) -> int:
    """Open a conference and return its row.

    Parameters
    ----------
    bloc : int
        Place on the P axis of the bloc whose members meet; -1 for none.
    initiator : int
        Who called it.
    parties : int (n,)
        Who takes a seat, sorted.
    sessions, due : int
        Sessions before it concludes, and the month of the first.
    """
    row = world.conferences.append(
        type=type_index, bloc=bloc, initiator=initiator, opened=world.month, sessions=sessions, due=due, stage=TalkStage.OPEN
    )
    world.seats.extend(len(parties), conference=row, party=parties, stage=SeatStage.SEATED, since=world.month, until=NEVER)
    _say(world, row, Event.CONFERENCE_OPENED, initiator, value=float(len(parties)))
    return row


def seated(world: World, row: int) -> Ints:
    """Return the rows of the seats still taken at a conference, by party."""
    seats = world.seats
    return where_true((seats["conference"] == row) & (seats["stage"] == SeatStage.SEATED))


def leave_seat(world: World, seat: int, stage: SeatStage, reason: int) -> None:
    """Let a party leave a conference, or put it down as outvoted.

    Raises
    ------
    ModelFault
        If the seat is not taken.
    """
    seats = world.seats
    if seats["stage"][seat] != SeatStage.SEATED or stage not in (SeatStage.LEFT, SeatStage.OUTVOTED):
        raise ModelFault(f"seat {seat} is {SeatStage(seats['stage'][seat]).name}: nobody can leave it as {stage.name}")
    seats["stage"][seat], seats["reason"][seat], seats["until"][seat] = stage, reason, world.month
    _say(world, int(seats["conference"][seat]), Event.CONFERENCE_LEFT, int(seats["party"][seat]), reason)


def close_conference(world: World, row: int, stage: TalkStage, reason: int = Reason.NONE) -> None:
    """Conclude a conference, or record why it failed.

    Raises
    ------
    ModelFault
        If it is not open, or fails without a reason.
    """
    table = world.conferences
    if stage not in TALK_TRANSITIONS[TalkStage(table["stage"][row])]:
        raise ModelFault(
            f"conference {world.conference_identity(row)} cannot go from {TalkStage(table['stage'][row]).name} to {stage.name}"
        )
    if stage is TalkStage.FAILED and reason == Reason.NONE:
        raise ModelFault(f"conference {world.conference_identity(row)} failed without a reason")
    table["stage"][row], table["reason"][row], table["closed"][row] = stage, reason, world.month
    event = Event.CONFERENCE_CONCLUDED if stage is TalkStage.CONCLUDED else Event.CONFERENCE_FAILED
    _say(world, row, event, int(table["initiator"][row]), reason)


def sign_treaty(world: World, row: int, text: NDArray[np.float64], utility: NDArray[np.float64], d: NDArray[np.float64]) -> int:
    """Let all who are seated sign what a conference concluded.

    Parameters
    ----------
    text : float64 (K,)
    utility, d : float64 (n,)
        What it and no agreement are worth to those seated, in their order (bp of own GDP a year).

    Returns
    -------
    int
        Row of the instrument. It has no day of entry into force before enough have ratified.

    Raises
    ------
    ModelFault
        If the conference is not concluded, or nobody is seated.
    """
    conferences, places = world.conferences, seated(world, row)
    if conferences["stage"][row] != TalkStage.CONCLUDED or len(places) == 0:
        raise ModelFault(f"conference {world.conference_identity(row)} has concluded nothing that anybody here can sign")
    conferences["text"][row] = text
    type_index = int(conferences["type"][row])
    made = world.instruments.append(
        type=type_index, text=text, stage=Stage.SIGNED, signed=world.month, due=NEVER, term=NEVER, conference=row
    )
    fill(world, [made])
    seats = world.seats
    seats["stage"][places], seats["until"][places] = SeatStage.SIGNED, world.month
    seats["utility"][places], seats["disagreement_value"][places] = utility, d
    for party in seats["party"][places].tolist():
        _adhere(world, made, party, Event.SIGNATURE)
    return made


def accede(world: World, row: int, party: int) -> None:
    """Let a party join a treaty that others have made; its own consent at home is still to come.

    Raises
    ------
    ModelFault
        If it is a party already, or the treaty is not in force.
    """
    if world.instruments["stage"][row] != Stage.IN_FORCE:
        raise ModelFault(f"treaty {world.instrument_identity(row)} is not in force: nobody can accede to it")
    if (adherents(world, row) == party).any():
        raise ModelFault(f"{world.setting.codes[party]} is a party to {world.instrument_identity(row)} already")
    _adhere(world, row, party, Event.ACCESSION)


def refuse_accession(world: World, row: int, party: int) -> None:
    """Record that the parties would not have a state that wanted to join."""
    _tell(world, row, Event.ACCESSION_REFUSED, party, Reason.OUTVOTED)


def adherents(world: World, row: int) -> Ints:
    """Return who has joined a treaty in its own name and not fallen away, ratified or not, sorted."""
    return np.sort(world.adherence["party"][own_places(world, row)])


def own_places(world: World, row: int, *stages: Stage) -> Ints:
    """Return the adherences to a treaty in parties' own names that stand at some stages (any that is alive where none is named)."""
    adherence = world.adherence
    wanted = stages or (Stage.SIGNED, Stage.RATIFIED, Stage.IN_FORCE, Stage.SUSPENDED)
    return where_true((adherence["instrument"] == row) & (adherence["bound_by"] < 0) & among(adherence["stage"], *wanted))


def bring_into_force(world: World, row: int, place: int) -> None:
    """Let a treaty enter into force for one that has ratified it, and for the members of a bloc.

    Raises
    ------
    ModelFault
        If it has not ratified, or the treaty is not in force.
    """
    adherence = world.adherence
    if adherence["stage"][place] != Stage.RATIFIED or world.instruments["stage"][row] != Stage.IN_FORCE:
        raise ModelFault(f"adherence {place} is {Stage(adherence['stage'][place]).name}: it cannot enter into force")
    adherence["stage"][place] = Stage.IN_FORCE
    _tell(world, row, Event.ENTRY_INTO_FORCE, int(adherence["party"][place]))
    bind_members(world, row, say=True)


def bind_outvoted(world: World, row: int) -> None:
    """Bind the members of a bloc that were outvoted: bound without signing, and the ledger says so."""
    conference = int(world.instruments["conference"][row])
    bloc, seats = int(world.conferences["bloc"][conference]), world.seats
    out = (seats["conference"] == conference) & (seats["stage"] == SeatStage.OUTVOTED)
    for party in seats["party"][out].tolist():
        world.adherence.append(instrument=row, party=party, role=0, bound_by=bloc, stage=Stage.IN_FORCE, since=world.month, until=NEVER)
        _tell(world, row, Event.BOUND, party, Reason.OUTVOTED, bloc)


def denounce(world: World, place: int, until: int) -> None:
    """Give notice that a party will leave a treaty in a month to come."""
    adherence = world.adherence
    if adherence["stage"][place] != Stage.IN_FORCE:
        raise ModelFault(f"adherence {place} is {Stage(adherence['stage'][place]).name}: there is nothing to denounce")
    adherence["until"][place] = until
    _tell(world, int(adherence["instrument"][place]), Event.DENUNCIATION, int(adherence["party"][place]))


def withdraw(world: World, place: int, reason: int) -> None:
    """End one party's adherence to a treaty, and of those bound through it; the treaty goes on without it."""
    adherence = world.adherence
    if Stage.TERMINATED not in TRANSITIONS[Stage(adherence["stage"][place])]:
        raise ModelFault(f"adherence {place} is {Stage(adherence['stage'][place]).name}: nothing in it can be left")
    row, party = int(adherence["instrument"][place]), int(adherence["party"][place])
    adherence["stage"][place], adherence["until"][place] = Stage.TERMINATED, world.month
    _tell(world, row, Event.WITHDRAWAL, party, reason)
    free_members(world, row, party)


def bound_states(world: World, row: int) -> Bools:
    """Return which parties a treaty in force binds, in their own name or through a bloc, shape (P,)."""
    adherence = world.adherence
    inside = np.zeros(world.setting.n_parties, dtype=np.bool_)
    inside[adherence["party"][(adherence["instrument"] == row) & (adherence["stage"] == Stage.IN_FORCE)]] = True
    return inside


def _adhere(world: World, row: int, party: int, event: Event) -> None:
    world.adherence.append(instrument=row, party=party, role=0, stage=Stage.SIGNED, since=world.month, until=NEVER)
    _tell(world, row, event, party)


def _tell(world: World, row: int, event: Event, party: int, reason: int = Reason.NONE, other: int = -1) -> None:
    instruments = world.instruments
    world.events.append(
        month=world.month,
        event=event,
        party_a=party,
        party_b=other,
        type=int(instruments["type"][row]),
        instrument=row,
        conference=int(instruments["conference"][row]),
        reason=reason,
    )


def _say(world: World, row: int, event: Event, party: int, reason: int = Reason.NONE, value: float = float("nan")) -> None:
    world.events.append(
        month=world.month,
        event=event,
        party_a=party,
        type=int(world.conferences["type"][row]),
        conference=row,
        reason=reason,
        value=value,
    )
