"""Every benchmark runs for a moment (``--touch``), so that a change elsewhere which it does not follow is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALL = {path.stem for path in (ROOT / "benchmarks").glob("bench_*.py")}
FAST = {"bench_growth": "growth of the month with states", "bench_negotiation": "warm kernels"}
SLOW = {
    "bench_agents": "everything plain over engine",
    "bench_core": "kernels plain over compiled",
    "bench_page": "server memory before",
    "bench_study": "two workers over effective cores",
}


def touched(name: str) -> str:
    """Run a benchmark in a process of its own, as ``make bench`` does, and return what it printed."""
    door = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--touch"]
    done = subprocess.run(door, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": ""}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", FAST)
def test_a_benchmark_runs_for_a_moment(name: str) -> None:
    assert FAST[name] in touched(name)


def test_the_study_that_is_only_pretended_has_shards_as_studies_have_them(tmp_path: Path) -> None:
    code = f"import bench_study; from pathlib import Path; bench_study.fixed_costs(10, Path({str(tmp_path)!r}))"
    path = os.pathsep.join([str(ROOT / "benchmarks"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": ""}
    done = subprocess.run([sys.executable, "-c", code, "--touch"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "runs that take no time, 10: collect" in done.stdout


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the base comes from the repository, and this is a copy without one")
def test_this_tree_is_measured_beside_its_last_commit_for_a_moment(tmp_path: Path) -> None:
    door = [sys.executable, str(ROOT / "benchmarks" / "against.py"), "--base", "HEAD", "--touch"]
    environment = {**os.environ, "PYTHONWARNINGS": "", "CLOUD_DIPLOMACY_JIT": "off", "SAME_KEPT": str(tmp_path)}
    done = subprocess.run(door, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [
        "a month with its measurements",
        "fresh worker to the end of its first month",
        "peak memory of a worker",
        "a tiny run in a study",
    ]
    assert all(line in done.stdout for line in lines)
    assert not list(tmp_path.iterdir()), "the base's files are left behind"


def test_a_base_that_is_nowhere_is_refused_in_a_sentence() -> None:
    door = [sys.executable, str(ROOT / "benchmarks" / "against.py"), "--base", "nowhere"]
    done = subprocess.run(door, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("make against: there is no commit 'nowhere' in the repository at "), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_longer_benchmark_runs_for_a_moment(name: str) -> None:
    assert SLOW[name] in touched(name)


def test_no_benchmark_is_left_out() -> None:
    assert set(FAST) | set(SLOW) == ALL
