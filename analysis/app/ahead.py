"""What the server does before anybody asks, so that the first visitor of a fresh machine does not wait for a compiler.

A worker lives the world of the bare address, then the seat's, then the other scenarios; living a world compiles the rules it needs, and
numba keeps them on disk. It gives way to whoever waits. Meanwhile the page can ask whether rules are being compiled, and says so.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence

from numba.core import event

from analysis.app.keep import Cancelled, Films
from sim.registry import shelf
from sim.scenario import scenario_names
from sim.types import UserError

GIVE_WAY = 0.05
"""Seconds after which it looks again whether anybody waits."""


class Compiling(event.Listener):
    """Hears from numba when a rule is turned into machine code; what is read from its cache is no compiling."""

    def __init__(self) -> None:
        self._guard, self._depth = threading.Lock(), 0

    def on_start(self, _event: object) -> None:
        """Count one more; a rule that calls another compiles it within its own."""
        with self._guard:
            self._depth += 1

    def on_end(self, _event: object) -> None:
        """Count one less, however it ended."""
        with self._guard:
            self._depth -= 1

    def now(self) -> bool:
        """Tell whether anything is being compiled in this process."""
        return self._depth > 0


COMPILING = Compiling()
event.register("numba:compile", COMPILING)


def wishes() -> list[dict[str, str]]:
    """Return the worlds to live ahead, as words of an address: the bare one, the seat's, every scenario.

    Examples
    --------
    >>> wishes()[:2]
    [{}, {'protocol': 'alternating_offers'}]
    """
    protocols = shelf("protocol")
    # The seat offers the first protocol with rounds, as the page's script does.
    rounds = [{"protocol": name} for name in protocols.names() if protocols.get(name).rounds][:1]
    return [{}, *rounds, *({"scenarios": name} for name in scenario_names())]


def ahead(films: Films, worlds: Sequence[dict[str, str]], done: Callable[[], bool] = lambda: False) -> threading.Thread:
    """Make films before anybody asks, in a thread that ends with the process or, between two worlds, when ``done`` says so."""

    def work() -> None:
        for words in worlds:
            while films.waited_for and not done():
                time.sleep(GIVE_WAY)
            if done():
                return
            # What is wrong (a full disk, a scenario that fails) is told to whoever asks for it.
            with contextlib.suppress(UserError, Cancelled):
                films.get(words)

    thread = threading.Thread(target=work, daemon=True, name="films ahead")
    thread.start()
    return thread
