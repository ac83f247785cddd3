"""Studies: any way of carrying one out gives the same table, and nothing that happens to it is lost or counted twice."""

from __future__ import annotations

import json
import os
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from studies import RANDOM, SMALL, digest, finished, here, replaced, rows, small, without, written_anew
from worlds import another_process

from sim.__main__ import main
from sim.folder import partial_name, write_table
from sim.recorder import RunData
from sim.sameness import MODEL
from sim.seal import signed
from sim.study import manage, pools, run_study, status, work
from sim.study.check import check
from sim.study.collect import collect
from sim.study.design import n_rows
from sim.study.explain import explain
from sim.study.notes import at_work
from sim.study.shards import index_of, read_shard, shard_names
from sim.study.slurm import parts_of
from sim.study.store import Round, new_round, read_manifest, read_round, study_folder, write_manifest
from sim.types import ModelFault, UserError

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny study, finished in this process; not to be changed."""
    return finished(tmp_path_factory.mktemp("whole"))


def test_a_study_ends_with_one_tidy_table(whole: Path) -> None:
    table = rows(whole)
    assert [row["run"] for row in table] == list(range(12))
    assert {row["protocol"] for row in table} == {"nash", "alternating_offers"}
    assert {row["mechanisms.contacts.hours_head"] for row in table} == {1.0, 2.0}
    assert len({row["identity"] for row in table}) == 12
    manifest = read_manifest(whole)
    assert (manifest["status"], manifest["runs"], manifest["failed"]) == ("complete", 12, 0)


@pytest.mark.parametrize("chunk", [1, 4, 100])
def test_any_chunking_gives_the_same_table(chunk: int, whole: Path, tmp_path: Path) -> None:
    other = finished(tmp_path, chunk=chunk)
    assert rows(other) == rows(whole) and digest(other) == digest(whole)


def test_any_number_of_workers_gives_the_same_table(whole: Path, tmp_path: Path) -> None:
    other = run_study(SMALL, outputs=tmp_path, workers=2)
    assert rows(other) == rows(whole) and digest(other) == digest(whole)


def test_any_executor_gives_the_same_table(whole: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        other = run_study({**SMALL, "chunk": 1}, outputs=tmp_path, executor=threads)
    assert rows(other) == rows(whole) and digest(other) == digest(whole)


def test_elements_of_an_array_share_a_round_and_give_the_same_table(whole: Path, tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    which = new_round(folder, [(0, 12)], 2)
    shares = [parts_of(which, element, 4) for element in range(4)]
    assert sorted(part for share in shares for part in share) == list(which.chunks())
    for share in reversed(shares):
        pools.carry_out_parts(folder, read_round(folder, 1), share, workers=1)
    collect(folder)
    assert digest(folder) == digest(whole)


def test_a_single_run_gives_what_the_study_has(whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run in (0, 7, 11):
        told = explain(whole, str(run))
        words = shlex.split(told.splitlines()[-1])
        assert words[:3] == ["python", "-m", "sim"]
        assert main([*words[3:], f"outputs={tmp_path}"]) == 0
        folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("run: "))
        assert list(json.loads((folder / "manifest.json").read_text())["digests"].values()) == [rows(whole)[run]["digest"]]
    assert explain(whole, rows(whole)[7]["identity"][:10]) == explain(whole, "7")


def test_twins_are_runs_without_the_shocks_on_the_same_luck(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = {**SMALL["set"], "start": "2020-03", "end": "2020-04"}
    over = {"scenarios": ["pandemic_lockdown"], "twin": True, "replicates": 1, "set": sets}
    folder = finished(tmp_path, **over, factors={"shocks.travel_closure.strength": {"values": [0.5, 1.0]}})
    table = rows(folder)
    assert [(row["draw"], row["twin"]) for row in table] == [(0, False), (0, True), (1, False), (1, True)]
    assert table[0]["closure"] > 0.0 and table[1]["closure"] == 0.0
    assert table[1]["digest"] == table[3]["digest"] and table[0]["digest"] != table[2]["digest"]
    words = shlex.split(explain(folder, "0").splitlines()[-1])[3:]
    assert main([*words, f"outputs={tmp_path}"]) == 0
    assert table[0]["digest"] in capsys.readouterr().out


def test_a_resumed_study_is_the_study(whole: Path, tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    which = new_round(folder, [(0, 12)], 5)
    for part in list(which.chunks())[:2]:
        work.work(str(folder), which, part)
    first = folder / "shards" / shard_names(folder)[0]
    first.write_bytes(first.read_bytes()[:-20])
    (folder / "shards" / "part-00000099-00000099-0001.parquet").write_bytes(b"")
    found = manage.counts(index_of(folder), n_rows(folder))
    assert found == {"runs": 12, "done": 5, "failed": 0, "missing": 7}
    with pytest.raises(UserError, match="is damaged"):
        collect(folder)
    assert first.name in "\n".join(check(folder)) and "2 damaged" in status.status(folder)
    manage.resume(folder, here)
    assert digest(folder) == digest(whole) and check(folder) == []
    assert len(list((folder / "damaged").iterdir())) == 2
    again = index_of(folder)
    assert again.rows == 12, "what was done is not done again"


def test_what_is_missing_keeps_the_table_from_being_made(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    with pytest.raises(UserError, match="12 of 12 runs are missing, the first is 0"):
        collect(folder)
    assert read_manifest(folder)["status"] == "running" and not (folder / "scalars.parquet").exists()
    assert "not complete" in status.status(folder) and "resume" in status.status(folder)


def test_a_run_done_twice_is_counted_once(whole: Path, tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    for chunk in (5, 3):
        pools.carry_out(folder, new_round(folder, [(0, 12)], chunk), workers=1)
    assert index_of(folder).rows == 24
    collect(folder)
    assert digest(folder) == digest(whole) and len(rows(folder)) == 12 and check(folder) == []


@pytest.mark.parametrize("kind", ["random", "sobol", "saltelli"])
def test_a_study_that_grew_is_the_study_made_large(kind: str, tmp_path: Path) -> None:
    over: dict[str, Any] = {"chunk": 7, "set": {**SMALL["set"], "end": "2019-11"}}
    few, many = ({**over, "sampler": {"kind": kind, "size": size}, "replicates": r} for size, r in ((2, 1), (4, 2)))
    folder = finished(tmp_path, **few)
    before = rows(folder)
    assert manage.grow(folder, replicates=2) == len(before)
    manage.resume(folder, here)
    assert manage.grow(folder, size=4) == 2 * len(before)
    manage.resume(folder, here)
    assert rows(folder)[: len(before)] == before
    large = finished(tmp_path, **many)
    assert digest(folder) == digest(large)
    both = [sorted(without(rows(one), "run"), key=lambda row: row["identity"]) for one in (folder, large)]
    assert both[0] == both[1]


def test_what_cannot_grow_is_refused_with_the_reason(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="a grid already holds every combination"):
        manage.grow(whole, size=9)
    with pytest.raises(UserError, match="replicates is 3 already"):
        manage.grow(whole, replicates=3)
    with pytest.raises(UserError, match="say what should grow"):
        manage.grow(whole)


def test_growing_that_was_cut_short_goes_on_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = finished(tmp_path, **{**RANDOM, "replicates": 1})
    with monkeypatch.context() as patched:
        patched.setattr(manage, "write_manifest", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError):
            manage.grow(folder, size=5)
    manage.resume(folder, here)
    assert digest(folder) == digest(finished(tmp_path, **{**RANDOM, "replicates": 1, "sampler": {"kind": "random", "size": 5}}))
    assert read_manifest(folder)["plan"]["sampler"]["size"] == 5
    assert manage.grow(folder, size=6) == 1


def failing(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Let every run of one seed fail, as a fault in the model would."""
    real = work.one_run

    def one_run(setting: Any, own: int, tier: str) -> RunData:
        if own == seed:
            raise ModelFault("a stock fell below zero")
        return real(setting, own, tier)

    monkeypatch.setattr(work, "one_run", one_run)


def test_a_run_that_fails_is_data_and_stops_nothing(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        failing(patched, seed=1)
        folder = finished(tmp_path)
    assert read_manifest(folder)["failed"] == 4 and len(rows(folder)) == 8
    told = rows(folder, "failed.parquet")
    assert [row["run"] for row in told] == [1, 4, 7, 10] and {row["seed"] for row in told} == {1}
    assert all("ModelFault: a stock fell below zero" in row["error"] for row in told)
    assert json.loads(told[0]["config"])["seed"] == 1 and json.loads(told[0]["config"])["scenarios"] == "baseline"
    assert "failed in part-" in explain(folder, "1") and "below zero" in explain(folder, "1")
    manage.resume(folder, here, retry_failed=False)
    assert len(rows(folder)) == 8
    manage.resume(folder, here)
    assert digest(folder) == digest(whole) and not (folder / "failed.parquet").exists()
    assert rows(folder) == rows(whole)


def test_the_newest_success_wins_over_a_later_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Path) -> None:
    folder = finished(tmp_path)
    with monkeypatch.context() as patched:
        failing(patched, seed=2)
        pools.carry_out(folder, new_round(folder, [(0, 12)], 12), workers=1)
    assert collect(folder)["failed"] == 0 and digest(folder) == digest(whole)


def test_a_result_that_differs_from_its_twin_in_another_shard_is_found(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    path = folder / "shards" / shard_names(folder)[0]
    table = read_shard(path)
    written_anew(path.with_name(path.name.replace("-0001", "-0002")), replaced(table, "digest", ["0" * 32] * table.num_rows))
    assert any("the same identity must give the same result" in fault for fault in check(folder))
    collect(folder)
    write_table(folder / "scalars.parquet", read_shard(folder / "scalars.parquet").slice(1))
    assert any("it is not the table the manifest tells of" in fault for fault in check(folder))


def test_other_code_may_not_add_to_a_study(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    manifest = read_manifest(folder)
    write_manifest(folder, {**manifest, "decides": {**manifest["decides"], MODEL: "0" * 32}})
    with pytest.raises(UserError, match=r"was begun with other code or data: the model \(sim/\) \(00000000, now"):
        manage.resume(folder, here)


def test_other_tables_may_not_add_to_a_study(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    write_manifest(folder, {**read_manifest(folder), "data_digests": {"baseline": "0" * 32}})
    with pytest.raises(UserError, match="was begun with other tables"):
        manage.grow(folder, replicates=9)


def test_series_and_chosen_runs_are_kept(tmp_path: Path, whole: Path) -> None:
    folder = finished(tmp_path, record="series", keep={"runs": [4], "record": "full"})
    assert digest(folder) == digest(whole)
    series = rows(folder, "series.parquet")
    assert [(row["run"], row["month"]) for row in series] == [(run, month) for run in range(12) for month in (24238, 24239)]
    kept = folder / "kept" / "run-00000004"
    assert {path.name for path in kept.iterdir()} >= {"manifest.json", "panels.parquet", "offers.parquet", "events.parquet"}
    assert json.loads((kept / "manifest.json").read_text())["digests"] == {"1": rows(whole)[4]["digest"]}


def test_damaged_series_are_made_again_with_their_shard(tmp_path: Path) -> None:
    folder = finished(tmp_path, record="series")
    before = rows(folder, "series.parquet")
    name = shard_names(folder)[1]
    (folder / "series" / name).write_bytes(b"PAR1")
    assert f"series/{name}: it is cut short" in "".join(check(folder)) and index_of(folder).bad.keys() == {name}
    manage.resume(folder, here)
    assert rows(folder, "series.parquet") == before and check(folder) == []


def test_what_a_dead_writer_left_is_told_and_cleared_and_what_a_live_one_does_is_counted(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    dead = 999_999_999
    (folder / "shards" / partial_name("part-x").replace(str(os.getpid()), str(dead))).write_bytes(b"half")
    (folder / "kept").mkdir()
    (folder / "kept" / partial_name("run-1").replace(str(os.getpid()), str(dead))).mkdir()
    elsewhere = folder / "shards" / ".part-y.another-machine.1.partial"
    elsewhere.write_bytes(b"half")
    with at_work(folder, "part-z", ((0, 5),)):
        told = status.status(folder)
        assert "2 left half written" in told
        assert "running      5\n  missing      7\n" in told
    assert "running      0\n" in status.status(folder)
    manage.resume(folder, here)
    assert list(folder.rglob("*.partial")) == [elsewhere]


@pytest.mark.parametrize("number", [28, 30])
def test_a_full_disk_leaves_no_shard_and_a_study_to_resume(
    number: int, tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = manage.begin(small(), tmp_path)
    with monkeypatch.context() as patched:

        def full(handle: int) -> None:
            raise OSError(number, os.strerror(number))

        patched.setattr("sim.folder.os.fsync", full)
        with pytest.raises(OSError):
            pools.carry_out(folder, Round(1, ((0, 12),), 5), workers=1)
    assert list((folder / "shards").iterdir()) == []
    manage.resume(folder, here)
    assert digest(folder) == digest(whole)


def test_duckdb_reads_the_table_as_it_lies(whole: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    query = f"""select protocol, count(*), avg(contacts_held) from '{whole}/scalars.parquet' group by protocol order by protocol"""
    found = duckdb.sql(query).fetchall()
    assert [(name, count) for name, count, _ in found] == [("alternating_offers", 6), ("nash", 6)]
    assert found[1][2] == pytest.approx(sum(row["contacts_held"] for row in rows(whole) if row["protocol"] == "nash") / 6)


def test_what_is_no_study_is_refused(tmp_path: Path, whole: Path) -> None:
    for folder, sentence in ((tmp_path / "x", "there is no folder"), (tmp_path, "holds no manifest.json")):
        with pytest.raises(UserError, match=sentence):
            study_folder(folder)
    (tmp_path / "manifest.json").write_text(json.dumps({"schema": 1, "config": {}}))
    with pytest.raises(UserError, match="holds a run, not a study"):
        study_folder(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(signed({**read_manifest(whole), "schema": 99})))
    with pytest.raises(UserError, match="written by a newer version"):
        study_folder(tmp_path)


def test_a_worker_loads_neither_mesa_nor_plots(whole: Path) -> None:
    code = (
        "import sys, json, pathlib; from sim.study import work; from sim.study.store import Round\n"
        f"work.work({str(whole)!r}, Round(7, ((0, 1),), 1), ((0, 1),)); import shutil\n"
        f"pathlib.Path({str(whole)!r}, 'shards', 'part-00000000-00000000-0007.parquet').unlink()\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    assert set(json.loads(another_process(code))).isdisjoint(
        {"mesa", "networkx", "plotly", "dash", "pandas", "matplotlib", "scipy.stats", "hydra"}
    )
