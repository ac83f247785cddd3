"""Every move that is not possible is refused in one sentence that says why, and leaves the game as it was."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from seats import PACT, ROUNDS, SOLVED, TORN_ROUNDS, between, closed, game, heard, table, until

from sim.game import Game
from sim.seat.moves import KINDS, move_of, moves_of
from sim.seat.view import TalkView
from sim.types import UserError

OPEN = {"type": "infrastructure_pact", "other": "GBR"}


def begun(tree: Any = None) -> Game:
    played = table() if tree is None else table(tree)
    if tree is None:
        assert until(played, heard) is not None
    else:
        played.advance()
    return played


def offer(**levels: float) -> dict[str, Any]:
    text = {"localisation": 0.0, "security": 0.9, "infrastructure": 0.1, "hosting_control": 0.6, **levels}
    return {"kind": "offer", **OPEN, "text": text}


IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "a month that is past": ({"kind": "refuse", **OPEN, "month": "2020-05"}, "2020-05 is past; the month to play is 2020-07"),
    "a month to come": ({"kind": "refuse", **OPEN, "month": "2021-05"}, "2021-05 is still to come"),
    "another's move": ({"kind": "refuse", **OPEN, "party": "GBR", "other": "USA"}, "the seat played is USA"),
    "talks of others": ({"kind": "refuse", "talk": "infrastructure_pact:DEU:FRA:24233"}, "USA has no part in them"),
    "talks never held": ({"kind": "refuse", "type": "infrastructure_pact", "other": "TUV"}, "USA and TUV have no such talks"),
    "talks of another day": ({"kind": "refuse", "talk": "infrastructure_pact:GBR:USA:24200"}, "have no such talks"),
    "an unknown type": ({"kind": "refuse", "type": "infrastructur_pact", "other": "GBR"}, "did you mean 'infrastructure_pact'?"),
    "an unknown party": ({"kind": "refuse", "type": "infrastructure_pact", "other": "GBX"}, "did you mean 'GBR'?"),
    "oneself": ({"kind": "refuse", "type": "infrastructure_pact", "other": "USA"}, "USA cannot negotiate with itself"),
    "an issue too many": (offer(redress=0.3), "infrastructure_pact has no issue 'redress'"),
    "an issue left out": ({"kind": "offer", **OPEN, "text": {"localisation": 0.8}}, "the offer says nothing on infrastructure"),
    "a level beyond one": (offer(infrastructure=1.2), "infrastructure 1.2 lies outside 0 to 1"),
    "no text": ({"kind": "offer", **OPEN}, "an offer must hold a text"),
    "below the reservation value": (offer(infrastructure=1.0, hosting_control=0.0), "no party signs that"),
    "a red line upside down": (
        {"kind": "red_line", **OPEN, "issue": "hosting_control", "at_least": 0.8, "at_most": 0.2}, "lies above at_most"
    ),
    "a position on nothing": ({"kind": "set_position", **OPEN, "issue": "redress", "ideal": 0.2}, "has no issue 'redress'"),
    "a salience too large": ({"kind": "set_position", **OPEN, "issue": "security", "salience": 1e9}, "salience 1e+09 lies outside"),
    "a word too many": ({"kind": "accept", **OPEN, "text": {"security": 0.5}}, "a move of kind accept has no text; it needs no more than"),
    "an unknown kind": ({"kind": "acept", **OPEN}, "did you mean 'accept'?"),
    "an unknown word": ({"kind": "accept", **OPEN, "isue": 1}, "did you mean 'issue'?"),
    "no talks": ({"kind": "accept"}, "must name its talks"),
    "proposing what is open": ({"kind": "propose", **OPEN}, "USA and GBR already negotiate on infrastructure_pact"),
    "proposing to who cannot gain": ({"kind": "propose", "type": "infrastructure_pact", "other": "SGP"}, "promises the two no gain"),
    "proposing to who is hostile": ({"kind": "propose", "type": "infrastructure_pact", "other": "CHN"}, "USA and CHN are too hostile for"),
    "proposing to a member": ({"kind": "propose", "type": "transfer_framework", "other": "DEU"}, "DEU does not speak for itself"),
    "a type of many": ({"kind": "propose", "type": "regional_market", "other": "GBR"}, "no two parties negotiate on 'regional_market'"),
}  # fmt: skip


def refused(played: Game, move: dict[str, Any]) -> str:
    before = played.moves
    with pytest.raises(UserError) as fault:
        played.play([move])
    assert played.moves == before
    assert "\n" not in str(fault.value)
    return str(fault.value)


@pytest.fixture(scope="module")
def at_table() -> Game:
    return begun()


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_an_impossible_move_is_refused_in_a_sentence(case: str, at_table: Game) -> None:
    move, sentence = IMPOSSIBLE[case]
    assert sentence in refused(at_table, move)


def test_what_the_text_does_not_allow_is_refused() -> None:
    """Courts have struck texts of every judge before, so that each asks for undertakings, and redress has a floor."""
    tree = {**ROUNDS, "negotiated": ["transfer_framework"]}
    played = game({**tree, "mechanisms": {**tree["mechanisms"], "law": {"equivalence": 0.99, "guarantees": False}}}, seat="SGP")
    played.world.asked_redress[:] = 0.99
    while not played.inbox():
        played.advance()
    view = played.inbox()[0]
    floor = next(one.floor for one in view.issues if one.issue == "redress")
    assert 0.3 < floor < 1.0
    text = {one.issue: one.best for one in view.issues}
    assert f"redress at 0.3 lies outside what the text allows, {floor:.6g}" in refused(
        played, {"kind": "offer", "talk": view.talk, "text": {**text, "redress": 0.3}}
    )
    line = {"kind": "red_line", "talk": view.talk, "issue": "redress"}
    assert "that red line leaves no text" in refused(played, {**line, "at_most": 0.2})
    played.play([{**line, "at_most": floor + 0.01}, {"kind": "offer", "talk": view.talk, "text": text}])


def test_an_offer_beyond_ones_own_red_line_is_refused() -> None:
    played = begun()
    played.play([{"kind": "red_line", **OPEN, "issue": "hosting_control", "at_least": 0.7}])
    assert "hosting_control at 0.6 lies beyond your own red line, 0.7 to 1" in refused(played, offer())
    played.play([{"kind": "red_line", **OPEN, "issue": "hosting_control"}, offer()])
    assert len(played.moves) == 3


def test_taking_an_offer_beyond_a_red_line_is_refused() -> None:
    played = begun()
    played.play([{"kind": "red_line", **OPEN, "issue": "hosting_control", "at_least": 0.95}])
    assert "lies beyond a red line of USA; lift it first" in refused(played, {"kind": "accept", **OPEN})


def test_nothing_can_be_taken_before_it_is_offered() -> None:
    played = table()
    played.advance()
    assert "GBR has made no offer yet" in refused(played, {"kind": "accept", **OPEN})


def test_closed_talks_say_when_and_how_they_closed() -> None:
    played = begun()
    played.play([{"kind": "walk_away", "talk": PACT}])
    when = played.month
    closed(played)
    assert f"the talks of USA and GBR on infrastructure_pact closed in {when} (walked away)" in refused(played, {"kind": "refuse", **OPEN})
    assert "let infrastructure_pact rest until" in refused(played, {"kind": "propose", **OPEN})


def test_without_rounds_no_offers_are_made() -> None:
    played = begun(SOLVED)
    assert "no offers are made under nash" in refused(played, offer())


def test_a_move_that_would_not_pass_at_home_is_refused() -> None:
    assert any("does not believe that its own ratifiers would consent" in why for why in refusals("BRA", "IND", "JPN"))


def refusals(*seats: str) -> Iterator[str]:
    """Say why offers are refused in one game after another, for as long as somebody asks."""
    for seat in seats:
        played = game(TORN_ROUNDS, seat=seat)
        while not played.over:
            for view in played.inbox():
                yield from (why for text in corners(view) if (why := tried(played, view.talk, text)))
            played.advance()


def corners(view: TalkView) -> list[dict[str, float]]:
    """Return the texts in which every issue is at its floor or its ceiling."""
    levels = itertools.product(*((one.floor, one.ceiling) for one in view.issues))
    return [dict(zip((one.issue for one in view.issues), text, strict=True)) for text in levels]


def tried(played: Game, identity: str, text: dict[str, float]) -> str:
    """Say why an offer is refused, empty where it is not."""
    try:
        played.play([{"kind": "offer", "talk": identity, "text": text}])
    except UserError as fault:
        return str(fault)
    played.take_back()
    return ""


def test_moves_made_together_are_made_all_or_none() -> None:
    played = begun()
    with pytest.raises(UserError):
        played.play([offer(), {"kind": "accept", "type": "infrastructure_pact", "other": "TUV"}])
    assert played.moves == ()
    played.play([offer()])
    played.take_back()
    assert played.moves == ()


def test_a_move_written_down_and_read_again_is_the_move() -> None:
    played = begun()
    view = played.inbox()[0]
    moves = [
        move_of({"kind": "offer", "talk": view.talk, "text": between(view, 0.5)}, month=24235, party="USA"),
        move_of({"kind": "set_position", **OPEN, "issue": "hosting_control", "ideal": 0.5, "salience": 2}, month=24235, party="USA"),
        *(move_of({"kind": kind, **OPEN}, month=24236, party="USA") for kind in KINDS if kind not in ("offer", "set_position", "red_line")),
        move_of({"kind": "red_line", **OPEN, "issue": "security", "at_most": 0.5}, month=24240, party="USA"),
    ]
    assert moves_of([move.tree() for move in moves]) == tuple(moves)


def test_a_game_that_is_over_takes_no_more_moves() -> None:
    played = table()
    played.finish()
    assert played.inbox() == played.openings() == ()
    assert "the game is over" in refused(played, {"kind": "refuse", **OPEN})
    with pytest.raises(UserError, match="the game is over"):
        played.advance()
