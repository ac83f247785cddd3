"""Hands the questions of conferences to the agents, one by one, and their answers back as arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.agents.faces import text_by_issue
from sim.agents.views import Conference
from sim.stakes.treaties import at_the_table, coalition
from sim.types import UserError, month_label
from sim.world import Bools, Floats, Ints, World

CONFERENCE_DECISIONS = ("attend", "sign", "accede", "admit", "regret")


class ConferenceQuestions:
    """The part of :class:`sim.agents.answers.AgentsDecide` that asks agents about treaties of many."""

    model: Any
    told: frozenset[str]
    _compiled: Any

    def attend(self, world: World, type_index: int, parties: Ints, text: Floats) -> Bools:
        """Ask those invited whether they come."""
        if "attend" not in self.told:
            told: Bools = self._compiled.attend(world, type_index, parties, text)
            return told
        kind, month = world.setting.types[type_index], month_label(world.month)
        table = Conference("", kind.name, _codes(world, parties), month)
        return self._ask(world, parties, "attend", lambda agent: agent.attend(table, text_by_issue(kind, text, world.setting)))

    def sign(self, world: World, conference: int, parties: Ints, text: Floats) -> Bools:
        """Ask those seated whether they sign."""
        if "sign" not in self.told:
            told: Bools = self._compiled.sign(world, conference, parties, text)
            return told
        kind = world.setting.types[int(world.conferences["type"][conference])]
        table = conference_view(world, conference, at_the_table(world, conference))
        return self._ask(world, parties, "sign", lambda agent: agent.sign(table, text_by_issue(kind, text, world.setting)))

    def accede(self, world: World, treaty: int, parties: Ints) -> Bools:
        """Ask outsiders whether they join."""
        if "accede" not in self.told:
            told: Bools = self._compiled.accede(world, treaty, parties)
            return told
        table, text = treaty_view(world, treaty)
        return self._ask(world, parties, "accede", lambda agent: agent.accede(table, dict(text)))

    def admit(self, world: World, treaty: int, parties: Ints, newcomer: int) -> Bools:
        """Ask the parties to a treaty whether they would have a newcomer."""
        if "admit" not in self.told:
            told: Bools = self._compiled.admit(world, treaty, parties, newcomer)
            return told
        table, text = treaty_view(world, treaty)
        code = world.setting.codes[newcomer]
        return self._ask(world, parties, "admit", lambda agent: agent.admit(table, dict(text), code))

    def regret(self, world: World, treaty: int, parties: Ints) -> Bools:
        """Ask the parties to a treaty whether they would be better off without it."""
        if "regret" not in self.told:
            told: Bools = self._compiled.regret(world, treaty, parties)
            return told
        table, text = treaty_view(world, treaty)
        return self._ask(world, parties, "regret", lambda agent: agent.regret(table, dict(text)))

    def _ask(self, world: World, parties: Ints, name: str, question: Callable[[Any], Any]) -> Bools:
        """Ask each party in turn.

        Raises
        ------
        UserError
            If an agent answers with anything but True or False.
        """
        out = np.zeros(len(parties), dtype=np.bool_)
        for n, party in enumerate(parties.tolist()):
            agent = self.model.parties[party]
            answer = question(agent)
            if not isinstance(answer, (bool, np.bool_)):
                raise UserError(f"{type(agent).__name__}.{name}: {agent.code} answered {answer!r}; True or False was expected")
            out[n] = answer
        return out


def conference_view(world: World, conference: int, members: Ints, treaty: int = -1) -> Conference:
    """Return a conference as a party at it sees it."""
    table = world.conferences
    name = world.setting.types[int(table["type"][conference])].name
    opened = month_label(int(table["opened"][conference]))
    return Conference(world.conference_identity(conference), name, _codes(world, members), opened, treaty)


def treaty_view(world: World, row: int) -> tuple[Conference, dict[str, float]]:
    """Return a treaty of many and its text as its parties see them."""
    kind = world.setting.types[int(world.instruments["type"][row])]
    table = conference_view(world, int(world.instruments["conference"][row]), coalition(world, row), row)
    return table, text_by_issue(kind, world.instruments["text"][row], world.setting)


def _codes(world: World, parties: Ints) -> tuple[str, ...]:
    return tuple(world.setting.codes[party] for party in parties.tolist())
