"""Neutral forms: every mechanism and every layer says what it is when it says nothing, and where that should show."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from sim.contracts import check_contract
from sim.declare.neutral import Neutral
from sim.engine import MONTH, assemble
from sim.neutral import Form, forms
from sim.registry import shelf
from sim.run import run
from sim.scenario import scenario_names
from sim.single import prepare
from sim.types import ModelFault

FORMS = forms()
POSSIBLE = [form for form in FORMS if form.neutral.possible]
FEW: dict[str, Any] = {"roster.states": ["CHE", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "PAK", "USA"], "end": "2019-12"}
EAGER: dict[str, Any] = {"mechanisms.bargaining.propose_rate": 1.0, "protocol.contacts_to_conclude": 2}


@functools.cache
def scalars(scenario: str, told: tuple[tuple[str, Any], ...]) -> dict[str, float]:
    lists = {key: list(value) if isinstance(value, tuple) else value for key, value in told}
    return dict(run(scenario, seed=8, record="scalars", set=lists).runs[0].scalars)


def world(form: Form, settings: dict[str, Any]) -> dict[str, float]:
    told = {**EAGER, **FEW, **settings}
    flat = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    return scalars(form.neutral.scenario, tuple(sorted(flat.items())))


def test_every_mechanism_and_every_layer_has_a_form_and_no_two_are_called_alike() -> None:
    names = [form.name for form in FORMS]
    assert len(names) == len(set(names))
    assert {form.owner for form in FORMS if form.kind == "mechanism"} == {name for _, name in MONTH}
    assert {form.owner for form in FORMS if form.kind == "layer"} == {
        "alliance", "hostility", "affinity", "border", "cables", "organisations", "summit", "trust", "graph",
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_form_is_told_in_both_languages_and_says_where_it_bites_or_why_it_cannot(form: Form) -> None:
    one = form.neutral
    assert one.sentence.endswith(".") and one.sentence_id.endswith(".") and one.sentence != one.sentence_id
    assert one.name.isidentifier() and one.scenario in scenario_names()
    assert bool(one.observable) == one.possible


@pytest.mark.parametrize("form", POSSIBLE, ids=lambda form: form.name)
def test_the_settings_of_a_form_are_settings_of_a_run_and_change_it(form: Form) -> None:
    on, off = (prepare({"scenarios": form.neutral.scenario, **told}) for told in (form.on(), form.off()))
    assert on[0].digest != off[0].digest or on[1].counterfactual != off[1].counterfactual


def test_the_columns_named_are_columns_of_a_run() -> None:
    every = {"negotiated": list(dict(next(form for form in FORMS if form.owner == "conferences").neutral.given)["negotiated"])}
    setting = assemble(prepare({**FEW, **every, "end": "2019-01"})[0])
    metrics = [setting.config.shelves["metric"].build(name) for name in setting.config.shelves["metric"].names()]
    columns = {column for metric in metrics for column in metric.columns(setting)}
    assert {form.neutral.observable for form in POSSIBLE} <= columns


@pytest.mark.parametrize(
    "name",
    [
        "mechanism.contacts.partners_alike",
        "mechanism.bargaining.staff_is_free",
        "mechanism.trust.no_evidence",
        "layer.alliance.zero",
    ],
)
def test_a_form_moves_the_column_that_it_names(name: str) -> None:
    form = next(one for one in FORMS if one.name == name)
    on, off = (world(form, told)[form.neutral.observable] for told in (form.on(), form.off()))
    assert on != off


def test_without_talks_none_open_and_without_summits_none_meet_there() -> None:
    by_name = {form.name: form for form in FORMS}
    assert world(by_name["mechanism.bargaining.no_talks"], by_name["mechanism.bargaining.no_talks"].off())["negotiations_opened"] == 0.0
    meet = [world(by_name["layer.summit.zero"], told)["contacts_summit"] for told in ({}, by_name["layer.summit.zero"].off())]
    assert 0.0 <= meet[1] < meet[0]


@pytest.mark.parametrize("value", [None, (), ("off",), Neutral("x", "A.", "B.")])
def test_a_mechanism_without_a_neutral_form_is_refused(value: Any) -> None:
    cls = type("Other", (shelf("mechanism").get("entry"),), {"neutral": value})
    with pytest.raises(ModelFault, match="neutral"):
        check_contract("mechanism", cls)
