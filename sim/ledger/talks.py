"""Negotiations: opened, and closed with a text or a reason."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.ledger.stages import TALK_TRANSITIONS
from sim.state.world import Bools, Ints, World
from sim.types import Event, ModelFault, Reason, TalkStage


def open_talk(world: World, type_index: int, first: int, second: int, initiator: int, package: int = -1, succeeds: int = -1) -> int:
    """Open a negotiation between two principals and return its row.

    Parameters
    ----------
    package : int
        Row of open talks between the same two on a linked type, with which these make one package; -1 for none.
    succeeds : int
        Row of an instrument of the same two that the new one would replace; -1 for none.

    Raises
    ------
    ModelFault
        If the pair already negotiates on the type, or do not watch each other.
    """
    edges = world.setting.edges
    edge = edges.find(first, second)
    back = int(edges.rev[edge])
    if edge < 0 or back < 0:
        raise ModelFault(f"{world.setting.codes[first]} and {world.setting.codes[second]} keep no eye on each other")
    if world.open_talk[type_index, edge] >= 0:
        raise ModelFault(
            f"{world.setting.codes[first]} and {world.setting.codes[second]} already negotiate on {world.setting.types[type_index].name}"
        )
    if package >= 0:
        world.talks["package"][package] = package
    row = world.talks.append(
        package=package,
        type=type_index,
        first=first,
        second=second,
        initiator=initiator,
        edge=edge,
        opened=world.month,
        last_contact=world.month,
        stage=TalkStage.OPEN,
        succeeds=succeeds,
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


def close_talk(world: World, row: int, stage: TalkStage, reason: int = Reason.NONE) -> None:
    """Conclude a negotiation or record why it failed.

    Raises
    ------
    ModelFault
        If the negotiation is not open, or fails without a reason.
    """
    talks = world.talks
    if stage not in TALK_TRANSITIONS[TalkStage(talks["stage"][row])]:
        raise ModelFault(f"negotiation {world.talk_identity(row)} cannot go from {TalkStage(talks['stage'][row]).name} to {stage.name}")
    if stage is TalkStage.FAILED and reason == Reason.NONE:
        raise ModelFault(f"negotiation {world.talk_identity(row)} failed without a reason")
    talks["stage"][row], talks["reason"][row], talks["closed"][row] = stage, reason, world.month
    type_index, edge = int(talks["type"][row]), int(talks["edge"][row])
    world.open_talk[type_index, edge] = world.open_talk[type_index, world.setting.edges.rev[edge]] = -1
    event = Event.NEGOTIATION_CONCLUDED if stage is TalkStage.CONCLUDED else Event.NEGOTIATION_FAILED
    first, second = int(talks["first"][row]), int(talks["second"][row])
    world.events.append(month=world.month, event=event, party_a=first, party_b=second, type=type_index, talk=row, reason=reason)


def without_principal(world: World) -> list[int]:
    """Return the rows of open negotiations of which a side no longer speaks for itself, or may no longer deal with the other."""
    talks, rows = world.talks, np.empty(len(world.talks), dtype=np.int64)
    columns = (talks["type"], talks["first"], talks["second"], talks["edge"])
    n = _speechless(talks["stage"], int(TalkStage.OPEN), *columns, world.principal, world.blocked, rows)
    found: list[int] = rows[:n].tolist()
    return found


@jit
def _speechless(
    stage: NDArray[np.int8], is_open: int, kind: NDArray[np.int8], first: Ints, second: Ints, edge: Ints, principal: Ints, blocked: Bools,
    out: NDArray[np.int64],
) -> int:  # fmt: skip
    """List the open talks of which a side no longer speaks for itself, and return how many there are."""
    n = 0
    for row in range(stage.shape[0]):
        if stage[row] != is_open:
            continue
        i, j, speaks = first[row], second[row], principal[kind[row]]
        if speaks[i] != i or speaks[j] != j or blocked[edge[row]]:
            out[n] = row
            n += 1
    return n
