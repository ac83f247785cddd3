"""Agents: Mesa's faces on rows of the world, and the decisions of a month told in plain Python.

Read :mod:`sim.agents.party` for the rules; :mod:`sim.decide.decisions` is the fast form of the same, and a test holds the two together
event for event.
"""

from __future__ import annotations

from sim.agents.bloc import BlocAgent
from sim.agents.party import PartyAgent
from sim.agents.state import StateAgent
from sim.agents.views import Agreement, Conference, Contact, Negotiation, Regime

__all__ = ["Agreement", "BlocAgent", "Conference", "Contact", "Negotiation", "PartyAgent", "Regime", "StateAgent"]
