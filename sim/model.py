"""The model seen through Mesa: the same world, the same month, with an agent for every party.

>>> from sim import DiplomacyModel
>>> model = DiplomacyModel("baseline", seed=7)                               # doctest: +SKIP
>>> model.run()                                                              # doctest: +SKIP
>>> model.state("IDN").trust_in("SGP")                                       # doctest: +SKIP
>>> large = model.agents.select(lambda agent: agent.capability > 5.0)       # doctest: +SKIP

The arrays of the world hold the truth and agents are faces on them. ``DiplomacyModel(plain=True)`` lets the agents decide, in plain
Python; so does a subclass of :class:`~sim.agents.StateAgent` or :class:`~sim.agents.BlocAgent` for what it overrides. Otherwise the
compiled form of the same rules decides, and a month here is exactly a month of ``sim.run``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import engine
from sim.agents import BlocAgent, Contact, PartyAgent, StateAgent
from sim.agents.party import DECISIONS
from sim.alliances.graph import AllianceWeights, alliance_graph, treaty_graph
from sim.data.codes import meant
from sim.decisions import Chosen, Compiled, Contacts
from sim.params import SETTINGS
from sim.questions import ConferenceQuestions, treaty_view
from sim.recorder import Recorder, RunData
from sim.run import prepare
from sim.seat.moves import written
from sim.seat.played import live, played_by
from sim.theory.problems import Outcomes, Problems
from sim.types import Channel, Rank, Reason, UserError, month_label, nearest
from sim.world import Bools, Ints, Setting, World

HOUSE = "sim.agents."


class DiplomacyModel(mesa.Model):
    """States and blocs that meet, bargain and sign, month by month.

    Parameters
    ----------
    scenario : str
        Name of a scenario.
    seed : int
        Luck of the run, not negative.
    plain : bool
        Let the agents take every decision.
    agent_class, bloc_class : type
        Classes of the agents; decisions they override are taken by the agents, of all parties, and the rest are compiled.
    setting : Setting, optional
        A setting assembled before, to be used again; ``scenario`` and ``tree`` then stay at their defaults.
    **tree
        Anything else a run can be told, for example ``protocol={"name": "alternating_offers"}`` or ``end="2019-12"``.

    Attributes
    ----------
    world : World
    datacollector : mesa.DataCollector
        Every metric, a row a month; ``datacollector.get_model_vars_dataframe()`` gives the table.

    Raises
    ------
    UserError
        If the scenario, the seed, a class or anything in the tree is not valid.
    """

    def __init__(
        self,
        scenario: str = "baseline",
        seed: int = 0,
        plain: bool = False,
        agent_class: type[StateAgent] = StateAgent,
        bloc_class: type[BlocAgent] = BlocAgent,
        *,
        setting: Setting | None = None,
        **tree: Any,
    ) -> None:
        # Mesa's own generators are seeded so that they are not drawn from the operating system; nothing in the model reads them.
        super().__init__(rng=0)
        for word, given, base in (("agent_class", agent_class, StateAgent), ("bloc_class", bloc_class, BlocAgent)):
            if not (isinstance(given, type) and issubclass(given, base)):
                raise UserError(f"{word} must be a subclass of {base.__name__}, not {given!r}")
        changes = sorted({*tree, *(("scenario",) if scenario != "baseline" else ())} - set(SETTINGS))
        if setting is not None and changes:
            raise UserError(f"the setting is already assembled: {', '.join(changes)} cannot be changed in it")
        config, chosen = prepare({"scenarios": scenario, "seed": seed, **tree})
        if chosen.seeds != 1:
            raise UserError(f"a model lives one run, not seeds={chosen.seeds}; use sim.run for many")
        ready = engine.assemble(config) if setting is None else setting
        self.world: World = engine.start(ready, chosen.seed, record_offers=chosen.record == "full")
        classes = (agent_class,) * ready.n_states + (bloc_class,) * (ready.n_parties - ready.n_states)
        self.parties: tuple[PartyAgent, ...] = tuple(face(self, i) for i, face in enumerate(classes))
        self._by_code = {agent.code: agent for agent in self.parties}
        told = frozenset(DECISIONS) if plain else overridden(agent_class, StateAgent) | overridden(bloc_class, BlocAgent)
        self._decide = AgentsDecide(self, told) if told else None
        self._moves = chosen.moves
        self._played = played_by(ready, chosen.moves, self._decide)
        self._actions: list[engine.Action] = []
        self._recorder = Recorder(ready, chosen.record)
        self._result: RunData | None = None
        columns = [column for metric in self._recorder.metrics for column in metric.columns(ready)]
        self.datacollector = mesa.DataCollector(model_reporters={"month": "last_month", **{name: _reader(name) for name in columns}})

    @property
    def month(self) -> str:
        """The month about to be lived, ``YYYY-MM``."""
        return month_label(self.world.month)

    @property
    def last_month(self) -> str:
        """The month that has just ended, ``YYYY-MM``."""
        return month_label(self.world.month - 1)

    @property
    def decided_by_agents(self) -> tuple[str, ...]:
        """The decisions that the agents take in plain Python; the others are compiled."""
        return tuple(name for name in DECISIONS if self._decide is not None and name in self._decide.told)

    def step(self) -> None:
        """Live one month and measure it.

        Raises
        ------
        ModelFault
            If the run is over.
        """
        actions, self._actions = tuple(self._actions), []
        live(self.world, self._played, actions, self._decide)
        self._recorder.measure(self.world)
        self.datacollector.collect(self)
        self.running = self.world.month <= self.world.setting.config.end

    def run(self) -> RunData:
        """Live every month that is left and return the run's record."""
        while self.running:
            self.step()
        return self.result()

    def result(self) -> RunData:
        """Return the record of a run that has reached its end: digest, series, panels and ledger.

        Raises
        ------
        UserError
            If months are left.
        """
        if self.running:
            raise UserError(f"the run is in {self.month} and ends in {month_label(self.world.setting.config.end)}; its record is made then")
        if self._result is None:
            self._result = self._recorder.finish(self.world, written(self._moves))
        return self._result

    def move(self, path: str, value: Any) -> None:
        """Set a lever from the next month on, for example ``model.move("mechanisms.contacts.heads", 2.0)``."""
        self._actions.append(engine.Action(path, value))

    def latest(self, column: str) -> float:
        """Return the last month's value of one column of the series."""
        return self._recorder.latest(column)

    def party(self, code: str) -> PartyAgent:
        """Return a state or a bloc by its code.

        Raises
        ------
        UserError
            If there is no such party.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise UserError(f"there is no party {code!r} in this roster; {meant(code, self._by_code)}") from None

    def state(self, code: str) -> StateAgent:
        """Return a state by its ISO 3166 code.

        Raises
        ------
        UserError
            If there is no such state.
        """
        agent = self._by_code.get(code)
        if not isinstance(agent, StateAgent):
            raise UserError(f"there is no state {code!r} in this roster; {meant(code, self.world.setting.roster.codes)}")
        return agent

    def alliance_graph(self, weights: AllianceWeights | None = None) -> Any:
        """Return who stands close to whom now, a ``networkx.Graph`` on codes; see :func:`sim.alliances.graph.alliance_graph`."""
        return alliance_graph(self.world, weights)

    def treaty_graph(self) -> Any:
        """Return what is in force now, a ``networkx.MultiDiGraph`` keyed by instrument; see :func:`sim.alliances.graph.treaty_graph`."""
        return treaty_graph(self.world)


class AgentsDecide(ConferenceQuestions):
    """Hands the engine's questions to the agents, in the order of parties, and their answers back as arrays.

    Parameters
    ----------
    model : DiplomacyModel
    told : frozenset of str
        Decisions the agents take; the others are compiled.
    """

    _compiled: Compiled

    def __init__(self, model: DiplomacyModel, told: frozenset[str]) -> None:
        self.model, self.told, self._compiled = model, told, Compiled()

    def appraise(self, world: World) -> None:
        """Let each party renew what it thinks of its partners."""
        if "appraise" not in self.told:
            return self._compiled.appraise(world)
        for agent in self.model.parties:
            agent.appraise()
        return None

    def choose_partners(self, world: World) -> Chosen:
        """Gather whom each party contacts, by party and then in the order it gave.

        Raises
        ------
        UserError
            If an agent names one it cannot meet, twice the same, or a rank that is none.
        """
        if "choose_partners" not in self.told:
            return self._compiled.choose_partners(world)
        edges, ranks = [], []
        for agent in self.model.parties:
            met = set()
            for partner, rank in agent.choose_partners():
                edge = agent.edge_to(partner)
                where = f"{type(agent).__name__}.choose_partners: {agent.code}"
                if world.blocked[edge] or edge in met:
                    why = "twice in one month" if edge in met else "because a bloc and its own members are never a dyad"
                    raise UserError(f"{where} cannot contact {partner} {why}")
                if rank not in tuple(Rank):
                    raise UserError(f"{where} cannot contact {partner} at rank {rank!r}; valid are {', '.join(r.name for r in Rank)}")
                met.add(edge)
                edges.append(edge)
                ranks.append(int(rank))
        return Chosen(np.array(edges, dtype=np.int32), np.array(ranks, dtype=np.int8))

    def propose(self, world: World, contacts: Contacts) -> Ints:
        """Ask the owner of each contact, one after the other, so that desks taken by earlier proposals are seen by later ones.

        Raises
        ------
        UserError
            If an agent proposes what the two cannot negotiate.
        """
        if "propose" not in self.told:
            return self._compiled.propose(world, contacts)
        for agent in self.model.parties:
            agent.pencilled.clear()
        edges, names = world.setting.edges, (*world.setting.type_names, *world.setting.package_names)
        out = np.full(len(contacts.edge), -1, dtype=np.int32)
        held = zip(contacts.edge.tolist(), contacts.channel.tolist(), contacts.rank.tolist(), strict=True)
        for c, (edge, channel, rank) in enumerate(held):
            owner, partner = self.model.parties[edges.row[edge]], self.model.parties[edges.col[edge]]
            name = owner.propose(Contact(partner.code, Channel(channel), Rank(rank)))
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
        """Ask both sides of each text, first role first."""
        if "accept" not in self.told:
            return self._compiled.accept(world, talks, problems, outcomes)
        out = np.zeros((len(talks), 2), dtype=np.bool_)
        for m, row in enumerate(talks.tolist()):
            for side, key in enumerate(("first", "second")):
                agent = self.model.parties[int(world.talks[key][row])]
                out[m, side] = bool(agent.accept(*agent.at_the_table(row, outcomes.text[m])))
        return out

    def ratify(self, world: World, places: Ints) -> NDArray[np.int8]:
        """Ask each party whose ratifiers decide this month.

        Raises
        ------
        UserError
            If an agent answers with anything but a reason or True or False.
        """
        if "ratify" not in self.told:
            return self._compiled.ratify(world, places)
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


def overridden(given: type[PartyAgent], base: type[PartyAgent]) -> frozenset[str]:
    """Say which decisions a subclass takes its own way.

    A subclass that overrides a decision takes that one. One that overrides anything else a decision may rest on (a weight, a prospect, a
    face) takes them all, because the compiled rules would not know.
    """
    house = {name for rung in base.__mro__ if rung.__module__.startswith(HOUSE) for name in vars(rung) if not name.startswith("_")}
    own: set[str] = set()
    for rung in _above(given, base):
        own |= {name for name in vars(rung) if name in house}
    own.discard("kind")
    return frozenset(own) if own <= set(DECISIONS) else frozenset(DECISIONS)


def _above(given: type[PartyAgent], base: type[PartyAgent]) -> Iterable[type]:
    return (rung for rung in given.__mro__ if rung not in base.__mro__)


def _reader(column: str) -> Callable[[DiplomacyModel], float]:
    return lambda model: model.latest(column)


__all__ = ["AgentsDecide", "DiplomacyModel", "overridden"]
