"""Engines that carry out a round on this machine or through any executor; which one, and with how many workers, changes no number.

The parent hands out shards a few at a time and keeps nothing but counts, so that its memory does not grow with the study. A shard whose
worker died is done again run by run (:mod:`sim.study.lone`). A parent that is asked to leave passes that on and waits for what is at hand.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from sim.batch import NO_GUARD, Spawning, cores, one_thread_each
from sim.kernels import are_cached
from sim.study import asked, notes
from sim.study.executors import AHEAD, in_flight
from sim.study.store import Round, read_manifest
from sim.study.work import compile_kernels, prepare_process, remaining, work
from sim.types import UserError

_TRIES = 3
_POLL = 0.5
_COMPILING = 300.0
"""Seconds that compiling may take beyond the time of one run, where runs are timed."""
_LEAVING = 40.0
"""Seconds that workers have to finish the run at hand; SLURM waits 30 s between SIGTERM and SIGKILL, or as long as ``grace`` says."""
_BREAKING = 10.0
"""The same where another worker has died, so that one that hangs does not keep the study waiting."""
Heard = Callable[[int, int], None]
Told = Callable[[dict[str, Any]], None]
Part = tuple[tuple[int, int], ...]


def carry_out(
    folder: Path,
    which: Round,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    heard: Heard | None = None,
    flight: int | None = None,
) -> int:
    """Do all shards of a round.

    Parameters
    ----------
    folder : Path
        The study's folder.
    which : Round
    workers : int or None
        Processes; None takes one for each core, 1 runs in this process (in one other, if runs are timed).
    executor : concurrent.futures.Executor or None
        Any executor whose workers see the folder, instead of processes of our own.
    heard : callable or None
        Called with runs done and runs failed each time a shard is done.
    flight : int or None
        Shards in flight at once in an executor; None asks it how many workers it has.

    Returns
    -------
    int
        Runs that failed.

    Raises
    ------
    UserError
        If workers keep being killed between runs.
    Ended
        If this process was asked to leave.
    """
    return _carried(folder, which, which.chunks(), which.n_chunks, workers, _Hands(folder, which, heard), executor, flight)


def carry_out_parts(
    folder: Path,
    which: Round,
    parts: Sequence[Part],
    *,
    workers: int | None = None,
    heard: Heard | None = None,
    told: Told | None = None,
) -> int:
    """Do some shards of a round, as :func:`carry_out` does all; ``told`` is called with what each shard says of itself."""
    return _carried(folder, which, iter(parts), len(parts), workers, _Hands(folder, which, heard, told))


def _carried(
    folder: Path,
    which: Round,
    parts: Iterator[Part],
    n_parts: int,
    workers: int | None,
    hands: _Hands,
    executor: Executor | None = None,
    flight: int | None = None,
) -> int:
    hands.coming = parts
    count = min(cores() if workers is None else workers, n_parts)
    if executor is not None:
        hands.out(executor, lambda: in_flight(executor, flight))
        if hands.lost:
            lost = len(hands.lost) + sum(1 for _ in hands.coming)
            guard = "" if hands.done else f"; none was done ({NO_GUARD})"
            raise UserError(f"the executor lost {lost} shards; {_resume(folder)} does what is missing, suspects run by run{guard}")
        return hands.failed
    timeout = (read_manifest(folder)["plan"] if (folder / "manifest.json").exists() else {}).get("run_timeout")
    if count <= 1 and timeout is None:
        for part in parts:
            hands.count(work(str(folder), alone(which, part), part))
            if asked.ending():
                raise asked.Ended
        return hands.failed
    context = Spawning()
    if not are_cached():
        _compile(folder, which, context, timeout)
    tries = 0
    while hands.done < n_parts:
        before = hands.done
        with one_thread_each():
            pool = ProcessPoolExecutor(count, mp_context=context, initializer=prepare_process)
            try:
                hands.out(pool, lambda: AHEAD * count)
            except asked.Ended:
                pool.shutdown(wait=False, cancel_futures=True)
                leave(hands.hired, signal.SIGTERM, _LEAVING)
                stop(pool)
                raise
            except BaseException:
                stop(pool)
                raise
            if hands.lost:
                leave(hands.hired, None, _BREAKING)
            pool.shutdown()
        found = hands.suspect()
        tries = tries + 1 if hands.done == before and not found else 1
        if hands.lost and tries >= _TRIES:
            raise UserError(
                f"workers were killed {_TRIES} times without finishing a shard (too little memory?); "
                f"{_resume(folder)} does what is missing, with fewer workers if you add cluster.workers=1"
            )
    return hands.failed


def stop(pool: ProcessPoolExecutor) -> None:
    """End a pool at once: what its workers were doing is lost, what they wrote is not."""
    workers: dict[int, Any] = dict(getattr(pool, "_processes", None) or {})
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers.values():
        worker.kill()  # SIGTERM would let it finish the run at hand
    for worker in workers.values():
        worker.join()


def leave(workers: dict[int, Any], number: int | None, seconds: float) -> None:
    """Wait until workers have left, after sending a signal if one is given; kill those that do not."""
    until = time.monotonic() + seconds
    for worker in workers.values():
        if number is not None and worker.exitcode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, number)
    for worker in workers.values():
        worker.join(max(0.0, until - time.monotonic()))
        if worker.exitcode is None:
            worker.kill()
            worker.join()


class _Hands:
    """Hands shards out, a few at a time, and counts what comes back; what a broken pool lost goes first to the next one.

    Attributes
    ----------
    coming : iterator of parts
        Shards not handed out yet.
    lost : list of parts
        Shards that went down with a pool.
    done, failed : int
        Shards that are done, and the runs in them that failed.
    hired : dict
        The processes of the present pool, by number.
    """

    def __init__(self, folder: Path, which: Round, heard: Heard | None, told: Told | None = None) -> None:
        self._folder, self._which, self._heard, self._told = folder, which, heard, told
        self._suspects = set[str]()
        self.coming: Iterator[Part] = iter(())
        self.lost = list[Part]()
        self.hired = dict[int, Any]()
        self.done = self.failed = 0

    def out(self, executor: Executor, ahead: Callable[[], int]) -> None:
        """Submit shards, never more than ``ahead`` says at a time, until all are done or the executor breaks.

        Raises
        ------
        Ended
            If this process is asked to leave.
        """
        self.coming, self.lost = chain(self.lost, self.coming), []
        self.hired.clear()
        waiting: dict[Future[dict[str, Any]], Part] = {}
        try:
            self._fill(executor, waiting, ahead())
            while waiting:
                for future in wait(waiting, timeout=_POLL, return_when=FIRST_COMPLETED).done:
                    self._came(future, waiting.pop(future))
                if asked.ending():
                    raise asked.Ended
                if self.lost:
                    break
                self._fill(executor, waiting, ahead())
        finally:
            for future in waiting:
                future.cancel()
        self.lost.extend(waiting.values())

    def suspect(self) -> bool:
        """Send lost shards at which a worker died run by run from now on, and leave out what others finished; say if any is new."""
        found, before, known = list[Part](), len(self._suspects), self._suspects
        for part in self.lost:
            rest = list(remaining(self._folder, self._which, [part]))
            if notes.died_in_pool(self._folder, self._which.shard(part)):
                known |= {self._which.shard(one) for one in rest}
            self.done += not rest
            found += rest
        self.lost = found
        return len(known) > before

    def count(self, done: dict[str, Any]) -> None:
        """Count what a shard says of itself, and pass it on."""
        self.failed += done["failed"]
        if self._heard is not None:
            self._heard(done["runs"], done["failed"])
        if self._told is not None:
            self._told(done)

    def _came(self, future: Future[dict[str, Any]], part: Part) -> None:
        """Count a shard that came back, or see what becomes of one that went down with its worker."""
        try:
            self.count(future.result())
            self.done += 1
        except BrokenExecutor:
            self.lost.append(part)
        except Exception as fault:
            name = self._which.shard(part)
            if type(fault).__name__ not in _LOST:
                raise
            if name in self._suspects:
                self.lost.append(part)
            else:  # this executor lives on: once more, run by run
                self._suspects.add(name)
                self.coming = chain([part], self.coming)

    def _fill(self, executor: Executor, waiting: dict[Future[dict[str, Any]], Part], ahead: int) -> None:
        while len(waiting) < ahead and not self.lost and (part := next(self.coming, None)) is not None:
            words = (str(self._folder), alone(self._which, part), part)
            try:
                suspected = self._which.shard(part) in self._suspects
                waiting[executor.submit(work, *words, True) if suspected else executor.submit(work, *words)] = part
            except BrokenExecutor:
                self.lost.append(part)
            self.hired.update(getattr(executor, "_processes", None) or {})


_LOST = ("KilledWorker", "FutureCancelledError", "CancelledError", "CommClosedError")
"""What Dask raises when workers died; named, not imported, since Dask is not needed here."""


def alone(which: Round, part: Part) -> Round:
    """Return a round that is one shard of another, under the same number: what a worker is sent, however scattered the whole is."""
    return replace(which, ranges=part)


def _compile(folder: Path, which: Round, context: Any, timeout: float | None) -> None:
    """Compile once, rather than in every worker at the same time, and not in this process, which stays small.

    A run that kills its process or hangs here is met again in its shard, where it is told.
    """
    with one_thread_each():
        pool = ProcessPoolExecutor(1, mp_context=context, initializer=prepare_process)
        try:
            compiling = pool.submit(compile_kernels, str(folder), which)
            until = None if timeout is None else time.monotonic() + _COMPILING + timeout
            while not wait([compiling], timeout=_POLL).done:
                if asked.ending():
                    raise asked.Ended
                if until is not None and time.monotonic() > until:
                    return
            with contextlib.suppress(BrokenExecutor):
                compiling.result()
        finally:
            stop(pool)


def _resume(folder: Path) -> str:
    return f"python -m sim resume {shlex.quote(str(folder))}"
