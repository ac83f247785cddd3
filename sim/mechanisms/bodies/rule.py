r"""Bodies meet by calendar, in the room or on a screen, pass acts, and help along talks of members that are not on good terms.

A member can come to the room with the probability that the way is open, :math:`(1 - c_i)(1 - c_h)`, with ``c`` closure at home and at the
host (where a body has no seat, another member each year, in the order of their codes), and can take part on a screen with the probability
:math:`\min(1, b_i / b, w_i)`, ``b`` its bandwidth and what is enough (:mod:`sim.mechanisms.contacts`), ``w`` what its way to most others
leaves of a meeting, 0 where neither links nor satellites join it with them (:mod:`sim.mechanisms.platforms.ways`). It can still travel.
A meeting without the quorum is not held.
Ambassadors who live at the seat cross no border. As usual a body meets in the room if a quorum can come, and else on a screen. A rule of
attendance (``attendance_rules.csv``, laid by the shock of that name) may ask for the room, for a screen, for recorded statements, which
decide nothing, or for some of each. Where it asks for the room, ``let_through`` of closure does not hold for delegates.

A member takes part on a screen over the platform that joins it with the host (:mod:`sim.mechanisms.platforms`): none, no port left on
the host's bridge or an outage keeps it out. The platform of a meeting is that of most members.

Meetings of heads take hours of heads: those of a usual month, with the journey where a body meets in the room, as borders, lines and rules
stand this month (``hours_sat``). They make their other hours dearer (:mod:`sim.mechanisms.contacts`). What ministers and officials do in
bodies is the work of offices of their own, and takes none; nor does a meeting that passes nothing, where who goes is drawn elsewhere
(:mod:`sim.mechanisms.assembly`).

A screen takes fewer hours. A body whose chair calls meetings as needed then meets more often:

.. math:: n' = n \, (h_{room} / h_{screen})^{\epsilon}, \qquad h_{room} = h_{visit} + 2 D / speed

with ``D`` the mean journey of members to the host. Acts of a meeting are a Poisson draw with the body's own mean in the room, and
:math:`(q_{video} / q_{visit})^k` of it on a screen, ``q`` the rounds of talks that the channel carries
(:mod:`sim.mechanisms.bargaining`): so what online meetings lose in acts is no number of this part.

A body of heads that meets mediates: open talks between two of its members whose weight in the alliance graph lies below ``good_terms``
get ``mediation`` rounds, and no hours are taken for it. Heads of organisations also meet members one by one
(:mod:`sim.mechanisms.bodies.receptions`).

Sources: calendars and rules: ``sim/data/further/bodies.csv``. That video keeps consensus and passes fewer acts: Mintel and von Ondarza 2021
(SWP working paper 2021/05). The elasticity is assumed, with the European Council's 12 meetings to 24 November 2020 against 8 to 9 a year in
view; quorum, mediation and good terms are assumed. Departs from the world in that closure within a bloc counts as at its outer border, and
that presidencies pass on in the order of codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.data.further.bodies import HYBRID, IN_PERSON, RECORDED, UNTOLD, USUAL
from sim.declare.arrays import Array, Axis
from sim.declare.neutral import Neutral
from sim.declare.words import Word
from sim.mechanisms.bodies import kernels
from sim.mechanisms.bodies.receptions import line_of, receive
from sim.mechanisms.bodies.seating import Seating, blocs_of, seating_of
from sim.mechanisms.bodies.words import STATE, WORDS
from sim.ports import BargainingTerms, ContactTerms
from sim.registry import param, part, switch
from sim.rng import identities, uniforms
from sim.state.world import Bools, Floats, World
from sim.types import Channel, Rank, TalkStage

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sittings:
    """The meetings of a month, by body and then in order: (M,) each.

    Attributes
    ----------
    body : array
        Place on the axis of bodies.
    room, held : array of bool
        Whether it is, or would be, in the room; whether it is held.
    acts : array
        Acts passed.
    """

    body: Ints
    room: Bools
    held: Bools
    acts: Ints


@part(
    "mechanism",
    name="bodies",
    title="Bodies",
    title_id="Lembaga",
    sentence_id="Lembaga bersidang menurut kalender, di ruangan atau lewat layar, mengesahkan keputusan, "
    "dan menengahi perundingan anggotanya.",
)
@dataclass(frozen=True)
class Bodies:
    """Bodies meet by calendar, in the room or on a screen, pass acts, and mediate talks of their members."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "screens_are_rooms",
            "A body meets as often on a screen as in the room, and passes as much there.",
            "Lembaga bersidang sama seringnya lewat layar, dan mengesahkan sama banyaknya di sana.",
            (("mechanisms.bodies.meeting_elasticity", 0.0), ("mechanisms.bodies.acts_exponent", 0.0)),
            "acts_of_bodies",
            scenario="pandemic_lockdown",
        ),
        Neutral(
            "nobody_mediates",
            "No body helps the talks of its members along.",
            "Tidak ada lembaga yang membantu perundingan anggotanya.",
            (("mechanisms.bodies.mediation", 0),),
            "mediations",
        ),
        Neutral(
            "nobody_is_received",
            "Heads of organisations meet nobody.",
            "Pemimpin organisasi tidak menemui siapa pun.",
            (("mechanisms.bodies.receptions", False),),
            "receptions",
        ),
        Neutral(
            "meetings_take_no_time",
            "Meetings of bodies take no hours of heads.",
            "Sidang lembaga tidak memakan waktu para pemimpin.",
            (("mechanisms.bodies.heads_sit", False),),
            "contacts_visit",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "closure", "bandwidth", "attendance_rule", "share_in_person", "alliance_weight", "member", "hours_sat",
        "platform_between", "out", "bridge_out", "ports", "way_out", "way_between",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "hosting", "attending", "met_in_person", "met_online", "not_met", "acts", "screen_seats", "met_on", "hours_sat",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("events", "talks")
    words: ClassVar[tuple[Word, ...]] = WORDS
    state: ClassVar[tuple[Array | Axis, ...]] = STATE
    needs: ClassVar[tuple[type, ...]] = (ContactTerms, BargainingTerms)

    quorum: float = param(
        0.5, unit="share of members", low=0.05, high=1.0, source="assumed", meaning="Share of members without whom no meeting is held."
    )
    let_through: float = param(
        0.8,
        unit="share of closure",
        low=0.0,
        high=1.0,
        source="assumed, with the meetings in the room of 2021 in view",
        meaning="Part of closure that does not hold for delegates where a rule of attendance asks for the room.",
    )
    meeting_elasticity: float = param(
        0.2,
        unit="elasticity",
        low=0.0,
        high=1.0,
        source="assumed, with the European Council's 12 meetings to November 2020 against 8 to 9 a year in view",
        meaning="How the number of meetings grows as a meeting takes fewer hours, epsilon.",
    )
    acts_exponent: float = param(
        1.0,
        unit="exponent",
        low=0.0,
        high=3.0,
        source="assumed",
        meaning="How far acts of a meeting on a screen follow the rounds of talks that video carries, k; 0: as many as in the room.",
    )
    mediation: int = param(
        1,
        unit="rounds",
        low=0,
        high=5,
        source="assumed",
        meaning="Rounds that a meeting of heads gives to talks of two members it mediates.",
    )
    good_terms: float = param(
        0.2,
        unit="weight",
        low=-1.0,
        high=1.0,
        source="assumed: about the lowest fifth of all pairs",
        meaning="Weight in the alliance graph below which two members are not on good terms, and are helped.",
    )
    heads_sit: bool = switch(True, source="assumed", meaning="Whether meetings of heads take hours of heads.")
    receptions: bool = switch(True, source="assumed", meaning="Whether heads of organisations meet members.")
    receptions_size: float = param(
        0.25, unit="elasticity", low=0.0, high=1.0, source="assumed", meaning="How much more often they meet larger economies."
    )

    def step(self, world: World, decide: Any) -> None:
        """Hold the month's meetings, and mediate where heads have met."""
        for name in ("attending", "met_in_person", "met_online", "not_met", "acts", "screen_seats"):
            world.array(name)[:] = 0
        world.array("hosting")[:], world.array("met_on")[:] = -1, -1
        seating, line = seating_of(world), line_of(world)
        world.array("hours_sat")[:] = 0.0
        if self.heads_sit:
            self._plan(world, seating, line)
        if self.receptions:
            receive(world, seating.inside, seating.host, line, self.receptions_size)
        due = world.setting.roster.bodies.due(world.month)
        if not due.any():
            return
        found = self._sittings(world, due, seating, line)
        self._tell(world, found)
        if self.mediation:
            self._mediate(world, found, seating.inside)

    def _sittings(self, world: World, due: Ints, seating: Seating, line: Floats) -> Sittings:
        """Find how many meetings each body has, where, and what they pass; writes what a month's meetings leave in arrays, but counts."""
        setting, bodies = world.setting, world.setting.roster.bodies
        meets, ids = where_true((due > 0) & (seating.members > 1)), identities(bodies.names)
        rule, share = world.array("attendance_rule")[meets].astype(np.int64), world.array("share_in_person")[meets]
        openness, met_on = np.empty(len(meets)), np.full(len(meets), -1, dtype=np.int8)
        can_come, can_see = np.zeros((2, len(meets), setting.n_states), dtype=np.bool_)
        kernels.attend(
            meets, seating.inside, seating.at_home, seating.host, world.closure, line, self._kept(rule), seating.to_host,
            world.platform_between, world.way_between,
            world.out, world.bridge_out, world.ports, ids, setting.identity, np.uint64(world.seed), luck.SEAT.key,
            np.uint64(world.month), can_come, can_see, openness, met_on,
        )  # fmt: skip
        come, see = (some.sum(axis=1) / seating.members[meets] for some in (can_come, can_see))
        openness = np.where(share > UNTOLD, share, openness)
        by_rule = np.where(rule == IN_PERSON, 1.0, np.where(rule == HYBRID, openness, 0.0))
        in_room = np.where(rule == USUAL, (come >= self.quorum).astype(np.float64), by_rule)
        # Nobody calls more meetings than usual of those who could not be there.
        calls = bodies.as_needed[meets] & (see >= self.quorum)
        more = np.where(calls, (1.0 - in_room) * (self._more(world, seating)[meets] - 1.0), 0.0)
        n = np.floor(due[meets] * (1.0 + more) + uniforms(world.seed, luck.MEETINGS, world.month, ids[meets])).astype(np.int64)
        world.array("hosting")[meets] = seating.host[meets]
        world.array("attending")[meets] = in_room * come + (1.0 - in_room) * see
        many = int(n.sum())
        found = Sittings(np.empty(many, np.int64), np.empty(many, np.bool_), np.empty(many, np.bool_), np.empty(many, np.int64))
        kernels.hold(
            meets, n, in_room, come, see, self.quorum, bodies.acts, np.where(rule == RECORDED, 0.0, self._carried(world)), ids,
            np.uint64(world.seed), luck.SITTING.key, np.uint64(world.month), found.body, found.room, found.held, found.acts,
        )  # fmt: skip
        world.array("screen_seats")[meets], world.array("met_on")[meets] = can_see.sum(axis=1), met_on
        return found

    def _plan(self, world: World, seating: Seating, line: Floats) -> None:
        """Let heads keep the hours that meetings of bodies take in a usual month, as borders, lines and rules stand."""
        bodies, some = world.setting.roster.bodies, seating.of_heads
        terms, channels = world.setting.terms(ContactTerms), world.setting.terms(ContactTerms).channel_hours()
        rule, hours = world.array("attendance_rule")[some].astype(np.int64), np.zeros(world.setting.n_states)
        kernels.plan_hours(
            some, bodies.meetings[some] / 12.0, rule, world.array("share_in_person")[some], self._kept(rule), self.quorum,
            seating.inside, seating.at_home, seating.host, seating.far, world.closure, line, float(channels[Channel.VISIT]),
            float(channels[Channel.VIDEO]), terms.speed, hours,
        )  # fmt: skip
        world.array("hours_sat")[: len(hours), Rank.HEAD] = hours

    def _kept(self, rule: Ints) -> Floats:
        """Return the part of closure that holds for delegates under some rules, (b,)."""
        return np.where((rule == IN_PERSON) | (rule == HYBRID), 1.0 - self.let_through, 1.0)

    def _more(self, world: World, seating: Seating) -> Floats:
        """Return how many meetings on a screen a body has for each in the room, shape (B,)."""
        terms, channels = world.setting.terms(ContactTerms), world.setting.terms(ContactTerms).channel_hours()
        room = channels[Channel.VISIT] + 2.0 * seating.journey / terms.speed
        return np.asarray((room / channels[Channel.VIDEO]) ** self.meeting_elasticity)

    def _carried(self, world: World) -> float:
        """Return the acts of a meeting on a screen as a share of those in the room."""
        terms, rank = world.setting.terms(BargainingTerms), np.full(2, int(Rank.OFFICIAL), dtype=np.int8)
        visit, video = terms.rounds(np.array([Channel.VISIT, Channel.VIDEO], dtype=np.int8), rank).tolist()
        return float((video / visit if visit else 1.0) ** self.acts_exponent)

    def _tell(self, world: World, found: Sittings) -> None:
        """Count the meetings and write them to the ledger."""
        setting, bodies, size = world.setting, world.setting.roster.bodies, len(world.array("acts"))
        for name, which in (
            ("met_in_person", found.held & found.room), ("met_online", found.held & ~found.room), ("not_met", ~found.held),
        ):  # fmt: skip
            world.array(name)[:] = np.bincount(found.body[which], minlength=size)
        world.array("acts")[:] = np.bincount(found.body, weights=found.acts, minlength=size)
        code, spoken = setting.words.code, blocs_of(world)
        world.events.extend(
            len(found.body),
            month=world.month,
            event=np.where(found.held, code("event", "sitting"), code("event", "sitting_lost")),
            party_a=spoken[found.body],
            party_b=np.where(found.held, world.array("hosting")[found.body], -1),
            channel=np.where(found.held, np.where(found.room, int(Channel.SUMMIT), int(Channel.VIDEO)), -1),
            rank=bodies.rank[found.body],
            value=np.where(found.held, found.acts, np.nan),
            of_body=found.body,
            platform_used=np.where(found.held & ~found.room, world.array("met_on")[found.body], -1),
        )

    def _mediate(self, world: World, found: Sittings, inside: Bools) -> None:
        """Carry talks of members that are not on good terms, at the first body of heads where both sat this month."""
        talks, bodies = world.talks, world.setting.roster.bodies
        heads = found.held & (bodies.rank[found.body] == Rank.HEAD)
        rows = where_true((talks["stage"] == TalkStage.OPEN) & (talks["accession"] < 0))
        rows = rows[world.alliance_weight[talks["edge"][rows]] < self.good_terms]
        if not len(rows) or not heads.any():
            return
        met, first = np.unique(found.body[heads], return_index=True)
        rooms = found.room[heads][first]
        sits = self._sits(world, inside[met])
        both = sits[:, talks["first"][rows]] & sits[:, talks["second"][rows]]
        helped = both.any(axis=0)
        rows, by = rows[helped], both.argmax(axis=0)[helped]
        channel = np.where(rooms[by], int(Channel.SUMMIT), int(Channel.VIDEO))
        talks["credit"][rows] += self.mediation
        talks["n_contacts"][rows] += 1
        talks["n_by_channel"][rows, channel] += 1
        talks["last_contact"][rows] = world.month
        world.events.extend(
            len(rows), month=world.month, event=world.setting.words.code("event", "mediation"), party_a=talks["first"][rows],
            party_b=talks["second"][rows], type=talks["type"][rows], talk=rows, channel=channel, of_body=met[by],
        )  # fmt: skip

    def _sits(self, world: World, inside: Bools) -> Bools:
        """Say which parties sit in some bodies, (b, P): states that are members, and blocs all of whose members are."""
        member: Bools = world.member
        apart = np.matmul(~inside, member.T)
        there = np.asarray(member.any(axis=1), dtype=np.bool_)
        return np.hstack([inside, ~apart & there[None, :]])
