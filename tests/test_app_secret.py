"""What the page sends while a seat is played: what the player may know in the month where it stands, whoever reads the bytes."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from world_fields import ours

from analysis.app.packing import short
from analysis.app.public import FIGURES, is_public
from analysis.app.seat import Played, Tables
from analysis.app.server import build
from sim.game import Game
from sim.registry import shelf
from sim.run import Watcher
from sim.types import ISSUES, TalkStage

SEAT, SEED, LIVED = "EU", 3, 9
WORDS = {"protocol": "alternating_offers", "end": "2019-12", "seed": str(SEED), "mechanisms.bargaining.staff_price": "0"}
TREE = {
    "scenarios": "baseline",
    "protocol": {"name": "alternating_offers"},
    "end": "2019-12",
    "mechanisms": {"bargaining": {"staff_price": 0.0}},
}
"""The same world as a tree; staff is free, so that the seat has talks from the first months on."""
PARTS = ("film.json", "tables.json", "trust/{me}.json", "trust/{other}.json", "replay.html?colour=trust:IDN&pick=state:DEU")


def _turn(client: Any, **wish: Any) -> dict[str, Any]:
    body = {
        "output": "game.data",
        "outputs": {"id": "game", "property": "data"},
        "inputs": [{"id": "turn", "property": "data", "value": {"number": 1, **wish}}],
        "changedPropIds": ["turn.data"],
    }
    told: dict[str, Any] = client.post("/_dash-update-component", json=body).get_json()["response"]["game"]["data"]["game"]
    return told


def _sent(client: Any, key: str, me: int, other: int) -> dict[str, bytes]:
    """Fetch everything the server hands out of a game, by name."""
    answers = {part: client.get(f"/data/game/{key}/{part.format(me=me, other=other)}") for part in PARTS}
    assert all(answer.status_code == 200 for answer in answers.values())
    return {part: answer.get_data() for part, answer in answers.items()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return build(tmp_path_factory.mktemp("outputs")).server


@pytest.fixture(scope="module")
def played(server: Any) -> dict[str, Any]:
    """A game with an offer of the player's own, at the month after the last lived."""
    client = server.test_client()
    game = _turn(client, words=WORDS, seat=SEAT)
    while not any(talk["tabled"] for talk in game["inbox"]):
        assert not game["over"], "nobody makes the player an offer"
        game = _turn(client, game=game["key"], live=1)
    talk = next(talk for talk in game["inbox"] if talk["tabled"])
    text = {one["issue"]: one["best"] for one in talk["issues"]}
    assert text != talk["tabled"]
    game = _turn(client, game=game["key"], play=[{"kind": "offer", "talk": talk["talk"], "text": text}])
    months = LIVED - int(game["month"][-2:]) + 1
    return _turn(client, game=game["key"], live=months)


@pytest.fixture(scope="module")
def sent(server: Any, played: dict[str, Any]) -> dict[str, bytes]:
    client = server.test_client()
    film = client.get(f"/data/game/{played['key']}/film.json").get_json()
    codes = [one["code"] for one in film["parties"]]
    return {**_sent(client, played["key"], codes.index(SEAT), codes.index("JPN")), "turn": json.dumps(played).encode()}


def test_no_month_that_was_not_lived_is_sent(sent: dict[str, bytes]) -> None:
    film = json.loads(sent["film.json"])
    assert (film["lived"], film["months"], film["digest"]) == (LIVED, 12, None)
    assert {len(one["values"]) for one in film["series"].values()} == {LIVED}
    assert all(month < LIVED for field in film["fields"].values() for month, _ in field["changes"])
    assert film["events"] and all(event[0] < LIVED for event in film["events"])
    dates = [one[date] for one in film["instruments"] for date in ("signed", "force", "ended")]
    dates += [date for one in film["instruments"] for party in one["parties"] for date in party[4:]]
    dates += [date for talk in film["talks"] for date in talk[4:6]]
    assert dates and all(date is None or date < LIVED for date in dates)
    assert all(until <= LIVED for *_, until in film["members"])
    for name in ("trust/{me}.json", "trust/{other}.json"):
        assert {len(rows) for rows in json.loads(sent[name]).values()} == {LIVED}
    tables = json.loads(sent["tables.json"])
    assert any(plane["offers"] for plane in tables.values())
    assert all(offer[0] < LIVED for plane in tables.values() for offer in plane["offers"])


def test_talks_offers_and_events_are_the_players_own_or_public(sent: dict[str, bytes]) -> None:
    film, tables = json.loads(sent["film.json"]), json.loads(sent["tables.json"])
    me = [one["code"] for one in film["parties"]].index(SEAT)
    assert film["talks"] and all(me in talk[1:3] for talk in film["talks"])
    assert set(tables) <= {str(k) for k in range(len(film["talks"]))}
    private = {film["words"]["event"].index(name) for name in ("negotiation_opened", "negotiation_concluded", "negotiation_failed", "move")}
    assert all(me in event[2:4] for event in film["events"] if event[1] in private)
    for number, plane in tables.items():
        side = film["talks"][int(number)][1:3].index(me)
        assert (plane["own"], plane["ideal"][1 - side], plane["salience"][1 - side]) == (side, None, None)
        assert set(plane) == {"own", "d", "r", "ideal", "salience", "box", "result", "offers"}
        assert not isinstance(plane["d"], list) and not isinstance(plane["r"], list)


def test_trust_is_the_players_own_and_reputation_is_not_told(sent: dict[str, bytes]) -> None:
    film, mine, theirs = (json.loads(sent[name]) for name in ("film.json", "trust/{me}.json", "trust/{other}.json"))
    me = [one["code"] for one in film["parties"]].index(SEAT)
    assert any(value is not None for value in mine["of"][-1])
    assert all(value is None for rows in (mine["in"], theirs["of"]) for row in rows for value in row)
    assert all(value is None for row in theirs["in"] for k, value in enumerate(row) if k != me)
    assert [row[me] for row in theirs["in"]] != [None] * LIVED
    assert "reputation" not in film["fields"] and "reputation" not in film["series"]


def test_the_replay_holds_what_the_page_holds(sent: dict[str, bytes]) -> None:
    data = json.loads(
        sent["replay.html?colour=trust:IDN&pick=state:DEU"].decode().split("window.CD_REPLAY=", 1)[1].split(";</script>", 1)[0]
    )
    assert (data["film"], data["tables"]) == (json.loads(sent["film.json"]), json.loads(sent["tables.json"]))
    assert sorted(data["trust"]) == ["DEU", "IDN"]
    assert all(value is None for one in data["trust"].values() for row in one["of"] for value in row)


class _Spy(Watcher):
    """Notes what the other side of the player's tables keeps to itself."""

    def __init__(self, me: int) -> None:
        self.me, self.found = me, set[float]()

    def table(self, world: Any, rows: Any, problems: Any, known: Any, outcomes: Any) -> None:
        for at, row in enumerate(rows.tolist()):
            pair = [int(world.talks["first"][row]), int(world.talks["second"][row])]
            if self.me in pair:
                other = 1 - pair.index(self.me)
                for one in (problems, known):
                    for name in ("w", "theta", "a", "b", "d", "r"):
                        self.found.update(np.ravel(getattr(one, name)[at, other]).tolist())


def test_no_number_of_the_other_sides_mind_is_in_the_bytes(played: dict[str, Any], sent: dict[str, bytes]) -> None:
    game = Game(TREE, SEED, SEAT, played["moves"])
    me = game.setting.codes.index(SEAT)
    spy = _Spy(me)
    game.watch(spy)
    game.advance(LIVED)
    talks, offers = game.world.talks, game.world.offers
    for row in np.flatnonzero((talks["first"] == me) | (talks["second"] == me)).tolist():
        other = 1 if int(talks["first"][row]) == me else 0
        spy.found.update(talks["disagreement_value"][[row], other].tolist() + talks["utility"][[row], other].tolist())
        spy.found.update(offers["utility"][offers["talk"] == row][:, other].tolist())
    # What the other side has itself put on the table it has told.
    told = {round(level, 9) for level in np.ravel(offers["text"]).tolist()}
    secret = {v for v in spy.found if np.isfinite(v) and round(v, 9) not in told and len(f"{abs(v):.5g}".replace(".", "").strip("0")) >= 5}
    assert len(secret) > 20
    film = json.loads(sent["film.json"])
    bargains = {name: film[name] for name in ("talks", "events", "instruments", "members", "shocks")}
    text = "\n".join([json.dumps(bargains), sent["tables.json"].decode(), sent["turn"].decode()])
    numbers = set(re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", re.sub(r'"path": "[^"]*"', "", text)))
    # The player's own are: what an offer is worth to it, and its walls.
    own = {repr(one["utility"]) for one in played["inbox"] if one["utility"]}
    assert own and own <= numbers
    leaked = {v for v in secret if {repr(v), str(short(v))} & numbers}
    assert leaked == set()


def _scrambled(game: Game) -> None:
    """Change, in place, whatever others keep to themselves: their side of the player's tables, third tables, trust, luck to come."""
    world, luck = game.world, np.random.default_rng(1)
    me = game.setting.codes.index(SEAT)
    talks, offers, edges = world.talks, world.offers, world.setting.edges
    for row in range(len(talks)):
        pair = [int(talks["first"][row]), int(talks["second"][row])]
        if me in pair:
            other = 1 - pair.index(me)
            for name in ("utility", "disagreement_value", "asks"):
                talks[name][row, other] = luck.uniform(50.0, 60.0)
            talks["quality"][row] = luck.uniform(size=talks["quality"].shape[1])
            continue
        # What two others say to each other: whether they still talk, since when, why not, and every figure of it.
        talks["stage"][row] = TalkStage.FAILED if talks["stage"][row] == TalkStage.OPEN else talks["stage"][row]
        for name in ("closed", "step", "n_contacts", "reason"):
            talks[name][row] += 1
        for name in ("utility", "disagreement_value", "asks", "text", "last_offer", "first_offer"):
            talks[name][row] = luck.uniform(size=talks[name][row].shape)
    for at in range(len(offers)):
        row = int(offers["talk"][at])
        pair = [int(talks["first"][row]), int(talks["second"][row])]
        if me in pair:
            offers["utility"][at, 1 - pair.index(me)] = luck.uniform(50.0, 60.0)
        else:
            offers["text"][at], offers["utility"][at] = luck.uniform(), luck.uniform()
    others = edges.row != me
    for name in ("trust", "trust_kept", "trust_broken"):
        getattr(world, name)[others] = luck.uniform(size=int(others.sum()))
    world.prospect[:, others] += 1.0
    # Votes and terms that are fixed and still to come.
    for table, name in ((world.adherence, "vote"), (world.adherence, "until"), (world.instruments, "due"), (world.instruments, "term")):
        table[name][table[name] >= world.month] += 1


def _bytes(tables: Tables, key: str, me: int) -> list[bytes]:
    return [tables.zipped(key, "film"), tables.zipped(key, "tables"), json.dumps([tables.trust(key, k) for k in (me, 0, 1)]).encode()]


WORLDS: OrderedDict[Any, Any] = OrderedDict()
"""Worlds that the tests below share, as players do: putting one together takes longer than living its months."""


@pytest.fixture
def table(tmp_path: Path) -> Iterator[tuple[Tables, dict[str, Any], Played]]:
    from analysis.app.keep import Films

    tables = Tables(Films(tmp_path))
    tables._worlds = WORLDS
    game = tables.turn({"words": WORDS, "seat": SEAT, "live": LIVED})
    yield tables, game, tables.find(game["key"])


def test_bytes_do_not_change_with_what_others_keep_to_themselves(table: tuple[Tables, dict[str, Any], Played]) -> None:
    tables, game, kept = table
    me = kept.game.setting.codes.index(SEAT)
    before = _bytes(tables, game["key"], me)
    _scrambled(kept.game)
    assert _bytes(tables, game["key"], me) == before
    again = tables.turn({"game": game["key"]})
    assert {name: again[name] for name in ("inbox", "openings", "key")} == {name: game[name] for name in ("inbox", "openings", "key")}
    # A number of the player's own does change them, so the bytes were there to be changed.
    offers = tables.find(game["key"]).game.world.offers
    offers["utility"][np.isin(offers["talk"], list(kept.seen.tables))] += 1.0
    assert _bytes(tables, game["key"], me) != before


def test_two_futures_with_one_past_send_the_same_bytes(tmp_path: Path) -> None:
    from analysis.app.keep import Films

    tables = Tables(Films(tmp_path))
    closing = {"scenarios": "pandemic_lockdown", "protocol": "alternating_offers", "start": "2019-10", "end": "2020-06", "seed": str(SEED)}
    films = []
    for words in (closing, {**closing, "counterfactual": "true"}):
        game = tables.turn({"words": words, "seat": SEAT, "live": 3})
        told = tables.read(game["key"], "film")
        assert told["shocks"] == []
        # What the player has typed, the command says.
        assert told.pop("command")
        films.append((told, tables.read(game["key"], "tables"), game["inbox"], game["openings"], game["news"], game["score"]))
        later = tables.turn({"game": game["key"], "live": 2})
        assert [one["name"] for one in tables.read(later["key"], "film")["shocks"]] == (
            [] if "counterfactual" in words else ["travel_closure"]
        )
    assert json.dumps(films[0]) == json.dumps(films[1])


def test_moves_made_in_advance_do_not_show_what_they_bring(tmp_path: Path) -> None:
    from analysis.app.keep import Films

    tables = Tables(Films(tmp_path))
    tables._worlds = WORLDS
    line = {"month": "2019-08", "party": SEAT, "kind": "red_line", "type": "transfer_framework", "other": "JPN"}
    line |= {"issue": ISSUES[0], "at_least": 0.9}
    games = [tables.turn({"words": WORDS, "seat": SEAT, "month": "2019-06", "moves": moves}) for moves in ([], [line])]
    told = [[tables.read(game["key"], name) for name in ("film", "tables")] for game in games]
    for film, _ in told:
        film.pop("command")
    assert told[0] == told[1]
    assert games[0]["key"] != games[1]["key"]


def test_no_film_of_the_whole_run_is_made_or_given_while_a_game_goes_on(server: Any, played: dict[str, Any]) -> None:
    client = server.test_client()
    body = {
        "output": "answer.data",
        "outputs": {"id": "answer", "property": "data"},
        "inputs": [
            {"id": "wish", "property": "data", "value": {"number": 1, "words": {**WORDS, "end": "2019-02"}, "moves": played["moves"]}}
        ],
        "changedPropIds": ["wish.data"],
    }
    key = client.post("/_dash-update-component", json=body).get_json()["response"]["answer"]["data"]["key"]
    assert "moves" not in client.get(f"/data/film/{key}.json").get_json()["command"]
    for path in (f"film/{played['key']}", f"tables/{played['key']}", f"trust/{played['key']}/0"):
        assert client.get(f"/data/{path}.json").status_code == 404


def test_a_game_that_is_over_shows_all(table: tuple[Tables, dict[str, Any], Played]) -> None:
    tables, game, _ = table
    end = tables.turn({"game": game["key"], "live": 12})
    assert end["over"]
    film, planes = tables.read(end["key"], "film"), tables.read(end["key"], "tables")
    assert film["digest"] == Game(TREE, SEED, SEAT).finish().digest
    assert "lived" not in film and "reputation" in film["fields"]
    assert planes and all(len(plane["ideal"]) == 2 and None not in plane["ideal"] for plane in planes.values())
    assert any(value is not None for value in tables.trust(end["key"], 0)["of"][-1])


def test_before_the_first_month_the_world_is_shown_as_it_stands(tmp_path: Path) -> None:
    from analysis.app.keep import Films

    tables = Tables(Films(tmp_path))
    tables._worlds = WORLDS
    film = tables.read(tables.turn({"words": WORDS, "seat": SEAT})["key"], "film")
    assert (film["lived"], film["events"], film["talks"]) == (0, [], [])
    assert {tuple(one["values"]) for one in film["series"].values()} == {(None,)}
    assert film["fields"]["gdp"]["first"][0] > 0 and film["fields"]["gdp"]["changes"] == []
    assert all(one["signed"] < 0 for one in film["instruments"])


def test_what_counts_as_public_does_not_move_with_what_is_not(table: tuple[Tables, dict[str, Any], Played]) -> None:
    game = table[2].game.fork()
    metrics = {name: shelf("metric").build(name) for name in shelf("metric").names()}
    before = {name: np.array(metric.measure(game.world)) for name, metric in metrics.items()}
    _scrambled(game)
    moved = {name for name, metric in metrics.items() if not np.array_equal(before[name], metric.measure(game.world), equal_nan=True)}
    assert {name for name in moved if is_public(metrics[name])} == set()
    assert "reputation" in moved
    assert set(ours().on("party")) >= FIGURES


def test_a_saved_game_holds_moves_and_no_minds(table: tuple[Tables, dict[str, Any], Played]) -> None:
    tables, game, kept = table
    saved = tables.turn({"game": game["key"], "save": True})["saved"]
    assert set(saved) == {
        "game",
        "version",
        "seat",
        "seed",
        "month",
        "scenario",
        "counterfactual",
        "config",
        "config_digest",
        "moves",
        "command",
        "words",
    }
    _scrambled(kept.game)
    assert tables.turn({"game": game["key"], "save": True})["saved"] == saved


def test_the_models_own_play_is_told_no_further_than_the_player_stands(tmp_path: Path) -> None:
    from analysis.app.keep import Films

    tables = Tables(Films(tmp_path))
    game = tables.turn({"words": WORDS, "seat": SEAT, "live": LIVED})
    kept = tables.find(game["key"])
    assert kept.game._unplayed._world is not None and kept.game._unplayed._world.month == kept.game.world.month
    assert game["score"]["model"] == game["score"]["played"]
