"""The month of a world in which one seat is played: its moves are checked, written to the ledger, and carried out.

Whoever decides for all others (the compiled decisions, or agents) decides for the seat too wherever its player made no move.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim import engine
from sim.decide.agenda import Chosen
from sim.decide.contacts import Contacts
from sim.decide.decisions import Compiled
from sim.decide.staff import free_desks
from sim.seat.hand import Hand
from sim.seat.legal import check, seat_of, why_not_now
from sim.seat.moves import KINDS, Move
from sim.seat.standing import open_rows
from sim.state.world import Ints, Setting, World
from sim.types import Event, UserError


class Played:
    """Decisions of a world in which one seat is played.

    Parameters
    ----------
    seat : int
        Place on the P axis.
    moves : sequence of Move
        All of the seat's moves, in the order of their months.
    base : object or None
        Who decides where no move was made (see :class:`sim.decide.decisions.Decide`); None for the compiled decisions.
    """

    def __init__(self, seat: int, moves: Sequence[Move], base: Any = None) -> None:
        self.seat, self.moves, self.hand = seat, tuple(moves), Hand(seat, moves)
        self._base = Compiled() if base is None else base

    def __getattr__(self, name: str) -> Any:
        """Leave every other decision to whoever decides for all."""
        if name == "_base":
            raise AttributeError(name)
        return getattr(self._base, name)

    def choose_partners(self, world: World) -> Chosen:
        """Meet those to whom talks are to be proposed this month: where it would not, the seat gives up its last contacts for them."""
        chosen: Chosen = self._base.choose_partners(world)
        edges, asked = world.setting.edges, self._proposals(world)
        mine = np.flatnonzero(edges.row[chosen.edge] == self.seat)
        met = {int(edges.col[chosen.edge[at]]) for at in mine}
        met |= {int(edges.row[e]) for e in chosen.edge[edges.col[chosen.edge] == self.seat]}
        wanted = {other for _, other in asked}
        missing = [other for other in dict.fromkeys(other for _, other in asked) if other not in met]
        spare = [at for at in mine[::-1].tolist() if int(edges.col[chosen.edge[at]]) not in wanted]
        edge, channel = chosen.edge.copy(), chosen.channel.copy()
        for at, other in zip(spare, missing, strict=False):
            edge[at], channel[at] = edges.find(self.seat, other), -1
        return Chosen(edge, chosen.rank, channel)

    def propose(self, world: World, contacts: Contacts) -> Ints:
        """Open the talks that were to be proposed, where there is a contact and both sides have a desk; then what others propose."""
        out: Ints = self._base.propose(world, contacts)
        edges = world.setting.edges
        row, col = edges.row[contacts.edge], edges.col[contacts.edge]
        for t, other in self._proposals(world):
            ours = (row == self.seat) & (col == other)
            both = np.flatnonzero(ours | ((row == other) & (col == self.seat)))
            if len(both) == 0 or (out[both] == t).any() or why_not_now(world, self.seat, t, other):
                continue
            # The seat's own proposals of the model make way, the latest first.
            own = np.flatnonzero((row == self.seat) & (out >= 0) & ~np.isin(np.arange(len(out)), both))[::-1].tolist()
            at = int(both[np.argmax(out[both] < 0)])
            kept, out[at] = int(out[at]), t
            while _overbooked(world, row, col, out, self.seat) and own:
                out[own.pop()] = -1
            if _overbooked(world, row, col, out, self.seat) or _overbooked(world, row, col, out, other):
                out[at] = kept
        return out

    def _proposals(self, world: World) -> list[tuple[int, int]]:
        """Return what is to be proposed this month: agreement type and other party."""
        setting = world.setting
        return [
            (setting.type_names.index(move.type), setting.party(move.other))
            for move in self.moves
            if move.kind == "propose" and move.month == world.month
        ]


def played_by(setting: Setting, moves: Sequence[Move], base: Any = None) -> Played | None:
    """Return the decisions of a world in which these moves, all of one party, are made; None where there are none.

    Raises
    ------
    UserError
        If the party is not in the roster.
    """
    return Played(seat_of(setting, moves[0].party), moves, base) if moves else None


def live(world: World, played: Played | None, actions: Sequence[engine.Action] = (), decide: Any = None) -> None:
    """Live one month, with the moves of the seat where one is played.

    Parameters
    ----------
    world : World
    played : Played or None
        None where no seat is played.
    actions : sequence of Action
        Levers moved.
    decide : object or None
        Who decides where no seat is played.

    Raises
    ------
    UserError
        If a move of this month is not possible.
    """
    if played is not None:
        tell_moves(world, played)
    engine.step(world, actions, decide if played is None else played)


def tell_moves(world: World, played: Played) -> None:
    """Check this month's moves, all before any is made, and write them to the ledger.

    Raises
    ------
    UserError
        If one is not possible.
    """
    code = world.setting.codes[played.seat]
    for n, move in enumerate(played.moves):
        if move.month == world.month:
            try:
                check(world, code, move, played.moves[:n])
            except UserError as fault:
                raise UserError(f"move {move}: {fault}") from None
    for move in played.moves:
        if move.month == world.month:
            _write(world, played.seat, move)


def _write(world: World, seat: int, move: Move) -> None:
    """Tell a move in the ledger: who, with whom, on what, and its kind by number."""
    t, other = world.setting.type_names.index(move.type), world.setting.party(move.other)
    rows = [
        row
        for row in open_rows(world, seat)
        if world.talks["type"][row] == t and other in (world.talks["first"][row], world.talks["second"][row])
    ]
    talk = rows[0] if rows else -1
    world.events.append(
        month=world.month, event=Event.MOVE, party_a=seat, party_b=other, type=t, talk=talk, value=float(KINDS.index(move.kind))
    )


def _overbooked(world: World, row: Ints, col: Ints, out: Ints, party: int) -> bool:
    """Say whether a party would open more talks than it has desks for."""
    opened = np.count_nonzero(((row == party) | (col == party)) & (out >= 0))
    return bool(opened > max(0, int(free_desks(world)[party])))


__all__ = ["Played", "live", "played_by", "tell_moves"]
