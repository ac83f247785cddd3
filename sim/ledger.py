"""The ledger: append-only events, and the stages of talks, instruments and adherences with their legal transitions.

Nothing here decides anything: mechanisms decide, and every change of stage passes through this room, which refuses what law does not
allow. ``in_force`` is derived from adherences in one place, :func:`derive_in_force`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.types import ISSUES, NEVER, Event, ModelFault, Reason, Stage, TalkStage
from sim.world import World, find_edge

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.SIGNED: frozenset({Stage.IN_FORCE, Stage.TERMINATED, Stage.ANNULLED}),
    Stage.IN_FORCE: frozenset({Stage.SUSPENDED, Stage.COMPLETED, Stage.EXPIRED, Stage.TERMINATED, Stage.ANNULLED, Stage.SUCCEEDED}),
    Stage.SUSPENDED: frozenset({Stage.IN_FORCE, Stage.EXPIRED, Stage.TERMINATED, Stage.ANNULLED, Stage.SUCCEEDED}),
    Stage.COMPLETED: frozenset(),
    Stage.EXPIRED: frozenset(),
    Stage.TERMINATED: frozenset(),
    Stage.ANNULLED: frozenset(),
    Stage.SUCCEEDED: frozenset(),
}
TALK_TRANSITIONS: dict[TalkStage, frozenset[TalkStage]] = {
    TalkStage.OPEN: frozenset({TalkStage.CONCLUDED, TalkStage.FAILED}),
    TalkStage.CONCLUDED: frozenset(),
    TalkStage.FAILED: frozenset(),
}
ENDINGS: dict[Stage, Event] = {
    Stage.IN_FORCE: Event.ENTRY_INTO_FORCE,
    Stage.COMPLETED: Event.COMPLETION,
    Stage.EXPIRED: Event.EXPIRY,
    Stage.TERMINATED: Event.TERMINATION,
}


def open_talk(world: World, type_index: int, first: int, second: int, initiator: int) -> int:
    """Open a negotiation between two principals and return its row.

    Raises
    ------
    ModelFault
        If the pair already negotiates on the type, or do not watch each other.
    """
    edges = world.setting.edges
    edge, back = edges.find(first, second), edges.find(second, first)
    if edge < 0 or back < 0:
        raise ModelFault(f"{world.setting.codes[first]} and {world.setting.codes[second]} keep no eye on each other")
    if world.open_talk[type_index, edge] >= 0:
        raise ModelFault(
            f"{world.setting.codes[first]} and {world.setting.codes[second]} already negotiate on {world.setting.types[type_index].name}"
        )
    row = world.talks.append(
        type=type_index,
        first=first,
        second=second,
        initiator=initiator,
        edge=edge,
        opened=world.month,
        last_contact=world.month,
        stage=TalkStage.OPEN,
    )
    world.open_talk[type_index, edge] = world.open_talk[type_index, back] = row
    world.events.append(
        month=world.month,
        event=Event.NEGOTIATION_OPENED,
        party_a=initiator,
        party_b=second if initiator == first else first,
        type=type_index,
        talk=row,
    )
    return row


def close_talk(world: World, row: int, stage: TalkStage, reason: Reason = Reason.NONE) -> None:
    """Conclude a negotiation or record why it failed.

    Raises
    ------
    ModelFault
        If the negotiation is not open, or fails without a reason.
    """
    talks = world.talks
    if stage not in TALK_TRANSITIONS[TalkStage(talks["stage"][row])]:
        raise ModelFault(f"negotiation {world.talk_identity(row)} cannot go from {TalkStage(talks['stage'][row]).name} to {stage.name}")
    if stage is TalkStage.FAILED and reason is Reason.NONE:
        raise ModelFault(f"negotiation {world.talk_identity(row)} failed without a reason")
    talks["stage"][row], talks["reason"][row], talks["closed"][row] = stage, reason, world.month
    type_index, edge = int(talks["type"][row]), int(talks["edge"][row])
    world.open_talk[type_index, edge] = world.open_talk[type_index, world.setting.edges.rev[edge]] = -1
    event = Event.NEGOTIATION_CONCLUDED if stage is TalkStage.CONCLUDED else Event.NEGOTIATION_FAILED
    first, second = int(talks["first"][row]), int(talks["second"][row])
    world.events.append(month=world.month, event=event, party_a=first, party_b=second, type=type_index, talk=row, reason=reason)


def sign(world: World, talk: int, text: NDArray[np.float64], due: int, term: int, commitment: float) -> int:
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
    """Enter an instrument that was in force before the run began, with its true dates and no events."""
    row = world.instruments.append(
        type=type_index,
        first=first,
        second=second,
        text=text,
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


def move(world: World, row: int, stage: Stage, reason: Reason = Reason.NONE) -> None:
    """Move an instrument, and every adherence to it that is still alive, along a legal transition.

    Raises
    ------
    ModelFault
        If the transition is not legal, or the ledger has no event for it.
    """
    instruments, adherence = world.instruments, world.adherence
    now = Stage(instruments["stage"][row])
    if stage not in TRANSITIONS[now]:
        raise ModelFault(f"instrument {world.instrument_identity(row)} cannot go from {now.name} to {stage.name}")
    if stage not in ENDINGS:
        raise ModelFault(f"instrument {world.instrument_identity(row)} cannot go to {stage.name}: the ledger has no event for it")
    instruments["stage"][row] = stage
    if stage is Stage.IN_FORCE:
        instruments["in_force"][row] = world.month
    elif not TRANSITIONS[stage]:
        instruments["ended"][row] = world.month
    for at in np.flatnonzero(adherence["instrument"] == row):
        if stage in TRANSITIONS[Stage(adherence["stage"][at])]:
            adherence["stage"][at] = stage
            if not TRANSITIONS[stage]:
                adherence["until"][at] = world.month
    first, second, type_index = (int(instruments[key][row]) for key in ("first", "second", "type"))
    world.events.append(
        month=world.month,
        event=ENDINGS[stage],
        party_a=first,
        party_b=second,
        type=type_index,
        talk=int(instruments["talk"][row]),
        instrument=row,
        reason=reason,
    )
    if stage is Stage.IN_FORCE:
        bind_members(world, row, say=True)


def bind_members(world: World, row: int, *, say: bool) -> None:
    """Bind the members of a bloc that is party to an instrument in force: bound without signing, and the ledger says so."""
    setting = world.setting
    for role in (0, 1):
        bloc = int(world.instruments["second" if role else "first"][row]) - setting.n_states
        if bloc < 0:
            continue
        for state in np.flatnonzero(world.bound[bloc]):
            bind_member(world, row, int(state), setting.n_states + bloc, role, say=say)


def bind_member(world: World, row: int, state: int, bloc: int, role: int, *, say: bool) -> None:
    """Bind one state to an instrument through its bloc."""
    world.adherence.append(instrument=row, party=state, role=role, bound_by=bloc, stage=Stage.IN_FORCE, since=world.month, until=NEVER)
    if say:
        world.events.append(
            month=world.month, event=Event.BOUND, party_a=state, party_b=bloc, type=int(world.instruments["type"][row]), instrument=row
        )


def change_membership(world: World, bloc: int, state: int, began: bool) -> None:
    """Record that a state joined or left a bloc (places on the B and N axes)."""
    event = Event.MEMBERSHIP_BEGAN if began else Event.MEMBERSHIP_ENDED
    world.events.append(month=world.month, event=event, party_a=state, party_b=world.setting.n_states + bloc)


def change_binding(world: World, bloc: int, state: int, began: bool) -> None:
    """Bind a state to what its bloc has in force, or release it when the bloc's law no longer binds it.

    Parameters
    ----------
    bloc, state : int
        Places on the B and N axes.
    began : bool
        Whether the bloc's law begins (or ends) to bind the state this month.
    """
    party = world.setting.n_states + bloc
    adherence, instruments = world.adherence, world.instruments
    if began:
        for row in np.flatnonzero(instruments["stage"] == Stage.IN_FORCE):
            for role, key in enumerate(("first", "second")):
                if int(instruments[key][row]) == party:
                    bind_member(world, int(row), state, party, role, say=True)
        return
    for place in np.flatnonzero((adherence["party"] == state) & (adherence["bound_by"] == party) & (adherence["stage"] == Stage.IN_FORCE)):
        adherence["stage"][place] = Stage.TERMINATED
        adherence["until"][place] = world.month
        left = int(adherence["instrument"][place])
        kind = int(instruments["type"][left])
        world.events.append(month=world.month, event=Event.RELEASED, party_a=state, party_b=party, type=kind, instrument=left)


def derive_in_force(world: World) -> NDArray[np.bool_]:
    """Derive, from instruments and adherences alone, which edges an instrument of each type binds.

    Returns
    -------
    bool (T, E)
        True where the edge's two parties stand on different sides of an instrument that is in force for both.
    """
    return derive_coverage(world)[0]


def derive_coverage(world: World) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Derive which edges an instrument of each type binds, and how much of the data its text lets move.

    Returns
    -------
    bool (T, E)
        As :func:`derive_in_force`.
    float64 (T, E)
        One less the localisation of the text (1 where the text is not coded), the largest where several bind; 0 where none does.
    """
    shape = (len(world.setting.types), world.setting.edges.n)
    found, freed = np.zeros(shape, dtype=np.bool_), np.zeros(shape)
    _cover(world, found, freed)
    return found, freed


def renew_coverage(world: World) -> None:
    """Write what :func:`derive_coverage` derives to the world's ``in_force`` and ``freed``."""
    # Data are freed only where something binds, which is on few edges.
    world.freed[world.in_force] = 0.0
    world.in_force[:] = False
    _cover(world, world.in_force, world.freed)


def _cover(world: World, found: NDArray[np.bool_], freed: NDArray[np.float64]) -> None:
    instruments, adherence, edges = world.instruments, world.adherence, world.setting.edges
    alive = np.flatnonzero((adherence["stage"] == Stage.IN_FORCE) & (instruments["stage"][adherence["instrument"]] == Stage.IN_FORCE))
    alive = alive[np.argsort(adherence["instrument"][alive], kind="stable")]
    rows = adherence["instrument"][alive]
    moves = 1.0 - np.nan_to_num(instruments["text"][rows, ISSUES.index("localisation")])
    _bind(
        rows,
        adherence["party"][alive],
        adherence["role"][alive],
        instruments["type"][rows],
        moves,
        edges.start,
        edges.col,
        edges.rev,
        found,
        freed,
    )


@jit
def _bind(
    rows: NDArray[np.int32], party: NDArray[np.int32], role: NDArray[np.int8], kind: NDArray[np.int8], moves: NDArray[np.float64],
    start: NDArray[np.int64], col: NDArray[np.int32], rev: NDArray[np.int32], found: NDArray[np.bool_], freed: NDArray[np.float64],
) -> None:  # fmt: skip
    first = 0
    while first < rows.shape[0]:
        last = first
        while last < rows.shape[0] and rows[last] == rows[first]:
            last += 1
        for i in range(first, last):
            for j in range(first, last):
                if role[i] == 0 and role[j] == 1 and party[i] != party[j]:
                    edge = find_edge(start, col, party[i], party[j])
                    if edge >= 0:
                        k, share = kind[i], moves[i]
                        found[k, edge] = found[k, rev[edge]] = True
                        freed[k, edge] = max(freed[k, edge], share)
                        freed[k, rev[edge]] = max(freed[k, rev[edge]], share)
        first = last


def event_names() -> dict[str, Any]:
    """Return the words the recorder writes for the ledger's small numbers."""
    return {"event": [e.name.lower() for e in Event], "reason": [r.name.lower() for r in Reason], "stage": [s.name.lower() for s in Stage]}
