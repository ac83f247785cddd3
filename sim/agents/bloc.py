"""A bloc: a party that speaks for its members where its competence reaches."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.agents.party import PartyAgent
from sim.agents.stakes import Stake
from sim.agents.views import Conference, Negotiation
from sim.types import Institution


class BlocAgent(PartyAgent):
    """A bloc of states, such as the EU. It decides as states do, over the sum of its members, on what it has the competence for."""

    kind = "bloc"

    @property
    def region(self) -> str:
        """A bloc has no region of its own."""
        return ""

    @property
    def members(self) -> tuple[str, ...]:
        """Codes of its members this month."""
        row = self.index - self.setting.n_states
        return tuple(self.setting.codes[int(state)] for state in np.flatnonzero(self.world.member[row]))

    @property
    def blocs(self) -> tuple[str, ...]:
        """A bloc is a member of none."""
        return ()

    def consent_needed(self, agreement_type: str) -> tuple[Institution, float]:
        """Return the assent of my members, and the larger of the shares of states and of people it needs."""
        self._type(agreement_type)
        rule = self.setting.roster.decision_rules[self.index - self.setting.n_states]
        return Institution.BLOC_ASSENT, max(rule.state_quota, rule.people_quota)

    def passes(self, negotiation: Negotiation | Conference, stake: Stake, text: Mapping[Any, float]) -> bool:
        """Say whether my members assent: those in favour must reach the quota of states and the quota of people."""
        rule = self.setting.roster.decision_rules[self.index - self.setting.n_states]
        members = [self.model.state(code) for code in self.members]
        favour = [member for member in members if self._favours(member, negotiation, stake, text)]
        people, all_people = (math.fsum(state.population for state in group) for group in (favour, members))
        return bool(members) and len(favour) >= rule.state_quota * len(members) and people >= rule.people_quota * all_people

    def _favours(self, member: PartyAgent, negotiation: Negotiation | Conference, stake: Stake, text: Mapping[Any, float]) -> bool:
        """Say whether a member would rather have the text: my stakes, its own ideal points.

        Who keeps no eye on the partner goes with me.
        """
        if isinstance(negotiation, Conference):
            at_home = {issue: interest.ideal for issue, interest in member.stake_at(negotiation).interests.items()}
            return stake.seen_from(at_home).gain(text) >= 0.0
        if negotiation.partner not in member._edge_to:
            return stake.gain(text) + negotiation.payment >= 0.0
        own = {issue: interest.ideal for issue, interest in member.at_stake(negotiation).interests.items()}
        return stake.seen_from(own).gain(text) + negotiation.payment >= 0.0
