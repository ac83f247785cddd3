"""The decisions of the month in their fast form: whom to meet, what to propose, whether to sign and to ratify.

``sim.agents`` tells the same rules in plain Python, agent by agent; a test holds the two together event for event. An object with the
methods of :class:`Decide` can be handed to ``engine.step(world, decide=...)``; :class:`Compiled` is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.bargains.feasible import feasible
from sim.bargains.problems import Outcomes, Problems
from sim.bargains.worth import gain, worth
from sim.contracts import staff_months
from sim.decide.assent import answers, ratifiers_gain
from sim.decide.contacts import Contacts
from sim.decide.held import BY_PROTOCOL
from sim.decide.partners import draw_capacities, heaviest_first, race, room_for_talks, standing_weight, who_may_talk
from sim.decide.proposals import propose as _propose
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
from sim.state.world import Bools, Floats, Ints, Setting, World
from sim.types import Rank, TalkStage

APPRAISED = 4096
"""Dyads whose payoffs are compiled together."""


@dataclass(frozen=True)
class Chosen:
    """Contacts chosen this month, by owner and then in the order of the race.

    Attributes
    ----------
    edge : int32 (n,)
        Owner and partner.
    rank : int8 (n,)
        Who will hold it.
    """

    edge: Ints
    rank: NDArray[np.int8]


class Decide(Protocol):
    """What a world asks of whoever decides."""

    @property
    def hand(self) -> Hand:
        """Who works on the talks of two; :data:`sim.decide.held.BY_PROTOCOL` lets the protocol do it alone."""

    def appraise(self, world: World) -> None:
        """Renew each party's standing weight of partners and its prospects with them (January and the first month)."""

    def choose_partners(self, world: World) -> Chosen:
        """Choose whom each party contacts this month, and at what rank."""

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
    def chosen(edge: Ints, rank: NDArray[np.int8]) -> Chosen:
        """Return whom parties contact, for those who choose otherwise and do not know this room."""
        return Chosen(edge, rank)

    def appraise(self, world: World) -> None:
        """Renew ``contact_weight``, ``prospect`` and ``role``; see :mod:`sim.agents` for the rule in words."""
        self.weigh(world)
        linked = {t for pair in world.setting.links for t in pair if world.setting.terms(BargainingTerms).linkage}
        halves = {t: np.full((world.setting.edges.n, 2), np.nan) for t in sorted(linked) if world.setting.negotiated[t]}
        for t in where_true(world.setting.negotiated).tolist():
            world.prospect[t] = 0.0
            world.role[t] = -1
            self._appraise_type(world, t, world.setting.types[t], halves.get(t))
        linkage.hopes(world, halves)

    @staticmethod
    def weigh(world: World) -> None:
        """Renew ``contact_weight``, the standing part of the weight of a partner."""
        part, edges = world.setting.terms(ContactTerms), world.setting.edges
        standing_weight(
            edges.col, edges.log_distance, world.alliance_weight, edges.border, world.gdp,
            part.size_elasticity, part.distance_elasticity, part.graph_weight, part.border_weight, world.contact_weight,
        )  # fmt: skip
        world.contact_order = None

    def _appraise_type(self, world: World, t: int, kind: Any, halves: Floats | None) -> None:
        edges = world.setting.edges
        able = np.empty((4, edges.n), dtype=np.int32)
        n = who_may_talk(
            world.month, edges.row, edges.col, edges.rev, world.principal[t], shut(world), world.in_force,
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
        """Hold one exponential race per party; the first go to heads, the next to ministers, the rest to officials."""
        setting, part = world.setting, world.setting.terms(ContactTerms)
        numbers = capacities(world)
        if world.contact_order is None:
            world.contact_order = np.empty(setting.edges.n, dtype=np.int32)
            heaviest_first(setting.edges.start, world.contact_weight, world.contact_order)
        edge, rank = np.empty(int(numbers.sum()), dtype=np.int32), np.empty(int(numbers.sum()), dtype=np.int8)
        n = race(
            setting.edges.start, setting.edges.col, world.contact_order, setting.identity, numbers, np.uint64(world.seed),
            luck.PARTNER.key, np.uint64(world.month), where_true(setting.negotiated),
            world.contact_weight, world.trust, world.prospect, world.open_talk, world.summit, world.elected, world.blocked,
            world.gdp, part.trust_weight, part.prospect_weight, part.hope_half, part.talk_weight, part.summit_weight,
            part.election_weight, edge, rank,
        )  # fmt: skip
        return Chosen(edge[:n], rank[:n])

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
            _staff_months(setting), part.talk_hours * part.staff_price, part.staff_elasticity, part.meetings,
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


def capacities(world: World) -> Ints:
    """Return how many contacts each party opens at each rank this month, shape (P, 3): a mean by size, rounded by luck."""
    setting, part = world.setting, world.setting.terms(ContactTerms)
    heads, ministers, officials = part.capacity()
    out = np.empty((setting.n_parties, len(Rank)), dtype=np.int32)
    draw_capacities(
        np.uint64(world.seed), luck.CAPACITY.key, np.uint64(world.month), setting.identity, world.gdp, part.capacity_reference,
        part.capacity_elasticity, heads, ministers, officials, out,
    )  # fmt: skip
    return out


def free_desks(world: World) -> Ints:
    """Return how many more talks each party can carry, shape (P,): ``max(1, floor(desks (GDP / reference)^eta))`` less those open.

    The two halves of a package are held by the same people: they count once, as all talks of one accession do.
    """
    part, talks = world.setting.terms(BargainingTerms), world.talks
    out = np.empty(world.setting.n_parties, dtype=np.int32)
    room_for_talks(
        world.gdp, part.desks, part.desk_reference, part.desk_elasticity, talks["stage"], int(TalkStage.OPEN), talks["first"],
        talks["second"], np.where(talks["accession"] >= 0, talks["accession"], talks["package"]), out,
    )  # fmt: skip
    return out


def staff(world: World) -> Floats:
    """Return how many talks the staff of each party could carry at the full price, shape (P,): ``desks (GDP / reference)^eta``."""
    part = world.setting.terms(BargainingTerms)
    return np.asarray(part.desks * np.exp(part.desk_elasticity * np.log(np.maximum(world.gdp, 1.0) / part.desk_reference)))


def staff_prices(world: World) -> Floats:
    """Return what a month of one more talk costs each party, shape (P,), USD of gain a year."""
    part = world.setting.terms(BargainingTerms)
    at_work = part.meetings + (talks_open(world) + 1.0) / staff(world)
    return np.asarray(part.talk_hours * part.staff_price * at_work**part.staff_elasticity)


def staff_in_bp(world: World, rows: Ints, role: int) -> Floats:
    """Return what talks on the types of some instruments would cost their party in a role, (n,), bp of its GDP a year."""
    instruments = world.instruments
    party = instruments["first" if role == 0 else "second"][rows]
    months = _staff_months(world.setting)[instruments["type"][rows], role]
    return np.asarray(1e4 * staff_prices(world)[party] * months / np.maximum(world.gdp[party], 1.0))


def _staff_months(setting: Setting) -> Floats:
    """Return how many months of staff an agreement of each type is reckoned to take of either role, (T, 2)."""
    found: Floats | None = setting.kept.get("staff_months")
    if found is None:
        found = setting.kept["staff_months"] = np.array([staff_months(kind) for kind in setting.types], dtype=np.float64)
    return found


def talks_open(world: World) -> Ints:
    """Return how many talks each party carries, shape (P,).

    The two halves of a package are held by the same people and count once; so are all talks of one accession.
    """
    talks, out = world.talks, np.zeros(world.setting.n_parties, dtype=np.int32)
    _talks_open(talks["stage"], int(TalkStage.OPEN), talks["accession"], talks["package"], talks["first"], talks["second"], out)
    return out


@jit
def _talks_open(stage: NDArray[np.int8], is_open: int, accession: Ints, package: Ints, first: Ints, second: Ints, out: Ints) -> None:
    """Count the open talks of each party, (P,): of those of one accession, or of one package, the leading ones alone."""
    for row in range(stage.shape[0]):
        lead = accession[row] if accession[row] >= 0 else package[row]
        if stage[row] == is_open and (lead < 0 or lead == row):
            out[first[row]] += 1
            out[second[row]] += 1


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
