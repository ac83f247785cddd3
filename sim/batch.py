"""Many seeds of one configuration on all cores: spawned workers assemble once and return records; the parent writes.

A worker started by ``multiprocessing`` imports the script that started it once more, so that a script without a ``__main__`` guard would
start itself again in each. Ours need nothing of that script and do not import it: a guard is not wanted, and neither is a script (a
notebook, ``python -`` and ``python -c`` do as well).
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import context as contexts
from multiprocessing import spawn
from pathlib import Path
from typing import Any

from sim import engine
from sim.params import Config, configure
from sim.recorder import RunData
from sim.registry import own_digest
from sim.single import load_parts, one_run
from sim.state.world import Setting
from sim.types import UserError

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_worker: dict[str, Any] = {}
_of_main = ("init_main_from_name", "init_main_from_path")
_starting = threading.local()
_told_of_spawn = spawn.get_preparation_data


def _without_main(name: str) -> dict[str, Any]:
    """Give what a spawned process is told, less the script to import where this thread is starting one of ours."""
    told = _told_of_spawn(name)
    return {key: value for key, value in told.items() if key not in _of_main} if getattr(_starting, "ours", False) else told


class _Process(contexts.SpawnProcess):
    def start(self) -> None:
        spawn.get_preparation_data = _without_main
        _starting.ours = True
        try:
            super().start()
        finally:
            _starting.ours = False


class Spawning(contexts.SpawnContext):
    """Starts workers afresh, as the context ``spawn`` does, and leaves the script that started them alone."""

    Process = _Process


def refuse_inside_import() -> None:
    """End a process that was started by ``multiprocessing`` and got here while it was importing the script that started it.

    Raises
    ------
    SystemExit
        With one sentence on the missing guard.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit("error: " + NO_GUARD)


NO_GUARD = (
    "a process that a script starts imports the script again, and this one then starts everything anew; "
    "put what the script does below a line  if __name__ == '__main__':"
)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def many_runs(
    config: Config, setting: Setting, seeds: Sequence[int], tier: str, parts: Path | None, heard: Callable[[int], None] | None = None
) -> list[RunData]:
    """Run every seed, in as many processes as there are cores, and return the records in order of seed.

    Any number of workers gives the same records. ``heard`` is called with 1 each time a run is done.
    """
    refuse_inside_import()
    workers = min(cores(), len(seeds))
    if workers == 1:
        return [_told(one_run(setting, seed, tier), heard) for seed in seeds]
    given = (_tree(config), tier, parts, os.getcwd())
    with one_thread_each(), ProcessPoolExecutor(workers, mp_context=Spawning(), initializer=_prepare, initargs=given) as pool:
        waiting = {pool.submit(_work, seed): seed for seed in seeds}
        try:
            found = {waiting[done]: _told(done.result(), heard) for done in as_completed(waiting)}
        except BrokenExecutor:
            raise UserError(
                f"a worker was killed, commonly for want of memory: run fewer states or months, or fewer at a time than {workers} "
                "(taskset -c 0 leaves one core); a study loses nothing by it (docs/hpc.md)"
            ) from None
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


def _prepare(tree: dict[str, Any], tier: str, parts: Path | None, here: str) -> None:
    # A spawned process begins in the folder in which its parent once imported multiprocessing.
    os.chdir(here)
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
