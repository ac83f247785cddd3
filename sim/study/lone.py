"""Runs one at a time, in a process that may die: how a shard is done again after its worker died, and how a run that hangs is ended.

The process lives the runs of a shard one after another and tells of each over a pipe. When it dies, the run at hand is known. A run that
kills a fresh process, or runs past its time, is recorded as failed with the reason; the next one gets a new process. Before each run the
process writes the run's number into the note of the shard, so that even the death of a whole job leaves a name behind.

``python -m sim.study.lone FOLDER NOTE`` is that process; it reads a round and its runs on stdin.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sim.batch import THREADS
from sim.study import asked
from sim.types import UserError

if TYPE_CHECKING:
    from sim.study.design import Row
    from sim.study.gathered import Gathered
    from sim.study.notes import Mine
    from sim.study.work import Worker

Ranges = tuple[tuple[int, int], ...]
_POLL = 0.2
_STARTS = 3


def lived(worker: Worker, number: int, rows: list[Row], note: Mine, timeout: float | None) -> Iterator[tuple[Row, Gathered | str, float]]:
    """Live runs one at a time in processes that may die.

    Parameters
    ----------
    worker : Worker
    number : int
        The round.
    rows : list of Row
    note : Mine
        The note of the shard; it names the run at hand while that is lived.
    timeout : float or None
        Seconds that a run may take.

    Yields
    ------
    Row, Gathered or str, float
        What a run left, or why it failed, and how long it took. Fewer than asked for if this process is asked to leave.

    Raises
    ------
    UserError
        If the process cannot be started.
    """
    at, stillborn = 0, 0
    while at < len(rows) and not asked.ending():
        with _Process(worker.folder, number, rows[at:], note) as process:
            fresh, begun, run = True, time.monotonic(), None
            while at < len(rows):
                kind, what = process.heard(None if run is None or timeout is None else begun + timeout)
                took = time.monotonic() - begun
                if kind == "asked":
                    return
                if kind == "refused":
                    raise UserError(str(what))
                if kind == "begin":
                    run, begun, stillborn = what, time.monotonic(), 0
                    continue
                if kind == "done":
                    yield rows[at], what, took
                elif kind == "late":
                    yield rows[at], f"the run went past study.run_timeout = {timeout:g} s and was ended", took
                elif run is None:
                    stillborn += 1
                    if stillborn >= _STARTS:
                        raise UserError(f"a process for single runs ended {_STARTS} times before its first run: {told(what)}")
                elif fresh:
                    yield rows[at], f"the run ended its process: {told(what)}", took
                if kind == "done" or kind == "late" or (run is not None and fresh):
                    at += 1
                if kind != "done":
                    break  # a run that died after others is tried once more, alone in a new process
                run, fresh = None, False
    note.write()


def told(code: int) -> str:
    """Put the exit code of a process into words.

    >>> told(-11), told(-9), told(7)
    ('SIGSEGV', 'SIGKILL (too little memory?)', 'exit code 7')
    """
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"{name} (too little memory?)" if name == "SIGKILL" else name


class _Process:
    """A process that lives runs, and a thread that reads what it tells."""

    def __init__(self, folder: Path, number: int, rows: list[Row], note: Mine) -> None:
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        env = {**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": path}
        words = [sys.executable, "-m", "sim.study.lone", str(folder), str(note.path)]
        # A session of its own: a run that kills its process group kills nobody else.
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, start_new_session=True)
        self._told: queue.Queue[tuple[str, Any]] = queue.Queue()
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((number, rows), self._process.stdin)
            self._process.stdin.flush()
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        self._process.wait()
        self._reader.join(1.0)
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    def heard(self, until: float | None) -> tuple[str, Any]:
        """Wait for what the process tells next: begin, done, refused; or find it ``dead``, ``late``, or this process ``asked`` to leave."""
        while True:
            with contextlib.suppress(queue.Empty):
                kind, what = self._told.get(timeout=_POLL)
                return (kind, self._code()) if kind == "dead" else (kind, what)
            if self._process.poll() is not None:
                # A child of the run may hold the pipe open; what was told before is in the queue by now.
                self._reader.join(_POLL)
                if self._told.empty():
                    return "dead", self._code()
                continue
            if asked.ending():
                return "asked", None
            if until is not None and time.monotonic() > until:
                return "late", None

    def _code(self) -> int:
        """Return the exit code of a process that has stopped telling."""
        try:
            return self._process.wait(_POLL * 10)
        except subprocess.TimeoutExpired:
            self._kill()
            return self._process.wait()

    def _kill(self) -> None:
        """End the process, and whatever its runs have started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _read(self, stream: IO[bytes]) -> None:
        try:
            while True:
                self._told.put(pickle.load(stream))
        except (EOFError, OSError, pickle.UnpicklingError, ValueError, AttributeError):
            self._told.put(("dead", None))


def main(folder: str, note: str) -> int:
    """Live the runs named on stdin and tell of each on stdout; what the runs themselves print goes to stderr."""
    asked.deaf()
    asked.die_with_parent()
    tell = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    number, rows = pickle.load(sys.stdin.buffer)
    _leave_with_parent()

    def say(kind: str, what: Any) -> None:
        pickle.dump((kind, what), tell)
        tell.flush()

    from sim.registry import using
    from sim.study.gathered import Gathered
    from sim.study.notes import rewrite
    from sim.study.work import Worker

    try:
        worker = Worker(Path(folder))
        worker.warm()
    except UserError as fault:
        say("refused", str(fault))
        return 2
    for row in rows:
        rewrite(Path(note), row.run)
        say("begin", row.run)
        gathered = Gathered(number, monthly=worker.plan.record == "series")
        with using(worker.shelves):
            worker.one(row, gathered)
        say("done", gathered)
    return 0


def _leave_with_parent() -> None:
    """Leave when stdin ends, on systems that do not kill the children of a dead process."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(asked.CODE)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
