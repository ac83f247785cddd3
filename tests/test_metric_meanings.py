"""What a metric says of each of its columns: in the help, the manifest and the film, in both languages; and what it may not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from node_page import asked
from test_missing_values import PART
from worlds import TINY, lively, setting_of

from analysis.app import film as films
from analysis.app.shelves import shelves
from sim.__main__ import main
from sim.contracts.meanings import meanings_of
from sim.doors.helptext import help_text
from sim.folder import metric_words
from sim.registry import shelf
from sim.stakes.welfare import source_names, source_words

TELLS = """
    def meanings(self, setting):
        return {meanings}
"""


def built(name: str) -> Any:
    return shelf("metric").build(name)


@pytest.mark.parametrize("name", ["welfare", "welfare_by_source", "welfare_gini", "welfare_shares"])
def test_a_metric_of_many_columns_tells_each_apart_in_both_languages(name: str) -> None:
    setting = setting_of(lively())
    told, columns = meanings_of(built(name), setting), built(name).columns(setting)
    assert tuple(told) == columns and len(columns) > 1
    for key in ("title", "title_id", "sentence", "sentence_id"):
        assert len({getattr(one, key) for one in told.values()}) == len(columns), key
    assert all(one.sentence.endswith(".") and one.sentence_id.endswith(".") for one in told.values())


def test_sources_are_told_in_their_order_with_every_issue_of_the_run() -> None:
    setting = setting_of(lively())
    assert tuple(source_words(setting)) == source_names(setting)
    assert source_words(setting)["on_security"].title == "security" and source_words(setting)["on_security"].title_id == "keamanan"


def test_the_manifest_keeps_what_a_column_holds() -> None:
    words = metric_words(setting_of(lively()))
    assert words["welfare_diversion"]["column_title"] == "trade diverted"
    assert words["welfare_diversion"]["column_title_id"] == "perdagangan yang teralihkan"
    assert not [key for key in words["gdp"] if key.startswith("column_")]


def test_the_help_names_every_column_with_unit_meaning_and_when_it_is_missing() -> None:
    text = " ".join(help_text(["metrics.welfare"]).split())
    assert "a value for each party (bp of GDP a year) of the world mean over states of a run that of the last month missing never" in text
    assert "welfare_diversion Trade that agreements in force free between others" in text
    assert "missing while no instrument that needed consent at home is decided" in " ".join(help_text(["never_ratified"]).split())
    assert "columns contacts_visit, contacts_summit, contacts_call" in " ".join(help_text(["contacts_by_channel"]).split())


@pytest.mark.usefixtures("own_parts")
@pytest.mark.parametrize(
    ("meanings", "said"),
    [
        ('{"od": Meaning("a", "b", "c", "d")}', "names 'od', which is no column of it; did you mean 'odd'?"),
        ('{"odd": ("a", "b", "c", "d")}', "must give a Meaning of four texts for each column that it names"),
        ('{"odd": Meaning("a", "", "c", "d")}', "must give a Meaning of four texts for each column that it names"),
    ],
)
def test_words_for_no_column_and_halves_of_words_are_refused(meanings: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*write(meanings), "scenarios=baseline", *typed()]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("own_parts")
def test_a_users_metric_may_say_what_its_columns_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*write('{"odd": Meaning("half", "separuh", "It is a half.", "Nilainya separuh.")}'), "--help", "metrics.odd"]) == 0
    assert "It is a half." in capsys.readouterr().out


def write(meanings: str) -> list[str]:
    """Write a metric that says this of its column, and return how its folder is named."""
    folder = Path("mine") / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    text = PART.format(name="odd", axis="world", value="np.array([0.5])").replace("import part", "import Meaning, part")
    (folder / "odd.py").write_text(text + TELLS.format(meanings=meanings), encoding="utf-8")
    return ["parts=mine"]


def typed() -> list[str]:
    return [f"start={TINY['start']}", f"end={TINY['end']}", f"roster.states=[{','.join(TINY['roster']['states'])}]"]


# The page.


def test_the_film_tells_columns_apart_and_draws_no_gain_twice() -> None:
    setting = setting_of(lively())
    told = films.said_of(setting, films.metrics_of(setting))
    assert told["welfare_trade"]["title_id"] == "perdagangan dengan mitra" and "gdp" not in told
    arrays = set(setting.schema.on("party"))
    assert arrays >= films.AGAIN and all(f"welfare_{name.split('_')[-1]}" in told for name in films.AGAIN)


def test_what_lies_on_both_sides_of_nothing_is_coloured_by_its_sign() -> None:
    values = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 9.0]
    film = {"data": {}, "parties": [{"code": str(k)} for k in values], "months": 1, "states": len(values), "events": [], "instruments": []}
    film |= {"talks": [], "fields": {"gain": {"first": values, "changes": []}, "size": {"first": [abs(v) for v in values], "changes": []}}}
    ask = (
        "(() => { const scale = CD.scaleOf([new CD.Film(given)], 'gain'); return [scale.much, given.fields.gain.first.map(scale.of)]; })()"
    )
    much, classes = asked(ask, film, "b_film.js")
    assert much == 1.0 and classes == ["less2", "less1", "less1", "land", "more1", "more1", "more2"]
    assert set(asked("given.fields.size.first.map(CD.scaleOf([new CD.Film(given)], 'size').of)", film, "b_film.js")) <= {
        f"o{k}" for k in range(7)
    }


def test_of_many_columns_those_are_drawn_that_reach_furthest_in_the_order_of_the_metric() -> None:
    setting = setting_of(lively())
    columns = [f"welfare_usd_{name}" for name in source_names(setting)]
    series = {name: {"metric": "welfare_by_source", "values": [float(k), -2.0 * k, None]} for k, name in enumerate(columns)}
    film = {"series": {**series, "gdp": {"metric": "gdp", "values": [1.0]}}, "columns": films.said_of(setting, films.metrics_of(setting))}
    told = "CD.mostOf(CD.film, given.columns), given.columns.map((c) => CD.columnColour('welfare_by_source', c))"
    ask = f"((CD.film = given.film), (CD.shelves = given.shelves), [{told}, CD.columnTitle('welfare_by_source', 'welfare_usd_trade')])"
    drawn, colours, title = asked(ask, {"film": film, "columns": columns, "shelves": shelves()}, "e_time.js")
    assert drawn == columns[-7:] and title == "trade with partners"
    assert colours[:-7] == ["transparent"] * (len(columns) - 7) and len(set(colours[-7:])) == 7
