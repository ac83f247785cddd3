"""Films, page, glossary, help and games know a metric along any axis, and declared state, from their own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from measured import MEASURED, TREE, live, write, write_parts
from node_page import asked

from analysis.app import server
from analysis.app.along import MOST_PLACES, told_to_players
from analysis.app.along import along as told_along
from analysis.app.player_film import player_film, public_panels
from analysis.app.seen import Seen
from sim.__main__ import main
from sim.along import Along
from sim.game import Game
from sim.run import prepare


@pytest.fixture
def parts(own_parts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_parts(monkeypatch)
    return own_parts


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    return live(tmp_path_factory.mktemp("lived"))


def test_a_film_holds_series_and_places_with_their_legend(lived: Any) -> None:
    result, _, film = lived
    assert json.loads(json.dumps(film, allow_nan=False))["axes"] == film["axes"]
    sites = film["axes"]["sites"]
    assert sites["labels"] == ["site 0", "site 1", "site 2"] and sites["since"] == [1, 2, 3] and sites["left_out"] == 0
    assert sites["columns"]["by_site"]["metric"] == "by_site" and sites["columns"]["by_site"]["unit"] == "MW"
    assert film["axes"]["provider"]["since"] is None and film["axes"]["provider"]["columns"]["by_provider"]["first"] == [0.25, 0.5]
    assert film["axes"]["edge"]["labels"] == list(result.setting.labels("edge"))
    assert film["series"]["by_site"] == {"metric": "by_site", "unit": "MW", "values": [None, 10, 15, 20]}
    # Arrays that a part declares for each party are observables, with their own unit and meaning.
    assert film["fields"]["appeal"]["unit"] == "index 0-1" and film["fields"]["appeal"]["meaning"] == "how much a party likes the pact"
    assert not set(MEASURED) & set(film["fields"]) and "share" not in film["fields"]


def test_of_many_places_the_largest_are_told_and_the_others_counted(lived: Any) -> None:
    setting = lived[0].setting
    metric = setting.config.shelves["metric"].build("by_site")
    n = MOST_PLACES + 5
    values = np.arange(n, dtype=np.float64)
    whole = Along("sites", "site", tuple(f"site {k}" for k in range(n)), np.array([1]), np.array([n]), {"by_site": values}, True)
    told = told_along(setting, {"sites": whole}, [metric])["sites"]
    assert told["left_out"] == 5 and told["labels"][0] == "site 5" and told["columns"]["by_site"]["first"][-1] == n - 1


def test_the_page_lists_the_places_that_are_there_at_the_month_shown(lived: Any) -> None:
    film = lived[2]
    names = {one["code"]: k for k, one in enumerate(film["parties"])}
    given = {"axes": film["axes"], "names": names, "called": [one["name"] for one in film["parties"]]}
    setup = (
        "(CD.shelves = {parts: {agreement: {research_pact: {title: 'Research pact'}}}, names: {}, axes: {edge: 'Directed dyad'}},"
        "given.film = {axes: given.axes, index: new Map(Object.entries(given.names)), name: (k) => given.called[k]},"
    )
    rows = asked(f"{setup} [0, 1, 3].map((m) => CD.placesAt(given.film, 'sites', m)))", given, "f_rows.js")
    assert rows == [
        [],
        [{"label": "site 0", "values": [10]}],
        [{"label": "site 0", "values": [10]}, {"label": "site 1", "values": [20]}, {"label": "site 2", "values": [30]}],
    ]
    asks = "['DEU>FRA', 'research_pact', 'site 0', 'alpha', 'a_b+research_pact'].map((one) => CD.placeTitle(given.film, one))"
    told = asked(f"{setup} [{asks}, CD.axisTitle('edge'), CD.axisTitle('sites')])", given, "f_rows.js")
    assert told == [["Germany → France", "Research pact", "site 0", "Alpha", "A b + Research pact"], "Directed dyad", "Sites"]


def test_a_line_has_a_gap_where_a_series_is_undefined() -> None:
    paths = asked("given.map((row) => CD.pathOf(row, (v, m) => m + ' ' + v))", [[None, 10, 15], [1, None, 2], [1, 2]], "e_time.js")
    assert paths == ["M1 10L2 15", "M0 1M2 2", "M0 1L1 2"]


def test_a_mark_of_an_event_about_no_type_has_a_colour() -> None:
    ask = "[CD.markColour(given, [0, 0, 0, 0, -1]), CD.markColour(given, [0, 0, 0, 0, 0])]"
    assert asked(ask, {"types": [{"name": "security_treaty"}]}, "e_time.js") == [
        "--c:var(--ink)",
        "--c:var(--type-security_treaty,var(--ink))",
    ]


def test_page_legend_glossary_and_help_know_metrics_and_declared_state(parts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = server.build(parts / "outputs", parts=Path("mine")).server.test_client().get("/data/start.json").get_json()
    metric = told["shelves"]["parts"]["metric"]["by_site"]
    assert (metric["axis"], metric["unit"], metric["sentence"], metric["sentence_id"]) == (
        "sites", "MW", "Sentence of by_site.", "Kalimat by_site."
    )  # fmt: skip
    assert ["metric", "by_site"] in told["glossary"]["parts"]
    state = {(one["what"], one["name"]): one for one in told["glossary"]["state"]}
    assert state["table", "sites"]["columns"] == [{"name": "owner", "unit": "party", "meaning": "who owns it"}]
    assert state["table", "sites"]["by"] == ["agreement", "research_pact"] and state["table", "sites"]["meaning"] == "a data centre"
    assert state["axis", "provider"]["meaning"] == "whose cloud it is"
    assert state["array", "carried"]["axes"] == ["sites"] and state["array", "share"]["axes"] == ["provider", "party"]
    assert state["array", "trust"]["by"] == ["mechanism", "trust"] and ("table", "talks") not in state
    assert main(["parts=mine", "--help"]) == 0
    whole = " ".join(capsys.readouterr().out.split())
    assert "sites a data centre; owner (party), carried (MW); recorded from panels on" in whole
    assert "provider axis of 2: whose cloud it is" in whole and "carried what it carries (MW), for each site" in whole
    for words, said in {
        "metrics.by_site": "measured a value for each site (MW) of the world mean over sites",
        "sites": "table sites, declared by agreement research_pact: a data centre",
        "carried": "array carried, declared by agreement research_pact: what it carries (MW), for each site",
        "research_pact": "provider axis: whose cloud it is",
    }.items():
        assert main(["parts=mine", "--help", words]) == 0
        assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("parts")
def test_a_game_leaks_nothing_of_a_metric_that_does_not_say_it_is_public() -> None:
    write("by_type", more="    public: ClassVar[bool] = True\n")
    write("by_site", more="    public: ClassVar[bool] = True\n")
    write("by_instrument", more="    public: ClassVar[bool] = True\n")
    _, chosen = prepare(TREE)
    game = Game(TREE, 3, "FRA")
    seen = Seen(game.setting.codes.index("FRA"))
    seen.month(game.world)
    game.watch(seen)
    before = player_film(game, seen, chosen)
    game.advance(3)
    seen.take(public_panels(game))
    film = json.loads(json.dumps(player_film(game, seen, chosen), allow_nan=False))
    assert set(film["series"]) & set(MEASURED) == {"by_type", "by_site", "by_instrument"}
    # Rows of the ledger's own tables tell who negotiates with whom: of them a player sees the aggregate alone.
    assert set(film["axes"]) == {"type", "sites"} and film["axes"]["sites"]["since"] == [1, 2]
    assert "site 2" not in json.dumps(film) and not {"appeal", "share"} & set(film["fields"])
    assert before["axes"] == {}


def test_a_player_sees_no_rows_of_the_ledger(lived: Any) -> None:
    setting = lived[0].setting
    shelf = setting.config.shelves["metric"]
    shown = told_to_players(setting, [shelf.build(name) for name in MEASURED])
    assert [one.name for one in shown] == ["by_bloc", "by_type", "by_edge", "by_provider", "by_site"]
