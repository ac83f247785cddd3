"""A state: a party with a territory, memberships and neighbours."""

from __future__ import annotations

from sim.agents.party import PartyAgent


class StateAgent(PartyAgent):
    """A UN member state, or a state of a synthetic roster. Subclass it and override a decision to give states another mind."""

    kind = "state"

    @property
    def region(self) -> str:
        """The region it lies in."""
        return self.setting.roster.regions[self.index]

    @property
    def blocs(self) -> tuple[str, ...]:
        """Codes of the blocs it is a member of this month."""
        member = self.world.member[:, self.index].tolist()
        return tuple(code for code, inside in zip(self.setting.roster.blocs, member, strict=True) if inside)

    @property
    def neighbours(self) -> tuple[str, ...]:
        """Codes of the states it shares a land border with."""
        states = set(self.setting.roster.codes)
        return tuple(code for code in self.partners if code in states and self.edges.border[self.edge_to(code)] > 0.0)
