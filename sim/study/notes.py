"""Notes of who is at work: one file in ``running/`` for each shard at hand. A note outlives its writer only if that was killed.

A note holds the runs of the shard, the machine, the process and its job. In run-by-run mode (:mod:`sim.study.lone`) it also holds the run
being lived. A note whose writer is gone is evidence: a run of that shard may have killed the process.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.files import is_orphan
from sim.folder import partial_name
from sim.study import asked

RUNNING = "running"
BEAT = 30.0
"""Seconds between signs of life of a note."""
SILENT = 900.0
"""Seconds without a sign of life after which a writer on another machine is taken for dead."""
_NAME = re.compile(r"\.(part-(\d+)-(\d+)-\d+\.parquet)\..*\.partial")
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Note:
    """One note, as it lies on the disk.

    Attributes
    ----------
    path : Path
    shard : str
    runs : int
        Runs of the shard.
    ranges : tuple of (int, int)
        First run and one past the last.
    host : str
    process, started : int
        Number of the process and its start time in ticks, 0 where the system does not say.
    job : str
        The job of a scheduler, empty without one.
    again : int
        How often the scheduler had started the job again.
    pool : bool
        Whether the writer is a worker of a pool whose parent looks after it.
    run : int or None
        In run-by-run mode, the run being lived.
    heard : float
        Time of the last sign of life, seconds since 1970.
    """

    path: Path
    shard: str
    runs: int
    ranges: Ranges
    host: str
    process: int
    started: int
    job: str
    again: int
    pool: bool
    run: int | None
    heard: float

    @property
    def evidence(self) -> bool:
        """Whether a dead writer speaks against the runs: a pool's parent judges its own workers, unless the whole job was killed."""
        return bool(self.job) or not self.pool

    def state(self) -> str:
        """Return ``live``, ``dead``, ``silent`` (not heard of for long) or ``unknown`` (another machine's, heard of lately)."""
        if self.host == _host():
            return "live" if _alive(self.process, self.started) else "dead"
        if self.job and self.job == job() and self.again < _again():
            return "dead"
        queue = queued()
        if self.job and queue is not None:
            return "live" if self.job in queue or self.job.split("_")[0] in queue else "dead"
        return "silent" if time.time() - self.heard > SILENT else "unknown"


class Mine:
    """The note of this process on one shard."""

    def __init__(self, path: Path, said: dict[str, Any]) -> None:
        self.path, self._said, self._latest = path, said, time.monotonic()

    def write(self, run: int | None = None) -> None:
        """Write the note; ``run`` names the run about to be lived."""
        self.path.write_text(json.dumps({**self._said, "run": run}), encoding="utf-8")

    def beat(self) -> None:
        """Give a sign of life now and then."""
        if time.monotonic() - self._latest > BEAT:
            self._latest = time.monotonic()
            with contextlib.suppress(OSError):
                os.utime(self.path)


def rewrite(path: Path, run: int) -> None:
    """Name the run about to be lived in a note of the parent's; costs one write to the disk."""
    with contextlib.suppress(OSError, ValueError):
        said = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**said, "run": run}), encoding="utf-8")


@contextlib.contextmanager
def at_work(folder: Path, shard: str, ranges: Ranges) -> Iterator[Mine]:
    """Leave a note that this process is at work on a shard, for as long as it is."""
    path = folder / RUNNING / partial_name(shard)
    path.parent.mkdir(exist_ok=True)
    runs = sum(end - first for first, end in ranges)
    mine = {
        "host": _host(),
        "process": os.getpid(),
        "started": started_at(os.getpid()),
        "job": job(),
        "again": _again(),
        "pool": asked.is_worker(),
    }
    note = Mine(path, {"shard": shard, "runs": runs, "ranges": ranges, **mine})
    note.write()
    try:
        yield note
    finally:
        path.unlink(missing_ok=True)


def notes(folder: Path) -> list[Note]:
    """Read all notes; those that vanish meanwhile or cannot be read are left out."""
    return [note for path in sorted((folder / RUNNING).glob(".*.partial")) if (note := _read(path)) is not None]


@dataclass(frozen=True)
class History:
    """What earlier attempts at some runs left: whether one died, and which runs were lived alone when their whole job died."""

    died: bool
    killers: frozenset[int]


def history(folder: Path, shard: str, ranges: Ranges) -> History:
    """Look for notes of dead writers that speak against some runs; costs a look into a folder that is nearly empty."""
    died, killers = False, set()
    for note in _overlapping(folder, ranges):
        if note.host == _host() and note.process == os.getpid():
            continue
        state = note.state()
        if (state in ("dead", "silent") and note.evidence) or (state == "unknown" and note.shard == shard):
            died = True
            if note.run is not None and note.job and state != "unknown":
                killers.add(note.run)
    return History(died, frozenset(killers))


def died_in_pool(folder: Path, shard: str) -> bool:
    """Say whether a worker of this machine died while it was at work on a shard."""
    return any(note.shard == shard and note.state() == "dead" for note in notes(folder))


def settle(folder: Path, ranges: Ranges) -> None:
    """Remove notes of dead writers whose runs are all among these, which are done."""
    for note in _overlapping(folder, ranges):
        if note.state() in ("dead", "silent") and all(any(a <= first and end <= b for a, b in ranges) for first, end in note.ranges):
            note.path.unlink(missing_ok=True)


def prune(folder: Path, missing: Iterable[int]) -> None:
    """Remove notes of dead writers that speak against no run that is still to be done, and those that a kill left half written."""
    for path in (folder / RUNNING).glob(".*.partial"):
        if is_orphan(path) and _read(path) is None:
            path.unlink(missing_ok=True)
    left: list[int] | None = None
    for note in notes(folder):
        if note.state() not in ("dead", "silent"):
            continue
        left = sorted(int(run) for run in missing) if left is None else left
        if not note.evidence or not any(_any_within(left, first, end) for first, end in note.ranges):
            note.path.unlink(missing_ok=True)


def job() -> str:
    """Return the job of a scheduler that this process belongs to, empty without one: ``12_3`` for element 3 of array 12."""
    env = os.environ
    if "SLURM_ARRAY_JOB_ID" in env:
        return f"{env['SLURM_ARRAY_JOB_ID']}_{env.get('SLURM_ARRAY_TASK_ID', '0')}"
    return next((env[name] for name in ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID") if env.get(name)), "")


def queued() -> frozenset[str] | None:
    """Return the jobs in this person's SLURM queue (``12_3``, or ``12`` of a job without elements), None where there is no SLURM."""
    return _queued(int(time.monotonic() / BEAT))


@functools.lru_cache(maxsize=1)
def _queued(_half_minute: int) -> frozenset[str] | None:
    rows = queue_rows()
    return None if rows is None else frozenset(number for number, _ in rows)


def queue_rows() -> list[tuple[str, str]] | None:
    """Ask SLURM for this person's jobs: (number, state) of each; None where it cannot be asked."""
    if shutil.which("squeue") is None:
        return None
    words = ["squeue", "--me", "--noheader", "--array", "--format=%i %T"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode:
        return None
    return [(words[0], words[1]) for line in done.stdout.splitlines() if len(words := line.split()) == 2]


def _read(path: Path) -> Note | None:
    try:
        said, heard = json.loads(path.read_text(encoding="utf-8")), path.stat().st_mtime
        ranges = tuple((int(first), int(end)) for first, end in said["ranges"])
        words = {key: said[key] for key in ("shard", "runs", "host", "process", "started", "job", "again", "pool", "run")}
        return Note(path=path, ranges=ranges, heard=heard, **words)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _overlapping(folder: Path, ranges: Ranges) -> Iterator[Note]:
    """Give the notes on shards that share runs with these, judged first by their names."""
    try:
        names = os.listdir(folder / RUNNING)
    except OSError:
        return
    for name in names:
        found = _NAME.fullmatch(name)
        if found and int(found[2]) < ranges[-1][1] and int(found[3]) >= ranges[0][0]:
            note = _read(folder / RUNNING / name)
            if note is not None and any(a < end and first < b for a, b in ranges for first, end in note.ranges):
                yield note


def _any_within(ordered: list[int], first: int, end: int) -> bool:
    from bisect import bisect_left

    at = bisect_left(ordered, first)
    return at < len(ordered) and ordered[at] < end


def _again() -> int:
    """Return how often SLURM has requeued this job."""
    text = os.environ.get("SLURM_RESTART_COUNT", "0")
    return int(text) if text.isdigit() else 0


def _host() -> str:
    return platform.node() or "here"


def _alive(process: int, started: int) -> bool:
    if Path("/proc/self").exists():
        return started_at(process) == started if started else (Path("/proc") / str(process)).exists()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def started_at(process: int) -> int:
    """Return when a process started, in ticks of Linux: a number of a process is used again, both together are not. 0 is none."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return 0 if words[0] in "ZX" else int(words[19])
    except (OSError, IndexError, ValueError):
        return 0
