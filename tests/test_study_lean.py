"""What a study adds to its runs is small: shared work is done once, and neither worker nor parent keeps what it does not need."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import RANDOM, SMALL, digest, finished, here, small
from worlds import another_process

from sim import engine
from sim.params import canonical
from sim.recorder import RunData
from sim.study import design, manage, pools, work
from sim.study.design import Row, n_rows, rows_of, write_design
from sim.study.draws import Configurations, opened_at
from sim.study.gathered import Gathered
from sim.study.plan import plan_of
from sim.study.store import Round
from sim.study.work import Worker

ROOT = Path(__file__).resolve().parent.parent
HEADS = "mechanisms.contacts.hours_head"
MIXED: dict[str, Any] = {
    HEADS: {},
    "mechanisms.trust.memory": {},
    "agreements.transfer_framework.judge_bar": {},
    "protocol": {"values": ["nash", "alternating_offers"]},
    "protocol.contacts_to_conclude": {"low": 3, "high": 20},
    "candidates": {"low": 5, "high": 9},
}


@given(st.integers(0, 30))
def test_the_text_cut_open_is_the_text_of_the_whole_configuration(seed: int) -> None:
    factors = {path: value for path, value in MIXED.items() if path != "protocol"}
    plan = plan_of({"factors": factors, "sampler": {"kind": "random", "size": 3, "seed": seed}})
    values, made = plan.values(), Configurations(plan)
    for draw in range(3):
        config, text = made.written(Row(draw, draw, 0, "baseline", False, {path: column[draw] for path, column in values.items()}))
        assert text == engine.text_of(config.tree) == canonical({**config.tree, "data": {**config.tree["data"], "folder": None}})


def test_parameters_that_a_configuration_lacks_are_left_to_be_refused() -> None:
    config = Configurations(small()).config(Row(0, 0, 0, "baseline", False, {HEADS: 1.0, "protocol": "nash"}))
    opened = opened_at(config, [HEADS, "protocol.nothing"])
    assert opened.order == (HEADS,) and opened.text({HEADS: config.mechanisms["contacts"].hours_head}) == engine.text_of(config.tree)


def test_settings_of_a_worker_are_those_made_from_nothing_and_a_roster_is_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, real = [], engine.load_roster
    plan = plan_of({**RANDOM, "scenarios": ["baseline", "pandemic_lockdown"], "replicates": 1})
    folder = manage.begin(plan, tmp_path)
    worker = Worker(folder)
    rows = list(rows_of(folder, [(0, plan.n_runs)], worker.paths))
    with monkeypatch.context() as patched:
        patched.setattr(engine, "load_roster", lambda *words: loaded.append(words) or real(*words))
        made = [worker.setting(row) for row in rows]
    # The two scenarios know the pandemic's years otherwise, so that each has a roster, for all its runs.
    assert len(rows) == 6 and [spec.pandemic for spec, *_ in loaded] == ["smoothed", "recorded"]
    for row, setting in zip(rows, made, strict=True):
        alone = engine.assemble(worker.configurations.config(row))
        assert (setting.digest, setting.codes, setting.type_names) == (alone.digest, alone.codes, alone.type_names)
        assert np.array_equal(setting.identity, alone.identity) and np.array_equal(setting.negotiated, alone.negotiated)
        assert setting.edges.row.tolist() == alone.edges.row.tolist()


@pytest.mark.slow
@given(st.integers(1, 9), st.integers(0, 23), st.integers(1, 12))
def test_rows_are_the_same_however_the_design_is_cut_into_groups(rows_a_group: int, first: int, length: int) -> None:
    import tempfile

    plan = small(scenarios=["pandemic_lockdown"], twin=True)
    wanted = [(first, min(24, first + length)), (0, 2)]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two, pytest.MonkeyPatch.context() as patched:
        write_design(Path(one), plan)
        patched.setattr(design, "ROWS_A_GROUP", rows_a_group)
        write_design(Path(two), plan)
        assert n_rows(Path(one)) == n_rows(Path(two)) == 24
        found = list(rows_of(Path(two), wanted, [HEADS]))
        assert found == list(rows_of(Path(one), wanted, [HEADS]))
        assert [row.run for row in found] == [run for begin, end in wanted for run in range(begin, end)]


@pytest.mark.slow
def test_a_table_does_not_depend_on_how_the_design_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digest(finished(tmp_path))
    monkeypatch.setattr(design, "ROWS_A_GROUP", 5)
    assert digest(finished(tmp_path)) == digest(finished(tmp_path, chunk=3)) == whole


def a_run(scalars: dict[str, float]) -> RunData:
    months = np.array([3, 4])
    return RunData(0, "d", months, scalars, {name: np.full(2, value) for name, value in scalars.items()}, {}, {}, {}, {})


def test_runs_with_other_scalars_stand_in_one_table_with_gaps() -> None:
    gathered = Gathered(7, monthly=True)
    for run, scalars in enumerate(({"a": 1.0, "b": 2.0}, {"b": 4.0, "c": 5.0})):
        gathered.add(Row(run, 0, 0, "baseline", False, {}), 0.5, a_run(scalars), "id")
    gathered.add(Row(2, 0, 0, "baseline", False, {}), 0.5, None, error="it broke", config="{}")
    table = gathered.table().to_pydict()
    assert table["status"] == ["done", "done", "failed"] and gathered.failed == 1 and len(gathered) == 3
    assert table["round"] == [7, 7, 7] and table["error"] == ["", "", "it broke"] and table["digest"] == ["d", "d", ""]
    assert [table[name][at] for name, at in (("a", 0), ("b", 0), ("b", 1), ("c", 1))] == [1.0, 2.0, 4.0, 5.0]
    assert all(np.isnan(table[name][at]) for name, at in (("a", 1), ("a", 2), ("b", 2), ("c", 0), ("c", 2)))
    months = gathered.months().to_pydict()
    assert months["run"] == [0, 0, 1, 1] and months["month"] == [3, 4, 3, 4] and months["b"] == [2.0, 2.0, 4.0, 4.0]


def test_the_parent_hands_out_a_few_shards_at_a_time_and_sends_each_its_own_runs_only(tmp_path: Path) -> None:
    sent: list[tuple[Round, Any]] = []

    class Slow(Executor):
        """Does the eldest shard only when it is asked for room."""

        def submit(self, task: Any, /, *words: Any, **_: Any) -> Future[Any]:
            assert task is work.work
            future: Future[Any] = Future()
            sent.append((words[1], words[2]))
            future.set_result({"runs": 1, "failed": 0})
            return future

    heard: list[int] = []
    scattered = Round(3, tuple((2 * n, 2 * n + 1) for n in range(500)), 2)
    most: list[int] = []
    assert (
        pools.carry_out(tmp_path, scattered, executor=Slow(), heard=lambda *_: (heard.append(1), most.append(len(sent) - len(heard)))[0])
        == 0
    )
    assert len(sent) == len(heard) == 250 and max(most) <= 2 * pools.cores()
    assert all(which.ranges == part and which.number == 3 for which, part in sent)
    assert {which.shard(part) for which, part in sent} == {scattered.shard(part) for part in scattered.chunks()}


def test_a_study_imports_neither_pandas_nor_mesa(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from studies import finished\n"
        "from sim.study import status\nfrom sim.study.check import check\n"
        f"folder = finished(Path({str(tmp_path)!r}))\n"
        "assert check(folder) == [] and 'complete' in status.status(folder)\n"
        "print(sorted({'pandas', 'mesa', 'networkx'} & set(sys.modules)))\n"
    )
    assert another_process(code) == "[]"


def test_growing_streams_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(design, "ROWS_A_GROUP", 4)
    folder = manage.begin(plan_of(RANDOM), tmp_path)
    before = list(rows_of(folder, [(0, 9)], [HEADS]))
    manage.resume(folder, here)
    assert manage.grow(folder, size=5, replicates=4) == 11
    assert list(rows_of(folder, [(0, 9)], [HEADS])) == before
    manage.resume(folder, here)
    larger = {**SMALL, "sampler": {"kind": "random", "size": 5}, "replicates": 4}
    whole = manage.begin(plan_of(larger), tmp_path)
    manage.resume(whole, here)
    assert digest(folder) == digest(whole)
