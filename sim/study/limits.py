"""How long a run may take in a worker: first it is asked to stop, and where it cannot hear that, its process ends.

A run is ended between two steps of Python by SIGALRM. A run that hangs inside compiled code hears no signal; some seconds later a thread
of C, which needs no lock of Python, ends the process. The parent then does the shard again run by run (:mod:`sim.study.lone`).
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

GRACE = 5.0
"""Seconds between asking a run to stop and ending its process."""


class PastItsTime(BaseException):
    """The run took too long; no ``except Exception`` of the model may catch it."""


def can_be_timed() -> bool:
    """Say whether a run can be timed in this thread; elsewhere a process of its own is needed."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Raise :class:`PastItsTime` in what takes longer than so many seconds; end the process if it does not hear.

    Only for a process that may die, and its main thread.
    """
    if seconds is None:
        yield
        return

    armed = [True]

    def late(_number: int, _frame: Any) -> None:
        if armed:
            armed.clear()
            raise PastItsTime

    before = signal.signal(signal.SIGALRM, late)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        try:
            faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=nowhere)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                yield
            finally:
                armed.clear()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            faulthandler.cancel_dump_traceback_later()
            signal.signal(signal.SIGALRM, before)
