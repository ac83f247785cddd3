"""A game goes by a short key: kept on disk, found again by another server, written to a file and opened from one."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

from analysis.app import games as kept
from analysis.app.games import KEY, Games, Position
from analysis.app.keep import Films
from analysis.app.seat import Tables
from sim.game import Game
from sim.types import UserError

WORDS = {"protocol": "alternating_offers", "end": "2019-06", "seed": "3"}
LINE = {"kind": "red_line", "type": "transfer_framework", "other": "JPN", "issue": "safeguards", "at_least": 0.5}


WORLDS: OrderedDict[Any, Any] = OrderedDict()
"""Worlds that the servers of these tests share, as players do: putting one together takes longer than living its months."""


def _server(outputs: Path) -> Tables:
    tables = Tables(Films(outputs))
    tables._worlds = WORLDS
    return tables


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return _server(tmp_path)


def _told(game: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in game.items() if name != "news"}


def test_a_key_is_short_and_the_same_position_has_the_same_key_on_every_server(tables: Tables, tmp_path: Path) -> None:
    game = tables.turn({"words": WORDS, "seat": "EU", "play": [LINE], "live": 2})
    assert KEY.fullmatch(game["key"]) and len(game["key"]) == 10
    other = _server(tmp_path / "other")
    backwards = dict(reversed(WORDS.items()))
    assert other.turn({"words": backwards, "seat": "EU", "moves": game["moves"], "month": game["month"]})["key"] == game["key"]


def test_a_game_outlives_its_server(tables: Tables, tmp_path: Path) -> None:
    game = tables.turn({"words": WORDS, "seat": "EU", "play": [LINE], "live": 2})
    again = _server(tmp_path)
    assert _told(again.turn({"game": game["key"]})) == _told(game)
    assert again.zipped(game["key"], "film") == tables.zipped(game["key"], "film")
    assert _told(again.turn({"game": game["key"], "live": 1})) == _told(tables.turn({"game": game["key"], "live": 1}))


def test_each_turn_has_an_address_of_its_own_and_earlier_ones_stay(tables: Tables) -> None:
    first = tables.turn({"words": WORDS, "seat": "EU"})
    second = tables.turn({"game": first["key"], "live": 1})
    third = tables.turn({"game": second["key"], "play": [LINE]})
    assert len({first["key"], second["key"], third["key"]}) == 3
    assert tables.turn({"game": second["key"]})["key"] == second["key"]
    assert tables.turn({"game": third["key"], "take_back": True})["key"] == second["key"]


@pytest.mark.parametrize("key", ["abcdefghij", "ABCDEFGHIJ", "abc", "../../etc/passwd", "abcdefghi\n", 7, [], {"a": 1}, "a" * 100_000])
def test_a_key_that_names_no_game_gets_a_sentence(tables: Tables, key: Any) -> None:
    with pytest.raises(UserError, match=r"no game is kept|10 letters") as fault:
        tables.turn({"game": key})
    assert "\n" not in str(fault.value) or "\n" in str(key)


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '[{},"EU",[],null,9]', "[[" * 50_000, '{"a":1}', '["x",3,null,4]'])
def test_a_damaged_file_of_a_game_gets_a_sentence(tables: Tables, text: str) -> None:
    key = tables.turn({"words": WORDS, "seat": "EU"})["key"]
    fresh = _server(tables.films.folder.parent)
    (fresh.games.folder / f"{key}.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="damaged"):
        fresh.turn({"game": key})


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".games").write_text("in the way", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        Games(tmp_path).keep(Position(WORDS, "EU", [], None))


def test_the_games_not_asked_for_the_longest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    monkeypatch.setattr(kept, "LOOK_EVERY", 1)
    games = Games(tmp_path)
    keys = [games.keep(Position(WORDS, seat, [], None)) for seat in ("DEU", "FRA", "IDN")]
    assert len(list(games.folder.glob("*.json"))) == 2
    with pytest.raises(UserError, match="any more"):
        games.find(keys[0])


def test_games_that_are_not_kept_ready_are_played_again(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.app.seat.MOST_GAMES", 1)
    monkeypatch.setattr("analysis.app.seat.MOST_WORLDS", 1)
    tables._worlds = OrderedDict()
    one = tables.turn({"words": WORDS, "seat": "EU", "live": 3})
    tables.turn({"words": {**WORDS, "seed": "4"}, "seat": "IDN", "live": 1})
    assert (len(tables._ready), len(tables._worlds)) == (1, 1)
    assert _told(tables.turn({"game": one["key"]})) == _told(one)


def test_a_saved_game_is_opened_again_by_the_page_that_wrote_it_and_by_another(tables: Tables, tmp_path: Path) -> None:
    game = tables.turn({"words": WORDS, "seat": "EU", "play": [LINE], "live": 2, "save": True})
    # As a browser writes it, which knows no difference between 1.0 and 1.
    file = json.loads(re.sub(r"(\d)\.0\b", r"\1", json.dumps(game["saved"])))
    other = _server(tmp_path / "other")
    game.pop("saved")
    assert _told(other.turn({"open": file})) == _told(game)


def test_a_game_saved_in_python_is_opened_by_the_page(tables: Tables, tmp_path: Path) -> None:
    game = Game({"protocol": {"name": "alternating_offers"}, "end": "2019-06"}, seed=3, seat="EU")
    game.play([LINE])
    game.advance(2)
    game.save(tmp_path / "game.json")
    opened = tables.turn({"open": json.loads((tmp_path / "game.json").read_text())})
    assert (opened["month"], opened["moves"]) == (game.month, [move.tree() for move in game.moves])
    small = Game({"end": "2019-06", "roster": {"states": ["DEU", "IDN", "JPN"]}}, seed=3, seat="IDN")
    small.save(tmp_path / "small.json")
    with pytest.raises(UserError, match="no setting 'roster"):
        tables.turn({"open": json.loads((tmp_path / "small.json").read_text())})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"game": 99}, "schema 99"),
        ({"moves": "x"}, "no saved game"),
        ({"moves": [{"kind": "bribe"}]}, "bribe"),
        ({"seat": 3}, "no saved game"),
        ({"seat": "XXX"}, "no seat"),
        ({"month": 7}, "YYYY-MM"),
        ({"words": {"parts": "/tmp"}}, "no setting 'parts'"),
        ({"words": [1]}, "settings with values"),
        ({"words": {**WORDS, "end": "2019-05"}}, "its end differs"),
        ({"config": None}, "in which world"),
        ({"config": {"end": float("nan")}}, "a world that this version does not have"),
    ],
)
def test_a_file_that_is_no_game_of_this_page_gets_a_sentence(tables: Tables, change: dict[str, Any], said: str) -> None:
    saved = tables.turn({"words": WORDS, "seat": "EU", "save": True})["saved"]
    with pytest.raises(UserError, match=said):
        tables.turn({"open": {**saved, **change}})
    for tree in ([], "x", 5, True):
        with pytest.raises(UserError, match="no saved game"):
            tables.turn({"open": tree})


def test_who_comes_back_is_told_what_happened_last(tables: Tables) -> None:
    game = tables.turn({"words": WORDS, "seat": "EU"})
    while not game["news"] and not game["over"]:
        game = tables.turn({"game": game["key"], "live": 1})
    assert game["news"]
    assert tables.turn({"game": game["key"]})["news"] == game["news"]


def test_two_seats_of_one_world_share_it_and_play_apart(tables: Tables) -> None:
    tables._worlds = OrderedDict()
    one = tables.turn({"words": WORDS, "seat": "EU", "live": 2})
    other = tables.turn({"words": WORDS, "seat": "IDN", "live": 1})
    assert len(tables._worlds) == 1
    assert (other["month"], one["month"]) == ("2019-02", "2019-03")
    alone = _server(tables.films.folder.parent / "alone")
    assert _told(alone.turn({"words": WORDS, "seat": "IDN", "live": 1})) == _told(other)
    assert _told(tables.turn({"game": one["key"]})) == _told(one)
