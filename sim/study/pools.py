"""Engines that carry out a round on this machine or through any executor; which one, and with how many workers, changes no number.

The parent hands out shards a few at a time and keeps nothing but counts, so that its memory does not grow with the study.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.batch import cores
from sim.kernels import are_cached
from sim.study.store import Round
from sim.study.work import compile_kernels, prepare_process, work
from sim.types import UserError

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
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
    return carry_out_parts(folder, which, list(which.chunks()), workers=workers, executor=executor, heard=heard)


def carry_out_parts(
    folder: Path,
    which: Round,
    parts: list[Part],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    heard: Heard | None = None,
) -> int:
    """Do some shards of a round, as :func:`carry_out` does all."""
    count = min(cores() if workers is None else workers, len(parts))
    if executor is not None:
        failed, left = _hand_out(executor, folder, which, parts, 2 * cores(), heard)
        if left:
            raise UserError(f"the executor lost {len(left)} shards; python -m sim resume {folder} does what is missing")
        return failed
    if count <= 1:
        return sum(_counted(work(str(folder), which, part), heard) for part in parts)
    failed, tries = 0, 0
    context = multiprocessing.get_context("spawn")
    if not are_cached():
        # Once, rather than every worker at the same time; not in this process, which stays small.
        with _one_thread_each(), ProcessPoolExecutor(1, mp_context=context, initializer=prepare_process) as pool:
            pool.submit(compile_kernels, str(folder), which).result()
    while parts:
        with _one_thread_each():
            pool = ProcessPoolExecutor(count, mp_context=context, initializer=prepare_process)
            try:
                more, left = _hand_out(pool, folder, which, parts, _AHEAD * count, heard)
            except BaseException:
                stop(pool)
                raise
            pool.shutdown()
        failed, tries = failed + more, tries + 1 if len(left) == len(parts) else 1
        if left and tries >= _TRIES:
            raise UserError(
                f"workers were killed {_TRIES} times without finishing a shard (too little memory?); "
                f"python -m sim resume {folder} does what is missing, with fewer workers if you add cluster.workers=1"
            )
        parts = left
    return failed


def stop(pool: ProcessPoolExecutor) -> None:
    """End a pool at once: what its workers were doing is lost, what they wrote is not."""
    workers: dict[int, Any] = dict(getattr(pool, "_processes", None) or {})
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers.values():
        worker.terminate()
    for worker in workers.values():
        worker.join()


def _hand_out(executor: Executor, folder: Path, which: Round, parts: list[Part], ahead: int, heard: Heard | None) -> tuple[int, list[Part]]:
    """Submit shards, never more than ``ahead`` at a time; return failed runs, and the shards lost with a broken pool."""
    waiting: dict[Future[dict[str, int]], Part] = {}
    failed, coming = 0, iter(parts)
    lost: list[Part] = []

    def fill() -> None:
        for part in coming:
            try:
                waiting[executor.submit(work, str(folder), which, part)] = part
            except BrokenExecutor:
                lost.append(part)
            if lost or len(waiting) >= ahead:
                return

    try:
        fill()
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                part = waiting.pop(future)
                try:
                    failed += _counted(future.result(), heard)
                except BrokenExecutor:
                    lost.append(part)
            if lost:
                break
            fill()
    finally:
        for future in waiting:
            future.cancel()
    return failed, [*lost, *waiting.values(), *coming] if lost else []


def _counted(done: dict[str, int], heard: Heard | None) -> int:
    if heard is not None:
        heard(done["runs"], done["failed"])
    return done["failed"]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let the processes started now use one thread each."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
