"""Why these two, as the server tells it: the model's numbers for any month, a sentence for what is wrong, to a player its own side."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_app_secret import SEAT, WORLDS, _scrambled

from analysis.app.keep import Films
from analysis.app.own_pairs import OF_ITS_OWN, RULES
from analysis.app.pairs import EVERY, Pairs
from analysis.app.seat import Tables
from analysis.app.server import build
from analysis.why import told, ways_of
from sim import engine
from sim.bargains.frontier import best_issue
from sim.repeat.lived import lived
from sim.run import prepare
from sim.stakes.stakes import Groups, issues_of
from sim.types import UserError, month_index, month_label
from sim.why import Bar, Side, Term, TypeWhy, Way, Why, why

WORDS = {"end": "2021-06", "seed": "7"}
PLAYED = {"protocol": "alternating_offers", "end": "2019-12", "seed": "7"}
LIVED = 9


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return build(tmp_path_factory.mktemp("outputs")).server.test_client()


def _asked(client: Any, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post("/data/why", json=body)
    return answer.status_code, answer.get_json()


def test_the_server_tells_what_the_model_tells_in_any_order_of_months(client: Any) -> None:
    config, _ = prepare({"seed": 7, "end": "2021-06"})
    setting = engine.assemble(config)
    for month in ("2021-06", "2019-01", "2020-12", "2020-11", "2021-02"):
        world = lived(setting, 7, month_index(month))
        for pair in (("IDN", "EU"), ("SGP", "IDN"), ("DEU", "EU")):
            status, found = _asked(client, words=WORDS, one=pair[0], other=pair[1], month=month)
            assert (status, found) == (200, json.loads(json.dumps(told(why(world, *pair)))))


def test_a_run_asked_about_is_kept_a_world_every_so_many_months(tmp_path: Path) -> None:
    films = Films(tmp_path)
    pairs = Pairs(films, Tables(films))
    for month in ("2021-06", "2019-03", None):
        pairs.of_run(WORDS, "IDN", "EU", month)
    (run,) = pairs._runs.values()
    assert [month_label(month) for month in sorted(run._kept)] == ["2020-12"] and EVERY == 24
    assert not list(tmp_path.rglob("*.gz"))


def test_a_month_of_a_run_asked_about_before_takes_less_than_half_a_second(client: Any) -> None:
    _asked(client, words=WORDS, one="IDN", other="EU", month="2021-06")
    for month in ("2019-02", "2020-11", "2021-05"):
        # Work, not waiting: other tests run beside this one.
        since = time.process_time()
        assert _asked(client, words=WORDS, one="IDN", other="SGP", month=month)[0] == 200
        assert time.process_time() - since < 0.5


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"one": "IDN", "other": "EUU"}, 404, "there is no party 'EUU' in this run; did you mean 'EU'?"),
        ({"one": "IDN", "other": "IDN"}, 404, "IDN makes no agreement with itself; name two parties"),
        (
            {"one": "IDN", "other": "EU", "month": "2031-01"},
            404,
            "2031-01 is none of the months that have been lived; 2019-01 to 2021-06 are there",
        ),
        ({"one": "IDN", "other": "EU", "month": "June"}, 404, "month 'June' is not of the form YYYY-MM, for example 2019-01"),
        (
            {"one": "IDN"},
            400,
            'a question of why names two parties and a month, as in {"one": "IDN", "other": "EU", "month": "2020-06"}',
        ),
    ],
)
def test_what_cannot_be_told_is_one_sentence(client: Any, body: dict[str, Any], status: int, sentence: str) -> None:
    assert _asked(client, words=WORDS, **body) == (status, {"error": sentence})


def _made_up(bars: tuple[Bar, ...], terms: tuple[Term, ...], roles: tuple[str, str] = ("judge", "undertaker")) -> Why:
    def side(party: str, role: str) -> Side:
        return Side(party, role, sum(term.bp for term in terms), 1.0, terms)

    one, two = (Way(a, b, True, (side(a, roles[0]), side(b, roles[1]))) for a, b in (("AAA", "BBB"), ("BBB", "AAA")))
    return Why("2020-01", "AAA", "BBB", (TypeWhy("pact", "Pact", "Pakta", bars, (one, two), {"AAA": 1, "BBB": 2}),))


def test_bars_and_terms_that_nobody_has_thought_of_yet_pass_through() -> None:
    bar, term = Bar("hostility", "they are hostile", "keduanya bermusuhan"), Term("staff", "price of staff", "harga staf", -0.5)
    (kind,) = told(_made_up((bar,), (term,)))["types"]
    assert kind["bars"] == [{"rule": "hostility", "sentence": "they are hostile", "sentence_id": "keduanya bermusuhan"}]
    assert kind["ways"][0]["sides"][0]["terms"] == [{"name": "staff", "title": "price of staff", "title_id": "harga staf", "bp": -0.5}]
    assert kind["best"] == 0


def test_a_way_whose_roles_are_called_alike_is_told_once() -> None:
    term = Term("upkeep", "upkeep", "biaya", 1.0)
    assert len(ways_of(_made_up((), (term,), ("party", "party")).types[0])) == 1
    assert len(ways_of(_made_up((), (term,)).types[0])) == 2


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pairs, Tables, str]:
    tables = Tables(Films(tmp_path_factory.mktemp("outputs")))
    tables._worlds = WORLDS
    return Pairs(tables.films, tables), tables, tables.turn({"words": PLAYED, "seat": SEAT, "live": LIVED})["key"]


def test_a_player_is_told_its_own_side_and_no_other(game: tuple[Pairs, Tables, str]) -> None:
    pairs, tables, key = game
    whole = told(why(tables.find(key).game.world, SEAT, "IDN"))
    mine = pairs.of_game(key, SEAT, "IDN", None)
    assert mine["seat"] == SEAT and mine["month"] == f"2019-{LIVED:02d}"
    sides = [side for kind in mine["types"] for way in kind["ways"] for side in way["sides"] or ()]
    assert any(side is not None for side in sides) and any(side is None for side in sides)
    assert {side["party"] for side in sides if side} == {SEAT}
    theirs = {side["bp"] for kind in whole["types"] for way in kind["ways"] for side in way["sides"] or () if side["party"] == "IDN"}
    hidden = {term["bp"] for kind in whole["types"] for way in kind["ways"] for side in way["sides"] or () for term in side["terms"]
              if side["party"] == "IDN" and term["bp"]}  # fmt: skip
    numbers = {term["bp"] for side in sides if side for term in side["terms"]} | {side["bp"] for side in sides if side}
    assert theirs and hidden and not (theirs | hidden) & numbers
    assert all(set(kind["places"]) <= {SEAT} and kind["best"] is None for kind in mine["types"])


def _by_issue(world: Any, name: str, way: dict[str, Any], side: dict[str, Any]) -> dict[str, float]:
    """Return the terms of a side by name, those that are parts of an issue (what building costs, say) added to their issue."""
    setting = world.setting
    first, second = (setting.codes.index(way[who]) for who in ("first", "second"))
    edges = setting.edges.find(first, second), setting.edges.find(second, first)
    groups = Groups(*(np.array([one], dtype=np.int32) for one in (first, second, *edges)), issues_of(setting))
    made = setting.types[setting.type_names.index(name)].coefficients(world, groups)
    issue_of = {part: issue for issue, part, _ in getattr(made, "parts", ())}
    found: dict[str, float] = {}
    for term in side["terms"]:
        at = issue_of.get(term["name"], term["name"])
        found[at] = found.get(at, 0.0) + term["bp"]
    return found


def test_what_a_player_is_told_is_the_most_that_it_could_hope_for(game: tuple[Pairs, Tables, str]) -> None:
    """At its own best text every issue brings at least what it brings at the text halfway."""
    pairs, tables, key = game
    world, seen = tables.find(key).game.world, 0
    for other in ("IDN", "JPN", "USA", "SGP", "KEN"):
        whole, mine = told(why(world, SEAT, other)), pairs.of_game(key, SEAT, other, None)
        for kind, own in zip(whole["types"], mine["types"], strict=True):
            for way, seen_way in zip(kind["ways"], own["ways"], strict=True):
                for side, told_side in zip(way["sides"] or (), seen_way["sides"] or (), strict=True):
                    if told_side is None:
                        continue
                    halfway = _by_issue(world, kind["name"], way, side)
                    names = {term["name"] for term in told_side["terms"]}
                    assert names <= set(halfway) and (names == set(halfway) or told_side["partly"])
                    assert all(term["bp"] >= halfway[term["name"]] - 1e-12 for term in told_side["terms"])
                    assert told_side["bp"] == pytest.approx(sum(term["bp"] for term in told_side["terms"]))
                    seen += told_side["bp"] > sum(halfway[name] for name in names) + 1e-9
    assert seen > 3 and best_issue(0.0, 1.0, 0.4, 0.0, 1.0) == 0.4


def test_what_a_player_is_told_does_not_move_with_what_others_keep_to_themselves(tmp_path: Path) -> None:
    tables = Tables(Films(tmp_path))
    tables._worlds = WORLDS
    key, pairs = tables.turn({"words": PLAYED, "seat": SEAT, "live": LIVED})["key"], Pairs(tables.films, tables)
    asks = [(SEAT, other) for other in ("IDN", "JPN", "USA", "KEN")] + [("JPN", "AUS"), ("IDN", "SGP"), ("CHN", "USA"), ("DEU", "FRA")]
    before = [json.dumps(pairs.of_game(key, one, other, None)) for one, other in asks]
    world = tables.find(key).game.world
    everything = json.dumps(told(why(world, "IDN", SEAT)))
    _scrambled(tables.find(key).game)
    assert [json.dumps(pairs.of_game(key, one, other, None)) for one, other in asks] == before
    # The whole answer does move: there was something to hide.
    assert json.dumps(told(why(world, "IDN", SEAT))) != everything


def test_of_two_others_a_player_reads_public_rules_alone(game: tuple[Pairs, Tables, str]) -> None:
    pairs, tables, key = game
    codes = tables.find(key).game.setting.codes
    rules = set()
    for one, other in (("DEU", "FRA"), ("IDN", "SGP"), ("JPN", "USA"), ("CHN", "IND"), ("KEN", "BRA"), ("DEU", "USA")):
        assert {one, other} <= set(codes)
        for kind in pairs.of_game(key, one, other, None)["types"]:
            assert (kind["ways"], kind["places"], kind["best"]) == ([], {}, None)
            rules |= {bar["rule"] for bar in kind["bars"]}
    assert rules and rules <= RULES


def test_a_bar_that_is_not_known_to_be_public_is_hidden_from_players(game: tuple[Pairs, Tables, str]) -> None:
    from analysis.app.own_pairs import seen_by

    _, tables, key = game
    world = tables.find(key).game.world
    bars = tuple(Bar(rule, rule, rule) for rule in ("worth", "hostility", "settled", "talking"))
    made_up = {**told(why(world, SEAT, "IDN"))}
    made_up["types"] = [{**kind, "bars": [{"rule": bar.rule} for bar in bars]} for kind in made_up["types"]]
    seen = seen_by(world, world.setting.codes.index(SEAT), made_up)
    assert [bar["rule"] for bar in seen["types"][0]["bars"]] == ["settled", "talking"]
    assert "worth" not in RULES | OF_ITS_OWN


def test_no_month_that_was_not_lived_is_told_and_past_ones_are(game: tuple[Pairs, Tables, str]) -> None:
    pairs, _, key = game
    with pytest.raises(UserError) as fault:
        pairs.of_game(key, SEAT, "IDN", "2019-10")
    assert str(fault.value) == "2019-10 is none of the months that have been lived; 2019-01 to 2019-09 are there"
    past = pairs.of_game(key, SEAT, "IDN", "2019-03")
    assert (past["month"], past["seat"]) == ("2019-03", SEAT)
    assert json.dumps(pairs.of_game(key, SEAT, "IDN", f"2019-{LIVED:02d}")) == json.dumps(pairs.of_game(key, SEAT, "IDN", None))


def _types(pairs: Pairs, key: str, other: str, month: str | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pairs.of_game(key, SEAT, other, month)["types"]
    return found


def test_the_past_of_a_game_is_that_of_its_own_moves(tmp_path: Path) -> None:
    tables = Tables(Films(tmp_path))
    tables._worlds = WORLDS
    pairs, start = Pairs(tables.films, tables), tables.turn({"words": {**PLAYED, "end": "2022-12"}, "seat": SEAT})
    here = tables.turn({"game": start["key"], "live": 1})
    while not here["inbox"]:
        here = tables.turn({"game": here["key"], "live": 1})
    talk, first = here["inbox"][0], month_index(here["month"])
    rules = []
    for moves in ([{"kind": "walk_away", "talk": talk["talk"]}], []):
        after = tables.turn({"game": here["key"], "play": moves, "live": 2})
        for month in (first - 1, first):
            kinds = _types(pairs, after["key"], talk["other"], month_label(month))
            rules.append({bar["rule"] for kind in kinds if kind["name"] == talk["type"] for bar in kind["bars"]})
    assert "talking" in rules[0] and "resting" not in rules[0] and rules[0] == rules[2]
    assert "resting" in rules[1]
    # A past month of the first is lived again with its move, one before it without.
    assert sorted(len(run.moves) for run in pairs._runs.values())[-1] == 1
    # Before the first month there is the world as it begins, and no month to ask for.
    assert pairs.of_game(start["key"], SEAT, "IDN", None)["month"] == "2018-12"
    with pytest.raises(UserError, match="none has been lived yet"):
        pairs.of_game(start["key"], SEAT, "IDN", "2019-01")


def test_when_the_game_is_over_both_sides_are_told(game: tuple[Pairs, Tables, str]) -> None:
    pairs, tables, key = game
    end = tables.turn({"game": key, "live": 12})
    assert end["over"]
    found = pairs.of_game(end["key"], SEAT, "IDN", "2019-06")
    assert "seat" not in found and found["month"] == "2019-06"
    parties = {side["party"] for kind in found["types"] for way in kind["ways"] for side in way["sides"] or ()}
    assert parties == {SEAT, "IDN"}
