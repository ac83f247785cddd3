"""A background: shocks that a world and its twin carry alike, which are no shocks of the scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_scenario_files import HEAD

from sim import engine, run
from sim.params import configure
from sim.scenario import load_scenario, scenario_names
from sim.shocks.sanctions import Sanctions
from sim.single import prepare
from sim.study.factors import base_tree
from sim.types import UserError, month_index

FEW = ["CHN", "DEU", "FRA", "GBR", "RUS", "UKR", "USA"]
SMALL: dict[str, Any] = {"roster": {"states": FEW}, "end": "2019-03"}
BOTH = [{"kind": "sanctions"}, {"kind": "election"}]


def names(config: Any) -> tuple[list[str], list[str]]:
    return [one.name for one in config.shocks], [one.name for one in config.background]


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_on_the_shelf_carries_recorded_politics(name: str) -> None:
    # Where the question is what platforms or vaccine do, borders close in the world and in its twin alike.
    more = {
        "video_platforms": ["travel_closure"],
        "vaccine_linkage": ["attendance_rules", "travel_closure"],
        "pandemic_lockdown": ["platform_bans"],
        "china_cloud_diplomacy": ["platform_bans"],
    }
    assert sorted(names(prepare({"scenarios": name})[0])[1]) == sorted(["election", "sanctions", *more.get(name, [])])


def test_a_world_and_its_twin_carry_the_same_background() -> None:
    world, twin = (prepare({"scenarios": "pandemic_lockdown", "counterfactual": twin, **SMALL})[0] for twin in (False, True))
    background = ["election", "platform_bans", "sanctions"]
    assert names(world) == (["attendance_rules", "travel_closure"], background) and names(twin) == ([], background)
    assert world.tree["background"] == twin.tree["background"]
    barred = []
    for config in (world, twin):
        lived = engine.start(engine.assemble(config), 1)
        engine.step(lived)
        barred.append(lived.barred.copy())
        assert len(lived.felt) == 0, "it is no disturbance of this world"
    np.testing.assert_array_equal(*barred)
    assert barred[0].any()


def test_a_scenario_with_a_background_alone_has_no_twin() -> None:
    with pytest.raises(UserError, match="has no shocks, so it has no counterfactual"):
        load_scenario("baseline", counterfactual=True)


def test_a_shock_or_an_event_of_the_same_kind_stands_in_for_it() -> None:
    own = configure({"background": BOTH, "shocks": [{"kind": "sanctions", "level": 0.8}]})
    assert names(own) == (["sanctions"], ["election"]) and own.shocks[0].level == 0.8
    event = {"kind": "election", "from": "2019-02", "until": "2019-03", "source": "x"}
    dated = configure({"background": BOTH, "events": [event]})
    assert names(dated) == ([], ["sanctions"]) and [one.kind for one in dated.events] == ["election"]


def test_it_is_there_unless_an_empty_list_leaves_it_out_and_a_tree_says_which() -> None:
    assert names(configure({})) == ([], ["election", "sanctions"])
    bare = prepare({"background": [], **SMALL})[0]
    assert names(bare) == ([], []) and bare.tree["background"] == []
    for config in (bare, configure({})):
        assert configure({key: value for key, value in config.tree.items() if key != "scenario"}).tree == config.tree


def test_a_parameter_of_a_shock_is_set_where_it_stands_in_both_worlds() -> None:
    for twin in (False, True):
        config = prepare({"scenarios": "pandemic_lockdown", "counterfactual": twin, "shocks.sanctions.level": 0.3, **SMALL})[0]
        assert [one.level for one in config.background if isinstance(one, Sanctions)] == [0.3]
        tree = base_tree("pandemic_lockdown", twin, {"shocks.sanctions.level": 0.3})
        assert {one["kind"]: one.get("level") for one in tree["background"]} == {"sanctions": 0.3, "election": None, "platform_bans": None}


def test_a_run_tells_its_background_and_the_command_repeats_it(tmp_path: Path) -> None:
    first = run(outputs=tmp_path, **{"shocks.sanctions.level": 0.4}, **SMALL)
    assert first.folder is not None
    text = (first.folder / "manifest.json").read_text(encoding="utf-8")
    assert '"kind": "sanctions"' in text and "level:0.4" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "background: sanctions\n", "background must be a list such as"),
        (HEAD + "background: [{level: 0.5}]\n", "each shock of the background must name its kind"),
        (HEAD + "background: [{kind: sanction}]\n", "did you mean 'sanctions'"),
        (HEAD + "background: [{kind: sanctions}, {kind: sanctions, level: 0.8}]\n", "background: two of kind sanctions would last"),
    ],
)
def test_a_background_that_cannot_be_is_refused_in_one_sentence(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        load_scenario(tmp_path / "own.yaml")


def test_bars_are_looked_at_anew_only_where_a_row_begins_or_ends_or_members_change() -> None:
    setting = engine.build({"start": "2019-01", "end": "2020-12", "roster": {"states": FEW}, "shocks": [{"kind": "sanctions"}]})
    world, shock = engine.start(setting, 1), Sanctions()
    turns = {int(m) for name in ("sanctions", "wars") for ends in ("start", "until") for m in getattr(setting.roster.spells[name], ends)}
    before = None
    for month in range(month_index("2019-01"), month_index("2020-12")):
        now = shock.barred(world, month)
        np.testing.assert_array_equal(now, np.flatnonzero(shock._find(world, month)))
        assert before is None or month in turns or now is before, month
        before = now
    member = world.member.copy()
    world.member[:] = False
    assert len(shock.barred(world, month)) < len(before)
    world.member[:] = member
    np.testing.assert_array_equal(shock.barred(world, month), before)


def test_what_is_known_until_a_month_goes_on_in_the_bars() -> None:
    frozen = {"known_until": "2019-06", "states": ["BLR", "FRA", "RUS", "UKR", "USA"]}
    config = prepare({"end": "2022-06", "roster": frozen, "data": {}})[0]
    world = engine.start(engine.assemble(config), 1)
    told = []
    while world.month <= config.end:
        engine.step(world)
        told.append(int(world.barred.sum()))
    assert told[0] > 0 and len(set(told[6:])) == 1, "what stood in June 2019 stays, and nothing later begins"
