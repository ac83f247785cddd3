"""The decisions of the month in their fast form: whom to meet, what to propose, whether to sign and to ratify.

``sim.agents`` tells the same rules in plain Python, agent by agent; a test holds the two together event for event. An object with the
methods of :class:`Decide` can be handed to ``engine.step(world, decide=...)``; :class:`Compiled` is the default.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.bargains.feasible import feasible
from sim.bargains.problems import Outcomes, Problems
from sim.bargains.worth import gain, worth
from sim.decide.agenda import Chosen, spend
from sim.decide.assent import answers, ratifiers_gain
from sim.decide.contacts import Contacts
from sim.decide.held import BY_PROTOCOL
from sim.decide.partners import standing_weight, who_may_talk
from sim.decide.proposals import propose as _propose
from sim.decide.staff import months_of_types, staff, talks_open
from sim.kernels import jit
from sim.ledger import shut
from sim.ports import BargainingTerms, ContactTerms, Hand, RatificationTerms
from sim.stakes import linkage
from sim.stakes.governments import led
from sim.stakes.layout import ALIKE
from sim.stakes.payoffs import midway_gains, promising
from sim.stakes.ratifiers import distances_at
from sim.stakes.stakes import Groups, Stakes, issues_of
from sim.stakes.treaties import at_the_table, coalition, stakes_of
from sim.state.world import Bools, Floats, Ints, World

APPRAISED = 4096
"""Dyads whose payoffs are compiled together."""


class Decide(Protocol):
    """What a world asks of whoever decides."""

    @property
    def hand(self) -> Hand:
        """Who works on the talks of two; :data:`sim.decide.held.BY_PROTOCOL` lets the protocol do it alone."""

    def appraise(self, world: World) -> None:
        """Renew each party's standing weight of partners and its prospects with them (January and the first month)."""

    def choose_partners(self, world: World) -> Chosen:
        """Choose whom each party contacts this month, at what rank, and over what channel where that is not left open."""

    def propose(self, world: World, contacts: Contacts) -> Ints:
        """Say what each contact is used to propose, shape (n,): a type, or T and more for a package of two linked ones; -1 for none."""

    def accept(self, world: World, talks: Ints, problems: Problems, outcomes: Outcomes) -> Bools:
        """Say which sides accept each concluded text, shape (M, 2)."""

    def ratify(self, world: World, places: Ints) -> NDArray[np.int8]:
        """Answer for each adherence whose ratifiers decide this month, shape (n,): a :class:`sim.types.Reason`, NONE where ratified."""

    def attend(self, world: World, type_index: int, parties: Ints, text: Floats) -> Bools:
        """Say who of those invited, (n,), hopes to gain from a conference whose chair would table a text, (K,)."""

    def sign(self, world: World, conference: int, parties: Ints, text: Floats) -> Bools:
        """Say who of those seated at a conference, (n,), signs its text with all the others."""

    def accede(self, world: World, treaty: int, parties: Ints) -> Bools:
        """Say who of some outsiders, (n,), would join a treaty in force."""

    def admit(self, world: World, treaty: int, parties: Ints, newcomer: int) -> Bools:
        """Say which parties to a treaty, (n,), would have a newcomer among them."""

    def regret(self, world: World, treaty: int, parties: Ints) -> Bools:
        """Say which parties to a treaty, (n,), would now be better off without it."""


class Compiled:
    """The decisions over arrays, compiled."""

    hand: Hand = BY_PROTOCOL

    @staticmethod
    def chosen(edge: Ints, rank: NDArray[np.int8], channel: NDArray[np.int8] | None = None) -> Chosen:
        """Return whom parties contact, for those who choose otherwise and do not know this room."""
        return Chosen(edge, rank, np.full(len(edge), -1, dtype=np.int8) if channel is None else channel)

    def appraise(self, world: World) -> None:
        """Renew ``contact_weight``, ``prospect`` and ``role``; see :mod:`sim.agents` for the rule in words."""
        self.weigh(world)
        linked = {t for pair in world.setting.links for t in pair if world.setting.terms(BargainingTerms).linkage}
        closed = shut(world)
        halves = {t: np.full((world.setting.edges.n, 2), np.nan) for t in sorted(linked) if world.setting.negotiated[t]}
        for t in where_true(world.setting.negotiated).tolist():
            world.prospect[t] = 0.0
            world.role[t] = -1
            self._appraise_type(world, t, world.setting.types[t], halves.get(t), closed)
        linkage.hopes(world, halves)

    @staticmethod
    def weigh(world: World) -> None:
        """Renew ``contact_weight``, the standing part of the weight of a partner."""
        part, edges = world.setting.terms(ContactTerms), world.setting.edges
        standing_weight(
            edges.col, edges.log_distance, world.alliance_weight, edges.border, world.gdp,
            part.size_elasticity, part.distance_elasticity, part.graph_weight, part.border_weight, edges.start, world.blocked,
            world.array("image"), part.image_weight, world.contact_weight,
        )  # fmt: skip

    def _appraise_type(self, world: World, t: int, kind: Any, halves: Floats | None, closed: Bools) -> None:
        edges = world.setting.edges
        able = np.empty((4, edges.n), dtype=np.int32)
        n = who_may_talk(
            world.month, edges.row, edges.col, edges.rev, world.principal[t], closed, world.in_force,
            where_true(world.setting.rules_out[t]), world.cooldown[t], able,
        )  # fmt: skip
        first, second, edge, back = able[:, :n]
        # A type is asked on its own issues alone: on the others nothing is said, and most of the work would be on those.
        issues = tuple(issue for issue in issues_of(world.setting) if issue in kind.issues)
        every = edge[kind.eligible(world, Groups(first, second, edge, back, issues))]
        # A part at a time: what stays near the processor is worked through sooner, and a large world would take hundreds of megabytes.
        for at in range(0, len(every), APPRAISED):
            some = every[at : at + APPRAISED]
            asked = Groups(edges.row[some], edges.col[some], some, edges.rev[some], issues)
            gains = midway_gains(led(world, t, kind.coefficients(world, asked).dyads(), asked.first, asked.second, issues))
            if halves is not None:
                halves[some] = gains
            _take_roles(some, edges.rev, promising(gains), world.prospect[t], world.role[t])

    def choose_partners(self, world: World) -> Chosen:
        """Spend each rank's hours on what brings most an hour; see :mod:`sim.decide.hours`."""
        return spend(world)

    def propose(self, world: World, contacts: Contacts) -> Ints:
        """Propose what brings most for its time, a type or a package, if it pays both sides' staff and channel and luck allow it."""
        setting = world.setting
        part = setting.terms(BargainingTerms)
        out = np.full(len(contacts.edge), -1, dtype=np.int32)
        _propose(
            contacts.edge, contacts.channel, setting.edges.row, setting.edges.col, setting.edges.rev, setting.identity,
            where_true(setting.negotiated), setting.rules_out,
            np.uint64(world.seed), luck.PROPOSE.key, np.uint64(world.month), world.month, world.prospect, world.role,
            world.linked_roles, world.principal, world.open_talk, world.in_force, world.cooldown, world.blocked, part.propose_rate,
            np.array(part.starts(setting.words.added_channels)), world.gdp, talks_open(world), staff(world),
            months_of_types(setting), part.talk_hours * part.staff_price, part.staff_elasticity, world.meetings,
            np.array(setting.links, dtype=np.int64).reshape(-1, 2), world.linked_prospect, world.hostile, world.barred, out,
        )  # fmt: skip
        return out

    def accept(self, world: World, talks: Ints, problems: Problems, outcomes: Outcomes) -> Bools:
        """Accept what is worth at least the reservation value and would pass at home, on one's own beliefs."""
        return feasible(problems, outcomes.text, outcomes.utility, outcomes.transfer).signs

    def ratify(self, world: World, places: Ints) -> NDArray[np.int8]:
        """Let ratifiers decide on the interests of this month; see :mod:`sim.decide.assent`."""
        return answers(world, places)

    def attend(self, world: World, type_index: int, parties: Ints, text: Floats) -> Bools:
        """Attend where the chair's draft, signed by all who are invited, would be a gain."""
        stakes = stakes_of(world, type_index, parties, parties)
        return np.asarray(gain(stakes, text) > 0.0)

    def sign(self, world: World, conference: int, parties: Ints, text: Floats) -> Bools:
        """Sign what is worth no less than no agreement and would pass at home, on one's own belief."""
        t = int(world.conferences["type"][conference])
        return would_sign(world, conference, stakes_of(world, t, parties, at_the_table(world, conference)), parties, text, 0.0)

    def accede(self, world: World, treaty: int, parties: Ints) -> Bools:
        """Join what would be a gain and would pass at home, on one's own belief."""
        instruments = world.instruments
        stakes = stakes_of(world, int(instruments["type"][treaty]), parties, coalition(world, treaty), treaty)
        least = np.nextafter(0.0, 1.0)
        return would_sign(world, int(instruments["conference"][treaty]), stakes, parties, instruments["text"][treaty], float(least))

    def admit(self, world: World, treaty: int, parties: Ints, newcomer: int) -> Bools:
        """Admit whoever does not make the treaty worth less to oneself."""
        t, inside = int(world.instruments["type"][treaty]), coalition(world, treaty)
        text = world.instruments["text"][treaty]
        with_it = worth(stakes_of(world, t, parties, np.append(inside, newcomer), treaty), text)
        return np.asarray(with_it >= worth(stakes_of(world, t, parties, inside, treaty), text))

    def regret(self, world: World, treaty: int, parties: Ints) -> Bools:
        """Regret what is now worth less than no agreement."""
        stakes = stakes_of(world, int(world.instruments["type"][treaty]), parties, coalition(world, treaty), treaty)
        return np.asarray(gain(stakes, world.instruments["text"][treaty]) < 0.0)


def would_sign(world: World, conference: int, stakes: Stakes, parties: Ints, text: Floats, least: float) -> Bools:
    """Say who, (n,), gains at least so much (bp) by a text, (K,), and believes that it would pass at home."""
    setting, part = world.setting, world.setting.terms(RatificationTerms)
    far = distances_at(world, conference, parties)
    direction = setting.leanings[int(world.conferences["type"][conference]), 0]
    passes = ratifiers_gain(stakes, part.spread, far.own, direction, far.active, text) >= 0.0
    return np.asarray((gain(stakes, text) >= least) & passes)


@jit
def _take_roles(every: Ints, rev: Ints, gain: Floats, prospect: Floats, role: NDArray[np.int8]) -> None:
    """Where both parties could take role 0, the order that promises more to both counts; gains that are alike go to the earlier edge."""
    for g in range(every.shape[0]):
        e, back = every[g], rev[every[g]]
        if gain[g, 0] <= 0.0:
            continue
        if role[e] < 0 or gain[g, 0] + gain[g, 1] > ALIKE * (prospect[e] + prospect[back]):
            role[e], role[back] = 0, 1
            prospect[e], prospect[back] = gain[g, 0], gain[g, 1]
