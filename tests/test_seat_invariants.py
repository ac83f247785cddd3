"""Whatever a player does within the rules, invariants 3, 8 and 9 hold, and the same moves give the same world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from seats import ROUNDS, SOLVED, TORN_ROUNDS, game
from test_invariants_blocs import out_of_turn
from test_invariants_ledger import Notary, life
from test_seat_twin import wanted
from worlds import begun, digest

from sim.bargains.feasible import gains
from sim.game import Game
from sim.registry import shelf
from sim.seat import hand as room
from sim.seat.played import Played, live
from sim.seat.view import TalkView
from sim.state.world import Ints, World
from sim.types import Event, UserError

MONTHS = 14
CASES = [(ROUNDS, "IDN"), (ROUNDS, "EU"), (SOLVED, "IDN"), (TORN_ROUNDS, "IND")]


class HomeNotary(Notary):
    """Checks win-sets on own beliefs too."""

    def accept(self, world: World, talks: Ints, problems: Any, outcomes: Any) -> Any:
        accepted = super().accept(world, talks, problems, outcomes)
        if problems.pivot is not None:
            outside = (accepted & (gains(problems.pivot, outcomes.text) < 0.0)).any(axis=1)
            self.faults += [f"{world.talk_identity(int(row))}: signed outside a win-set" for row in talks[outside]]
        return accepted


def about(view: TalkView, draw: Any) -> dict[str, Any]:
    """Draw a move about some open talks; whether it is possible is for the rules to say."""
    kind = draw(st.sampled_from(["offer", "offer", "accept", "refuse", "hand_back", "set_position", "red_line", "red_line", "walk_away"]))
    move: dict[str, Any] = {"kind": kind, "talk": view.talk}
    share = st.floats(0.0, 1.0)
    if kind == "offer":
        move["text"] = {one.issue: one.floor + draw(share) * max(0.0, one.ceiling - one.floor) for one in view.issues}
    if kind in ("set_position", "red_line"):
        move["issue"] = draw(st.sampled_from([one.issue for one in view.issues]))
    if kind == "set_position":
        move |= {"ideal": draw(share), "salience": draw(st.one_of(st.none(), st.floats(1e-3, 20.0)))}
    if kind == "red_line":
        move[draw(st.sampled_from(["at_least", "at_most"]))] = draw(share)
    return move


def moved(played: Game, draw: Any) -> None:
    """Make moves drawn month by month; what is not possible is refused and left out."""
    for _ in range(MONTHS):
        wanted = [about(view, draw) for view in played.inbox()[:3] if draw(st.booleans())]
        wanted += [{"kind": "propose", "type": one.type, "other": one.other} for one in played.openings()[:1]]
        for move in wanted:
            try:
                played.play([move])
            except UserError as fault:
                assert "\n" not in str(fault)
        played.advance()


def faults_of(played: Game, tree: dict[str, Any]) -> list[str]:
    """Live the game again before a notary and say which invariant does not hold."""
    notary, world = HomeNotary(), begun(tree, played.seed)
    decide = Played(world.setting.party(played.seat), played.moves, notary)
    while world.month < played.world.month:
        live(world, decide)
    same = begun(tree, played.seed)
    again = Played(world.setting.party(played.seat), played.moves)
    while same.month < played.world.month:
        live(same, again)
    faults = [*notary.faults, *out_of_turn(world)]
    faults += ["the same moves gave another world"] if digest(same) != digest(world) else []
    lived = {name: getattr(played.world, name) for name in ("talks", "instruments", "events")}
    for name, table in lived.items():
        if any(table[key].tobytes() != getattr(world, name)[key].tobytes() for key in table.columns):
            faults.append(f"the game's {name} are not the run's")
    return faults


@pytest.mark.parametrize(("tree", "seat"), CASES, ids=["rounds", "rounds-EU", "solved", "torn"])
@examples(6)
@given(data=st.data())
def test_random_legal_moves_break_no_invariant(tree: dict[str, Any], seat: str, data: st.DataObject) -> None:
    played = game(tree, seat)
    moved(played, data.draw)
    assert faults_of(played, tree) == []


@examples(3)
@given(data=st.data())
def test_stages_move_along_law_in_played_worlds_too(data: st.DataObject) -> None:
    tree = {**ROUNDS, "end": "2020-07"}
    played = game(tree, "IDN")
    moved(played, data.draw)
    assert life(tree, Played(played.world.setting.party("IDN"), played.moves)) == []


@pytest.mark.parametrize("name", sorted(shelf("protocol").names()))
def test_a_seat_can_be_played_under_every_protocol(name: str) -> None:
    tree = {**ROUNDS, "protocol": {"name": name}, "end": "2021-05"}
    played, turn = game(tree, "IDN"), 0
    while not played.over:
        for view in played.inbox():
            turn += 1
            try:
                played.play([wanted(view, turn)])
            except UserError as fault:
                assert "\n" not in str(fault)
        played.advance()
    assert len(played.moves) > 10
    assert faults_of(played, tree) == []


def greedy(seat: str) -> Game:
    """Return a game in which the seat asks the other side for its own best text, whatever that is worth to itself."""
    played = game(ROUNDS, seat)
    for _ in range(MONTHS):
        for view in played.inbox():
            text = {one.issue: one.theirs if one.theirs is not None else one.floor for one in view.issues}
            try:
                played.play([{"kind": "offer", "talk": view.talk, "text": text}])
            except UserError:
                continue
        played.advance()
    return played


def test_a_seat_that_could_sign_anything_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.seat.legal._check_worth", lambda *_: None)
    monkeypatch.setattr(room, "bears", lambda *_: True)
    monkeypatch.setattr(Notary.__mro__[1], "accept", lambda self, world, talks, problems, outcomes: np.ones((len(talks), 2), dtype=bool))
    assert any("below" in fault for fault in faults_of(greedy("IDN"), ROUNDS))


def test_a_member_let_speak_for_the_union_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    played = game(ROUNDS, "DEU")
    move = {"kind": "propose", "type": "adequacy_decision", "other": "SGP"}
    with pytest.raises(UserError, match="DEU does not speak for itself"):
        played.play([move])
    monkeypatch.setattr("sim.seat.legal._check_proposal", lambda *_: None)
    monkeypatch.setattr("sim.seat.played.why_not_now", lambda *_: "")
    for _ in range(6):
        played.play([move])
        played.advance()
    assert "DEU NEGOTIATION_OPENED adequacy_decision" in out_of_turn(played.world)


def test_moves_are_told_in_the_ledger() -> None:
    played = game(ROUNDS, "IDN")
    for _ in range(MONTHS):
        for view in played.inbox():
            try:
                played.play([{"kind": "offer", "talk": view.talk, "text": {one.issue: one.best for one in view.issues}}])
            except UserError:
                continue  # not even its own best text is worth what another host promises
        played.advance()
    events = played.world.events
    told = events["event"] == Event.MOVE
    assert told.sum() == len(played.moves) > 0
    assert set(events["party_a"][told]) == {played.world.setting.party("IDN")}
