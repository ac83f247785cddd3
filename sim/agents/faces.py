"""A party's face: its rows of the world, read by name. The world holds the truth; an agent keeps nothing but its place in it."""

from __future__ import annotations

import functools
from dataclasses import replace
from functools import cached_property
from typing import Any

import mesa
import numpy as np

from sim.agents.views import Agreement, Negotiation, Regime
from sim.data.codes import meant
from sim.ledger import partners_in
from sim.ports import BargainingTerms
from sim.stakes.keeping import held
from sim.state.world import Edges, Setting, World
from sim.types import Stage, TalkStage, UserError, month_label, nearest


class Face(mesa.Agent):
    """What can be read of a party.

    Parameters
    ----------
    model : DiplomacyModel
    index : int
        Place on the P axis (states by code, then blocs by code).
    """

    def __init__(self, model: Any, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.code: str = self.setting.codes[index]
        self.identity: np.uint64 = self.setting.identity[index]

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute of one's own; a rule is not replaced in one agent, because nobody would ask it there.

        Raises
        ------
        UserError
            If it is the name of a method of agents.
        """
        if name in house_methods(type(self)):
            raise UserError(
                f"{name} cannot be replaced in one agent; override it in a subclass given as agent_class= (or bloc_class=), "
                "which may look at self.code"
            )
        super().__setattr__(name, value)

    def remove(self) -> None:
        """Refuse to leave the world.

        Raises
        ------
        UserError
            Always: who takes part is fixed for a run.
        """
        raise UserError(
            f"{self.code} cannot be removed: who takes part is fixed for a run; choose states with roster={{'states': [...]}}, "
            "or let it do nothing by overriding its decisions"
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}>"

    @property
    def world(self) -> World:
        """The world this party lives in."""
        world: World = self.model.world
        return world

    @property
    def setting(self) -> Setting:
        """What is fixed for the run."""
        return self.world.setting

    @property
    def edges(self) -> Edges:
        """Directed dyads of the run."""
        return self.setting.edges

    @property
    def name(self) -> str:
        """The party's name in English."""
        roster = self.setting.roster
        names = (*roster.names, *roster.bloc_names)
        return names[self.index]

    @property
    def gdp(self) -> float:
        """Gross domestic product (USD a year)."""
        return float(self.world.gdp[self.index])

    @property
    def population(self) -> float:
        """People."""
        return float(self.world.population[self.index])

    @property
    def capability(self) -> float:
        """Capability, in units of the average state."""
        return float(self.world.capability[self.index])

    @property
    def cloud_capacity(self) -> float:
        """Cloud capacity (MW)."""
        return float(self.world.cloud_capacity[self.index])

    @property
    def need(self) -> float:
        """Cloud capacity short of the target per internet user (MW)."""
        return float(self.world.need[self.index])

    @property
    def leaning(self) -> float:
        """How far my executive stands from my state's own ideal points (domestic spreads), above 0 towards those at home who ratify."""
        return float(self.world.leaning[self.index])

    @property
    def pivot(self) -> float:
        """How much further my pivotal ratifier stands from my executive than its quota asks (domestic spreads); 0 where united."""
        return float(self.world.pivot[self.index])

    @property
    def image_at_home(self) -> float:
        """How well my executive is seen at home (index 0-1)."""
        return float(self.world.array("image_at_home")[self.index])

    @property
    def regime(self) -> Regime:
        """The party's law on data, as three numbers."""
        world, i = self.world, self.index
        return Regime(float(world.protection_firms[i]), float(world.protection_state[i]), float(world.localisation[i]))

    @cached_property
    def _edge_to(self) -> dict[str, int]:
        """My edge to each partner I keep an eye on, own bloc or members included."""
        codes, start = self.setting.codes, self.edges.start
        here = range(int(start[self.index]), int(start[self.index + 1]))
        return {codes[int(self.edges.col[e])]: e for e in here}

    def edge_to(self, partner: str) -> int:
        """Return my edge to a partner.

        Raises
        ------
        UserError
            If I keep no eye on such a party.
        """
        try:
            return self._edge_to[partner]
        except KeyError:
            raise UserError(f"{self.code} keeps no eye on {partner!r}; {meant(partner, self._edge_to)}") from None

    @property
    def partners(self) -> tuple[str, ...]:
        """Codes of the parties I may deal with, in the order of parties; a bloc and its own members never deal with each other."""
        blocked = self.world.blocked
        return tuple(code for code, edge in self._edge_to.items() if not blocked[edge])

    @property
    def allies(self) -> tuple[str, ...]:
        """Codes of those with whom I have an alliance this year."""
        alliance = self.world.alliance
        return tuple(code for code in self.partners if alliance[self.edge_to(code)] > 0.0)

    def trust_in(self, partner: str) -> float:
        """Return my belief that a partner keeps its word (0 to 1)."""
        return float(self.world.trust[self.edge_to(partner)])

    def trade_with(self, partner: str) -> float:
        """Return my digital trade with a partner, both ways (USD a year)."""
        edge = self.edge_to(partner)
        return float(self.world.trade[edge] + self.world.trade[self.edges.rev[edge]])

    def prospect_with(self, partner: str) -> dict[str, float]:
        """Return what I hope to gain with a partner by agreement type (bp of GDP a year), where there is hope."""
        hopes = self.world.prospect[:, self.edge_to(partner)].tolist()
        return {name: hope for name, hope in zip(self.setting.type_names, hopes, strict=True) if hope > 0.0}

    def packages_with(self, partner: str) -> dict[str, float]:
        """Return what I hope to gain with a partner by packages of two linked types, where there is hope (bp of GDP a year).

        What promises both of us something on its own is left out: it is negotiated on its own.
        """
        alone, hopes = self.prospect_with(partner), self.world.linked_prospect[:, self.edge_to(partner)].tolist()
        named = zip(self.setting.package_names, hopes, strict=True)
        return {name: hope for name, hope in named if hope > 0.0 and not all(half in alone for half in name.split("+"))}

    def negotiates_with(self, partner: str) -> bool:
        """Say whether talks with a partner are open on anything."""
        return bool(max(self.world.open_talk[:, self.edge_to(partner)].tolist()) >= 0)

    def principal(self, agreement_type: str) -> str | None:
        """Return the code of who speaks for me on an agreement type; None for a bloc without the competence."""
        party = int(self.world.principal[self._type(agreement_type), self.index])
        return self.setting.codes[party] if party >= 0 else None

    def speaks_for(self, agreement_type: str) -> tuple[str, ...]:
        """Return the codes of those I speak for on an agreement type, myself included; none where another speaks for me."""
        speaker = self.world.principal[self._type(agreement_type)]
        return tuple(self.setting.codes[int(party)] for party in np.flatnonzero(speaker == self.index))

    def _type(self, name: str) -> int:
        names = self.setting.type_names
        if name not in names:
            raise UserError(f"there is no agreement type {name!r}; {nearest(str(name), names)}")
        return names.index(name)

    @property
    def negotiations(self) -> tuple[Negotiation, ...]:
        """My open talks, oldest first."""
        talks = self.world.talks
        mine = (talks["first"] == self.index) | (talks["second"] == self.index)
        return tuple(self.negotiation(int(row)) for row in np.flatnonzero(mine & (talks["stage"] == TalkStage.OPEN)))

    def negotiation(self, row: int) -> Negotiation:
        """Return talks of mine, by their row in the world."""
        talks, setting = self.world.talks, self.setting
        sides = (int(talks["first"][row]), int(talks["second"][row]))
        side = sides.index(self.index)
        kind = setting.types[int(talks["type"][row])]
        opened, n_contacts = month_label(int(talks["opened"][row])), int(talks["n_contacts"][row])
        return Negotiation(
            self.world.talk_identity(row),
            kind.name,
            setting.codes[sides[1 - side]],
            kind.roles[side],
            side,
            opened,
            n_contacts,
            self._worth_of(float(talks["payment"][row]) * (-1.0 if side == 0 else 1.0)),
            succeeds=int(talks["succeeds"][row]),
        )

    def kept(self, negotiation: Negotiation) -> float:
        """Return what I go on having of the agreement that some talks would replace (bp); 0 where there is none or it has ended."""
        old = negotiation.succeeds
        if old < 0 or self.world.instruments["stage"][old] not in (Stage.IN_FORCE, Stage.SUSPENDED):
            return 0.0
        role = 0 if self.world.instruments["first"][old] == self.index else 1
        value = float(held(self.world, np.array([old])).value[0, role])
        return value if value > 0.0 else 0.0

    def at_the_table(self, row: int, text: Any) -> tuple[Negotiation, dict[str, float]]:
        """Return talks of mine and their text, by their row in the world; of a package, the leading talks, with the others as their rest.

        ``text`` has shape (K,), or (2 K,) of a package.
        """
        rows = self._halves(row)
        seen = [self.negotiation(one) for one in rows]
        kinds = (self.setting.types[int(self.world.talks["type"][one])] for one in rows)
        texts = [text_by_issue(kind, part, self.setting) for kind, part in zip(kinds, np.split(text, len(rows)), strict=True)]
        return replace(seen[0], rest=tuple(zip(seen[1:], texts[1:], strict=True))), texts[0]

    def signed_at(self, row: int) -> tuple[Negotiation, dict[str, float]]:
        """Return talks of mine and the text that was signed there, with what was signed as one package with it."""
        instruments = self.world.instruments
        of = [int(np.flatnonzero(instruments["talk"] == one)[0]) for one in self._halves(row)]
        return self.at_the_table(row, np.concatenate([instruments["text"][one] for one in of]))

    def _halves(self, row: int) -> list[int]:
        """Return the talks of the package that some talks belong to, those that lead it first; these alone where they belong to none."""
        package = self.world.talks["package"]
        lead = int(package[row])
        return [row] if lead < 0 else [lead, *(one for one in np.flatnonzero(package == lead).tolist() if one != lead)]

    def _worth_of(self, payment: float) -> float:
        """Return what a yearly payment to me (USD; negative where I pay) is worth to me, bp of GDP; who pays bears the overhead too."""
        overhead: float = self.setting.terms(BargainingTerms).payment_overhead
        return 1e4 * (payment if payment > 0.0 else (1.0 + overhead) * payment) / self.gdp

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """Everything I ever signed or was bound by, in the order in which it reached me."""
        return tuple(self._agreement(int(at)) for at in np.flatnonzero(self.world.adherence["party"] == self.index))

    def _agreement(self, at: int) -> Agreement:
        adherence, instruments, setting = self.world.adherence, self.world.instruments, self.setting
        row, side, bound_by = (int(adherence[key][at]) for key in ("instrument", "role", "bound_by"))
        kind = setting.types[int(instruments["type"][row])]
        signed, in_force = int(instruments["signed"][row]), int(instruments["in_force"][row])
        return Agreement(
            identity=self.world.instrument_identity(row),
            type=kind.name,
            partners=tuple(setting.codes[party] for party in partners_in(self.world, row, self.index, side)),
            role=kind.roles[side],
            stage=Stage(int(adherence["stage"][at])),
            text=text_by_issue(kind, instruments["text"][row], setting),
            signed=month_label(signed) if signed >= 0 else None,
            in_force=month_label(in_force) if in_force >= 0 else None,
            bound_by=setting.codes[bound_by] if bound_by >= 0 else None,
        )


def house_methods(cls: Any) -> frozenset[str]:
    """Return the names of the methods that a class of agents has from :mod:`sim.agents`."""
    return _house_methods(cls)


@functools.cache
def _house_methods(cls: Any) -> frozenset[str]:
    rungs = (rung for rung in cls.__mro__ if rung.__module__.startswith("sim.agents."))
    return frozenset(name for rung in rungs for name, value in vars(rung).items() if callable(value) and not name.startswith("__"))


def text_by_issue(kind: Any, text: Any, setting: Any) -> dict[str, float]:
    """Name the levels of a text, shape (K,), by the issues of its agreement type."""
    return {issue: float(text[k]) for k, issue in enumerate(setting.words.issues) if issue in kind.issues}
