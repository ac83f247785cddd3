"""Many seeds of one configuration on all cores: spawned workers assemble once and return records; the parent writes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim import engine
from sim.params import Config, configure
from sim.recorder import RunData
from sim.registry import own_digest
from sim.single import load_parts, one_run
from sim.types import UserError
from sim.world import Setting

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_worker: dict[str, Any] = {}


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def many_runs(
    config: Config, setting: Setting, seeds: Sequence[int], tier: str, parts: Path | None, heard: Callable[[int], None] | None = None
) -> list[RunData]:
    """Run every seed, in as many processes as there are cores, and return the records in order of seed.

    Any number of workers gives the same records. ``heard`` is called with 1 each time a run is done.
    """
    workers = min(cores(), len(seeds))
    if workers == 1:
        return [_told(one_run(setting, seed, tier), heard) for seed in seeds]
    context, given = multiprocessing.get_context("spawn"), (_tree(config), tier, parts)
    with one_thread_each(), ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=given) as pool:
        waiting = {pool.submit(_work, seed): seed for seed in seeds}
        try:
            found = {waiting[done]: _told(done.result(), heard) for done in as_completed(waiting)}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[seed] for seed in seeds]


@contextmanager
def one_thread_each() -> Iterator[None]:
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


def _tree(config: Config) -> dict[str, Any]:
    """Turn the canonical tree back into one that configure takes."""
    return {("scenarios" if key == "scenario" else key): value for key, value in config.tree.items()}


def _prepare(tree: dict[str, Any], tier: str, parts: Path | None) -> None:
    load_parts(parts)
    if parts is not None and own_digest() != tree["parts"]:
        raise UserError(f"parts={parts} changed while its runs were going on; run them again")
    _worker.update(setting=engine.assemble(configure(tree)), tier=tier)


def _work(seed: int) -> RunData:
    return one_run(_worker["setting"], seed, _worker["tier"])


def _told(done: RunData, heard: Callable[[int], None] | None) -> RunData:
    if heard is not None:
        heard(1)
    return done
