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

import copy
import functools
import inspect
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import mesa
import numpy as np

from sim import engine
from sim.agents import BlocAgent, StateAgent
from sim.agents.answers import AgentsDecide
from sim.agents.cast import Cast, classes_of
from sim.agents.overriding import base_of, unasked
from sim.agents.party import DECISIONS
from sim.alliances.graph import alliance_graph, treaty_graph
from sim.alliances.ties import CLOSE, HOSTILE
from sim.contracts import blaming
from sim.decide.decisions import Compiled
from sim.folder import write_manifest, write_runs
from sim.params import SETTINGS
from sim.plain import plain_tree
from sim.recorder import Recorder, RunData
from sim.registry import using
from sim.run import manifest, now, prepare, result_folder
from sim.seat.moves import written
from sim.seat.played import live, played_by
from sim.state.world import Setting
from sim.types import UserError, month_label
from sim.why import Why, why

_APART = 10**9
"""What an iteration of Mesa's batch_run adds to a seed that was given, so that neighbouring seeds never meet."""


class DiplomacyModel(Cast):
    """States and blocs that meet, bargain and sign, month by month.

    Parameters
    ----------
    scenario : str
        Name of a scenario.
    rng : int, optional
        Luck of the run: a whole number, not negative; 0 unless given. ``seed=`` says the same. An iteration of Mesa's ``batch_run`` has
        its own luck.
    plain : bool
        Let the agents take every decision.
    agent_class, bloc_class : type
        Classes of the agents; decisions they override are taken by the agents, of all parties, and the rest are compiled. With ``agents=``
        and ``parts=`` they come from a folder of parts.
    setting : Setting, optional
        A setting assembled before, to be used again; ``scenario`` and ``tree`` then stay at their defaults.
    **tree
        Anything else a run can be told, for example ``protocol={"name": "alternating_offers"}`` or ``end="2019-12"``. With ``outputs=``
        the run is written to a folder there when its last month has been lived.

    Attributes
    ----------
    world : World
    random, rng
        Mesa's generators, seeded by the run's seed; no rule of the model reads them, so they are free for agents of one's own.
    datacollector : mesa.DataCollector
        The month, the seed and every metric, a row a month; ``datacollector.get_model_vars_dataframe()`` gives the table.
    folder : Path or None
        Where the run is written.

    Raises
    ------
    UserError
        If the scenario, the seed, a class or anything in the tree is not valid.
    """

    def __init__(
        self,
        scenario: str = "baseline",
        rng: int | None = None,
        plain: bool = False,
        agent_class: type[StateAgent] | None = None,
        bloc_class: type[BlocAgent] | None = None,
        *,
        setting: Setting | None = None,
        **tree: Any,
    ) -> None:
        for word, given, base in (("agent_class", agent_class, StateAgent), ("bloc_class", bloc_class, BlocAgent)):
            if given is not None and not (isinstance(given, type) and issubclass(given, base)):
                raise UserError(f"{word} must be a subclass of {base.__name__}, not {given!r}")
        changes = sorted({*tree, *(("scenario",) if scenario != "baseline" else ())} - set(SETTINGS))
        if setting is not None and changes:
            raise UserError(f"the setting is already assembled: {', '.join(changes)} cannot be changed in it")
        config, chosen = prepare({"scenarios": scenario, **tree, "seed": _seed(rng, tree)})
        if chosen.seeds != 1:
            raise UserError(f"a model lives one run, not seeds={chosen.seeds}; use sim.run for many")
        ready = engine.assemble(config) if setting is None else setting
        named = ready.config.agents
        if named is not None and (agent_class or bloc_class):
            raise UserError(f"agents={named.part['name']} and agent_class or bloc_class both say who decides; give one of them")
        rival = ready.config.rival
        if rival is not None and (plain or agent_class or bloc_class):
            raise UserError(f"rival={rival.name} decides who signs with whom, so agents cannot; give one of them")
        states, blocs = (StateAgent, BlocAgent) if named is None else classes_of(named)
        with using(ready.config.shelves), blaming():
            world = engine.start(ready, chosen.seed, record_offers=chosen.record == "full")
            super().__init__(world, Compiled(), agent_class or states, bloc_class or blocs, plain=plain)
        self._rules = unasked(self._classes(), self.told)
        self._moves = chosen.moves
        self._played = played_by(ready, chosen.moves, self.decide)
        self._actions: list[engine.Action] = []
        self._recorder = Recorder(ready, chosen.record, portable=True)
        self._result: RunData | None = None
        columns = [column for metric in self._recorder.metrics for column in metric.columns(ready)]
        reporters: dict[str, Any] = {"month": "last_month", "seed": "seed"}
        reporters |= {name: functools.partial(_latest, name) for name in columns}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)
        self._chosen, self._started = chosen, now()
        self.folder: Path | None = result_folder(ready.config, chosen) if tree.get("outputs") is not None else None

    @property
    def seed(self) -> int:
        """The run's seed."""
        return self.world.seed

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
        return tuple(name for name in DECISIONS if name in self.told)

    def step(self) -> None:
        """Live one month and measure it; agents of one's own that have a ``step`` take it first, in the order in which they came.

        A subclass that overrides this method steps its own agents itself.

        Raises
        ------
        UserError
            If the run is over, or a decision was replaced on a class after the model was made.
        """
        if self.world.month > (last := self.world.setting.config.end):
            raise UserError(f"the run ended in {month_label(last)}; make a model with a later end, or stop where model.running is False")
        if unasked(self._classes(), self.told) != self._rules:
            raise UserError(
                "a decision was replaced on a class of agents after the model was made; make a subclass and give it to a new model"
            )
        with using(self.world.setting.config.shelves), blaming():
            if type(self).step is DiplomacyModel.step:
                for agent in list(self.agents):
                    if type(agent).step is not mesa.Agent.step or "step" in vars(agent):
                        agent.step()
            actions, self._actions = tuple(self._actions), []
            live(self.world, self._played, actions, self.decide)
            self._recorder.measure(self.world)
        self.datacollector.collect(self)
        self.running = self.world.month <= self.world.setting.config.end
        if not self.running and self.folder is not None:
            self.result()

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
            if self.folder is not None:
                if any(self.folder.iterdir()):
                    # A copy of this model came first: each writes a folder of its own.
                    self.folder = result_folder(self.world.setting.config, self._chosen)
                self._write(self.folder, self._result)
        return self._result

    def _write(self, folder: Path, result: RunData) -> None:
        """Write the run's folder, as :func:`sim.run.run` does, and whose decisions were taken by classes of one's own."""
        setting = self.world.setting
        write_runs(folder, setting, [result], self._chosen.record)
        told = manifest(setting, self._chosen, [result], self._started, folder)
        own = {word: _origin(cls) for word, cls in zip(("states", "blocs"), self._classes(), strict=True) if cls.decided()}
        if own and setting.config.agents is None:
            told |= {
                "agents": own,
                "command": "# decided by classes of a script (agents); python -m sim cannot repeat it: see docs/mesa.md",
            }
        if setting.config.agents is None and self.told:
            told |= {"decided_by_agents": list(self.decided_by_agents)}
        if self.world.levers:
            told |= {"levers": [[path, value] for path, value in self.world.levers]}
            told |= {"command": "# levers were moved from a script; python -m sim cannot repeat it: see docs/mesa.md"}
        write_manifest(folder, told)

    def _classes(self) -> tuple[Any, ...]:
        """Return the classes of states and of blocs."""
        n = self.world.setting.n_states
        return tuple(type(agents[0]) for agents in (self.parties[:n], self.parties[n:]) if agents)

    def move(self, path: str, value: Any) -> None:
        """Set a lever from the next month on, for example ``model.move("mechanisms.contacts.hours_head", 2.0)``."""
        self._actions.append(engine.Action(path, plain_tree(value)))

    def __copy__(self) -> DiplomacyModel:
        # A copy that shared the world, or stepped the original as Mesa's wrapper would, is wanted by nobody.
        return copy.deepcopy(self)

    def latest(self, column: str) -> float:
        """Return the last month's value of one column of the series."""
        return self._recorder.latest(column)

    def why(self, one: str, other: str) -> Why:
        """Say what bars agreements between two parties now, and what each would bring them, term by term.

        Prints as text; ``rows()`` is a table of it, for example for ``pandas.DataFrame``.

        Parameters
        ----------
        one, other : str
            Codes of parties, for example ``"IDN"`` and ``"EU"``.

        Raises
        ------
        UserError
            If a code is none of the run's, or both are the same.
        """
        return why(self.world, one, other)

    def alliance_graph(self, close: float = CLOSE, hostile: float = HOSTILE) -> Any:
        """Return who is close or hostile to whom, a ``networkx.Graph`` on codes; see :func:`sim.alliances.graph.alliance_graph`."""
        return alliance_graph(self.world, close, hostile)

    def treaty_graph(self) -> Any:
        """Return what is in force now, a ``networkx.MultiDiGraph`` keyed by instrument; see :func:`sim.alliances.graph.treaty_graph`."""
        return treaty_graph(self.world)


def _seed(rng: Any, tree: dict[str, Any]) -> Any:
    """Return the run's seed: what was given, or another for each iteration of Mesa's ``batch_run``.

    Raises
    ------
    UserError
        If it is given twice, or as a generator.
    """
    given = tree.get("seed")
    if rng is not None and given is not None:
        raise UserError(f"rng={rng!r} and seed={given!r} both say the luck of the run; give one of them")
    if type(rng).__module__.startswith("numpy.random"):
        raise UserError(f"rng must be a whole number such as 7, not a {type(rng).__name__}: every draw of a run is named by its seed")
    seed: Any = given if rng is None else rng
    seed = seed.item() if isinstance(seed, np.integer) else seed
    iteration, listed = _iteration()
    if iteration == 0 or (rng is not None and listed):
        return 0 if seed is None else seed
    if seed is None:
        return iteration
    return seed + iteration * _APART if isinstance(seed, int) else seed


def _iteration() -> tuple[int, bool]:
    """Return which iteration of Mesa's ``batch_run`` a model is made for, 0 outside one, and whether that runs over a list of ``rng``.

    Mesa tells a model nothing of its iteration: without a look at who asks for it, all iterations would be the same world.

    Raises
    ------
    UserError
        If it is made by a batch_run that does not say.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == "mesa.batchrunner":
            if not isinstance(frame.f_locals.get("iteration"), int):
                raise UserError("this Mesa's batch_run does not say which iteration a model is made for; list seeds, rng=[1, 2, 3]")
            return frame.f_locals["iteration"], "rng" in inspect.signature(frame.f_globals["batch_run"]).parameters
        frame = frame.f_back
    return 0, False


def _origin(cls: type) -> dict[str, str]:
    """Say where a class of agents comes from, with a digest of its text and that of the classes it is derived from."""
    import hashlib

    base = base_of(cls)
    digest = hashlib.blake2b(digest_size=16)
    for rung in (rung for rung in cls.__mro__ if rung not in base.__mro__):
        try:
            digest.update(inspect.getsource(rung).encode())
        except (OSError, TypeError):
            # Typed into a console: its text is nowhere, its compiled methods are.
            for name, value in sorted(vars(rung).items()):
                if inspect.isfunction(value):
                    digest.update(name.encode() + value.__code__.co_code + repr(value.__code__.co_consts).encode())
    return {"class": f"{cls.__module__}.{cls.__qualname__}", "digest": digest.hexdigest()}


def _latest(column: str, model: DiplomacyModel) -> float:
    return model.latest(column)


__all__ = ["AgentsDecide", "DiplomacyModel"]
