"""What a played seat does at the table is told twice; the two tellings agree, and a fault planted in the engine's is found."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import pytest
from twins import Walk, small, torn, walk
from worlds import setting_of

from sim.game import Game
from sim.seat import hand as room
from sim.seat.hand import Hand
from sim.seat.moves import Move
from sim.seat.view import TalkView
from sim.types import UserError


def often(plain: dict[str, Any]) -> dict[str, Any]:
    """Let an hour cost little, so that few states meet as often as they would among two hundred."""
    return {**plain, "mechanisms": {**plain["mechanisms"], "contacts": {"hour_price": 3.0}}}


WORLDS = {
    "rounds": (small("alternating_offers", "baseline"), "GBR", 4),
    "torn": (often(torn("alternating_offers", "baseline")), "USA", 4),
    "solved": (small("nash", "baseline"), "IDN", 3),
    "bloc": (small("alternating_offers", "baseline"), "EU", 2),
}


def wanted(view: TalkView, turn: int) -> dict[str, Any]:
    """Return a move for some talks, another kind each turn."""
    issue, level = view.issues[turn % len(view.issues)].issue, (turn % 7) / 7.0
    middle = {one.issue: one.floor + (0.2 + 0.6 * level) * max(0.0, one.ceiling - one.floor) for one in view.issues}
    kinds: list[dict[str, Any]] = [
        {"kind": "red_line", "issue": issue, "at_least": 0.3 * level},
        {"kind": "offer", "text": {one.issue: min(max(one.ideal, one.floor), one.ceiling) for one in view.issues}},
        {"kind": "set_position", "issue": issue, "ideal": level, "salience": 0.2 + level},
        {"kind": "refuse"},
        {"kind": "offer", "text": middle},
        {"kind": "hand_back"},
        {"kind": "accept"},
        {"kind": "set_position", "issue": issue},
        {"kind": "walk_away"} if turn % 4 == 0 else {"kind": "red_line", "issue": issue, "at_most": 0.9},
    ]
    return {**kinds[turn % len(kinds)], "talk": view.talk}


@functools.cache
def script(name: str) -> tuple[Move, ...]:
    tree, seat, seed = WORLDS[name]
    return tried(Game(tree, seed, seat, setting=setting_of(tree)))


def tried(played: Game) -> tuple[Move, ...]:
    """Play a game to its end, with every kind of move tried whenever it is possible, and return its moves."""
    turn = 0
    while not played.over:
        for view in played.inbox():
            turn += 1
            try:
                played.play([wanted(view, turn)])
            except UserError:
                continue
        for one in played.openings()[:1]:
            played.play([{"kind": "propose", "type": one.type, "other": one.other}] if turn % 3 == 0 else [])
        played.advance()
    return played.moves


def lived(name: str, **over: Any) -> Walk:
    tree, _, seed = WORLDS[name]
    return walk(setting_of(tree), seed, only="bargaining", moves=script(name), **over)


@pytest.mark.parametrize("name", WORLDS)
def test_a_played_seat_and_its_twin_do_the_same(name: str) -> None:
    found = lived(name)
    assert found.differences["bargaining"] == []
    assert "MOVE" in found.seen
    assert ("WALKED_AWAY" in found.seen) == any(move.kind == "walk_away" for move in script(name))


def test_every_kind_of_move_was_made_on_the_way() -> None:
    made = {move.kind for name in WORLDS for move in script(name)}
    assert made >= {"offer", "accept", "refuse", "hand_back", "walk_away", "set_position", "red_line"}


def _careless(problem: Any, side: int, text: Any, honest: Any = room.wanting) -> Any:
    """Let the other side take anything that is better than nothing."""
    told = honest(problem, side, text)
    told.r[0, 1 - side] = told.d[0, 1 - side] = -100.0
    return told


def _unmoved(problem: Any, found: Any, status_quo: Any, honest: Any = room.declare) -> Any:
    """Value no agreement as before, whatever is declared."""
    return replace(honest(problem, found, status_quo), d=problem.d, r=problem.r)


def _deaf(self: Any, mine: Any) -> Any:
    return self._hold(self.problem, 1)


FAULTS: dict[str, tuple[str, Any, str, Any]] = {
    "nobody walks away": ("rounds", Hand, "leaves", lambda self, world: []),
    "refusals are forgotten": ("solved", Hand, "ready", lambda self, world, ready: ready),
    "positions are not heard": ("solved", Hand, "mandate", lambda self, world, rows, table, status_quo: table),
    "declared interests are believed": ("solved", Hand, "worth", lambda self, world, rows, problems, outcomes: outcomes),
    "the offer is not tabled": ("rounds", room.Table, "_own_offer", lambda self: None),
    "the seat answers as the model": ("rounds", room.Table, "_their_turn", _deaf),
    "red lines bind nobody": ("rounds", room.Standing, "inside", lambda self, text: True),
    "no agreement is not seen anew": ("solved", room, "declare", _unmoved),
    "the other side does not care": ("rounds", room, "wanting", _careless),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, owner, method, spoilt = FAULTS[fault]
    script(name)
    monkeypatch.setattr(owner, method, spoilt)
    assert lived(name, stop=True).differences["bargaining"]
