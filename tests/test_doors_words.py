"""What can be typed: the help that tells it, the defaults behind it, and how words are laid over a scenario."""

from __future__ import annotations

import re
from typing import Any

import pytest

import sim.doors.serve
from sim.__main__ import main
from sim.doors import compose, overrides
from sim.engine import MONTH, order_of_the_month
from sim.params import DEFAULTS, SETTINGS
from sim.registry import KINDS, shelf
from sim.run import prepare
from sim.scenario import load_scenario, scenario_names


def tree_of(*words: str) -> dict[str, Any]:
    _, jobs = overrides.read(list(words))
    return compose.composed(jobs[0])


def test_help_names_every_choice_with_its_sentence_and_the_order_of_the_month(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for kind in KINDS:
        for name in shelf(kind).names():
            assert f"{name} {shelf(kind).get(name).sentence}" in shown
    for name in scenario_names():
        assert f"{name} {load_scenario(name)['question']}" in shown
    assert len(order_of_the_month()) == len(MONTH)
    places = [shown.index(" ".join(line.split())) for line in order_of_the_month()]
    assert places == sorted(places)


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-h"]) == 0
    shown = capsys.readouterr().out
    parts = {"protocol": None, "agreements": None, "mechanisms": None}
    for key, value in {**DEFAULTS, **SETTINGS, **parts}.items():
        for leaf in [f"{key}.{one}" for one in value] if isinstance(value, dict) else [key]:
            assert re.search(rf"(?m)^  {re.escape(leaf)}(\.NAME)?=|\({re.escape(leaf)}\.NAME", shown), leaf


@pytest.mark.parametrize("words", [["--help", "mechanisms.contacts"], ["help", "contacts"], ["-h", "mechanism.contacts"]])
def test_help_on_a_part_lists_its_parameters(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "mechanisms.contacts.PARAMETER=value" in shown
    assert "hours_head = 14    0 to 200 hours a month" in shown


def test_help_tells_a_scenario_and_a_choice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "scenarios=baseline", "protocol=alternating_offers"]) == 0
    shown = capsys.readouterr().out
    assert "No border closes" in shown and "one of boulware, linear, conceder" in shown


def test_nothing_typed_gives_the_help_and_version_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "usage" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert re.fullmatch(r"cloud-diplomacy \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_what_nobody_typed_is_what_python_takes_for_granted() -> None:
    config, chosen = prepare(tree_of())
    plain, default = prepare({})
    assert (config.digest, chosen) == (plain.digest, default)


def test_every_parameter_can_be_set_from_the_command_line() -> None:
    for protocol in shelf("protocol").names():
        keys = list(overrides._leaves_of(overrides.settable(protocol), ""))
        values = prepare({"protocol": {"name": protocol}})[0].tree
        words = [f"protocol={protocol}"]
        for key in keys:
            steps = key.split(".")
            if steps[0] in ("protocol", "agreements", "mechanisms"):
                value: Any = values
                for step in steps:
                    value = value[step]
                words.append(f"{key}={str(value).lower() if isinstance(value, bool) else value}")
        assert prepare(tree_of(*words))[0].tree == values


def test_a_scenario_may_choose_a_protocol_and_the_words_typed_win(monkeypatch: pytest.MonkeyPatch) -> None:
    story = {**load_scenario("baseline"), "protocol": {"name": "alternating_offers", "deadline_rounds": 9}, "end": "2020-01"}
    story["mechanisms"] = {"contacts": {"hours_head": 2.5}}
    for room in (overrides, compose):
        monkeypatch.setattr(room, "load_scenario", lambda name: story)
    own = tree_of()
    assert own["protocol"]["name"] == "alternating_offers" and own["protocol"]["deadline_rounds"] == 9
    assert own["mechanisms"]["contacts"]["hours_head"] == 2.5 and own["end"] == "2020-01"
    typed = tree_of("protocol=nash", "mechanisms.contacts.hours_head=1", "end=2021-01")
    assert typed["protocol"]["name"] == "nash" and "deadline_rounds" not in typed["protocol"]
    assert typed["mechanisms"]["contacts"]["hours_head"] == 1 and typed["end"] == "2021-01"
    assert "story" not in typed and typed["shocks"] == []


def test_the_options_named_are_the_options_taken() -> None:
    assert {"-m", "-h", "--help", "--version"} <= set(sim.doors.serve.OPTIONS)
