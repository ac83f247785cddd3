"""Scenario files: each on the shelf is sound, and a fault in one is said by file and stops only that one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim import scenario
from sim.__main__ import main
from sim.params import configure
from sim.scenario import load_scenario, scenario_names
from sim.types import UserError

BASELINE = (Path(__file__).resolve().parent.parent / "scenarios" / "baseline.yaml").read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a file called bad.yaml beside the scenarios of a folder that stands for the shelf."""
    (tmp_path / "baseline.yaml").write_text(BASELINE, encoding="utf-8")
    monkeypatch.setattr(scenario.resources, "files", lambda package: tmp_path)
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> None:
        (tmp_path / "bad.yaml").write_bytes(text.encode("utf-8"))
        scenario.scenario_names.cache_clear()

    yield write
    monkeypatch.undo()
    scenario.scenario_names.cache_clear()


def with_line(line: str, *without: str) -> str:
    tree = {key: value for key, value in yaml.safe_load(BASELINE).items() if key not in without}
    return yaml.safe_dump(tree) + line + "\n"


def twice(key: str, line: str) -> tuple[str, str]:
    """Return a file that gives a key again in its last line, and what is said of it."""
    text = with_line(line)
    first, last = (at for at, one in enumerate(text.splitlines(), start=1) if one.startswith(f"{key}:"))
    return text, f"line {last}: {key} is given 2 times (lines {first} and {last}); give it once"


BAD = {
    "an empty file": ("", "it is empty"),
    "a comment alone": ("# nothing\n", "it is empty"),
    "a list": ("- title\n", "line 1: it must hold named values, not a list"),
    "no YAML": ("title: [\n", "it is not valid YAML"),
    "an unknown key": (with_line("tilte: x"), "there is no setting 'tilte'; did you mean 'title'?"),
    "an unknown parameter": (
        with_line("mechanisms: {contacts: {hours_headz: 3}}"),
        "there is no parameter 'hours_headz'; did you mean 'hours_head'?",
    ),
    "an unknown mechanism": (with_line("mechanisms: {contact: {heads: 3}}"), "mechanisms has no 'contact'; did you mean 'contacts'?"),
    "a value out of bounds": (with_line("mechanisms: {contacts: {hours_head: 999}}"), "hours_head = 999 lies outside"),
    "an unknown shock": (
        with_line("shocks: [{kind: travel_closur}]", "shocks"),
        "no shock 'travel_closur'; did you mean 'travel_closure'?",
    ),
    "an unknown protocol": (with_line("protocol: nsh"), "no protocol 'nsh'; did you mean 'nash'?"),
    "a month that is none": (with_line("end: 2019-13", "end"), "end: month '2019-13'"),
    "a key given twice": twice("title", "title: Again"),
    "a nested key given twice": (with_line("shocks: [{kind: a, kind: b}]", "shocks"), "kind is given 2 times"),
    "a twin that is not there": (with_line("counterfactual_of: baselin", "counterfactual_of"), "did you mean 'baseline'?"),
    "a twin of itself": (
        with_line("counterfactual_of: bad", "counterfactual_of"),
        "counterfactual_of names 'bad', which is no other scenario",
    ),
    **{f"no {word}": (with_line("", word), f"{word} is missing") for word in scenario.WORDS},
    "a title without words": (with_line("title: ' '", "title"), "title is missing"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_fault_in_a_scenario_is_one_sentence_that_names_the_file(name: str, written: Any, refusal: Callable[[list[str]], str]) -> None:
    text, sentence = BAD[name]
    written(text)
    error = refusal(["scenarios=bad"])
    assert error.startswith("error: scenarios/bad.yaml: ") and sentence in error
    assert not Path("outputs").exists()


def test_a_file_that_is_no_text_is_refused(written: Any, tmp_path: Path) -> None:
    written("")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"scenarios/bad\.yaml cannot be read"):
        load_scenario("bad")


def test_a_scenario_that_cannot_be_loaded_stops_only_itself(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    written("")
    assert main(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "could not be loaded scenario bad scenarios/bad.yaml: it is empty" in shown
    assert "Who would sign with whom" in shown
    assert load_scenario("baseline")["scenarios"] == "baseline"


def test_what_a_caller_does_with_a_scenario_stays_with_the_caller() -> None:
    load_scenario("baseline")["negotiated"].clear()
    assert load_scenario("baseline")["negotiated"]


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_on_the_shelf_can_be_run(name: str) -> None:
    assert configure(load_scenario(name)).scenario == name
