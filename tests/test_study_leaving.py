"""Being asked to leave (SIGTERM, SIGUSR1): the run at hand is finished, what was done is written, and the exit code says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deadly import plain
from studies import digest, finished, here, small

from sim.study import asked, manage, notes, pools, work
from sim.study.design import n_rows
from sim.study.shards import index_of, shard_names
from sim.study.store import new_round
from sim.study.work import remaining

ROOT = Path(__file__).resolve().parent.parent
WORDS = ["study=smoke", "roster.states=[DEU,GBR,USA]", "start=2019-11", "end=2019-12", "study.replicates=2000", "study.chunk=3000"]


def started(place: Path, *words: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-m", *words], cwd=place, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def until(true: Callable[[], Any], running: subprocess.Popen[str]) -> None:
    last = time.monotonic() + 120
    while not true() and running.poll() is None:
        assert time.monotonic() < last
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "workers"), [(signal.SIGTERM, 1), (signal.SIGUSR1, 2)])
def test_a_study_asked_to_leave_writes_what_it_has_and_is_resumed_without_doing_it_again(number: int, workers: int, tmp_path: Path) -> None:
    running = started(tmp_path, "sim", *WORDS, f"cluster.workers={workers}")
    folder = tmp_path / "outputs" / "study-smoke-001"
    until(lambda: len(notes.notes(folder)) == workers, running)
    time.sleep(2.0)
    os.kill(running.pid, number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (143, ""), err
    assert err.splitlines()[-1] == "ended by a signal: what was done is kept; python -m sim resume outputs/study-smoke-001 does the rest"
    index = index_of(folder)
    assert 0 < index.rows < 12_000 and index.bad == {} and notes.notes(folder) == []
    missing = index.missing(n_rows(folder), failed=True)
    assert len(missing) == 12_000 - index.rows


@pytest.mark.slow
def test_a_shorter_shard_is_told_from_what_is_left_of_its_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manage.begin(small(), tmp_path)
    which = new_round(folder, [(0, 12)], 5)
    parts = list(which.chunks())
    with monkeypatch.context() as leaving:
        leaving.setattr(asked, "ending", lambda: True)
        with pytest.raises(asked.Ended):
            pools.carry_out(folder, which, workers=1)
    assert shard_names(folder) == ["part-00000000-00000000-0001.parquet"]
    assert list(remaining(folder, which, parts)) == [((1, 5),), *parts[1:]]
    pools.carry_out_parts(folder, which, list(remaining(folder, which, parts)), workers=1)
    assert list(remaining(folder, which, parts)) == [] and index_of(folder).rows == 12
    manage.resume(folder, here)
    assert digest(folder) == digest(finished(tmp_path))


@pytest.mark.slow
def test_an_element_asked_to_leave_says_so_in_its_log(tmp_path: Path) -> None:
    folder = manage.begin(small(replicates=2000, chunk=9000), tmp_path)
    which = new_round(folder, [(0, 8000)], 8000)
    running = started(tmp_path, "sim.study.element", "element", str(folder), str(which.number), "0", "1", "1")
    until(lambda: notes.notes(folder), running)
    time.sleep(2.0)
    os.kill(running.pid, signal.SIGTERM)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 143
    assert "begins: round 1, element 0 of 1, 1 shards, 8,000 runs" in err and "was asked to leave" in err and "exit code 143" in err
    assert 0 < index_of(folder).rows < 8000


def test_signals_are_heard_while_a_study_works_and_not_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with asked.listening():
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked.ending()
    assert not asked.ending() and signal.getsignal(signal.SIGTERM) is before
    heard: list[Any] = []
    thread = threading.Thread(target=lambda: asked.listening().__enter__() or heard.append(signal.getsignal(signal.SIGTERM)))
    thread.start()
    thread.join()
    assert heard == [before], "outside the main thread nothing is changed"


def test_a_study_from_python_is_left_alone_by_the_signals_of_others(tmp_path: Path) -> None:
    from sim.study import run_study

    before = signal.getsignal(signal.SIGTERM)
    run_study(plain(replicates=1), outputs=tmp_path, workers=1)
    assert signal.getsignal(signal.SIGTERM) is before and work.memory() > 10_000_000
