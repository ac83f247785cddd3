"""Watchers: who subscribes to a world sees its months, and the tables of two that moved in them; none of them changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrays import Ints

if TYPE_CHECKING:
    from sim.bargains.problems import Outcomes, Problems
    from sim.world import World


class Watcher:
    """Sees a run as it is lived: what the record leaves out. It may read and copy anything; all it is given refuses to be written."""

    def month(self, world: World) -> None:
        """See the world after a month has ended and been measured (and once, before the first, as it stands at the start)."""

    def table(self, world: World, rows: Ints, problems: Problems, known: Problems, outcomes: Outcomes) -> None:
        """See the negotiations of two that moved this month.

        Parameters
        ----------
        world : World
        rows : int (M,)
            Rows of the negotiations.
        problems, known : Problems
            As each side believes of its own ratifiers; as the table knows them (the same where nobody's ratifiers have a say).
        outcomes : Outcomes
            What the protocol made of them, before the parties answer.
        """


class Watchers:
    """Those who watch one world, told in the order in which they subscribed. They are no part of its state: a copy has none."""

    def __init__(self) -> None:
        self._all: tuple[Watcher, ...] = ()

    def subscribe(self, watcher: Watcher) -> None:
        """Let a watcher see what comes from here on; who has subscribed already is not told twice."""
        if all(one is not watcher for one in self._all):
            self._all = (*self._all, watcher)

    def month(self, world: World) -> None:
        """Tell all that a month has ended and been measured."""
        for one in self._all:
            one.month(world)

    def table(self, world: World, rows: Ints, problems: Problems, known: Problems, outcomes: Outcomes) -> None:
        """Tell all of the negotiations that moved (:meth:`Watcher.table`)."""
        for one in self._all:
            one.table(world, rows, problems, known, outcomes)
