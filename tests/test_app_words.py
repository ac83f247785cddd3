"""Every text of the page is said in both languages, with the same holes to fill."""

from __future__ import annotations

import re

from analysis.app.catalogue import LANGUAGES, names, words
from analysis.app.messages import missing, needed
from sim.data.roster import RosterSpec, load_roster
from sim.registry import KINDS, shelf
from sim.scenario import load_scenario, scenario_names
from sim.types import month_index

HOLE = re.compile(r"\{(\w+)\}")


def test_the_catalogue_is_complete() -> None:
    assert LANGUAGES == ("en", "id")
    assert missing("id") == [], "python -m analysis.app.messages adds what is missing; then translate it in words/id.po"


def test_the_count_sees_a_text_that_nobody_translated() -> None:
    assert len(needed()) > 500
    assert {"Play", "World map", "It failed: one side refused the text on the table."} <= set(needed())
    assert needed()["{n} lever moved"] == "{n} levers moved"


def test_a_translation_fills_the_same_holes() -> None:
    table = words("id")
    for text in needed():
        assert set(HOLE.findall(table[text])) == set(HOLE.findall(text)), text


def test_a_translation_says_something_of_its_own() -> None:
    table = words("id")
    long = [text for text in needed() if len(text) > 25]
    assert not [text for text in long if table[text] == text]


def test_parts_and_scenarios_speak_both_languages() -> None:
    for kind in KINDS:
        for name in shelf(kind).names():
            assert shelf(kind).get(name).title_id and shelf(kind).get(name).sentence_id.endswith(".")
    for name in scenario_names():
        tree = load_scenario(name)
        assert tree["story_id"] != tree["story"]


def test_every_state_has_an_indonesian_name() -> None:
    roster = load_roster(RosterSpec(), month_index("2019-01"), month_index("2019-01"))
    assert [code for code in roster.codes if code not in names("id")] == []
    assert names("id")["DEU"] == "Jerman"
