"""A party at a table of many: whether to come, to sign with the others, to join later, to let others in, and to wish itself out.

Each question is answered on what the treaty would be worth with the members it has, or would have, this month. The fast form is in
:mod:`sim.decide.decisions`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from sim.agents.home import Home
from sim.agents.stakes import Stake, treaty_stake
from sim.agents.views import Conference
from sim.stakes.stakes import issues_of


class Delegate(Home):
    """A party as it sits, or might sit, at a table of many."""

    def attend(self, table: Conference, draft: Mapping[str, float]) -> bool:
        """Say whether I come to a conference: if I would gain by the chair's draft, signed by all who are invited."""
        return self.stake_at(table).gain(draft) > 0.0

    def sign(self, table: Conference, text: Mapping[str, float]) -> bool:
        """Say whether I sign a text with all who are at the table: if it is worth no less than no agreement, and would pass at home."""
        mine = self.stake_at(table)
        return mine.gain(text) >= 0.0 and self.would_pass(table, mine, text)

    def accede(self, table: Conference, text: Mapping[str, float]) -> bool:
        """Say whether I join a treaty in force: if I would gain, and believe that it would pass at home."""
        mine = self.stake_at(table)
        return mine.gain(text) > 0.0 and self.would_pass(table, mine, text)

    def admit(self, table: Conference, text: Mapping[str, float], newcomer: str) -> bool:
        """Say whether I would have a newcomer in a treaty of mine: unless it makes it worth less to me."""
        larger = dataclasses.replace(table, members=(*table.members, newcomer))
        return self.stake_at(larger).utility(text) >= self.stake_at(table).utility(text)

    def regret(self, table: Conference, text: Mapping[str, float]) -> bool:
        """Say whether a treaty of mine is now worth less to me than no agreement."""
        return self.stake_at(table).gain(text) < 0.0

    def stake_at(self, table: Conference) -> Stake:
        """Return what I have at stake in a treaty with its members, on the interests of this month."""
        t = self._type(table.type)
        kind, codes = self.setting.types[t], set(table.members)
        inside = np.array([code in codes for code in self.setting.codes])
        found = kind.stakes(self.world, t, np.array([self.index]), inside, table.treaty)
        return self.led(kind, treaty_stake(kind, found, issues_of(self.setting)), 0)
