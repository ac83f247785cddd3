"""Targets: what a scenario's world is known to have done is held against the runs, in words and numbers, and never fitted to."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_scenario_files import HEAD

from sim import run
from sim.doors.summary import summary
from sim.scenario import load_scenario
from sim.single import prepare
from sim.targets import read
from sim.tested import held_against, inputs_told, sentence, share_back_cast
from sim.types import UserError, month_index

pytestmark = pytest.mark.usefixtures("one_process")
ONE = {"metric": "contacts_held", "when": "2020-01", "low": 0, "high": 1e6, "unit": "contacts a month", "source": "a count", "grade": "B"}


def written(tmp_path: Path, *targets: dict[str, Any], **more: Any) -> str:
    path = tmp_path / "aimed.yaml"
    path.write_text(HEAD + yaml.safe_dump({"targets": list(targets), **more}), encoding="utf-8")
    return str(path)


def test_a_run_says_which_targets_it_meets_and_which_it_misses(tmp_path: Path) -> None:
    missed = {**ONE, "low": 1e6, "high": 2e6}
    later = {**ONE, "when": "2020-03"}
    averaged = {**{key: value for key, value in ONE.items() if key != "when"}, "from": "2019-11", "until": "2019-12"}
    path = written(tmp_path, ONE, missed, later, averaged)
    result = run(path, seeds=2, end="2020-02", outputs=tmp_path / "outputs", record="series")
    assert [one["met"] for one in result.targets] == [True, False, None, True]
    values = [one.series["contacts_held"] for one in result.runs]
    assert result.targets[0]["found"] == sum(float(one[2]) for one in values) / 2
    assert result.targets[3]["found"] == sum(float(one[0] + one[1]) / 2 for one in values) / 2
    told = summary(result, prepare({"scenarios": path, "seeds": 2})[1])
    assert "targets (nothing is fitted to them)" in told and ": missed" in told and "outside this run" in told
    from analysis.dated import section
    from analysis.store import open_run

    assert result.folder is not None
    page = section(open_run(result.folder))
    assert "missed" in page and "a count (B)" in page


def test_a_single_value_is_met_between_the_lowest_and_the_highest_seed_and_one_seed_cannot_tell(tmp_path: Path) -> None:
    result = run(written(tmp_path, ONE), seeds=3, end="2020-01")
    values = [float(one.series["contacts_held"][2]) for one in result.runs]
    (target,) = read([ONE])
    inside, above = (dataclasses.replace(target, low=value, high=value) for value in (min(values), max(values) + 1.0))
    verdicts = held_against(result.setting, [inside, above], result.runs)
    assert [one["met"] for one in verdicts] == [True, False]
    (alone,) = held_against(result.setting, [inside], result.runs[:1])
    assert alone["met"] is None and "one seed" in sentence(alone)


def test_a_twin_is_held_against_nothing(tmp_path: Path) -> None:
    spell = {"kind": "travel_closure", "from": "2020-02", "source": "x"}
    path = written(tmp_path, ONE, events=[spell])
    assert len(run(path, end="2020-02").targets) == 1 and run(path, end="2020-02", counterfactual=True).targets == ()


def test_what_rests_on_back_cast_inputs_does_not_count_as_tested(tmp_path: Path) -> None:
    early = {**ONE, "when": "1998-01"}
    path = written(tmp_path, early)
    Path(path).write_text(Path(path).read_text(encoding="utf-8").replace("start: 2019-11\nend: 2020-03", "start: 1998-01\nend: 1998-02"))
    result = run(path)
    (verdict,) = result.targets
    assert verdict["illustrative"] and verdict["back_cast"] > 0.5 and "illustrative, not tested" in sentence(verdict)
    assert inputs_told(result.setting)["illustrative"] and "nothing here is tested" in summary(result, prepare({"scenarios": path})[1])
    assert share_back_cast(run("baseline", end="2019-01", roster={"states": ["DEU", "USA"]}).setting, month_index("2019-01")) < 0.5


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"metrik": "x"}, "targets[0] has no 'metrik'; did you mean 'metric'?"),
    "no source": ({"source": ""}, "targets[0] has no source"),
    "no unit": ({"unit": None}, "targets[0] has no unit"),
    "a grade that is none": ({"grade": "E"}, "targets[0].grade cannot be 'E'"),
    "no date": ({"when": ...}, "targets[0] must have when"),
    "two dates": ({"from": "2020-01"}, "targets[0] must have when"),
    "no value": ({"low": ...}, "targets[0] must have a value, or low and high"),
    "a value and a band": ({"value": 3}, "targets[0] must have a value, or low and high"),
    "a band upside down": ({"low": 3, "high": 2}, "targets[0].low 3 lies above high 2"),
    "a value that is none": ({"low": "many"}, "targets[0].low must be a number, not 'many'"),
    "months outside": ({"when": "2021-01"}, "targets[0] lies outside the scenario's months"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_target_is_refused_with_file_and_line(name: str, tmp_path: Path) -> None:
    change, words = FAULTS[name]
    target = {key: value for key, value in {**ONE, **change}.items() if value is not ...}
    with pytest.raises(UserError) as fault:
        load_scenario(written(tmp_path, target))
    assert "aimed.yaml: line " in str(fault.value) and words in str(fault.value), str(fault.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metric": "contacts_hold"}, "line 11: targets[0].metric: there is no column 'contacts_hold'; did you mean 'contacts_held'?"),
        ({"unit": "contacts"}, "targets[0].unit cannot be 'contacts': contacts_held is given in 'contacts a month'"),
    ],
)
def test_a_column_or_unit_that_is_none_is_refused_before_the_run(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as fault:
        run(written(tmp_path, {**ONE, **change}), outputs=tmp_path / "outputs")
    assert "aimed.yaml: " in str(fault.value) and words in str(fault.value), str(fault.value)
    assert not (tmp_path / "outputs").exists()


def test_targets_that_are_no_list_are_refused() -> None:
    with pytest.raises(UserError, match="targets must be a list"):
        read({"metric": "x"})
    with pytest.raises(UserError, match=r"targets\[0\] must hold named values"):
        read(["x"])


def test_a_target_may_be_of_one_party_and_needs_its_panel(tmp_path: Path) -> None:
    one = {**ONE, "party": "DEU"}
    absent = {**ONE, "party": "CHN"}
    path = written(tmp_path, one, absent)
    result = run(path, seeds=2, end="2020-02", record="panels", outputs=tmp_path / "outputs")
    party = result.setting.party("DEU")
    assert result.targets[0]["found"] == sum(float(each.panels["contacts_held"][2, party]) for each in result.runs) / 2
    assert result.targets[0]["met"] is True and sentence(result.targets[0]).startswith("contacts_held of DEU, 2020-01")
    assert result.targets[1]["met"] is None and result.targets[1]["why"] == "CHN takes no part in this run"
    (short, _) = run(path, seeds=2, end="2020-02", record="series").targets
    assert short["met"] is None and short["why"] == "columns of one party need record=panels"
    from analysis.dated import section
    from analysis.store import open_run

    assert result.folder is not None
    assert "held of DEU" in section(open_run(result.folder))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"party": "CHM"}, "party cannot be 'CHM'"),
        ({"party": 3}, "party must be the code of a state or bloc"),
        ({"party": "DEU", "metric": "contacts_call"}, "contacts_call is of the whole world, and of no party"),
    ],
)
def test_a_party_that_cannot_be_is_refused_in_a_sentence(change: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=sentence):
        run(written(tmp_path, {**ONE, **change}), end="2020-02")


def test_a_report_says_where_no_record_is_given(tmp_path: Path) -> None:
    from analysis.dated import section
    from analysis.store import open_run

    plain = run(written(tmp_path), end="2020-01", record="series", outputs=tmp_path / "outputs")
    assert plain.folder is not None
    assert "No record is given with this scenario" in section(open_run(plain.folder))


def test_what_is_added_up_over_months_is_of_no_month(tmp_path: Path) -> None:
    month = {**ONE, "metric": "new_signatures_infrastructure_pact", "unit": "signatures a month"}
    year = {**month, "from": "2020-01", "until": "2020-02", "when": ...}
    targets = [{key: value for key, value in one.items() if value is not ...} for one in (month, year)]
    result = run(written(tmp_path, *targets), end="2020-02", outputs=tmp_path / "outputs")
    assert [one["unit"] for one in result.targets] == ["signatures a month", "signatures"]
