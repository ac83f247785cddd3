"""One at a time: two that resume a study do not do its runs twice, and whoever is gone keeps nobody out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from studies import digest, finished, here, small

from sim.__main__ import main
from sim.study import hold, manage, work
from sim.study.check import check
from sim.study.hold import HOLD, held, holder
from sim.study.shards import index_of
from sim.study.store import Round, new_round
from sim.types import UserError

LIVE: dict[str, Any] = {"verb": "resume", "since": "2026-01-01T00:00:00+00:00", "job": "", "token": "0" * 16}


def by_other(folder: Path, **over: Any) -> Path:
    """Leave the hold of a process on another machine."""
    path = folder / HOLD
    path.write_text(json.dumps({**LIVE, "host": "node17", "process": 4711, "started": 99, **over}))
    return path


def aged(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_second_resume_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    inside, go, told = threading.Event(), threading.Event(), list[str]()

    def slowly(place: Path, which: Round) -> int:
        inside.set()
        assert go.wait(60)
        return here(place, which)

    first = threading.Thread(target=lambda: told.append(str(manage.resume(folder, slowly))))
    first.start()
    assert inside.wait(60)
    for again in (lambda: manage.resume(folder, here), lambda: manage.grow(folder, replicates=9)):
        with pytest.raises(UserError, match=rf"is being worked on \(resume by process {os.getpid()} on .*add anyway=true"):
            again()
    go.set()
    first.join()
    assert told and index_of(folder).rows == 12 and not (folder / HOLD).exists()
    assert manage.grow(folder, replicates=4) == 4


def test_two_rounds_that_keep_the_same_run_do_not_collide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manage.begin(small(keep={"runs": [2], "record": "panels"}), tmp_path)
    kept, real = folder / "kept" / "run-00000002", work.put_in_place

    def late(made: Path, place: Path) -> None:
        if not place.exists():
            # Another worker was quicker, between the look and the renaming.
            monkeypatch.setattr(work, "put_in_place", real)
            work.Worker(folder).shard(new_round(folder, [(0, 12)], 12), ((0, 12),))
        real(made, place)

    monkeypatch.setattr(work, "put_in_place", late)
    manage.resume(folder, here, anyway=True)
    assert (kept / "manifest.json").exists() and check(folder) == []
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert digest(folder) == digest(finished(tmp_path))


def test_what_lies_where_a_kept_run_belongs_and_is_none_makes_room(tmp_path: Path) -> None:
    folder = manage.begin(small(keep={"runs": [2], "record": "panels"}), tmp_path)
    kept = folder / "kept" / "run-00000002"
    kept.mkdir(parents=True)
    (kept / "half").write_text("")
    manage.resume(folder, here)
    assert check(folder) == [] and not (kept / "half").exists()


def test_the_hold_of_a_dead_process_of_this_machine_is_taken_over(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    code = (
        "import os, sys; from pathlib import Path; from sim.study.hold import held\n"
        f"with held(Path({str(folder)!r}), 'resume'):\n    sys.stdout.write('held'); sys.stdout.flush(); os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout == "held"
    assert (folder / HOLD).exists() and holder(folder) is None
    manage.resume(folder, here)
    assert not (folder / HOLD).exists() and check(folder) == []


def test_the_number_of_a_dead_process_used_again_keeps_nobody_out(tmp_path: Path) -> None:
    by_other(tmp_path, host=hold._host(), process=os.getpid(), started=1)
    with held(tmp_path, "resume"):
        pass


def test_a_holder_on_another_machine_counts_until_it_has_been_silent(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    path = by_other(folder, job="12_3")
    with pytest.raises(UserError, match=r"resume by process 4711 on node17, job 12_3, since 2026-01-01"):
        manage.resume(folder, here)
    assert "node17" in str(holder(folder))
    aged(path, hold.SILENT + 5)
    manage.resume(folder, here)
    assert check(folder) == []


def test_a_word_goes_on_although_somebody_seems_to_be_at_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = manage.begin(small(), tmp_path)
    by_other(folder)
    assert main(["resume", str(folder), "cluster.workers=1"]) == 2
    assert "is being worked on (resume by process 4711 on node17" in capsys.readouterr().err
    assert main(["resume", str(folder), "cluster.workers=1", "anyway=true"]) == 0
    assert check(folder) == [] and not (folder / HOLD).exists()


def test_a_hold_that_cannot_be_read_counts_until_it_is_old(tmp_path: Path) -> None:
    (tmp_path / HOLD).write_text("")
    with pytest.raises(UserError, match="another process"), held(tmp_path, "resume"):
        pass
    aged(tmp_path / HOLD, hold.SILENT + 5)
    with held(tmp_path, "resume"):
        pass


def test_of_many_that_find_a_stale_hold_one_takes_it_over(tmp_path: Path) -> None:
    aged(by_other(tmp_path), hold.SILENT + 5)
    go, ready = threading.Barrier(8), list[int]()

    def take() -> None:
        go.wait()
        try:
            hold._take(tmp_path / HOLD, {**LIVE, "host": "node1", "token": os.urandom(8).hex()}, anyway=False)
            ready.append(1)
        except UserError:
            pass

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ready) == 1


def test_a_holder_gives_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold, "BEAT", 0.01)
    with held(tmp_path, "resume"):
        aged(tmp_path / HOLD, 100.0)
        last = time.monotonic() + 20
        while hold._age(tmp_path / HOLD) > 50:
            assert time.monotonic() < last
            time.sleep(0.01)


def test_whoever_was_taken_over_takes_nothing_away(tmp_path: Path) -> None:
    with held(tmp_path, "resume"):
        by_other(tmp_path)
    assert (tmp_path / HOLD).exists()
