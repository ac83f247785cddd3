"""Talks of two, held by the protocol alone: it solves them at once, or moves what is stored on by the rounds their contacts gave."""

from __future__ import annotations

from collections.abc import Sequence

from sim.bargains.problems import Outcomes, Problems, Talks, first_proposers
from sim.ports import Hand
from sim.stakes.packages import Package, offers_of, store, stored
from sim.world import Bools, Floats, Ints, World


class ByProtocol:
    """The hand at the table (:class:`sim.ports.Hand`) where nobody plays: nobody leaves, nothing is declared, the protocol works."""

    def leaves(self, world: World) -> Sequence[int]:
        """Return no row: the model's parties walk away from no talks."""
        return ()

    def ready(self, world: World, ready: Bools) -> Bools:
        """Return which talks move this month, bool (M,): those that have what the protocol asks for."""
        return ready

    def mandate(self, world: World, rows: Ints, table: Problems, status_quo: Floats) -> Problems:
        """Return the problems as they are."""
        return table

    def work(self, world: World, rows: Ints, table: Problems, status_quo: Floats, package: Package = None) -> Outcomes:
        """Let the protocol work on talks, (M,), each by as many rounds as its contacts gave where it has any."""
        protocol = world.setting.config.protocol
        if protocol.rounds:
            return advance(world, rows, table, world.talks["credit"][rows].copy(), package)
        outcomes: Outcomes = protocol.solve(table)
        return outcomes

    def worth(self, world: World, rows: Ints, problems: Problems, outcomes: Outcomes) -> Outcomes:
        """Return the outcomes as they are."""
        return outcomes


def advance(world: World, rows: Ints, problems: Problems, rounds: Ints, package: Package = None) -> Outcomes:
    """Advance the stored negotiations of a protocol with rounds, each by as many rounds, (M,), as it is given."""
    state = Talks(first=first_proposers(problems), **stored(world, rows, package))
    outcomes, log = world.setting.config.protocol.advance(problems, state, rounds, record=world.record_offers)
    store(world, rows, package, state)
    if log is not None:
        columns = offers_of(world, rows, log, package)
        world.offers.extend(len(columns["talk"]), month=world.month, **columns)
    result: Outcomes = outcomes
    return result


BY_PROTOCOL: Hand = ByProtocol()
