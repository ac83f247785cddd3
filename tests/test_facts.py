"""The shelf of stylised facts: every fact on it is sound, says where it comes from, and reads what a folder holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import analysis.facts
from analysis.facts import GRADES, KINDS, Fact, chosen, facts, fault_of
from sim.params import configure
from sim.scenario import load_scenario
from sim.types import UserError

ALL = facts()
DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_sixteen_facts_stand_on_the_shelf_in_order() -> None:
    assert [fact.id for fact in ALL] == [f"D{number}" for number in range(1, 17)]


@pytest.mark.parametrize("fact", ALL, ids=lambda fact: fact.id)
def test_a_fact_is_sound(fact: Fact) -> None:
    assert fault_of(fact) is None


@pytest.mark.parametrize("fact", ALL, ids=lambda fact: fact.id)
def test_a_fact_says_everything_in_two_languages(fact: Fact) -> None:
    pairs = [(getattr(fact, name), getattr(fact, f"{name}_id")) for name in ("title", "sentence", "mechanism", "waits_for", "note")]
    pairs += [(fact.null.sentence, fact.null.sentence_id), (fact.null.cannot, fact.null.cannot_id)]
    pairs += [(one.title, one.title_id) for one in fact.measures]
    assert all(bool(english) == bool(indonesian) and (english != indonesian or not english) for english, indonesian in pairs)


@pytest.mark.parametrize("fact", [fact for fact in ALL if fact.scenario], ids=lambda fact: fact.id)
def test_the_null_of_a_fact_that_can_be_scored_is_a_world_or_says_why_not(fact: Fact) -> None:
    assert fact.scenario is not None and (fact.null.settings or fact.null.cannot)
    tree = dict(load_scenario(fact.scenario))
    for path, value in fact.null.settings.items():
        head, part, name = path.split(".")
        if head == "shocks":
            tree["shocks"] = [{**one, name: value} if one["kind"] == part else one for one in tree["shocks"]]
        else:
            tree.setdefault(head, {}).setdefault(part, {})[name] = value
    assert configure(tree).digest != configure(load_scenario(fact.scenario)).digest or not fact.null.settings


def test_what_the_issue_asks_of_single_facts_holds() -> None:
    kinds = {fact.id: fact.kind for fact in ALL}
    assert kinds["D3"] == kinds["D8"] == "echo" and kinds["D4"] == "calibrated"
    assert all("2021" in one.year for one in chosen(["D2"])[0].measures), "D2 scores the second year alone"
    assert all("Change" in one.title or "Growth" in one.title for fact in chosen(["D13", "D15"]) for one in fact.measures)


def test_a_fact_is_asked_for_by_id_in_any_case_and_an_unknown_one_is_refused() -> None:
    assert [fact.id for fact in chosen(["d4", "D1"])] == ["D1", "D4"]
    with pytest.raises(UserError, match=r"^there is no fact 'D44'; did you mean 'D4'"):
        chosen(["D44"])


SOUND = next(fact for fact in ALL if fact.id == "D4")
NUMBER = SOUND.measures[0]
FAULTS = (
    (replace(SOUND, id="fourth"), "the id 'fourth' is not letters and a number"),
    (replace(SOUND, title_id=" "), "title_id says nothing"),
    (replace(SOUND, kind="proven"), "kind cannot be 'proven'"),
    (replace(SOUND, scenario=None), "a fact without a scenario says in waits_for"),
    (replace(SOUND, waits_for="a court", waits_for_id="pengadilan"), "and no other does"),
    (replace(SOUND, null=replace(SOUND.null, settings={})), "the null has settings, or says in cannot"),
    (replace(SOUND, null=replace(SOUND.null, on=("rises",))), "did you mean 'rise'"),
    (replace(SOUND, measures=(NUMBER, NUMBER)), "each with a name of its own"),
    (replace(SOUND, measures=(replace(NUMBER, low=2.0),)), "the band 2 to 0.9 is none"),
    (replace(SOUND, measures=(replace(NUMBER, number=5.0),)), "the number 5 lies outside its band"),
    (replace(SOUND, measures=(replace(NUMBER, grade="E"),)), "grade cannot be 'E'"),
    (replace(SOUND, kind="tested", measures=(replace(NUMBER, grade="M"),)), "a number from memory"),
    (replace(SOUND, measures=(replace(NUMBER, source=""),)), "source says nothing"),
    (replace(SOUND, measures=(replace(NUMBER, observable=None),)), "an observable exactly where"),
)


@pytest.mark.parametrize(("fact", "told"), FAULTS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_fault_in_a_fact_is_told_in_words(fact: Fact, told: str) -> None:
    assert told in str(fault_of(fact))


def test_the_example_in_the_docs_is_a_new_fact_and_a_file_without_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = (DOCS / "validation.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    (tmp_path / "d17_video_stays.py").write_text(example, encoding="utf-8")
    monkeypatch.setattr(analysis.facts, "__path__", [*analysis.facts.__path__, str(tmp_path)])
    assert [fact.id for fact in facts()][-2:] == ["D16", "D17"]
    (tmp_path / "d18_none.py").write_text("FACTS = ()\n")
    with pytest.raises(Exception, match=r"analysis/facts/d18_none.py holds no FACT"):
        facts()


def test_classes_and_grades_are_those_of_the_documents() -> None:
    assert KINDS == ("echo", "calibrated", "tested") and set("ABCD") < set(GRADES)
