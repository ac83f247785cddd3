"""Any executor keeps all its workers at work, and is asked anew when it grows."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from studies import SMALL, digest, finished, rows, small

from sim.batch import cores
from sim.study import manage, pools, run_study
from sim.study.executors import in_flight, workers_of
from sim.study.store import Round
from sim.types import UserError


class Nameless:
    """An executor that says nothing of itself."""


class Grumpy:
    @property
    def num_workers(self) -> int:
        raise RuntimeError("not connected yet")


def dask(*counts: int) -> SimpleNamespace:
    return SimpleNamespace(_client=SimpleNamespace(ncores=lambda: {f"tcp://node{n}": count for n, count in enumerate(counts)}))


@pytest.mark.parametrize(
    ("executor", "workers"),
    [
        (dask(4, 4, 2), 10),
        (dask(), None),
        (SimpleNamespace(_max_workers=7), 7),
        (SimpleNamespace(num_workers=31), 31),
        (SimpleNamespace(max_workers=3), 3),
        (SimpleNamespace(max_workers=True), None),
        (SimpleNamespace(_max_workers=0, num_workers=5), 5),
        (Nameless(), None),
        (Grumpy(), None),
    ],
)
def test_an_executor_is_asked_how_many_it_has(executor: Any, workers: int | None) -> None:
    assert workers_of(executor) == workers
    assert in_flight(executor) == 2 * (workers or cores())
    assert in_flight(executor, 9) == 9


def test_pythons_own_executors_say_how_many_they_have() -> None:
    with ThreadPoolExecutor(5) as threads, ProcessPoolExecutor(3) as processes:
        assert (workers_of(threads), workers_of(processes)) == (5, 3)


class Growing(Executor):
    """Keeps what is handed to it until it is full, then does it all; has more workers each time."""

    def __init__(self) -> None:
        self._max_workers = 1
        self.held: list[Future[Any]] = []
        self.most: list[int] = []

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.held.append(future)
        if len(self.held) == 2 * self._max_workers:
            self.most.append(len(self.held))
            self._max_workers *= 3
            held, self.held = self.held, []
            for one in held:
                one.set_result({"runs": 1, "failed": 0})
        return future


def test_shards_in_flight_follow_an_executor_that_grows(tmp_path: Path) -> None:
    executor = Growing()
    assert pools.carry_out(tmp_path, Round(1, ((0, 80),), 1), executor=executor) == 0
    assert executor.most == [2, 6, 18, 54]


class Killing(Executor):
    """Loses a shard as Dask does: the task's worker died too often, but the others live on."""

    def __init__(self, always: bool = False) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.always = always

    def submit(self, task: Any, /, *words: Any, **_: Any) -> Future[Any]:
        KilledWorker = type("KilledWorker", (Exception,), {})
        future: Future[Any] = Future()
        self.sent.append(words)
        if len(self.sent) == 1 or self.always:
            future.set_exception(KilledWorker("died 4 times"))
        else:
            future.set_result(task(*words))
        return future


def test_a_shard_whose_worker_was_killed_is_done_again_run_by_run(tmp_path: Path) -> None:
    executor = Killing()
    folder = run_study(SMALL, outputs=tmp_path, executor=executor, in_flight=1)
    assert [len(words) for words in executor.sent] == [3, 4, 3, 3] and executor.sent[1][3] is True
    assert digest(folder) == digest(finished(tmp_path)) and len(rows(folder)) == 12


def test_an_executor_that_loses_a_shard_twice_says_so(tmp_path: Path) -> None:
    folder = manage.begin(small(), tmp_path)
    with pytest.raises(UserError, match="the executor lost 3 shards"):
        manage.resume(folder, lambda place, which: pools.carry_out(place, which, executor=Killing(always=True)))
