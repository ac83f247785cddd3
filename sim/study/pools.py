"""Engines that carry out a round on this machine or through any executor; which one, and with how many workers, changes no number.

The parent hands out shards a few at a time and keeps nothing but counts, so that its memory does not grow with the study.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from sim.batch import NO_GUARD, Spawning, cores, one_thread_each
from sim.kernels import are_cached
from sim.study.store import Round
from sim.study.work import compile_kernels, prepare_process, work
from sim.types import UserError

_AHEAD = 2
_TRIES = 3
Heard = Callable[[int, int], None]
Part = tuple[tuple[int, int], ...]


def carry_out(
    folder: Path, which: Round, *, workers: int | None = None, executor: Executor | None = None, heard: Heard | None = None
) -> int:
    """Do all shards of a round.

    Parameters
    ----------
    folder : Path
        The study's folder.
    which : Round
    workers : int or None
        Processes; None takes one for each core, 1 runs in this process.
    executor : concurrent.futures.Executor or None
        Any executor whose workers see the folder, instead of processes of our own.
    heard : callable or None
        Called with runs done and runs failed each time a shard is done.

    Returns
    -------
    int
        Runs that failed.

    Raises
    ------
    UserError
        If workers keep being killed.
    """
    return _carried(folder, which, which.chunks(), which.n_chunks, workers, executor, heard)


def carry_out_parts(
    folder: Path,
    which: Round,
    parts: Sequence[Part],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    heard: Heard | None = None,
) -> int:
    """Do some shards of a round, as :func:`carry_out` does all."""
    return _carried(folder, which, iter(parts), len(parts), workers, executor, heard)


def _carried(
    folder: Path, which: Round, parts: Iterator[Part], n_parts: int, workers: int | None, executor: Executor | None, heard: Heard | None
) -> int:
    count = min(cores() if workers is None else workers, n_parts)
    if executor is not None:
        hands = _Hands(folder, which, parts, heard)
        hands.out(executor, 2 * cores())
        if hands.lost:
            lost = len(hands.lost) + sum(1 for _ in hands.coming)
            guard = "" if hands.done else f"; none was done ({NO_GUARD})"
            raise UserError(f"the executor lost {lost} shards; python -m sim resume {folder} does what is missing{guard}")
        return hands.failed
    if count <= 1:
        return sum(_counted(work(str(folder), alone(which, part), part), heard) for part in parts)
    hands, tries = _Hands(folder, which, parts, heard), 0
    context = Spawning()
    if not are_cached():
        # Once, rather than every worker at the same time; not in this process, which stays small.
        with one_thread_each(), ProcessPoolExecutor(1, mp_context=context, initializer=prepare_process) as pool:
            pool.submit(compile_kernels, str(folder), which).result()
    while hands.done < n_parts:
        before = hands.done
        with one_thread_each():
            pool = ProcessPoolExecutor(count, mp_context=context, initializer=prepare_process)
            try:
                hands.out(pool, _AHEAD * count)
            except BaseException:
                stop(pool)
                raise
            pool.shutdown()
        tries = tries + 1 if hands.done == before else 1
        if hands.lost and tries >= _TRIES:
            raise UserError(
                f"workers were killed {_TRIES} times without finishing a shard (too little memory?); "
                f"python -m sim resume {folder} does what is missing, with fewer workers if you add cluster.workers=1"
            )
    return hands.failed


def stop(pool: ProcessPoolExecutor) -> None:
    """End a pool at once: what its workers were doing is lost, what they wrote is not."""
    workers: dict[int, Any] = dict(getattr(pool, "_processes", None) or {})
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers.values():
        worker.terminate()
    for worker in workers.values():
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
    """

    def __init__(self, folder: Path, which: Round, parts: Iterator[Part], heard: Heard | None) -> None:
        self._folder, self._which, self._heard = str(folder), which, heard
        self.coming, self.lost = iter(parts), list[Part]()
        self.done = self.failed = 0

    def out(self, executor: Executor, ahead: int) -> None:
        """Submit shards, never more than ``ahead`` at a time, until all are done or the executor breaks."""
        self.coming, self.lost = chain(self.lost, self.coming), []
        waiting: dict[Future[dict[str, int]], Part] = {}
        try:
            self._fill(executor, waiting, ahead)
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    part = waiting.pop(future)
                    try:
                        self.failed += _counted(future.result(), self._heard)
                        self.done += 1
                    except BrokenExecutor:
                        self.lost.append(part)
                if self.lost:
                    break
                self._fill(executor, waiting, ahead)
        finally:
            for future in waiting:
                future.cancel()
        self.lost.extend(waiting.values())

    def _fill(self, executor: Executor, waiting: dict[Future[dict[str, int]], Part], ahead: int) -> None:
        while len(waiting) < ahead and not self.lost and (part := next(self.coming, None)) is not None:
            try:
                waiting[executor.submit(work, self._folder, alone(self._which, part), part)] = part
            except BrokenExecutor:
                self.lost.append(part)


def alone(which: Round, part: Part) -> Round:
    """Return a round that is one shard of another, under the same number: what a worker is sent, however scattered the whole is."""
    return replace(which, ranges=part)


def _counted(done: dict[str, int], heard: Heard | None) -> int:
    if heard is not None:
        heard(done["runs"], done["failed"])
    return done["failed"]
