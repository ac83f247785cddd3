"""The Python door: what ``run`` takes and says, NumPy's numbers, paths of any kind, tables of all seeds, copies of what is under way."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from sim import DiplomacyModel, Game, run
from sim.params import DEFAULTS, SETTINGS
from sim.recorder import Recorder
from sim.run import Result
from sim.single import prepare
from sim.state.world import World, snapshot
from sim.study import run_study
from sim.study.plan import plan_of
from sim.study.store import read_manifest
from sim.types import UserError

TINY: dict[str, Any] = {"start": "2019-11", "end": "2020-01", "roster": {"states": ["DEU", "GBR", "USA"]}}
COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda thing: pickle.loads(pickle.dumps(thing)),
}


@pytest.fixture(scope="module")
def one() -> Result:
    return run(seed=7, **TINY)


@pytest.fixture(scope="module")
def several() -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.batch.cores", lambda: 1)
        return run(seed=7, seeds=3, **TINY)


def test_every_setting_is_a_named_parameter_of_run_with_its_default() -> None:
    named = inspect.signature(run).parameters
    assert {*DEFAULTS, *SETTINGS} - {"scenarios"} <= set(named)
    for key in ("seed", "seeds", "record", "counterfactual"):
        assert named[key].default == SETTINGS[key]
    told = inspect.getdoc(run) or ""  # of the function, whichever import gave it
    assert all(f"{key}" in told for key in named)


def test_types_are_shipped_with_both_packages() -> None:
    import analysis
    import sim

    for package in (sim, analysis):
        assert Path(str(package.__file__)).with_name("py.typed").exists()


def test_a_setting_may_be_named_as_the_command_line_names_it(one: Result) -> None:
    heads = run(seed=7, mechanisms={"contacts": {"hours_head": 2.0}}, **TINY).runs[0].digest
    assert heads != one.runs[0].digest
    assert run(seed=7, set={"mechanisms.contacts.hours_head": 2.0}, **TINY).runs[0].digest == heads
    assert run(seed=7, **{"mechanisms.contacts.hours_head": 2.0}, **TINY).runs[0].digest == heads
    plain = {"roster.states": ["DEU", "GBR", "USA"], "start": "2019-11", "end": "2020-01", "seed": 7}
    assert run(set=plain).runs[0].digest == one.runs[0].digest
    assert DiplomacyModel(seed=7, **{"mechanisms.contacts.hours_head": 2.0}, **TINY).run().digest == heads


def test_a_dotted_name_reaches_protocols_and_shocks() -> None:
    config, _ = prepare({"protocol": "alternating_offers", "protocol.caution": 0.25})
    assert config.protocol.name == "alternating_offers" and config.tree["protocol"]["caution"] == 0.25
    config, _ = prepare({"scenarios": "pandemic_lockdown", "shocks.travel_closure.strength": 0.25})
    assert [shock["strength"] for shock in config.tree["shocks"] if shock["kind"] == "travel_closure"] == [0.25]
    twin, _ = prepare({"scenarios": "pandemic_lockdown", "counterfactual": True, "shocks.travel_closure.strength": 0.25})
    assert twin.tree["shocks"] == []


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ({"mechanisms.contacts.hours_heads": 2.0}, "did you mean 'hours_head'"),
        ({"mechanism.contacts.hours_head": 2.0}, "there is no setting 'mechanism'"),
        ({"start.month": 2}, "start must be|month"),
        ({"seed": "7", "seed.x": 1}, "seed.x lies in seed"),
        ({"shocks.travel_closure.strength": 0.5}, "no shock of kind travel_closure"),
        ({"shocks.travel_closure": 0.5}, "shocks.KIND.PARAMETER"),
        ({7: 1}, "is a word, not 7"),
    ],
)
def test_a_wrong_name_is_refused_in_a_sentence(tree: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        prepare(tree)
    with pytest.raises(UserError, match="set must hold settings by name"):
        prepare({}, [("seed", 7)])  # type: ignore[arg-type]


NUMPY: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"seed": np.int64(7)}, {"seed": 7}),
    ({"seed": np.uint8(7)}, {"seed": 7}),
    ({"seed": 7.0}, {"seed": 7}),
    ({"seed": np.float32(7.0)}, {"seed": 7}),
    ({"seed": np.array(7)}, {"seed": 7}),
    ({"roster": {"states": np.array(["DEU", "USA"])}}, {"roster": {"states": ["DEU", "USA"]}}),
    ({"roster": {"states": ("DEU", "USA")}}, {"roster": {"states": ["DEU", "USA"]}}),
    ({"roster": {"states": np.array([2, 200])}}, {"roster": {"states": ["2", "200"]}}),
    ({"negotiated": np.array(["infrastructure_pact"])}, {"negotiated": ["infrastructure_pact"]}),
    ({"mechanisms": {"contacts": {"hours_head": np.float32(2.0)}}}, {"mechanisms": {"contacts": {"hours_head": 2.0}}}),
    ({"mechanisms": {"contacts": {"hours_head": np.int8(2)}}}, {"mechanisms": {"contacts": {"hours_head": 2.0}}}),
    ({"candidates": np.int16(8)}, {"candidates": 8}),
    ({"counterfactual": np.False_}, {"counterfactual": False}),
    (
        {"shocks": [{"kind": np.str_("travel_closure"), "strength": np.float64(0.5)}]},
        {"shocks": [{"kind": "travel_closure", "strength": 0.5}]},
    ),
]


@pytest.mark.parametrize(("given", "meant"), NUMPY)
def test_numbers_and_arrays_of_numpy_count_as_numbers_and_lists(given: dict[str, Any], meant: dict[str, Any]) -> None:
    one, two = prepare(given), prepare(meant)
    assert one[0].digest == two[0].digest and one[1] == two[1]
    assert plan_of({"seed": np.int64(3), "replicates": 4.0}).n_runs == 4


@pytest.mark.parametrize("value", [True, np.True_, 7.5, np.float64(7.5), "7", None, float("nan"), float("inf"), [7], np.array([7, 8])])
def test_what_is_no_whole_number_is_no_seed(value: Any) -> None:
    with pytest.raises(UserError, match="seed"):
        prepare({"seed": value})


@pytest.mark.parametrize("states", [[False], [1e3], [None], "DEU", {"DEU": 1}])
def test_a_code_that_was_read_as_something_else_is_refused(states: Any) -> None:
    with pytest.raises(UserError, match=r"roster\.states must be a list of codes"):
        prepare({"roster": {"states": states}})


class Somewhere:
    """A path of somebody's own."""

    def __fspath__(self) -> str:
        return "mine"


def test_outputs_may_be_any_path(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    short = {**TINY, "end": "2019-11", "record": "scalars"}
    for outputs, where in (
        ("~/x", here / "x"),
        (Path("y"), here / "y"),
        (Somewhere(), here / "mine"),
        (str(PurePosixPath("z/z")), here / "z" / "z"),
    ):
        result = run(outputs=outputs, **short)
        assert result.folder is not None and result.folder.parent == where and (result.folder / "manifest.json").exists()
    with pytest.raises(UserError, match="no such home folder"):
        run(outputs="~nobody_of_that_name/x", **short)
    with pytest.raises(UserError, match="outputs must be the path of a folder"):
        run(outputs=b"bytes", **short)  # type: ignore[arg-type]


def test_a_change_of_the_working_folder_loses_nothing(here: Path) -> None:
    (here / "else").mkdir()
    result = run(outputs="out", heard=lambda _: os.chdir(here / "else"), **TINY)
    assert result.folder == here / "out" / "baseline-nash-0-001" and (result.folder / "manifest.json").exists()
    assert not list((here / "else").iterdir())


def test_relative_paths_are_those_of_the_working_folder_in_workers_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.data

    (here / "mine" / "tables").mkdir(parents=True)
    states = Path(str(sim.data.__file__)).with_name("un") / "states.csv"
    (here / "mine" / "tables" / "states.csv").write_text(states.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(here / "mine")
    monkeypatch.setattr("sim.batch.cores", lambda: 2)
    result = run(seeds=2, data={"folder": "tables"}, record="scalars", **{**TINY, "end": "2019-11"})
    assert len(result.runs) == 2


def test_a_worker_that_is_killed_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.batch.cores", lambda: 2)
    monkeypatch.setattr("sim.batch._work", os._exit)
    with pytest.raises(UserError, match="a worker was killed"):
        run(seeds=2, record="scalars", **{**TINY, "end": "2019-11"})


def test_a_study_takes_numbers_of_numpy_and_paths(here: Path) -> None:
    study = {
        "set": {**TINY, "end": "2019-11"},
        "factors": {"mechanisms.contacts.hours_head": {"values": np.array([1.0, 2.0])}},
        "replicates": np.int64(1),
    }
    folder = run_study(study, outputs=here / "out", workers=1)
    assert read_manifest(folder)["runs"] == 2 and read_manifest(folder)["status"] == "complete"


def test_several_seeds_never_pass_for_one(several: Result, one: Result) -> None:
    for name in ("series", "scalars"):
        with pytest.raises(UserError, match=rf"3 seeds.*result\.runs\[0\]\.{name}.*to_frame"):
            getattr(several, name)
        assert getattr(one, name) == getattr(one.runs[0], name) or name == "series"
    assert "seeds 7 to 9" in repr(several) and "3 digests" in repr(several)
    assert f"digest {one.runs[0].digest}" in repr(one)


def test_a_frame_holds_every_seed_with_dates(several: Result) -> None:
    frame = several.to_frame()
    assert len(frame) == 9 and frame["run"].tolist() == [7] * 3 + [8] * 3 + [9] * 3
    assert [str(day)[:10] for day in frame["month"][:3]] == ["2019-11-01", "2019-12-01", "2020-01-01"] and frame["month"].dtype.kind == "M"
    for row, record in enumerate(several.runs):
        for name, values in record.series.items():
            assert np.array_equal(frame[name][3 * row : 3 * row + 3], values, equal_nan=True)
    scalars = several.to_frame("scalars")
    assert scalars["contacts_visit"].tolist() == [record.scalars["contacts_visit"] for record in several.runs]
    events = several.to_frame("events")
    assert len(events) == sum(len(record.events["month"]) for record in several.runs) and set(events["run"]) == {7, 8, 9}
    with pytest.raises(UserError, match="did you mean 'scalars'"):
        several.to_frame("scalar")
    with pytest.raises(UserError, match="record=full"):
        several.to_frame("offers")


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("plain", [False, True])
def test_a_model_copied_under_way_goes_on_to_the_same_digest_and_shares_nothing(how: str, plain: bool, one: Result) -> None:
    model = DiplomacyModel(seed=7, plain=plain, **TINY)
    model.step()
    twin = COPIES[how](model)
    assert not shared(model.world, twin.world) and twin.month == model.month
    twin.step()
    assert model.month == "2019-12" and twin.month == "2020-01" and len(model.datacollector.model_vars["month"]) == 1
    assert twin.run().digest == model.run().digest == one.runs[0].digest


@pytest.mark.parametrize("how", COPIES)
def test_a_game_copied_under_way_goes_on_to_the_same_digest_and_shares_nothing(how: str) -> None:
    game = Game({**TINY, "scenarios": "baseline"}, seed=np.int64(7), seat="DEU")
    game.advance(np.int32(1))
    twin = COPIES[how](game)
    assert not shared(game.world, twin.world)
    twin.advance()
    assert game.month == "2019-12" and twin.month == "2020-01"
    assert twin.finish().digest == game.finish().digest


@pytest.mark.parametrize("how", COPIES)
def test_results_worlds_and_configurations_can_be_copied(how: str, one: Result) -> None:
    twin = COPIES[how](one)
    assert repr(twin) == repr(one) and twin.setting.digest == one.setting.digest
    config = COPIES[how](one.setting.config)
    assert config.digest == one.setting.config.digest
    world = DiplomacyModel(seed=7, **TINY).world
    other = COPIES[how](world)
    assert all(value.tobytes() == snapshot(world)[name].tobytes() for name, value in snapshot(other).items())


def test_a_record_that_is_not_portable_says_so(one: Result) -> None:
    with pytest.raises(TypeError, match="portable"):
        pickle.dumps(Recorder(one.setting, "scalars"))


def test_a_lever_moved_by_a_number_of_numpy_can_be_copied() -> None:
    model = DiplomacyModel(seed=7, **TINY)
    model.move("mechanisms.contacts.hours_head", np.float64(2.0))
    model.step()
    assert copy.deepcopy(model).run().digest == model.run().digest


def shared(one: World, two: World) -> bool:
    """Say whether two worlds share any array that changes."""
    arrays = [value for value in vars(one).values() if isinstance(value, np.ndarray)]
    others = [value for value in vars(two).values() if isinstance(value, np.ndarray)]
    tables = [column for world in (one, two) for column in [world.events["month"], world.talks["stage"]]]
    return any(np.shares_memory(a, b) for a in arrays for b in others) or np.shares_memory(tables[0], tables[2])
