"""Hands the engine's questions to the agents, one by one, and their answers back as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.conferring import ConferenceQuestions, treaty_view
from sim.agents.party import PartyAgent
from sim.agents.views import Contact
from sim.bargains.problems import Outcomes, Problems
from sim.ledger import without_members
from sim.ports import Hand
from sim.state.world import Bools, Ints, World
from sim.types import Rank, Reason, UserError, nearest


class AgentsDecide(ConferenceQuestions):
    """Hands the engine's questions to the agents, in the order of parties, and their answers back as arrays.

    Parameters
    ----------
    model : Cast
        Holds the agents, in the order of parties, as ``parties``.
    told : frozenset of str
        Decisions the agents take.
    compiled : Compiled
        Takes the others, and knows what an answer looks like (:mod:`sim.decide.decisions`).
    """

    def __init__(self, model: Any, told: frozenset[str], compiled: Any) -> None:
        self.model, self.told, self._compiled = model, told, compiled

    @property
    def hand(self) -> Hand:
        """Who works on talks: agents say what they open and accept, never what is done at the table."""
        hand: Hand = self._compiled.hand
        return hand

    def appraise(self, world: World) -> None:
        """Let each party renew what it thinks of its partners."""
        if "appraise" not in self.told:
            self._compiled.appraise(world)
            return
        for agent in self.model.parties:
            agent.appraise()

    def choose_partners(self, world: World) -> Any:
        """Gather whom each party contacts, by party and then in the order it gave.

        Raises
        ------
        UserError
            If an agent names one it cannot meet, twice the same, or a rank that is none.
        """
        if "choose_partners" not in self.told:
            return self._compiled.choose_partners(world)
        edges, ranks, channels = [], [], []
        self.model.asked = world.hour_price.copy()
        for agent in self.model.parties:
            agent.pencilled.clear()  # what was pencilled in last month stands in the book of talks by now
        for agent in self.model.parties:
            met = set()
            where = f"{type(agent).__name__}.choose_partners: {agent.code}"
            for partner, rank, channel in _contacts(where, agent.choose_partners()):
                edge = agent.edge_to(partner)
                if rank not in tuple(Rank):
                    raise UserError(f"{where} cannot contact {partner} at rank {rank!r}; valid are {', '.join(r.name for r in Rank)}")
                if world.blocked[edge] or (edge, rank) in met:
                    nobody = without_members(world)[[agent.index, world.setting.party(partner)]].any()
                    why = "because a bloc without members is nobody" if nobody else "because a bloc and its own members are never a dyad"
                    why = why if world.blocked[edge] else f"twice in one month at rank {Rank(rank).name}"
                    raise UserError(f"{where} cannot contact {partner} {why}")
                met.add((edge, rank))
                edges.append(edge)
                ranks.append(int(rank))
                channels.append(self._channel(world, where, channel))
        form = (np.array(edges, dtype=np.int32), np.array(ranks, dtype=np.int8), np.array(channels, dtype=np.int8))
        return self._compiled.chosen(*form)

    @staticmethod
    def _channel(world: World, where: str, channel: Any) -> int:
        names = world.setting.words.codes["channel"]
        if channel is None:
            return -1
        if isinstance(channel, str) or int(channel) not in names.values():
            raise UserError(
                f"{where} cannot hold a contact over {channel!r}; valid are {', '.join(f'Channel.{one.upper()}' for one in names)}"
            )
        return int(channel)

    def propose(self, world: World, contacts: Any) -> Ints:
        """Ask the owner of each contact, one after the other, so that desks taken by earlier proposals are seen by later ones.

        Raises
        ------
        UserError
            If an agent proposes what the two cannot negotiate.
        """
        if "propose" not in self.told:
            taken: Ints = self._compiled.propose(world, contacts)
            return taken
        for agent in self.model.parties:
            agent.pencilled.clear()
        edges, names = world.setting.edges, (*world.setting.type_names, *world.setting.package_names)
        out = np.full(len(contacts.edge), -1, dtype=np.int32)
        held = zip(contacts.edge.tolist(), contacts.channel.tolist(), contacts.rank.tolist(), strict=True)
        for c, (edge, channel, rank) in enumerate(held):
            owner, partner = self.model.parties[edges.row[edge]], self.model.parties[edges.col[edge]]
            name = owner.propose(Contact(partner.code, world.setting.words.typed("channel", channel), Rank(rank)))
            if name is None:
                continue
            self._check_proposal(world, owner, partner, name, edge)
            out[c] = names.index(name)
            owner.pencilled.add((name, partner.code))
            partner.pencilled.add((name, owner.code))
        return out

    def _check_proposal(self, world: World, owner: PartyAgent, partner: PartyAgent, name: str, edge: int) -> None:
        setting, n = world.setting, len(world.setting.type_names)
        able = [kind for kind, may in zip(setting.type_names, setting.negotiated.tolist(), strict=True) if may]
        able += [name for name in setting.package_names if all(half in able for half in name.split("+"))]
        where = f"{type(owner).__name__}.propose: {owner.code} and {partner.code}"
        if name not in able:
            raise UserError(f"{where} cannot open talks on {name!r}; {nearest(str(name), able)}")
        at = (*setting.type_names, *setting.package_names).index(name)
        if (world.role[at, edge] if at < n else world.linked_roles[at - n, edge]) < 0:
            raise UserError(f"{where} have no roles to take in a {name}: it promised neither order a gain")
        if not owner.may_propose(name, partner.code):
            raise UserError(f"{where} cannot begin talks on a {name} this month (see PartyAgent.may_propose)")

    def accept(self, world: World, talks: Ints, problems: Problems, outcomes: Outcomes) -> Bools:
        """Ask both sides of each text, first role first.

        Raises
        ------
        UserError
            If an agent answers with anything but True or False.
        """
        if "accept" not in self.told:
            taken: Bools = self._compiled.accept(world, talks, problems, outcomes)
            return taken
        out = np.zeros((len(talks), 2), dtype=np.bool_)
        for m, row in enumerate(talks.tolist()):
            for side, key in enumerate(("first", "second")):
                agent = self.model.parties[int(world.talks[key][row])]
                answer: Any = agent.accept(*agent.at_the_table(row, outcomes.text[m]))
                if not isinstance(answer, (bool, np.bool_)):
                    raise UserError(f"{type(agent).__name__}.accept: {agent.code} answered {answer!r}; True or False was expected")
                out[m, side] = answer
        return out

    def ratify(self, world: World, places: Ints) -> NDArray[np.int8]:
        """Ask each party whose ratifiers decide this month.

        Raises
        ------
        UserError
            If an agent answers with anything but a reason or True or False.
        """
        if "ratify" not in self.told:
            taken: NDArray[np.int8] = self._compiled.ratify(world, places)
            return taken
        out = np.empty(len(places), dtype=np.int8)
        for n, place in enumerate(places.tolist()):
            agent = self.model.parties[int(world.adherence["party"][place])]
            row = int(world.adherence["instrument"][place])
            talk = int(world.instruments["talk"][row])
            answer: Any = agent.ratify(*(agent.signed_at(talk) if talk >= 0 else treaty_view(world, row)))
            if isinstance(answer, bool):
                answer = Reason.NONE if answer else Reason.NOT_RATIFIED
            if answer not in (Reason.NONE, Reason.NOT_RATIFIED, Reason.WITHDRAWN):
                raise UserError(
                    f"{type(agent).__name__}.ratify: {agent.code} answered {answer!r}; Reason.NONE, NOT_RATIFIED or WITHDRAWN was expected"
                )
            out[n] = answer
        return out


def _contacts(where: str, answer: Any) -> list[tuple[Any, Any, Any]]:
    """Return whom an agent would contact as a partner, a rank and a channel, None where that is left open.

    Raises
    ------
    UserError
        If it answered with anything else.
    """
    expected = "(partner, rank) or (partner, rank, channel) were expected, for example [('IDN', Rank.HEAD, Channel.CALL)]"
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise UserError(f"{where} answered {answer!r}; {expected}")
    found = []
    for one in answer:
        if not isinstance(one, (tuple, list)) or len(one) not in (2, 3):
            raise UserError(f"{where} answered with {one!r}; {expected}")
        found.append((one[0], one[1], one[2] if len(one) == 3 else None))
    return found
