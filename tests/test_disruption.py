"""Closed borders are an overlay: they stop meetings where and while they last, and leave nothing of their own behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import begun, tree

from sim import engine
from sim.__main__ import main
from sim.decide.agenda import Chosen, channels_at_price, spend
from sim.params import configure
from sim.scenario import load_scenario
from sim.single import one_run, prepare
from sim.types import Channel, Event, UserError, month_index

SMALL = {"roster": {"states": ["CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "SGP", "TUV", "USA"]}, "end": "2021-06"}
CLOSED = [{"kind": "travel_closure"}]


def _channels(world: object, month: int) -> np.ndarray:
    events = world.events  # type: ignore[attr-defined]
    held = (events["event"] == Event.CONTACT) & (events["month"] == month)
    return events["channel"][held]


def test_the_twin_differs_from_the_scenario_by_its_shocks_and_nothing_else() -> None:
    treated, _ = prepare({"scenarios": "pandemic_lockdown"})
    twin, _ = prepare({"scenarios": "pandemic_lockdown", "counterfactual": True})
    assert treated.tree["shocks"]
    assert twin.tree == {**treated.tree, "shocks": []}


def test_the_command_line_gives_the_same_twin_as_python(tmp_path: Path) -> None:
    words = ["scenarios=pandemic_lockdown", "counterfactual=true", "end=2020-05", "roster.states=[DEU,SGP,USA]", f"outputs={tmp_path}"]
    assert main([*words, "record=scalars"]) == 0
    (folder,) = tmp_path.iterdir()
    written = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert written["config"]["shocks"] == []
    assert written["counterfactual"] is True


def test_treated_and_twin_are_one_world_until_borders_close() -> None:
    treated = one_run(engine.build({**SMALL, "shocks": CLOSED}), 3, "panels")
    twin = one_run(engine.build(SMALL), 3, "panels")
    before = treated.months < month_index("2020-01")
    assert before.any()
    for name, values in treated.series.items():
        np.testing.assert_array_equal(values[before], twin.series[name][before])
    assert (treated.series["contacts_visit"][~before] < twin.series["contacts_visit"][~before]).any()


def test_a_closure_without_strength_is_no_closure() -> None:
    lifted = one_run(engine.build({**SMALL, "shocks": [{"kind": "travel_closure", "strength": 0.0}]}), 3, "series")
    twin = one_run(engine.build(SMALL), 3, "series")
    for name, values in lifted.series.items():
        np.testing.assert_array_equal(values, twin.series[name])


def test_two_shocks_of_one_kind_for_the_whole_run_are_refused() -> None:
    two = [{"kind": "travel_closure", "strength": 0.4}, {"kind": "travel_closure", "ban": 0.5}]
    with pytest.raises(UserError, match="shocks: two of kind travel_closure would last the whole run"):
        configure({**SMALL, "shocks": two})


WORLD = begun(tree())
engine.step(WORLD)
CHOSEN = spend(WORLD)
OPEN = Chosen(CHOSEN.edge, CHOSEN.rank, np.full(len(CHOSEN.edge), -1, dtype=np.int8))
"""Contacts whose channel is left open."""


@settings(max_examples=15)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 1000))
def test_more_closure_never_adds_a_visit(one: float, two: float, seed: int) -> None:
    low, high = sorted((one, two))
    WORLD.seed, WORLD.hour_price[:] = seed, 0.05
    visits = []
    for closure in (low, high):
        WORLD.closure[:] = closure
        visits.append(channels_at_price(WORLD, OPEN)[0].channel == Channel.VISIT)
    assert not (visits[1] & ~visits[0]).any()
    WORLD.closure[:] = 0.0
    assert (channels_at_price(WORLD, OPEN)[0].channel == Channel.VISIT).any()


def test_where_borders_are_shut_nobody_meets_in_person_and_without_bandwidth_nobody_meets_on_video() -> None:
    world = begun(tree())
    engine.step(world)
    world.closure[:] = 1.0
    world.array("skill")[:], world.array("skill_with")[:] = 1.0, 1.0
    for shut in (spend(world), channels_at_price(world, OPEN)[0]):
        assert not np.isin(shut.channel, (Channel.VISIT, Channel.SUMMIT)).any()
        assert (shut.channel == Channel.VIDEO).any()
    world.bandwidth[:] = 0.0
    for dark in (spend(world), channels_at_price(world, OPEN)[0]):
        assert not (dark.channel == Channel.VIDEO).any()


def test_heads_come_to_the_assembly_by_video_when_the_host_is_closed_and_in_person_when_it_is_open() -> None:
    world = begun(tree(start="2019-09", end="2020-10"))
    assembly = world.setting.config.mechanisms["assembly"]
    for closure, channel in ((0.0, Channel.VISIT), (1.0, Channel.VIDEO)):
        world.closure[:] = closure
        before = len(world.events)
        assembly.step(world, None)
        assert len(world.events) > before
        assert (world.events["channel"][before:] == channel).all()
        assert (world.events["event"][before:] == Event.ATTENDANCE).all()


def test_no_assembly_is_held_outside_its_month() -> None:
    world = begun(tree(start="2019-08", end="2019-12"))
    before = len(world.events)
    world.setting.config.mechanisms["assembly"].step(world, None)
    assert len(world.events) == before


@pytest.mark.parametrize(
    ("shocks", "words"),
    [
        ([{"kind": "travel_closur"}], "did you mean 'travel_closure'?"),
        ([{"kind": "travel_closure", "strenght": 0.5}], "did you mean 'strength'?"),
        ([{"kind": "travel_closure", "strength": 1.5}], "lies outside 0.0 to 1.0"),
        (["travel_closure"], "each shock must name its kind"),
        ("travel_closure", "shocks must be a list"),
    ],
)
def test_a_wrong_shock_is_refused_in_a_sentence(shocks: object, words: str) -> None:
    with pytest.raises(UserError, match=words.replace("?", r"\?")):
        configure({**SMALL, "shocks": shocks})


def test_the_baseline_has_no_counterfactual() -> None:
    with pytest.raises(UserError, match="has no shocks"):
        load_scenario("baseline", counterfactual=True)
