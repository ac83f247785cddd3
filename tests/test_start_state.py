"""A start state: figures set and instruments added or removed as a run begins, each with its source; and starts from 1998."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_scenario_files import HEAD
from test_user_tables import copy_of, write
from worlds import begun

from sim import engine, run
from sim.game import Game
from sim.model import DiplomacyModel
from sim.params import configure
from sim.single import prepare
from sim.study import manage
from sim.study.plan import plan_of
from sim.types import ISSUES, Flag, UserError, month_index

SMALL = {"start": "2019-01", "end": "2020-01", "roster": {"states": ["DEU", "IDN", "SGP", "USA"]}}
FIGURE = {"figure": "internet_use", "values": {"IDN": 0.9}, "source": "as if"}
ADDED = {
    "add": "transfer_framework",
    "name": "An invented framework",
    "parties": ["USA", "SGP"],
    "roles": ["undertaker", "judge"],
    "text": {"safeguards": 0.5},
    "source": "as if",
}
SHIELD = "Privacy Shield"


def of(*entries: dict[str, Any], **over: Any) -> Any:
    return engine.build({**SMALL, **over, "start_state": list(entries)})


def test_a_figure_holds_for_the_whole_run_and_only_for_the_states_named() -> None:
    plain, set_ = engine.build(SMALL).roster, of(FIGURE).roster
    at = set_.codes.index("IDN")
    assert set_.figures["internet_use"][:, at].tolist() == [0.9, 0.9]
    others = [n for n in range(4) if n != at]
    np.testing.assert_array_equal(set_.figures["internet_use"][:, others], plain.figures["internet_use"][:, others])
    assert (set_.flags["internet_use"][:, at] == Flag.KNOWN).all()
    assert ("start_state.internet_use", "set for IDN: as if") in set_.assumed
    assert set_.digest != plain.digest
    assert begun({**SMALL, "start_state": [FIGURE]}).internet_use[at] == 0.9


def test_a_regime_follows_the_figures_it_is_made_of_unless_it_is_set_itself() -> None:
    law = {"figure": "rule_of_law", "values": {"IDN": 2.0}, "source": "as if"}
    whole = {"figure": "protection_state", "values": {"IDN": 0.25}, "source": "as if"}
    plain, followed, set_ = engine.build(SMALL).roster, of(law).roster, of(law, whole).roster
    at = plain.codes.index("IDN")
    assert followed.figures["protection_state"][0, at] > plain.figures["protection_state"][0, at]
    assert set_.figures["protection_state"][0, at] == 0.25


def test_the_world_counts_what_is_set() -> None:
    gdp = {"figure": "gdp", "values": {"IDN": 5e13}, "source": "as if"}
    plain, set_ = engine.build(SMALL).roster, of(gdp).roster
    at = plain.codes.index("IDN")
    grown = set_.world_gdp - plain.world_gdp
    np.testing.assert_allclose(grown, 1.015 * (5e13 - plain.figures["gdp"][:, at]))


def test_an_instrument_is_added_and_another_removed_before_the_first_month() -> None:
    plain, changed = (begun({**SMALL, "start_state": entries}) for entries in ([], [ADDED, {"remove": SHIELD, "source": "as if"}]))
    names = [[world.setting.roster.instruments[at].name for at in world.instruments["listed"]] for world in (plain, changed)]
    assert SHIELD in names[0] and SHIELD not in names[1]
    assert ADDED["name"] in names[1] and ADDED["name"] not in names[0]
    row = names[1].index(str(ADDED["name"]))
    assert changed.instruments["text"][row][ISSUES.index("safeguards")] == 0.5


@pytest.mark.parametrize(("parties", "roles"), [(["USA", "SGP"], ["undertaker", "judge"]), (["SGP", "USA"], ["judge", "undertaker"])])
def test_the_parties_of_an_added_instrument_stand_in_the_roles_that_are_said(parties: list[str], roles: list[str]) -> None:
    world = begun({**SMALL, "start_state": [{**ADDED, "parties": parties, "roles": roles, "signed": "1985-03", "in_force": "1986-01"}]})
    names = [world.setting.roster.instruments[at].name for at in world.instruments["listed"]]
    row = names.index(str(ADDED["name"]))
    assert world.setting.type_names[int(world.instruments["type"][row])] == "transfer_framework"
    assert [world.setting.codes[int(world.instruments[side][row])] for side in ("first", "second")] == ["SGP", "USA"]
    assert int(world.instruments["signed"][row]) == month_index("1985-03")


def test_a_bond_against_localisation_binds_its_parties() -> None:
    bound = of({**ADDED, "parties": ["USA", "IDN"], "no_localisation": True}).roster
    assert bound.figures["localisation"][0, bound.codes.index("IDN")] == 0.0
    plain = engine.build(SMALL).roster
    assert plain.figures["localisation"][0, plain.codes.index("IDN")] > 0.0


def test_it_is_read_back_from_its_own_tree_and_stands_in_the_manifest(tmp_path: Path) -> None:
    entries = [ADDED, FIGURE, {"remove": SHIELD, "source": "as if"}]
    config = configure({**SMALL, "start_state": entries})
    again = configure({**SMALL, "start_state": config.tree["start_state"]})
    assert again.digest == config.digest and again.roster == config.roster
    path = tmp_path / "begun.yaml"
    text = "start_state:\n  - {figure: internet_use, values: {DEU: 0.5}, source: as if}\n"
    path.write_text(HEAD + text, encoding="utf-8")
    result = run(path, end="2019-11", outputs=tmp_path / "outputs", record="scalars")
    assert result.setting.config.tree["start_state"] == [{"figure": "internet_use", "values": {"DEU": 0.5}, "source": "as if"}]
    path.write_text(HEAD + text.replace("DEU", "DEX"), encoding="utf-8")
    with pytest.raises(UserError, match=r"begun\.yaml: line \d+: start_state\[0\].values: .* there is no state 'DEX'; did you mean 'DEU'"):
        run(path)


FAULTS: dict[str, tuple[Any, str]] = {
    "no list": ({}, "start_state must be a list"),
    "nothing said": ([{"source": "x"}], "start_state[0] must hold one of figure, add and remove"),
    "two things said": ([{**FIGURE, "remove": "x"}], "start_state[0] must hold one of figure, add and remove"),
    "an unknown key": ([{**FIGURE, "value": 3}], "start_state[0] has no 'value'; did you mean 'values'?"),
    "no source": ([{"remove": "x"}], "start_state[0] has no source"),
    "an unknown figure": ([{**FIGURE, "figure": "internet_uses"}], "there is no figure 'internet_uses'; did you mean 'internet_use'?"),
    "no values": ([{**FIGURE, "values": 0.4}], "start_state[0].values must give a value by state"),
    "a word for a number": ([{**FIGURE, "values": {"IDN": "much"}}], "start_state[0].values.IDN must be a number (share), not 'much'"),
    "out of bounds": ([{**FIGURE, "values": {"IDN": 3}}], "start_state[0].values.IDN = 3 lies outside 0 to 1 (share)"),
    "a code that is none": ([{**FIGURE, "values": {True: 0.4}}], "start_state[0].values: True is no code of a state"),
    "set twice": ([FIGURE, FIGURE], "start_state sets internet_use of IDN twice"),
    "an unknown type": ([{**ADDED, "add": "transfer"}], "start_state[0].add: there is no agreement type 'transfer'"),
    "one party": ([{**ADDED, "parties": ["USA"]}], "start_state[0].parties must be a list of two"),
    "itself": ([{**ADDED, "parties": ["USA", "USA"]}], "start_state[0].parties: USA cannot be both"),
    "two in one role": ([{**ADDED, "roles": ["judge", "judge"]}], "start_state[0].roles: one party is judge and the other undertaker"),
    "a role of another type": ([{**ADDED, "roles": ["host", "judge"]}], "start_state[0].roles cannot be 'host'; valid are judge, undert"),
    "an issue of another type": ([{**ADDED, "text": {"capacity": 1}}], "start_state[0].text has no 'capacity'"),
    "a type of many": ([{**ADDED, "add": "security_treaty"}], "start_state[0].add: security_treaty is made by many at one table"),
    "a party that is not there": ([{**ADDED, "parties": ["USA", "KEN"]}], "start_state[0].parties: KEN is in the tables and not in this"),
    "signed too long ago": ([{**ADDED, "signed": "1899-12"}], "start_state[0].signed 1899-12 lies before 1900-01"),
    "removed twice": ([{"remove": SHIELD, "source": "x"}] * 2, "start_state[1] removes 'Privacy Shield' a second time"),
    "a role that is none": ([{**ADDED, "roles": ["juge", "judged"]}], "start_state[0].roles cannot be 'juge'; did you mean 'judge'"),
    "in force later": ([{**ADDED, "in_force": "2019-05"}], "start_state[0].in_force 2019-05 lies after the start"),
    "signed after": ([{**ADDED, "in_force": "2018-05", "signed": "2018-06"}], "start_state[0].signed 2018-06 lies after it enters"),
    "an issue that is none": ([{**ADDED, "text": {"safety": 1}}], "start_state[0].text has no 'safety'"),
    "a text out of bounds": ([{**ADDED, "text": {"security": 2}}], "start_state[0].text.security must be a number from 0 to 1"),
    "an unknown instrument": (
        [{"remove": "Privacy Shild", "source": "x"}],
        "no instrument 'Privacy Shild' is in force in 2019-01; did",
    ),
    "an unknown party": ([{**ADDED, "parties": ["USA", "SGX"]}], "'SGX' is not a state or bloc of the roster; did you mean 'SGP'?"),
    "one that is there": ([ADDED, ADDED], "start_state[1].name: an instrument 'An invented framework' of SGP and USA is there"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_start_state_is_refused_in_a_sentence(name: str) -> None:
    entries, words = FAULTS[name]
    with pytest.raises(UserError) as fault:
        engine.build({**SMALL, "start_state": entries})
    assert words in str(fault.value), str(fault.value)


def test_a_run_may_start_in_1998_and_says_which_figures_are_back_cast() -> None:
    setting = engine.build({**SMALL, "start": "1998-01", "end": "1999-01"})
    roster = setting.roster
    assert (roster.flags["gdp"] == Flag.KNOWN).all() and (roster.flags["bandwidth"] == Flag.BACK_CAST).all()
    assert roster.figure("gdp", month_index("1999-01"))[roster.codes.index("IDN")] < roster.figure("gdp", month_index("1998-01"))[1]
    with pytest.raises(UserError, match="start 1997-12 lies outside 1998-01 to 2035-12"):
        configure({**SMALL, "start": "1997-12"})


def test_tables_that_begin_too_late_are_refused_with_the_first_possible_start(tmp_path: Path) -> None:
    copy_of(tmp_path, "states")
    codes = [line.split(",")[0] for line in (tmp_path / "states.csv").read_text(encoding="utf-8").splitlines()[1:]]
    rows = [{"code": code, "year": "2018", "gdp_usd": "1e9", "population": "1000", "internet_use": "0.5"} for code in codes]
    write(tmp_path / "yearly.csv", rows)
    own = {"data": {"folder": str(tmp_path)}}
    with pytest.raises(UserError, match=r"yearly\.csv has no gdp_usd before 2018; .* can start from 2009-01"):
        engine.build({**SMALL, **own, "start": "2008-12"})
    assert (engine.build({**SMALL, **own, "start": "2009-01"}).roster.flags["gdp"][0] == Flag.BACK_CAST).all()


def test_a_fault_of_the_start_names_file_and_line_through_every_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    doors: list[Any] = [
        lambda: run("begun.yaml"),
        lambda: engine.assemble(prepare({"scenarios": "begun.yaml"})[0]),
        lambda: Game({"scenarios": "begun.yaml"}, seat="DEU"),
        lambda: DiplomacyModel("begun.yaml"),
        lambda: manage.begin(plan_of({"scenarios": ["begun.yaml"]}, "own"), tmp_path / "outputs"),
    ]
    wrong = "start_state:\n  - {figure: gdp, values: {DEU: 1.0e+12}, source: x}\n  - {remove: No such pact, source: x}\n"
    for text, words in ((wrong, "line 9: start_state[1].remove: no instrument"), ("", "line 6: roster: there is no state 'DEX'")):
        Path("begun.yaml").write_text((HEAD if text else HEAD.replace("DEU", "DEX")) + text, encoding="utf-8")
        for door in doors:
            with pytest.raises(UserError) as fault:
                door()
            assert f"begun.yaml: {words}" in str(fault.value), str(fault.value)


def test_what_is_typed_beside_a_scenario_is_not_its_files_fault(tmp_path: Path) -> None:
    path = tmp_path / "begun.yaml"
    path.write_text(HEAD + f"start_state:\n  - {{remove: {SHIELD}, source: x}}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"^start_state\[0\].remove: no instrument 'No such pact' is in force"):
        run(path, start_state=[{"remove": "No such pact", "source": "x"}])
    with pytest.raises(UserError, match=r"^roster: there is no state 'DEX'"):
        run(path, roster={"states": ["DEX", "USA"]})
