"""Studies that are killed again and again, and studies on a real SLURM: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slurm_node import CannotBe, Node, node
from studies import SMALL, digest, here, rows

from sim.study import manage
from sim.study.check import check
from sim.study.plan import plan_of
from sim.study.shards import index_of, shard_names
from sim.study.store import read_manifest

ROOT = Path(__file__).resolve().parent.parent
KILLS = 50
STUDY: dict[str, Any] = {**SMALL, "set": {**SMALL["set"], "end": "2020-04"}, "replicates": 100, "chunk": 5}
QUICK: dict[str, Any] = {**STUDY, "set": SMALL["set"]}
pytestmark = pytest.mark.slow


def door(place: Path, *words: str, **env: str) -> subprocess.Popen[str]:
    """Start the command line in a process group of its own."""
    command = [sys.executable, "-m", "sim", *words]
    whole = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=place, env=whole, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def through(place: Path, *words: str, **env: str) -> str:
    """Run the command line to its end and return what it says."""
    running = door(place, *words, **env)
    out, err = running.communicate(timeout=900)
    assert running.returncode == 0, err
    return out


def serial(place: Path, study: dict[str, Any], replicates: int = 100) -> Path:
    """Run the same study in this process."""
    folder = manage.begin(plan_of({**study, "replicates": replicates}, "serial"), place)
    manage.resume(folder, here)
    return folder


def until(true: Callable[[], Any], what: str, seconds: float = 240.0) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"waited in vain for {what}"
        time.sleep(0.05)


def kill(group: int, how: int) -> None:
    """Kill a whole study, or one process of it."""
    if how % 3 == 2:
        mine = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _group(path) == group]
        os.kill(sorted(mine)[how % len(mine)], signal.SIGKILL)
        time.sleep(0.3)
    os.killpg(group, signal.SIGKILL)


def _group(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, IndexError):
        return -1


def test_a_study_killed_at_fifty_moments_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(json.dumps(QUICK), encoding="utf-8")
    folder = tmp_path / "outputs" / "study-mine-001"
    replicates, known, phases = 100, 0, []
    serial(tmp_path, QUICK, 1)  # compiles the kernels: what is to be killed is a study, not a compiler
    start, at, kills = 0.0, 0, 0
    while kills < KILLS:
        at += 1
        begun_at = time.monotonic()
        begun = (folder / "manifest.json").exists()
        if begun and read_manifest(folder)["status"] == "complete":
            replicates += 200
            running = door(tmp_path, "grow", str(folder), f"replicates={replicates}", "cluster.workers=2")
        elif begun:
            running = door(tmp_path, "resume", str(folder), "cluster.workers=2")
        else:
            for left in (tmp_path / "outputs").glob("*"):
                left.rename(tmp_path / f"stillborn-{at}")
            running = door(tmp_path, "study=mine.yaml", "cluster.workers=2")
        if not start:
            until(lambda: shard_names(folder), "the first shard")
            start = time.monotonic() - begun_at
        # Moments spread evenly over the start, the work and the collecting (the golden ratio leaves no gaps).
        time.sleep(0.3 * start + (0.7 * start + 4.0) * ((at * 0.6180339887) % 1.0))
        if running.poll() is None:
            kill(running.pid, at)
            kills += 1
        running.communicate(timeout=60)
        if (folder / "manifest.json").exists():
            index = index_of(folder)
            assert index.bad == {} and index.rows >= known and index.done.all()
            known = index.rows
            phases.append(read_manifest(folder)["status"])
    assert known > 200, "the study was killed while it worked, not only while it started"
    print(f"killed {kills} times in {at} starts; {known} rows by then, of {read_manifest(folder)['runs']} runs; statuses {phases}")
    if read_manifest(folder)["plan"]["replicates"] < replicates:
        through(tmp_path, "grow", str(folder), f"replicates={replicates}", "cluster.workers=2")
    through(tmp_path, "resume", str(folder), "cluster.workers=2")
    reference = serial(tmp_path, QUICK, replicates)
    assert digest(folder) == digest(reference)
    assert index_of(folder).rows == len(rows(folder)) == len(rows(reference)), "no run was done twice"
    assert check(folder) == []
    assert not list(folder.rglob("*.partial"))


def elements_of(folder: Path) -> list[int]:
    """List the processes that carry out an element of a study."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"sim.study.element" in words and b"element" in words and str(folder).encode() in words:
            found.append(int(path.parent.name))
    return sorted(found)


def running(here: Node) -> list[str]:
    return sorted(job for job, state in here.queue().items() if state == "RUNNING" and "_" in job)


@pytest.mark.slurm
def test_a_study_on_slurm_survives_cancelling_requeueing_killing_and_truncating(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "mine.yaml").write_text(json.dumps(STUDY), encoding="utf-8")
    words = ["study=mine.yaml", "cluster=slurm", "cluster.memory=400M", "cluster.time=00:30:00", "cluster.elements=6"]
    try:
        with node(tmp_path / "node", limit=5) as cluster:
            env = {"SLURM_CONF": str(tmp_path / "node" / "slurm.conf")}
            begun = time.monotonic()
            out = through(tmp_path, *words, **env)
            print(f"submitted in {time.monotonic() - begun:.1f} s: {out}")
            assert "SLURM jobs 1, 2, 3" in out, "six elements do not fit into arrays of five"
            folder = tmp_path / out.splitlines()[-1].removeprefix("study: ")
            until(lambda: len(running(cluster)) == 2 and len(shard_names(folder)) > 3, "two elements at work")
            first, second = running(cluster)
            cluster.run("scancel", first)
            cluster.run("scontrol", "requeue", second)
            until(lambda: len(running(cluster)) == 2 and elements_of(folder), "the next elements")
            os.kill(elements_of(folder)[-1], signal.SIGKILL)
            cluster.wait()
            assert elements_of(folder) == []
            found = manage.counts(index_of(folder), read_manifest(folder)["runs"])
            print(f"after cancelling {first}, requeueing {second} and a SIGKILL: {found}")
            assert found["missing"] > 0 and found["failed"] == 0
            largest = max((folder / "shards").iterdir(), key=lambda path: path.stat().st_size)
            os.truncate(largest, largest.stat().st_size // 2)
            assert (
                subprocess.run([sys.executable, "-m", "sim", "check", str(folder)], cwd=ROOT, capture_output=True, check=False).returncode
                == 3
            )
            print(through(tmp_path, "resume", str(folder), **env))
            cluster.wait()
            print(through(tmp_path, "collect", str(folder), **env))
            print(f"SLURM took {time.monotonic() - begun:.0f} s in all")
    except CannotBe as reason:
        pytest.skip(f"no SLURM here: {reason}")
    assert digest(folder) == digest(serial(tmp_path, STUDY))
    assert check(folder) == []
