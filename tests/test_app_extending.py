"""What comes to a shelf later is on the page without an edit: a user's own parts, and a scenario's file."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_extending import AGREEMENT, FEW, PROTOCOL, ROOT, SHOCK, write

from analysis.app import film as films
from analysis.app import server
from analysis.app.keep import Films
from analysis.app.shelves import shelves, theme
from sim import engine, scenario
from sim.run import prepare

pytestmark = pytest.mark.usefixtures("own_parts")


def _start(name: str) -> dict[str, Any]:
    """Return what the page is given before its first film, served with one of the worked files as the operator's own part."""
    told: dict[str, Any] = server.build(Path("outputs"), parts=write(name)).server.test_client().get("/data/start.json").get_json()
    return told


def _film(**words: Any) -> dict[str, Any]:
    config, chosen = prepare({"parts": "mine", "roster": {"states": FEW}, **words})
    return films.make(engine.assemble(config), chosen)[0]


def test_an_agreement_type_is_in_legend_filter_levers_and_glossary() -> None:
    told = _start(AGREEMENT)
    one = told["shelves"]["parts"]["agreement"]["research_pact"]
    assert (one["title"], one["title_id"], one["negotiable"]) == ("Research pact", "Pakta penelitian", True)
    assert "agreements.research_pact.months_to_force" in [parameter["path"] for parameter in one["parameters"]]
    assert ["agreement", "research_pact"] in told["glossary"]["parts"]
    assert theme().count("--type-research_pact:#") == 3
    film = _film(negotiated=["research_pact"], end="2021-12")
    at = next(k for k, kind in enumerate(film["types"]) if kind["name"] == "research_pact")
    assert film["types"][at]["negotiated"]
    assert any(one["type"] == at and one["path"] for one in film["instruments"])
    assert any(event[4] == at and film["words"]["event"][event[1]] == "signature" for event in film["events"])


def test_a_protocol_can_be_chosen_and_its_levers_moved() -> None:
    told = _start(PROTOCOL)
    one = told["shelves"]["parts"]["protocol"]["midway"]
    assert (one["title_id"], one["parameters"][0]["path"]) == ("Jalan tengah", "protocol.contacts_to_conclude")
    assert ["protocol", "midway"] in told["glossary"]["parts"]
    kept = Films(Path("outputs"), Path("mine"))
    words = {"protocol": "midway", "protocol.contacts_to_conclude": "6", "end": "2019-02"}
    assert kept.read(kept.get(words), "film")["protocol"] == "midway"


def test_a_shock_is_on_the_timeline_while_it_lasts_and_in_the_glossary() -> None:
    told = _start(SHOCK)
    assert told["shelves"]["parts"]["shock"]["flight_ban"]["title_id"] == "Larangan terbang"
    assert ["shock", "flight_ban"] in told["glossary"]["parts"]
    film = _film(shocks=[{"kind": "flight_ban", "begins": 2, "months": 2}], end="2019-05")
    assert film["shocks"] == [{"name": "flight_ban", "spells": [[1, 3]]}]
    ban = {"kind": "flight_ban", "source": "assumed"}
    late = _film(events=[{**ban, "from": "2019-04"}, {**ban, "from": "2019-01", "until": "2019-02", "lost": 0.8}], end="2019-05")
    assert [one["spells"] for one in late["shocks"]] == [[[3, 4]], [[1, 2]]]


def test_the_page_forgets_parts_that_are_no_longer_loaded() -> None:
    assert "midway" in _start(PROTOCOL)["shelves"]["parts"]["protocol"]
    bare = server.build(Path("outputs")).server.test_client().get("/data/start.json").get_json()
    assert "midway" not in bare["shelves"]["parts"]["protocol"]


def test_a_scenario_is_in_the_gallery_as_soon_as_its_file_lies_on_the_shelf(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = here / "scenarios"
    shutil.copytree(ROOT / "scenarios", shelf)
    text = (shelf / "baseline.yaml").read_text(encoding="utf-8")
    (shelf / "zebra_years.yaml").write_text(text.replace("\ntitle: ", "\ntitle: Zebras and "), encoding="utf-8")
    monkeypatch.setattr(scenario, "resources", SimpleNamespace(files=lambda _: shelf))
    scenario.scenario_names.cache_clear()
    try:
        cards = {one["name"]: one for one in shelves()["scenarios"]}
        assert cards["zebra_years"]["title"].startswith("Zebras and ")
        assert cards["zebra_years"]["story_id"] == cards["baseline"]["story_id"]
        kept = Films(here / "outputs")
        film = kept.read(kept.get({"scenarios": "zebra_years", "end": "2019-01"}), "film")
        assert (film["scenario"], film["months"]) == ("zebra_years", 1)
    finally:
        scenario.scenario_names.cache_clear()
