"""Runs that kill their process or hang are results like others: told with their reason, and nothing waits for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deadly import deadly, plain
from studies import here, rows

from sim.single import load_parts
from sim.study import lone, manage, notes, pools, run_study, work
from sim.study.gathered import Gathered
from sim.study.plan import plan_of
from sim.study.shards import index_of, shard_names
from sim.study.store import Round, new_round, read_manifest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _parts_leave_the_shelves() -> Iterator[None]:
    yield
    load_parts(None)


def reasons(folder: Path) -> dict[int, str]:
    return {row["run"]: row["error"] for row in rows(folder, "failed.parquet")}


@pytest.mark.slow
def test_a_run_that_kills_its_worker_fails_with_the_reason_and_all_others_are_done(tmp_path: Path) -> None:
    parts = deadly(tmp_path, {1: "SIGSEGV", 4: "exit 9"})
    folder = run_study(plain(), outputs=tmp_path, parts=parts, workers=2)
    assert reasons(folder) == {1: "the run ended its process: SIGSEGV", 4: "the run ended its process: exit code 9"}
    assert [row["run"] for row in rows(folder)] == [0, 2, 3, 5]
    assert json.loads(rows(folder, "failed.parquet")[0]["config"])["seed"] == 1
    assert notes.notes(folder) == []


def in_another_process(code: str) -> subprocess.CompletedProcess[str]:
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    import os

    return subprocess.run([sys.executable, "-c", code], env={**os.environ, **path}, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_run_that_kills_the_only_process_is_found_by_the_next_attempt(tmp_path: Path) -> None:
    parts = deadly(tmp_path, {4: "SIGKILL"})
    load_parts(parts)
    folder = manage.begin(plan_of(plain()), tmp_path, parts)
    code = f"from pathlib import Path\nfrom sim.study import manage\nfrom studies import here\nmanage.resume(Path({str(folder)!r}), here)"
    assert in_another_process(code).returncode == -9
    left = notes.notes(folder)
    assert [(note.state(), note.evidence, note.ranges) for note in left] == [("dead", True, ((3, 6),))]
    manage.resume(folder, here)
    assert reasons(folder) == {4: "the run ended its process: SIGKILL (too little memory?)"}
    assert read_manifest(folder)["runs"] == 6 and notes.notes(folder) == []


def test_a_note_that_a_kill_left_half_written_goes_with_its_writer_and_one_being_written_stays(tmp_path: Path) -> None:
    folder = manage.begin(plan_of(plain()), tmp_path)
    gone = in_another_process("import os; print(os.getpid())").stdout.strip()
    (folder / notes.RUNNING).mkdir(exist_ok=True)
    own = folder / notes.RUNNING / notes.partial_name("part-00000000-00000003-0001.parquet")
    dead = own.with_name(own.name.replace(f".{os.getpid()}.", f".{gone}."))
    for path in (own, dead):
        path.write_text('{"shard": "par', encoding="utf-8")
    assert notes.notes(folder) == []
    notes.prune(folder, range(6))
    assert own.exists() and not dead.exists()


@pytest.mark.slow
def test_a_run_past_its_time_is_ended_and_the_reason_told(tmp_path: Path) -> None:
    parts = deadly(tmp_path, {2: "sleep"})
    folder = run_study(plain(run_timeout=4), outputs=tmp_path, parts=parts, workers=1)
    assert reasons(folder) == {2: "the run went past study.run_timeout = 4 s and was ended"}
    assert index_of(folder).rows == 6, "the shard went on in the same process"


@pytest.mark.slow
def test_a_run_that_hangs_and_hears_no_signal_is_ended_with_its_process(tmp_path: Path) -> None:
    parts = deadly(tmp_path, {2: "deaf"})
    folder = run_study(plain(run_timeout=4), outputs=tmp_path, parts=parts, workers=2)
    assert reasons(folder) == {2: "the run went past study.run_timeout = 4 s and was ended"}
    assert len(rows(folder)) == 5


@pytest.mark.slow
def test_a_run_past_its_time_is_ended_in_a_thread_of_an_executor_too(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    parts = deadly(tmp_path, {2: "deaf"})
    with ThreadPoolExecutor(1) as threads:
        folder = run_study(plain(run_timeout=4, chunk=6), outputs=tmp_path, parts=parts, executor=threads)
    assert reasons(folder) == {2: "the run went past study.run_timeout = 4 s and was ended"}


def test_a_run_that_asks_python_to_leave_stops_nothing(tmp_path: Path) -> None:
    parts = deadly(tmp_path, {0: "sys.exit"})
    folder = run_study(plain(), outputs=tmp_path, parts=parts, workers=1)
    assert list(reasons(folder)) == [0] and "SystemExit: enough" in reasons(folder)[0] and len(rows(folder)) == 5


@pytest.mark.slow
def test_a_broken_executor_leaves_evidence_and_the_next_attempt_goes_run_by_run(tmp_path: Path) -> None:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from sim.types import UserError

    parts = deadly(tmp_path, {1: "SIGABRT"})
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool, pytest.raises(UserError, match="the executor lost 2 shards"):
        run_study(plain(), outputs=tmp_path, parts=parts, executor=pool)
    folder = tmp_path / "study-study-001"
    manage.resume(folder, here)
    assert reasons(folder) == {1: "the run ended its process: SIGABRT"} and len(rows(folder)) == 5


def test_the_run_at_hand_when_a_whole_job_died_is_recorded_by_the_next_attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manage.begin(plan_of(plain()), tmp_path)
    which = new_round(folder, [(0, 6)], 3)
    part = ((0, 3),)
    name = which.shard(part)
    with monkeypatch.context() as job:
        job.setenv("SLURM_ARRAY_JOB_ID", "7")
        job.setenv("SLURM_ARRAY_TASK_ID", "0")
        with notes.at_work(folder, name, part) as note:
            note.write(1)
            left = note.path.read_text()
            said = {**json.loads(left), "process": 999_999_999, "pool": True}
    note.path.with_name(f".{name}.elsewhere.999999999.partial").write_text(json.dumps(said))
    pools.carry_out(folder, which, workers=1)
    from sim.study.collect import collect

    collect(folder)
    assert {run: text[:24] for run, text in reasons(folder).items()} == {1: "the whole job was killed"}


def test_a_shard_that_goes_run_by_run_is_shorter_where_its_process_is_asked_to_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = manage.begin(plan_of(plain()), tmp_path)
    worker, which = work.Worker(folder), Round(1, ((0, 3),), 3)

    def lived(one: work.Worker, number: int, rows: Any, *_: Any) -> Any:
        gathered = Gathered(number, monthly=False)
        one.one(rows[0], gathered)
        yield rows[0], gathered, 0.1

    monkeypatch.setattr(lone, "lived", lived)
    assert worker.shard(which, ((0, 3),), alone=True)["runs"] == 1
    assert shard_names(folder) == ["part-00000000-00000000-0001.parquet"], "the name of the whole would hide the runs that are missing"
    assert list(work.remaining(folder, which, [((0, 3),)])) == [((1, 3),)]


def test_a_damaged_or_foreign_note_stops_nothing(tmp_path: Path) -> None:
    folder = manage.begin(plan_of(plain()), tmp_path)
    (folder / "running").mkdir()
    for text in ("", "5", "[]", '{"shard": 1}'):
        (folder / "running" / f".part-00000000-00000002-0001.parquet.x{len(text)}.1.partial").write_text(text)
    manage.resume(folder, here)
    assert read_manifest(folder)["status"] == "complete"


def test_a_process_that_cannot_begin_is_told_and_not_tried_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.study.work import Worker
    from sim.types import UserError

    folder = manage.begin(plan_of(plain()), tmp_path)
    monkeypatch.setattr(lone.sys, "executable", "/bin/false")
    with pytest.raises(UserError, match="ended 3 times before its first run: exit code 1"):
        Worker(folder).shard(Round(1, ((0, 2),), 2), ((0, 2),), alone=True)


@pytest.mark.parametrize("value", [0, -1, "x", True, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(value: Any) -> None:
    from sim.types import UserError

    with pytest.raises(UserError, match="run_timeout must be a number of seconds"):
        plan_of(plain(run_timeout=value))
