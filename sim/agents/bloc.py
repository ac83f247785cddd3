"""A bloc: a party that speaks for its members where its competence reaches."""

from __future__ import annotations

import numpy as np

from sim.agents.party import PartyAgent


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
