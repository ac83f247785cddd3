"""How far a study is: the same facts for a person and a program, quickly, and never from an index that does not fit."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from studies import finished, here, small

from sim.__main__ import main
from sim.recorder import RunData
from sim.study import indexed, manage, notes, slurm, work
from sim.study.check import check
from sim.study.collect import collect
from sim.study.shards import SHARDS, index_of, shard_names
from sim.study.status import facts, status
from sim.study.store import new_round, read_manifest
from sim.types import ModelFault, UserError


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return finished(tmp_path)


def failing(monkeypatch: pytest.MonkeyPatch, *seeds: int) -> None:
    real = work.one_run

    def one_run(setting: Any, own: int, tier: str) -> RunData:
        if own in seeds:
            raise ModelFault(f"a stock of kind {own} fell below zero")
        return real(setting, own, tier)

    monkeypatch.setattr(work, "one_run", one_run)


def test_status_as_json_tells_all_that_a_program_needs(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(study), "json=true"]) == 0
    told = json.loads(capsys.readouterr().out)
    counts = {key: told[key] for key in ("status", "runs", "done", "failed", "running", "missing", "exit_code", "queue", "stale", "shards")}
    assert counts == {
        "status": "complete", "runs": 12, "done": 12, "failed": 0, "running": 0, "missing": 0, "exit_code": 0, "queue": None, "stale": [],
        "shards": 3,
    }  # fmt: skip
    assert told["rate"] > 0 and told["seconds_a_run"] > 0 and told["failed_by_reason"] == {} and told["damaged"] == {}


def test_failed_runs_are_counted_by_reason_and_the_exit_code_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        failing(patched, 1, 2)
        folder = finished(tmp_path)
    told = facts(folder)
    assert list(told["failed_by_reason"].values()) == [4, 4] and told["exit_code"] == 3 and told["failed"] == 8
    assert all("a stock of kind" in reason for reason in told["failed_by_reason"])
    assert "    4 x sim.types.ModelFault: a stock of kind 1" in status(folder) or "    4 x " in status(folder)
    manage.resume(folder, here)
    assert facts(folder)["failed_by_reason"] == {} and facts(folder)["exit_code"] == 0


def test_the_index_is_read_again_where_a_shard_changed_and_made_anew_where_it_is_wrong(study: Path) -> None:
    before = facts(study)
    assert indexed.quick_index(study).read == 0, "nothing is read twice"
    path = study / SHARDS / shard_names(study)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert indexed.quick_index(study).read == 1 and list(facts(study)["damaged"]) == [path.name]
    path.write_bytes(whole)
    assert facts(study)["done"] == before["done"]
    for text in (b"", b"PK\x03\x04", (study / indexed.FILE).read_bytes()[:-100]):
        (study / indexed.FILE).write_bytes(text)
        assert indexed.quick_index(study).read == 3 and facts(study)["done"] == 12
    path.unlink()
    assert facts(study)["done"] == 7 and facts(study)["missing"] == 5 and facts(study)["exit_code"] is None


def test_neither_check_nor_collect_nor_resume_believes_the_index(study: Path) -> None:
    facts(study)
    path = study / SHARDS / shard_names(study)[1]
    kept = os.stat(path)
    path.write_bytes(b"x" * kept.st_size)
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert facts(study)["damaged"] == {}, "the same name, size and time"
    assert any(path.name in fault for fault in check(study))
    with pytest.raises(UserError, match="is damaged"):
        collect(study)
    manage.resume(study, here)
    assert check(study) == [] and facts(study)["done"] == 12


def test_a_folder_that_cannot_be_written_is_looked_at_all_the_same(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(indexed.np, "savez", refuse)
    assert facts(study)["done"] == 12 and not (study / indexed.FILE).exists() and not list(study.glob(".*.partial"))


def test_ten_thousand_shards_answer_in_a_second(tmp_path: Path) -> None:
    folder = manage.begin(small(replicates=2500, chunk=1), tmp_path)
    which = new_round(folder, [(0, 10_000)], 1)
    work.work(str(folder), which, ((0, 1),))
    first = folder / SHARDS / shard_names(folder)[0]
    for run in range(1, 10_000):
        os.link(first, folder / SHARDS / which.shard(((run, run + 1),)))
    known = indexed._read(folder, first.name, None, monthly=False)
    stat = os.stat(first)
    pieces = [
        {**known, "run": np.array([run]), "name": which.shard(((run, run + 1),)), "key": (stat.st_size, stat.st_mtime_ns), "series": (0, 0)}
        for run in range(10_000)
    ]
    indexed._keep(folder, pieces)
    begun = time.process_time()
    told = facts(folder)
    assert told["done"] == 10_000 and told["shards"] == 10_000
    assert time.process_time() - begun < 1.5, "a second on a quiet machine, with room for a busy one"


def test_notes_of_another_machine_that_is_silent_are_stale(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    with notes.at_work(folder, "part-00000000-00000004-0001.parquet", ((0, 5),)) as note:
        said = {**json.loads(note.path.read_text()), "host": "node17", "job": "12_3"}
        assert facts(folder)["running"] == 5
    other = folder / "running" / ".part-00000000-00000004-0001.parquet.node17.5.partial"
    other.write_text(json.dumps(said))
    assert facts(folder)["running"] == 5 and facts(folder)["stale"] == []
    old = time.time() - 2 * notes.SILENT
    os.utime(other, (old, old))
    assert [(one["host"], one["job"], one["state"]) for one in facts(folder)["stale"]] == [("node17", "12_3", "silent")]
    assert "job 12_3 on node17 was at work on part-00000000-00000004-0001.parquet and is silent" in status(folder)


@pytest.mark.parametrize(("queue", "state"), [(("12_3", "RUNNING"), "live"), (("12_4", "RUNNING"), "dead"), (("12", "RUNNING"), "live")])
def test_notes_of_another_machine_are_judged_by_the_queue(
    queue: tuple[str, str], state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "queued", lambda: frozenset({queue[0]}))
    with notes.at_work(tmp_path, "part-00000000-00000004-0001.parquet", ((0, 5),)) as note:
        note.path.write_text(json.dumps({**json.loads(note.path.read_text()), "host": "node17", "job": "12_3"}))
        assert notes.notes(tmp_path)[0].state() == state


def test_a_compile_job_that_left_without_success_is_told(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (study / slurm.ROOM).mkdir()
    jobs = [{"kind": "compile", "round": 1, "job": "41", "log": "compile-1-%j.out"}, {"kind": "array", "round": 1, "job": "42", "log": "x"}]
    (study / slurm.ROOM / slurm.JOBS).write_text(json.dumps(jobs))
    monkeypatch.setattr(notes, "queue_rows", lambda: [("41", "RUNNING"), ("42_1", "PENDING"), ("99", "RUNNING")])
    assert facts(study)["queue"] == {"running": 1, "pending": 1} and facts(study)["compile_failed"] == []
    monkeypatch.setattr(notes, "queue_rows", list)
    assert "job 41 ended without success, so its array never starts; see " in status(study)
    assert "compile-1-41.out" in status(study)
    slurm.compiled_mark(study, 1).touch()
    assert facts(study)["compile_failed"] == []


def test_a_part_of_a_study_is_collected_and_says_that_it_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = manage.begin(small(), tmp_path)
    with pytest.raises(UserError, match="holds no run yet"):
        collect(folder, partial=True)
    which = new_round(folder, [(0, 12)], 5)
    work.work(str(folder), which, ((5, 10),))
    (folder / SHARDS / which.shard(((0, 5),))).write_bytes(b"half")
    assert main(["collect", str(folder), "partial=true"]) == 0
    out, err = capsys.readouterr()
    assert "5 runs done, 0 failed, 7 missing" in out and "the table is partial" in err
    manifest = read_manifest(folder)
    assert (manifest["status"], manifest["missing"], manifest["runs"]) == ("partial", 7, 12)
    assert pq.read_table(folder / "scalars.parquet").column("run").to_pylist() == [5, 6, 7, 8, 9]
    assert facts(folder)["status"] == "partial" and "a table of a part of it is there" in status(folder)
    manage.resume(folder, here)
    assert read_manifest(folder)["status"] == "complete" and read_manifest(folder)["missing"] == 0 and check(folder) == []


def test_a_shard_of_an_older_form_is_named_and_stops_nothing(study: Path) -> None:
    path = study / SHARDS / shard_names(study)[0]
    pq.write_table(pa.table({"run": [1, 2]}), path)
    assert list(facts(study)["damaged"]) == [path.name]
    shutil.rmtree(study / SHARDS)
    assert facts(study)["done"] == 0 and index_of(study).rows == 0
