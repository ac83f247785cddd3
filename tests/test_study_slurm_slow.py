"""Studies on a real SLURM of one node: odd paths, preemption, runs that kill their job, a compile job that fails."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deadly import deadly, plain
from slurm_node import CannotBe, Node, node
from studies import digest, here, rows

from sim.single import load_parts
from sim.study import manage
from sim.study.plan import plan_of
from sim.study.shards import index_of, shard_names
from sim.study.slurm import jobs_of

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.slurm]
ODD = """it's "50%A" 100%j of $HOME [x] y"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    place = tmp_path_factory.mktemp("slurm")
    place.chmod(0o755)
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(node(place / "node", limit=3))
        except CannotBe as reason:
            pytest.skip(f"no SLURM here: {reason}")


def door(cluster: Node, place: Path, *words: str, code: int = 0) -> str:
    """Run the command line to its end and return all it says."""
    env = {**cluster.env, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "sim", *words], cwd=place, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def begun(cluster: Node, place: Path, study: dict[str, Any], *words: str) -> tuple[Path, str]:
    (place / "mine.yaml").write_text(json.dumps(study), encoding="utf-8")
    out = door(cluster, place, "study=mine.yaml", "cluster=slurm", "cluster.memory=400M", *words)
    folder = Path(next(line for line in out.splitlines() if line.startswith("study: ")).removeprefix("study: "))
    return place / folder, out


def until(true: Callable[[], Any], what: str, seconds: float = 240.0) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"waited in vain for {what}"
        time.sleep(0.1)


def facts(cluster: Node, folder: Path) -> dict[str, Any]:
    return dict(json.loads(door(cluster, folder, "status", str(folder), "json=true")))


def log(folder: Path, pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted((folder / "slurm").glob(pattern)))


def test_a_study_in_a_folder_of_any_name_is_done_and_its_logs_lie_beside_it(cluster: Node, tmp_path: Path) -> None:
    place = tmp_path / ODD
    place.mkdir()
    folder, out = begun(cluster, place, plain(chunk=1), "cluster.throttle=2", "cluster.elements=5")
    assert "SLURM jobs" in out and len(jobs_of(folder)) == 3
    cluster.wait()
    print(sorted(path.name for path in (folder / "slurm").iterdir()))
    assert len(list((folder / "slurm").glob("round-1-*_*.out"))) == 5 and len(list((folder / "slurm").glob("compile-1-*.out"))) == 1
    told = log(folder, "round-*.out")
    for word in (
        "part-00000000-00000000-0001.parquet: 1 runs",
        "a second",
        "MB at most",
        os.uname().nodename,
        f"job {jobs_of(folder)[1]['job']}_0",
    ):
        assert word in told
    door(cluster, place, "collect", str(folder))
    load_parts(None)
    serial = manage.begin(plan_of(plain()), tmp_path)
    manage.resume(serial, here)
    assert digest(folder) == digest(serial)


def test_an_element_that_is_preempted_writes_what_it_has_and_goes_on_in_the_same_log(cluster: Node, tmp_path: Path) -> None:
    parts = deadly(tmp_path, dict.fromkeys(range(200), "slow"))
    study = plain(replicates=100, chunk=100, set={**plain()["set"], "end": "2019-11"})
    folder, _ = begun(cluster, tmp_path, study, "cluster.elements=1", f"parts={parts}")
    array = jobs_of(folder)[1]["job"]
    until(lambda: list((folder / "running").glob(".part-*")) if (folder / "running").exists() else None, "an element at work")
    time.sleep(4)
    assert facts(cluster, folder)["running"] == 100 and facts(cluster, folder)["queue"] == {"running": 1}
    cluster.run("scontrol", "requeue", f"{array}_0")
    until(lambda: shard_names(folder), "what it had")
    first = index_of(folder)
    assert 0 < first.rows < 100 and first.bad == {}
    assert "was asked to leave" in log(folder, "round-*.out")
    cluster.wait()
    told = log(folder, "round-*.out")
    assert told.count("begins: round 1") == 2 and len(list((folder / "slurm").glob("round-*.out"))) == 1
    assert index_of(folder).rows == 100, "nothing was done twice"
    door(cluster, tmp_path, "collect", str(folder))


def test_a_run_that_kills_its_whole_job_is_told_and_the_rest_is_done(cluster: Node, tmp_path: Path) -> None:
    parts = deadly(tmp_path, {1: "SIGKILL", 4: "SIGSEGV"})
    folder, _ = begun(cluster, tmp_path, plain(), "cluster.elements=2", f"parts={parts}")
    cluster.wait()
    stale = facts(cluster, folder)["stale"]
    assert {one["shard"] for one in stale} == {"part-00000000-00000002-0001.parquet", "part-00000003-00000005-0001.parquet"}
    assert door(cluster, tmp_path, "collect", str(folder), code=2).count("6 of 6 runs are missing") == 1
    door(cluster, tmp_path, "resume", str(folder))
    cluster.wait()
    out = door(cluster, tmp_path, "collect", str(folder), code=3)
    assert "4 runs done, 2 failed" in out
    assert {row["run"]: row["error"] for row in rows(folder, "failed.parquet")} == {
        1: "the run ended its process: SIGKILL (too little memory?)",
        4: "the run ended its process: SIGSEGV",
    }
    said = facts(cluster, folder)
    assert (said["status"], said["exit_code"], said["stale"]) == ("complete", 3, [])


def test_a_compile_job_that_fails_is_told_by_status(cluster: Node, tmp_path: Path) -> None:
    folder, _ = begun(cluster, tmp_path, plain(), f"cluster.venv={tmp_path}/nowhere")
    cluster.wait()
    said = facts(cluster, folder)
    assert said["queue"] == {} and [one["job"] for one in said["compile_failed"]] == [jobs_of(folder)[0]["job"]]
    told = door(cluster, tmp_path, "status", str(folder))
    assert "ended without success, so its array never starts; see" in told and "nothing is queued" in told


def test_what_was_submitted_before_a_refusal_is_named_and_can_be_taken_back(cluster: Node, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(json.dumps(plain(chunk=1)), encoding="utf-8")
    words = ["study=mine.yaml", "cluster=slurm", "cluster.memory=400M", "cluster.array_limit=5"]
    told = door(cluster, tmp_path, *words, code=2)
    assert "sbatch refused" in told and "was submitted before: scancel " in told
    subprocess.run(told.split("submitted before: ")[1].split(" takes")[0].split(), env=cluster.env, check=True)
    cluster.wait()
