"""How many workers an executor has, so that enough shards are in flight to keep them all at work."""

from __future__ import annotations

import contextlib
from concurrent.futures import Executor
from typing import Any

from sim.batch import cores

AHEAD = 2
"""Shards in flight for each worker: one at hand and one waiting."""


def in_flight(executor: Executor, asked: int | None = None) -> int:
    """Return how many shards to keep in flight; asked anew whenever one is done, since clusters grow and shrink.

    Parameters
    ----------
    executor : concurrent.futures.Executor
    asked : int or None
        What the person said; None asks the executor, and takes the cores of this machine where it does not say.
    """
    if asked is not None:
        return asked
    return AHEAD * (workers_of(executor) or cores())


def workers_of(executor: Any) -> int | None:
    """Return how many tasks an executor does at once, None where it does not say.

    Known are the processes and threads of Python, loky and Dask's ``client.get_executor()``, and ``mpi4py.futures``; others are asked for
    ``max_workers`` or ``num_workers``.
    """
    client = getattr(executor, "_client", None)
    if client is not None and hasattr(client, "ncores"):
        with contextlib.suppress(Exception):  # a scheduler that does not answer now may do so later
            return sum(int(count) for count in client.ncores().values()) or None
    for name in ("_max_workers", "max_workers", "num_workers"):
        with contextlib.suppress(Exception):  # a property of somebody else's class
            found = getattr(executor, name, None)
            if isinstance(found, int) and not isinstance(found, bool) and found > 0:
                return found
    return None
