"""The page's server and shelves: what it hands out, what it refuses, and that a new part shows itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from analysis.app import film as films
from analysis.app.command import OPTIONS, port_of
from analysis.app.replay import script_json
from analysis.app.server import build
from analysis.app.shelves import shelves, theme
from analysis.typed import options
from sim import engine
from sim.parts import param, part
from sim.registry import shelf
from sim.run import prepare
from sim.types import UserError

SHORT = {"end": "2019-02", "seed": "5"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return build(tmp_path_factory.mktemp("outputs")).server.test_client()


def _wish(client: Any, words: Any) -> dict[str, Any]:
    body = {
        "output": "answer.data",
        "outputs": {"id": "answer", "property": "data"},
        "inputs": [{"id": "wish", "property": "data", "value": {"number": 3, "words": words}}],
        "changedPropIds": ["wish.data"],
    }
    answer = client.post("/_dash-update-component", json=body)
    return answer.get_json()["response"]["answer"]["data"]


def test_a_wish_gives_a_film_and_the_film_its_parts(client: Any) -> None:
    answer = _wish(client, SHORT)
    assert answer["number"] == 3
    film = client.get(f"/data/film/{answer['key']}.json").get_json()
    assert (film["start"], film["months"], film["seed"], len(film["parties"])) == ("2019-01", 2, 5, 195)
    assert film["command"] == "python -m sim scenarios=baseline end=2019-02 seed=5"
    assert client.get(f"/data/tables/{answer['key']}.json").get_json() == {}
    trust = client.get(f"/data/trust/{answer['key']}/0.json").get_json()
    assert {way: np.array(rows, dtype=float).shape for way, rows in trust.items()} == {"in": (2, 195), "of": (2, 195)}
    other = client.get(f"/data/trust/{answer['key']}/1.json").get_json()
    assert [row[1] for row in trust["of"]] == [row[0] for row in other["in"]]


@pytest.mark.parametrize("words", [{"parts": "/tmp"}, {"seed": "-1"}, {"mechanisms.bargaining.power": "9"}, None, [], "x"])
def test_a_bad_wish_gets_a_sentence(client: Any, words: Any) -> None:
    answer = _wish(client, words)
    assert "key" not in answer
    assert answer["error"]


@pytest.mark.parametrize("path", ["film/" + "0" * 32, "film/nothing", "trust/" + "0" * 32 + "/1", "secret/" + "0" * 32])
def test_what_is_not_kept_is_not_found(client: Any, path: str) -> None:
    answer = client.get(f"/data/{path}.json")
    assert answer.status_code == 404
    assert answer.get_json()["error"]


def test_a_path_that_climbs_finds_only_the_page(client: Any) -> None:
    for path in ("/data/film/..%2f..%2f..%2fetc%2fpasswd.json", "/assets/../server.py", "/data/replay/..%2fx.html"):
        answer = client.get(path)
        assert b"_dash-config" in answer.data or answer.status_code == 404
        assert b"import flask" not in answer.data


def test_another_name_is_not_answered(client: Any) -> None:
    assert client.get("/", headers={"Host": "evil.example:8050"}).status_code == 421
    assert client.get("/", headers={"Host": "localhost:8050"}).status_code == 200


def test_the_page_names_nothing_outside_itself(client: Any) -> None:
    page = client.get("/")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(rb"(src|href)=\"(https?:)?//", page.data)
    assert re.search(r"https?://", (theme() + json.dumps(shelves()["parts"]["metric"])).replace("http://www.w3.org", "")) is None


def test_a_replay_is_whole_and_escaped(client: Any) -> None:
    key = _wish(client, SHORT)["key"]
    page = client.get(f"/data/replay/{key}.html?at=2019-02&pick=%3C/script%3E&colour=trust:IDN").get_data(as_text=True)
    assert page.count("</script>") == 2
    data = json.loads(page.split("window.CD_REPLAY=", 1)[1].split(";</script>", 1)[0])
    assert data["film"]["key"] == key
    assert list(data["trust"]) == ["IDN"] and len(data["trust"]["IDN"]["in"]) == 2
    assert set(data["common"]) == {"geometry", "shelves", "glossary", "words", "names"}


def test_no_text_can_end_the_script_it_stands_in() -> None:
    nasty = "</script><script>alert(1)</script>\u2028<!--&"
    assert json.loads(script_json({"a": nasty})) == {"a": nasty}
    assert not set("<>&\u2028") & set(script_json(nasty))


@pytest.fixture
def newcomer() -> Any:
    """Put a metric on the shelf, as a later file would, and take it off again."""

    @part("metric", name="zebra_count", title="Zebras counted", title_id="Zebra terhitung", sentence_id="Berapa zebra di tiap negara.")
    @dataclass(frozen=True)
    class ZebraCount:
        """How many zebras each state has."""

        unit: ClassVar[str] = "zebras"
        axis: ClassVar[str] = "party"
        over_parties: ClassVar[str] = "sum"
        over_months: ClassVar[str] = "mean"
        herd: int = param(4, unit="zebras", low=1, high=9, source="assumed", meaning="Zebras a herd.")

        def columns(self, setting: Any) -> tuple[str, ...]:
            """Return the column names."""
            return ("zebra_count",)

        def measure(self, world: Any) -> Any:
            """Return the count, shape (1, P)."""
            return np.full((1, world.setting.n_parties), float(self.herd))

    yield ZebraCount
    del shelf("metric")._parts["zebra_count"]


def test_a_new_part_is_in_film_legend_glossary_and_levers_without_an_edit(newcomer: Any) -> None:
    from analysis.app.glossary import glossary

    config, chosen = prepare({"end": "2019-01", "roster": {"states": ["IDN", "SGP", "USA"]}})
    film, _, _ = films.make(engine.assemble(config), chosen)
    assert film["fields"]["zebra_count"]["first"][0] == 4
    assert film["fields"]["zebra_count"]["unit"] == "zebras"
    assert film["series"]["zebra_count"]["metric"] == "zebra_count"
    told = shelves()["parts"]["metric"]["zebra_count"]
    assert (told["title_id"], told["parameters"][0]["meaning"]) == ("Zebra terhitung", "Zebras a herd.")
    assert ["metric", "zebra_count"] in glossary()["parts"]


def test_every_part_parameter_and_scenario_of_the_shelves_is_told() -> None:
    told = shelves()
    for kind, parts in told["parts"].items():
        assert sorted(parts) == shelf(kind).names()
        for name, one in parts.items():
            assert one["title_id"] and one["sentence_id"] and one["why"]
            assert [p["name"] for p in one["parameters"]] == [field.name for field in fields(shelf(kind).get(name))]
    assert len(told["first"]) >= 8
    assert set(told["month"]) == set(shelf("mechanism").names())


def test_every_agreement_type_and_channel_has_a_colour_in_both_themes() -> None:
    sheet = theme()
    for name in shelf("agreement").names():
        assert sheet.count(f"--type-{name}:#") == 3


def test_the_command_reads_its_options_or_says_why_not() -> None:
    assert options("app", ["--port", "80", "--host=::1"], OPTIONS) == {"--port": "80", "--host": "::1"}
    assert port_of("0") == 0
    for wrong in (["--prt", "1"], ["--port"], ["--port", "1", "--port", "2"]):
        with pytest.raises(UserError, match="app:"):
            options("app", wrong, OPTIONS)
    with pytest.raises(UserError, match="whole number"):
        port_of("99999")


def test_no_script_of_the_page_writes_markup_or_runs_text() -> None:
    assets = Path(films.__file__).parent / "assets"
    for path in assets.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), path.name
        assert len(text.splitlines()) <= 350


def test_how_far_a_bad_wish_is_can_be_asked_without_a_fault(client: Any) -> None:
    for words in ({"parts": "/tmp"}, None, SHORT):
        answer = client.post("/data/progress", json={"words": words, "stop": True})
        assert (answer.status_code, answer.get_json()) == (200, {"done": None, "compiling": False})
