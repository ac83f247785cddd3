"""Old names are read by their new ones and told of once, or refused with what replaced them; shown with a table made for the test."""

from __future__ import annotations

import json
import tarfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from old_games import elsewhere

from analysis.app.address import asked, tree_of
from analysis.store import open_run
from sim.__main__ import main
from sim.game import Game
from sim.older import names, turning
from sim.older.names import FILE, Moved, MovedName, Names, import_advice, near, near_path, read
from sim.params import configure
from sim.registry import shelf
from sim.run import prepare
from sim.scenario import load_scenario, scenario_names
from sim.seat.moves import move_of
from sim.single import load_parts
from sim.study.explain import explain
from sim.study.plan import plan_of
from sim.study.ready import study_names
from sim.types import UserError

STORED = Path(__file__).with_name("data") / "v0_1_0" / "folders.tar.xz"
ROWS = """kind,old,new,since,was,note
parameter,mechanisms.contacts.visits,mechanisms.contacts.tops,0.2.0,,
parameter,mechanisms.contacts.tops,mechanisms.contacts.hours_head,0.3.0,,
parameter,mechanisms.contacts.feet,,0.2.0,2.5,contacts on foot are part of mechanisms.contacts.hours_head
parameter,protocol.patience_of_all,protocol.deadline_rounds,0.2.0,,
setting,world,roster,0.2.0,,
mechanism,meetings,contacts,0.2.0,,
protocol,offers_in_turn,alternating_offers,0.2.0,,
protocol,duel,,0.2.0,,no treaty is fought for; protocol=nash is the nearest
agreement,data_framework,transfer_framework,0.2.0,,
agreement,building_pact,infrastructure_pact,0.2.0,,
shock,border_closure,travel_closure,0.2.0,,
scenario,lockdown,pandemic_lockdown,0.2.0,,
study,tiny,smoke,0.2.0,,
option,protocol.learning=by_concessions,concessions,0.2.0,,
column,contacts_visit,visits_held,0.2.0,,
column,capability,weight,0.2.0,,
event,signature,signing,0.2.0,,
issue,safe_guards,safeguards,0.2.0,,
module,sim.questions,sim.agents,0.2.0,,
module,sim.types:Foe,sim.types:Friend,0.2.0,,
command,go_on,resume,0.2.0,,
"""


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Names:
    # What is gone since 0.1.0 is gone for its games here, too.
    gone = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("parameter,")]
    table = read(ROWS + "\n".join(gone))
    monkeypatch.setattr(names, "TABLE", table)
    return table


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with tarfile.open(STORED) as archive:
        archive.extractall(tmp_path / "old", filter="data")
    return tmp_path / "old"


@pytest.fixture
def heard() -> Iterator[list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MovedName)
        said: list[str] = []
        yield said
        said += [str(one.message) for one in caught if issubclass(one.category, MovedName)]


def test_the_table_that_is_shipped_is_sound() -> None:
    table = read(FILE.read_text(encoding="utf-8"))
    known = {"scenario": scenario_names(), "study": study_names()}
    known |= {kind: tuple(shelf(kind).names()) for kind in ("mechanism", "agreement", "protocol", "shock", "metric")}
    for row in table.rows:
        last = table.last(row.kind, row.old)
        assert last is not None and (row.kind not in known or not last.new or last.new in known[row.kind])
        assert row.kind not in known or row.old not in known[row.kind], "an old name is never given to anything else"


@pytest.mark.parametrize(
    "row",
    [
        ("colour", "a", "b", "0.2.0", "", ""),
        ("setting", "", "b", "0.2.0", "", ""),
        ("setting", "a", "a", "0.2.0", "", ""),
        ("setting", "a", "b", "soon", "", ""),
        ("setting", "a", "", "0.2.0", "", ""),
        ("setting", "a", "", "0.2.0", "{", "gone"),
    ],
)
def test_a_row_that_says_nothing_is_no_row(row: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"moved name|Expecting"):
        Moved(*row)
    with pytest.raises(ValueError, match="stands in the table twice"):
        Names([Moved("setting", "a", "b", "0.2.0", "", ""), Moved("setting", "a", "c", "0.3.0", "", "")])


def test_a_command_of_old_names_is_a_command_of_new_ones_and_each_is_told_once(moved: Names, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["scenarios=lockdown", "protocol=offers_in_turn", "protocol.learning=by_concessions", "mechanisms.meetings.visits=1.25"]
    words += [
        "negotiated=[data_framework]",
        "shocks.border_closure.strength=0.5",
        "world.states=[DEU,SGP,USA]",
        "protocol.patience_of_all=9",
    ]
    assert main([*words, "--cfg", "job"]) == 0
    told = capsys.readouterr()
    new = [
        "scenarios=pandemic_lockdown",
        "protocol=alternating_offers",
        "protocol.learning=concessions",
        "mechanisms.contacts.hours_head=1.25",
    ]
    new += [
        "negotiated=[transfer_framework]",
        "shocks.travel_closure.strength=0.5",
        "roster.states=[DEU,SGP,USA]",
        "protocol.deadline_rounds=9",
    ]
    assert main([*new, "--cfg", "job"]) == 0
    assert capsys.readouterr().out == told.out
    notes = told.err.splitlines()
    assert len(notes) == len(set(notes)) == 8 and all(note.startswith("note: ") for note in notes)
    assert "note: lockdown is called pandemic_lockdown since version 0.2.0, and was read so; write the new name" in notes
    assert any("mechanisms.meetings.visits is called mechanisms.contacts.hours_head since version 0.3.0" in note for note in notes)


def test_what_is_gone_is_refused_with_what_replaced_it(moved: Names, capsys: pytest.CaptureFixture[str]) -> None:
    for word, said in (
        ("protocol=duel", "there is no duel since version 0.2.0: no treaty is fought for; protocol=nash is the nearest"),
        ("mechanisms.contacts.feet=1", "there is no mechanisms.contacts.feet since version 0.2.0: contacts on foot"),
        ("mechanisms.meetings.feet=1", "there is no mechanisms.meetings.feet since version 0.2.0"),
        ("go_on", "go_on is called resume since version 0.2.0"),
    ):
        assert main([word]) == 2
        assert said in capsys.readouterr().err


def test_a_name_given_by_both_its_names_is_refused(moved: Names, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocol=nash", "mechanisms.meetings.visits=1", "mechanisms.contacts.hours_head=2", "--cfg", "job"]) == 2
    assert "mechanisms.contacts.hours_head is given 2 times" in capsys.readouterr().err
    with pytest.warns(MovedName), pytest.raises(UserError, match=r"contacts\.hours_head is given twice, by this name"):
        prepare({"mechanisms": {"contacts": {"visits": 1.0, "hours_head": 2.0}}})


def test_a_tree_of_old_names_gives_the_configuration_of_the_new_ones(moved: Names, heard: list[str]) -> None:
    told = {
        "scenarios": "lockdown", "protocol": "offers_in_turn", "protocol.learning": "by_concessions", "negotiated": ["data_framework"],
        "mechanisms": {"meetings": {"visits": 1.25, "feet": 2.5}}, "world": {"states": ["DEU", "SGP", "USA"]},
        "shocks": [{"kind": "border_closure", "strength": 0.5}],
    }  # fmt: skip
    now = {
        "scenarios": "pandemic_lockdown", "protocol": "alternating_offers", "protocol.learning": "concessions",
        "negotiated": ["transfer_framework"], "mechanisms": {"contacts": {"hours_head": 1.25}}, "roster.states": ["DEU", "SGP", "USA"],
        "shocks": [{"kind": "travel_closure", "strength": 0.5}],
    }  # fmt: skip
    assert prepare(told)[0].digest == prepare(now)[0].digest
    assert prepare({"shocks.border_closure.strength": 0.5, "scenarios": "lockdown"}) is not None
    with pytest.raises(UserError, match=r"there is no mechanisms\.contacts\.feet since version 0\.2\.0"):
        prepare({"mechanisms": {"contacts": {"feet": 2.4}}})


def test_old_names_in_entries_of_lists_are_read_by_their_new_ones(moved: Names, heard: list[str]) -> None:
    told = {
        "events": [{"kind": "border_closure", "month": "2019-03", "strength": 0.5, "source": "x"}, {"kind": "mark", "month": "2019-03"}],
        "start_state": [{"add": "data_framework", "text": {"safe_guards": 0.5}}, {"remove": "data_framework"}],
        "targets": [{"metric": "contacts_visit", "when": "2019-03"}], "coalitions": [{"name": "ISLES", "types": ["data_framework"]}],
        "counterfactual_of": "lockdown",
    }  # fmt: skip
    assert turning.tree(told) == {
        "events": [{"kind": "travel_closure", "month": "2019-03", "strength": 0.5, "source": "x"}, {"kind": "mark", "month": "2019-03"}],
        "start_state": [{"add": "transfer_framework", "text": {"safeguards": 0.5}}, {"remove": "data_framework"}],
        "targets": [{"metric": "visits_held", "when": "2019-03"}], "coalitions": [{"name": "ISLES", "types": ["transfer_framework"]}],
        "counterfactual_of": "pandemic_lockdown",
    }  # fmt: skip
    word = "events=[{kind:%s,month:2019-03,source:x}]"
    assert turning.word(word % "border_closure") == word % "travel_closure"


def test_a_name_that_comes_back_is_no_table() -> None:
    rows = [Moved("shock", one, two, "0.2.0", "", "") for one, two in (("a", "b"), ("b", "a"))]
    with pytest.raises(ValueError, match="an old name is never given to anything else"):
        Names(rows)


@pytest.mark.parametrize(
    "tree", [{}, {"mechanisms": {"contacts": {"hours_head": 2.0}}, "shocks": [], "protocol": {"name": "nash"}}, {7: 1}, {"set": None}]
)
def test_what_holds_no_old_name_is_returned_as_it_came(moved: Names, tree: dict[Any, Any]) -> None:
    assert turning.tree(tree) is tree
    assert turning.word("mechanisms.contacts.hours_head=2") == "mechanisms.contacts.hours_head=2" and turning.word("help") == "help"


def test_a_scenario_of_old_names_is_read(moved: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.scenario as room

    text = (Path("scenarios") / "baseline.yaml").read_text(encoding="utf-8")
    old = f"{text}\nmechanisms: {{meetings: {{visits: 1.25}}}}\n"
    monkeypatch.setattr(room, "_whole", lambda name: ("scenarios/baseline.yaml", old, Path("scenarios")))
    with pytest.warns(MovedName, match="is called mechanisms.contacts.hours_head"):
        tree = load_scenario("baseline")
    assert tree["mechanisms"] == {"contacts": {"hours_head": 1.25}} and configure(tree).mechanisms["contacts"].hours_head == 1.25
    with pytest.raises(UserError, match=r"lockdown is called pandemic_lockdown since version 0\.2\.0"):
        load_scenario("lockdown")


STUDY = """scenarios: [lockdown]
set: {world.states: [DEU, SGP, USA], negotiated: [data_framework]}
factors:
  mechanisms.meetings.visits: {low: 1.0, high: 2.0}
  protocol: {values: [nash, offers_in_turn]}
  shocks.border_closure.strength: {low: 0.1, high: 0.9}
"""


def test_a_study_of_old_names_is_a_study_of_new_ones(moved: Names, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text(STUDY, encoding="utf-8")
    assert main([f"study={tmp_path / 'mine.yaml'}", "--cfg", "job"]) == 0
    told = capsys.readouterr()
    for old, new in (
        ("world", "roster"),
        ("data_framework", "transfer_framework"),
        ("meetings.visits", "contacts.hours_head"),
        ("lockdown]", ""),
    ):
        assert old not in told.out and new in told.out
    assert "note: lockdown is called pandemic_lockdown" in told.err and "offers_in_turn is called alternating_offers" in told.err
    assert main(["study=tiny", "--cfg", "job"]) == 0
    assert "title: Smoke" in capsys.readouterr().out


def test_a_plan_by_both_names_of_a_factor_is_refused(moved: Names) -> None:
    both = {"mechanisms.meetings.visits": {"low": 1.0, "high": 2.0}, "mechanisms.contacts.hours_head": {"low": 1.0, "high": 2.0}}
    with pytest.warns(MovedName), pytest.raises(UserError, match=r"mechanisms\.contacts\.hours_head is given twice"):
        plan_of({"factors": both})


def test_an_address_of_old_names_is_read(moved: Names, heard: list[str]) -> None:
    assert tree_of({"protocol": "offers_in_turn", "mechanisms.meetings.visits": "1.5"}) == {
        "protocol": {"name": "alternating_offers"},
        "mechanisms": {"contacts": {"hours_head": 1.5}},
    }
    assert asked({"scenarios": "lockdown"})[0].scenario == "pandemic_lockdown"


def test_moves_and_games_of_old_names_are_played(moved: Names, heard: list[str], old: Path) -> None:
    move = move_of(
        {"month": "2019-03", "party": "SGP", "kind": "offer", "talk": "data_framework:IDN:SGP:24228", "text": {"safe_guards": 0.5}}
    )
    assert (move.type, move.talk, move.text) == ("transfer_framework", "transfer_framework:IDN:SGP:24228", (("safeguards", 0.5),))
    elsewhere(old / "game.json")
    tree = json.loads((old / "game.json").read_text(encoding="utf-8"))
    was = tree["config"]
    contacts = was["mechanisms"].pop("contacts")
    was["mechanisms"]["meetings"] = {**contacts, "visits": 11.0, "feet": 2.5}
    was["agreements"]["data_framework"] = was["agreements"].pop("transfer_framework")
    was["negotiated"] = ["data_framework" if one == "transfer_framework" else one for one in was["negotiated"]]
    was["protocol"]["name"] = "offers_in_turn"
    for one in tree["moves"]:
        one |= {"type": "building_pact", "talk": one["talk"].replace("infrastructure_pact", "building_pact")}
    (old / "game.json").write_text(json.dumps(tree), encoding="utf-8")
    game = Game.load(old / "game.json")
    assert game.month == "2019-03" and any(row["reason"] == "walked_away" for row in game.news("2019-01"))
    assert game.setting.config.mechanisms["contacts"].hours_head == 11.0


def test_figures_and_events_of_an_old_run_go_by_their_new_names(moved: Names, old: Path) -> None:
    run = open_run(old / "run-panels")
    assert "visits_held" in run.columns and "contacts_visit" not in run.columns
    assert run.series("visits_held").sum() > 0.0 and run.scalar("visits_held").shape == (2,) and run.about("visits_held")["unit"]
    assert set(run.panel("weight")) >= {"DEU", "USA"}
    with pytest.raises(UserError, match=r"contacts_visit is called visits_held since version 0\.2\.0"):
        run.series("contacts_visit")
    kinds = [row["event"] for _, row in open_run(old / "run-shocked").told(("signing", "entry_into_force"), ("party_a",))]
    assert set(kinds) <= {"signing", "entry_into_force"} and (old / "run-shocked").is_dir()


def test_the_command_of_an_old_study_is_written_in_new_names(monkeypatch: pytest.MonkeyPatch, old: Path, heard: list[str]) -> None:
    row = Moved("parameter", "mechanisms.contacts.heads", "mechanisms.contacts.tops", "0.2.0", "", "")
    monkeypatch.setattr(names, "TABLE", Names([row]))
    assert "mechanisms.contacts.tops=2.0" in explain(old / "study-whole", "5").splitlines()[-1]


def test_near_names_know_what_moved(moved: Names) -> None:
    for kind, old, said in (("mechanism", "meetings", "called contacts"), ("protocol", "duel", "no treaty is fought for")):
        with pytest.raises(UserError, match=said):
            shelf(kind).get(old)
    with pytest.raises(UserError, match=r"contacts\.visits is called mechanisms\.contacts\.hours_head since version 0\.3\.0"):
        shelf("mechanism").checked("contacts", {"visits": 1.0})
    assert near("mechanism", "contact", ["contacts"]) == "did you mean 'contacts'?"
    assert near_path("mechanisms.contacts.hours_heads", "hours_heads", ["hours_head"]) == "did you mean 'hours_head'?"


def test_a_part_that_imports_what_moved_is_told_where_it_is(moved: Names, tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    for line, said in (
        ("from sim.questions import ask", r"mine\.py:1: sim\.questions is called sim\.agents since version 0\.2\.0; .* from sim\.parts"),
        ("import sim.questions.deep", r"mine\.py:1: sim\.questions is called sim\.agents"),
        ("from sim.types import Foe", r"sim\.types:Foe is called sim\.types:Friend"),
        ("from sim.types import Nobody", r"sim\.types has no Nobody; parts of your own import what they need from sim\.parts"),
        ("import sim.nowhere", r"there is no module sim\.nowhere; parts"),
        ("import nowhere_at_all", r"ModuleNotFoundError: No module named 'nowhere_at_all'"),
    ):
        (tmp_path / "metrics" / "mine.py").write_text(f"{line}\n", encoding="utf-8")
        with pytest.raises(UserError, match=said):
            load_parts(tmp_path)
    assert import_advice(ValueError("sim")) is None
