"""Being asked to leave: SIGTERM and SIGUSR1 let a process finish the run at hand and write what it has.

A scheduler sends them before a time limit or a preemption. The process looks at :func:`ending` between two runs. It writes the runs it
has lived as a shorter shard and leaves with exit code 143 (:data:`CODE`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

CODE = 143
"""The exit code of a process that was asked to leave: 128 and the number of SIGTERM, whichever signal asked."""
SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGUSR1") if hasattr(signal, name))
_DIES_WITH_PARENT = 1


class Ended(Exception):
    """The process was asked to leave; what was done is written."""


class _State:
    asked = False
    busy = False
    worker = False


def ending() -> bool:
    """Say whether this process was asked to leave."""
    return _State.asked


def is_worker() -> bool:
    """Say whether this process is one of a pool of our own, whose parent looks after it."""
    return _State.worker


@contextlib.contextmanager
def listening() -> Iterator[None]:
    """Hear the signals while something is done; outside the main thread, where Python hears none, nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _State.asked = False
    before = {number: signal.signal(number, _heard) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _State.asked = False


def listen_as_worker() -> None:
    """Hear the signals in a worker: an idle one leaves at once, a busy one after the run at hand."""
    _State.worker = True
    for number in SIGNALS:
        signal.signal(number, _heard_by_worker)


@contextlib.contextmanager
def at_hand() -> Iterator[None]:
    """Say that a shard is at hand; a worker that was asked to leave meanwhile leaves afterwards."""
    if not _State.worker:
        yield
        return
    _State.busy = True
    try:
        yield
    finally:
        _State.busy = False
        if _State.asked:
            os._exit(CODE)


def deaf() -> None:
    """Leave the signals to the parent: what a process that only lives runs for another does."""
    for number in (*SIGNALS, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def die_with_parent() -> None:
    """Let Linux kill this process when its parent dies, even while it hangs in compiled code."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)


def _heard(_number: int, _frame: Any) -> None:
    _State.asked = True


def _heard_by_worker(_number: int, _frame: Any) -> None:
    _State.asked = True
    if not _State.busy:
        os._exit(CODE)
