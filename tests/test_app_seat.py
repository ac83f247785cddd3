"""A seat on the page: a game is its words, seat and moves, wherever and however often it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.app.keep import Films
from analysis.app.seat import MOST_MOVES, Tables
from sim.game import Game
from sim.types import UserError

WORDS = {
    "protocol": "alternating_offers", "end": "2019-12", "seed": "3", "mechanisms.bargaining.staff_price": "0",
    "mechanisms.contacts.hour_price": "3",
}  # fmt: skip
"""Staff is free and hours are cheap, so that the EU has talks from the first months on."""


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(Films(tmp_path))


def _turn(tables: Tables, game: dict[str, Any] | None = None, **act: Any) -> dict[str, Any]:
    stands = {} if game is None else {"moves": game["moves"], "month": game["month"]}
    return tables.turn({"words": WORDS, "seat": "EU", **stands, **act})


def _played(tables: Tables) -> tuple[dict[str, Any], dict[str, Any]]:
    """Live on to the first offer and answer it with a red line and an offer; returns the game before and after."""
    game = _turn(tables)
    while not any(talk["tabled"] for talk in game["inbox"]):
        assert not game["over"], "nobody makes the EU an offer"
        game = _turn(tables, game, live="until")
    talk = next(talk for talk in game["inbox"] if talk["tabled"])
    offer = {one["issue"]: one["mine"] if one["mine"] is not None else one["ceiling"] for one in talk["issues"]}
    return game, _turn(tables, game, play=[{"kind": "offer", "talk": talk["talk"], "text": offer}])


def test_a_turn_is_plain_json_and_the_same_on_a_server_that_knows_nothing(tables: Tables, tmp_path: Path) -> None:
    _, game = _played(tables)
    after = _turn(tables, game, live=2)
    stranger = Tables(Films(tmp_path / "elsewhere"))
    assert json.dumps(_turn(stranger, game, live=2), allow_nan=False) == json.dumps(after, allow_nan=False)


def test_what_the_page_shows_a_draft_is_worth_is_what_the_model_makes_of_it(tables: Tables) -> None:
    before, _ = _played(tables)
    talk = next(talk for talk in before["inbox"] if talk["tabled"])
    told = tables.value(before["key"], talk["talk"], talk["tabled"])
    assert told["gain"] == pytest.approx(talk["gain"], abs=1e-12)
    assert told["utility"] == pytest.approx(talk["utility"], abs=1e-12)
    # Its own best text is worth the most, and whoever moves one level away from it loses.
    best = {one["issue"]: one["best"] for one in talk["issues"]}
    most = tables.value(before["key"], talk["talk"], best)
    assert most["signs"] is True
    assert most["gain"] >= told["gain"]
    for one in talk["issues"]:
        other = one["floor"] if one["best"] > (one["floor"] + one["ceiling"]) / 2.0 else one["ceiling"]
        worse = tables.value(before["key"], talk["talk"], {**best, one["issue"]: other})
        expected = one["gain"] * (other - one["best"]) - one["salience"] * ((other - one["ideal"]) ** 2 - (one["best"] - one["ideal"]) ** 2)
        assert worse["gain"] - most["gain"] == pytest.approx(expected, abs=1e-9)
        assert expected <= 0.0


@pytest.mark.parametrize(
    ("talk", "text", "said"),
    [
        ("nobody's", {}, "has no open talks"),
        ("", {"securit": 0.5}, "did you mean 'security'"),
        ("", {"redress": 1.5}, "lies outside what the text allows, 0 to 1"),
        ("", {"redress": "much"}, "lies outside"),
        ("", {"redress": True}, "lies outside"),
        ("", {"redress": float("nan")}, "lies outside"),
    ],
)
def test_a_text_that_is_none_is_not_valued(tables: Tables, talk: Any, text: Any, said: str) -> None:
    game, _ = _played(tables)
    access = next(one["talk"] for one in game["inbox"] if one["type"] == "law_enforcement_access")
    with pytest.raises(UserError, match=said):
        tables.value(game["key"], access if talk == "" else talk, text)


def test_a_turn_changes_no_other_tab(tables: Tables) -> None:
    before, game = _played(tables)
    _turn(tables, game, play=[{"kind": "walk_away", "talk": game["inbox"][0]["talk"]}], live=3)
    assert _turn(tables, game)["inbox"] == game["inbox"]
    assert _turn(tables, before)["moves"] == before["moves"]
    assert _turn(tables, game, take_back=True)["moves"] == before["moves"]


def test_the_film_of_a_game_is_the_run_that_the_saved_game_repeats(tables: Tables, tmp_path: Path) -> None:
    _, game = _played(tables)
    saved = _turn(tables, game, save=True)["saved"]
    (tmp_path / "game.json").write_text(json.dumps(saved), encoding="utf-8")
    film = tables.films.read(tables.films.get(WORDS, game["moves"]), "film")
    assert film["digest"] == Game.load(tmp_path / "game.json").finish().digest
    assert film["command"].endswith("moves=game.json")
    assert film["digest"] != tables.films.read(tables.films.get(WORDS), "film")["digest"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (None, "names its seat"),
        ({"words": WORDS}, "names its seat"),
        ({"words": WORDS, "seat": "XXX"}, "XXX"),
        ({"words": WORDS, "seat": "EU", "moves": "x"}, "in a list"),
        ({"words": WORDS, "seat": "EU", "moves": [{}] * (MOST_MOVES + 1)}, "at most 400"),
        ({"words": WORDS, "seat": "EU", "moves": [{"kind": "bribe"}]}, "bribe|month"),
        ({"words": WORDS, "seat": "EU", "play": [{"kind": "accept", "type": "transfer_framework", "other": "IDN"}]}, "have no such talks"),
        ({"words": WORDS, "seat": "EU", "live": -3}, "months = -3 lies outside 1"),
        ({"words": WORDS, "seat": "EU", "month": "soon"}, "YYYY-MM"),
        ({"words": WORDS, "seat": "EU", "month": [2019]}, "YYYY-MM"),
        ({"words": WORDS, "seat": "EU", "play": [{}] * (MOST_MOVES + 1)}, "at most 400"),
        ({"words": WORDS, "seat": "EU", "moves": [None]}, "named values"),
        ({"words": {"parts": "/tmp"}, "seat": "EU"}, "no setting 'parts'"),
    ],
)
def test_what_is_not_possible_is_refused_in_a_sentence(tables: Tables, wish: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        tables.turn(wish)


def test_moves_are_no_door_to_files(tables: Tables) -> None:
    for moves in ("/etc/passwd", ["/etc/passwd"], {"a": 1}):
        with pytest.raises(UserError, match="list of moves"):
            tables.films.ask(WORDS, moves)


def test_a_position_on_an_issue_stands_until_it_is_taken_back(tables: Tables) -> None:
    game = _turn(tables)
    while not game["inbox"]:
        game = _turn(tables, game, live="until")
    talk = game["inbox"][0]
    issue = talk["issues"][0]["issue"]
    game = _turn(tables, game, play=[{"kind": "set_position", "talk": talk["talk"], "issue": issue, "ideal": 0.25, "salience": 2.5}])
    assert game["inbox"][0]["standing"]["positions"] == {issue: {"ideal": 0.25, "salience": 2.5}}
    # The interest itself is what it was: the page shows the true ideal beside the declared one.
    assert game["inbox"][0]["issues"][0]["ideal"] == talk["issues"][0]["ideal"]
    game = _turn(tables, game, play=[{"kind": "set_position", "talk": talk["talk"], "issue": issue}])
    assert game["inbox"][0]["standing"]["positions"] == {}
    with pytest.raises(UserError, match="salience"):
        _turn(tables, game, play=[{"kind": "set_position", "talk": talk["talk"], "issue": issue, "salience": -1}])


def test_living_on_until_something_happens_stops_at_every_new_offer_and_event(tables: Tables) -> None:
    free = {"bargaining": {"staff_price": 0.0}, "contacts": {"hour_price": 3.0}}
    game = Game({"scenarios": "baseline", "protocol": {"name": "alternating_offers"}, "end": "2019-12", "mechanisms": free}, 3, "EU")
    me, happened, heard, talks = game.setting.codes.index("EU"), set(), 0, ()
    while not game.over:
        news = game.advance(1)
        row, proposer = game.world.offers["talk"], game.world.offers["proposer"]
        to_me = ((game.world.talks["first"][row] == me) | (game.world.talks["second"][row] == me)) & (proposer != me)
        now = tuple(talk.talk for talk in game.inbox())
        if news or int(to_me.sum()) != heard or now != talks or game.over:
            happened.add(game.month)
        heard, talks = int(to_me.sum()), now
    assert heard > 3
    stops, played = set(), _turn(tables)
    while not played["over"]:
        played = _turn(tables, played, live="until")
        stops.add(played["month"])
    assert stops == happened
