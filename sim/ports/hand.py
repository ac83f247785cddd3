"""The hand that works on the talks of two: the protocol's alone, or that of a seat which somebody plays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sim.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.bargains.problems import Outcomes, Problems
    from sim.stakes.packages import Package
    from sim.world import World


class Hand(Protocol):
    """What bargaining asks, month by month, of who works on talks; whoever decides brings it (:class:`sim.decide.decisions.Decide`).

    :class:`sim.decide.held.ByProtocol` lets the protocol do all of it; :class:`sim.seat.hand.Hand` lays a player's moves over that.
    """

    def leaves(self, world: World) -> Sequence[int]:
        """Return the rows of the talks that a side walks away from this month."""

    def ready(self, world: World, ready: Bools) -> Bools:
        """Return which talks move this month, bool (M,); ``ready`` says which have what the protocol asks for."""

    def mandate(self, world: World, rows: Ints, table: Problems, status_quo: Floats) -> Problems:
        """Return the problems that a protocol without rounds is to solve.

        Parameters
        ----------
        world : World
        rows : int (M,)
            Rows of negotiations; of packages those of the talks that lead them.
        table : Problems
            Theirs, as the table knows them.
        status_quo : float64 (M, K)
            Texts of no agreement.
        """

    def work(self, world: World, rows: Ints, table: Problems, status_quo: Floats, package: Package) -> Outcomes:
        """Let the protocol of the run work on talks, with rounds by as many as their contacts gave, and return what came of them.

        Parameters
        ----------
        world : World
        rows : int (M,)
        table : Problems
            As :meth:`mandate` gave them.
        status_quo : float64 (M, K)
        package : Package
            The talks that ride with these, where they are the leading ones of packages.
        """

    def worth(self, world: World, rows: Ints, problems: Problems, outcomes: Outcomes) -> Outcomes:
        """Return outcomes with their texts valued by both sides' interests as they are, where a hand had declared others."""
