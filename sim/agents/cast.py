"""An agent for every party of a world, and who decides: they, for what their classes override, or the compiled rules."""

from __future__ import annotations

import hashlib
from typing import Any

import mesa

from sim.agents.answers import AgentsDecide
from sim.agents.bloc import BlocAgent
from sim.agents.faces import Face
from sim.agents.overriding import base_of
from sim.agents.party import DECISIONS, PartyAgent
from sim.agents.state import StateAgent
from sim.data.codes import meant
from sim.state.world import World
from sim.types import UserError

_LUCK = b"mesa.generators"


def classes_of(given: type[PartyAgent]) -> tuple[type[StateAgent], type[BlocAgent]]:
    """Return the classes of states and of blocs that one class of agents stands for.

    A class of states may name that of blocs as ``bloc_class``; else the other kind of party decides by the compiled rules.
    """
    if base_of(given) is BlocAgent:
        return StateAgent, given
    return given, getattr(given, "bloc_class", BlocAgent)


def mesa_seed(seed: int) -> int:
    """Return the seed of Mesa's own generators in a run: for a user's own code, apart from all luck of the model."""
    return int.from_bytes(hashlib.blake2b(_LUCK + str(seed).encode(), digest_size=4).digest(), "little")


class Cast(mesa.Model):
    """The agents of one world.

    Parameters
    ----------
    world : World
    compiled : Compiled
        Takes the decisions that the agents do not.
    given : type
        Class of the agents (:func:`classes_of`).
    bloc_class : type, optional
        Class of the blocs, where it is given apart.
    plain : bool
        Let the agents take every decision.

    Attributes
    ----------
    world : World
    parties : tuple of PartyAgent
        In the order of parties.
    told : frozenset of str
        Decisions that the agents take.
    decide : AgentsDecide or None
        Who decides; None where the agents take no decision.
    """

    def __init__(
        self,
        world: World,
        compiled: Any,
        given: type[PartyAgent],
        bloc_class: type[BlocAgent] | None = None,
        *,
        plain: bool = False,
    ) -> None:
        super().__init__(rng=mesa_seed(world.seed))
        states, blocs = classes_of(given)
        blocs = bloc_class or blocs
        self.world = world
        setting, self._complete = world.setting, False
        classes = (states,) * setting.n_states + (blocs,) * (setting.n_parties - setting.n_states)
        self.parties: tuple[PartyAgent, ...] = tuple(face(self, i) for i, face in enumerate(classes))
        self._by_code = {agent.code: agent for agent in self.parties}
        self._complete = True
        # What hours cost before anybody planned the month; whoever gathers the plans keeps it.
        self.asked = world.hour_price
        self.told = frozenset(DECISIONS) if plain else states.decided() | blocs.decided()
        self.decide = AgentsDecide(self, self.told, compiled) if self.told else None

    def register_agent(self, agent: Any) -> None:
        """Take an agent in; of parties there is one each from the start.

        Raises
        ------
        UserError
            If it is one more agent for a party.
        """
        if isinstance(agent, Face) and self._complete:
            raise UserError("every party has its agent already; derive agents of another kind from mesa.Agent")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Let an agent go; parties stay.

        Raises
        ------
        UserError
            If it is a party.
        """
        if isinstance(agent, Face):
            agent.remove()
        super().deregister_agent(agent)

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


__all__ = ["Cast", "classes_of", "mesa_seed"]
