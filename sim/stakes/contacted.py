"""What a contact does to talks: it opens those that are proposed and gives rounds to those that are open; and how talks are widened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.kernels import jit
from sim.ledger import open_talk
from sim.stakes.linkage import widening
from sim.state.world import Ints, World
from sim.types import TalkStage


def open_proposed(world: World, proposed: int, edge: int) -> None:
    """Open what the owner of an edge proposes: talks on a type, or both talks of a package."""
    setting, n = world.setting, len(world.setting.types)
    i, j = int(setting.edges.row[edge]), int(setting.edges.col[edge])
    if proposed < n:
        open_talk(world, proposed, *((i, j) if world.role[proposed, edge] == 0 else (j, i)), i)
        return
    roles, lead = divmod(int(world.linked_roles[proposed - n, edge]), 2), -1
    for t, role in zip(setting.links[proposed - n], roles, strict=True):
        lead = max(lead, open_talk(world, t, *((j, i) if role else (i, j)), i, lead))


def widen(world: World, row: int) -> bool:
    """Open talks on a linked type beside talks without a zone, where the two hope for a package in the roles they have."""
    found = widening(world, row)
    if found is None:
        return False
    t, role = found
    i, j, initiator = (int(world.talks[key][row]) for key in ("first", "second", "initiator"))
    open_talk(world, t, *((j, i) if role else (i, j)), initiator, row)
    return True


def credit(world: World, edge: Ints, channel: NDArray[np.int8], given: Ints) -> None:
    """Give open talks the rounds of a month's contacts, by the edge of who made each, its channel and the rounds it gives, each (n,)."""
    talks = world.talks
    columns = (talks["credit"], talks["n_contacts"], talks["n_by_channel"], talks["last_contact"])
    types, held = where_true(world.setting.negotiated), talks["edge"][where_true(talks["stage"] == TalkStage.OPEN)]
    _credit(edge, channel, given, types, world.open_talk, world.setting.edges.rev, held, world.month, *columns)


@jit
def _credit(
    edge: Ints, channel: NDArray[np.int8], given: Ints, types: Ints, open_talk: Ints, rev: Ints, held: Ints, month: int, credit: Ints,
    n_contacts: Ints, n_by_channel: Ints, last_contact: Ints,
) -> None:  # fmt: skip
    """Give the talks on each contact's edge their rounds; ``held`` are the edges, one way, on which talks are open."""
    talking = np.zeros(rev.shape[0], dtype=np.bool_)
    for at in range(held.shape[0]):
        talking[held[at]] = talking[rev[held[at]]] = True
    for c in range(edge.shape[0]):
        if not talking[edge[c]]:
            continue
        for q in range(types.shape[0]):
            row = open_talk[types[q], edge[c]]
            if row >= 0:
                credit[row] += given[c]
                n_contacts[row] += 1 if given[c] > 0 else 0
                n_by_channel[row, channel[c]] += 1
                last_contact[row] = month
