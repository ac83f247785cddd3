"""Blocs and their members: who joins and leaves, and who is bound by what its bloc has signed."""

from __future__ import annotations

from sim.arrays import among, where_true
from sim.ledger.parties import made_by_many
from sim.state.world import World
from sim.types import NEVER, Event, Stage


def bind_members(world: World, row: int, *, say: bool) -> None:
    """Bind the members of a bloc that is party to an instrument in force: bound without signing, and the ledger says so.

    Members that are bound already, as after a suspension, are passed over.
    """
    setting, adherence = world.setting, world.adherence
    for role, party in _signatory_blocs(world, row):
        alive = (adherence["instrument"] == row) & (adherence["bound_by"] == party) & (adherence["stage"] == Stage.IN_FORCE)
        already = set(adherence["party"][alive].tolist())
        for state in where_true(world.bound[party - setting.n_states]):
            if int(state) in already:
                continue
            bind_member(world, row, int(state), party, role, say=say)


def _signatory_blocs(world: World, row: int) -> list[tuple[int, int]]:
    """Return the blocs that an instrument binds in their own name, with their roles."""
    instruments, adherence, n = world.instruments, world.adherence, world.setting.n_states
    if not made_by_many(world, row):
        sides = [(role, int(instruments[key][row])) for role, key in enumerate(("first", "second"))]
        return [(role, party) for role, party in sides if party >= n]
    own = (adherence["instrument"] == row) & (adherence["bound_by"] < 0) & (adherence["stage"] == Stage.IN_FORCE)
    return [(0, int(party)) for party in adherence["party"][own & (adherence["party"] >= n)]]


def bind_member(world: World, row: int, state: int, bloc: int, role: int, *, say: bool) -> None:
    """Bind one state to an instrument through its bloc."""
    world.adherence.append(instrument=row, party=state, role=role, bound_by=bloc, stage=Stage.IN_FORCE, since=world.month, until=NEVER)
    if say:
        world.events.append(
            month=world.month, event=Event.BOUND, party_a=state, party_b=bloc, type=int(world.instruments["type"][row]), instrument=row
        )


def free_members(world: World, row: int, bloc: int) -> None:
    """Release the states that a bloc's own adherence to an instrument bound."""
    adherence = world.adherence
    through = (adherence["instrument"] == row) & (adherence["bound_by"] == bloc) & (adherence["stage"] == Stage.IN_FORCE)
    for place in where_true(through):
        adherence["stage"][place], adherence["until"][place] = Stage.TERMINATED, world.month
        state, kind = int(adherence["party"][place]), int(world.instruments["type"][row])
        world.events.append(month=world.month, event=Event.RELEASED, party_a=state, party_b=bloc, type=kind, instrument=row)


def change_membership(world: World, bloc: int, state: int, began: bool) -> None:
    """Record that a state joined or left a bloc (places on the B and N axes)."""
    event = Event.MEMBERSHIP_BEGAN if began else Event.MEMBERSHIP_ENDED
    world.events.append(month=world.month, event=event, party_a=state, party_b=world.setting.n_states + bloc)


def change_binding(world: World, bloc: int, state: int, began: bool) -> None:
    """Bind a state to what its bloc has in force, or let go of it when the bloc's law no longer binds it.

    A leaver's treaties follow the treaty's own rule (``leaver`` of the agreement type): it is released, or it continues in its own name.

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
        for row in where_true(instruments["stage"] == Stage.IN_FORCE):
            for role, signatory in _signatory_blocs(world, int(row)):
                if signatory == party:
                    bind_member(world, int(row), state, party, role, say=True)
        return
    alive = among(adherence["stage"], Stage.IN_FORCE, Stage.SUSPENDED)
    for place in where_true((adherence["party"] == state) & (adherence["bound_by"] == party) & alive):
        left = int(adherence["instrument"][place])
        kind = int(instruments["type"][left])
        if world.setting.types[kind].leaver == "continues":
            adherence["bound_by"][place] = -1
            event = Event.CONTINUED
        else:
            adherence["stage"][place] = Stage.TERMINATED
            adherence["until"][place] = world.month
            event = Event.RELEASED
        world.events.append(month=world.month, event=event, party_a=state, party_b=party, type=kind, instrument=left)
