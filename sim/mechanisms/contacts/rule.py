"""Who meets whom, at what rank and over what channel: what an hour brings, until an hour costs more.

Each rank of a party has hours a month for contacts abroad, more in larger economies: ``H = hours_rank (GDP / 10^11 USD)^eta``. A contact
costs hours: a visit a working day and the journey both ways, a meeting at a summit or a video event an hour or more, a call less, a message
least. Channels differ in four yields: how readily they *begin* talks, how many rounds of talks they *carry*, how much trust they *build*,
and how well they *keep* it. :mod:`sim.decide.hours` says what a contact is worth by them and which are held; the price of an hour is one
for each rank, and luck decides about the last contact only. Officials' hours are those of the staff that talks take too, so talks make them
dear; and what meetings take of the staff, with what heads and ministers need prepared, makes talks dear (``meetings``).

Journeys need open borders, and video needs bandwidth at both ends (the smaller counts), digital government on both sides and practice
(:mod:`sim.mechanisms.online`), so that no bandwidth means no video, and a platform (:mod:`sim.mechanisms.platforms`): a meeting that finds
no port is held by telephone. A gathering that closed borders forbid goes online.

Sources: online continues talks and rarely starts them (Bjola and Manor 2022, International Affairs 98(2)); it keeps trust and hardly builds
it (Eggeling and Versloot 2022; Holmes and Wheeler). Hours, prices and weights are assumed and swept. China's head visited 13.8 states a
year from 2013 to 2019 (The Diplomat, January 2024); the level of heads' hours was set with that number and the 87 meetings and calls of
2020 in view. The side that is called or visited gives hours too, if the matter is worth them to it; they make its own hours dearer from the
next month on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import both_inside, where_true
from sim.decide.agenda import Chosen, channels_at_price
from sim.decide.staff import staff
from sim.declare.arrays import Array, Axis
from sim.declare.neutral import Neutral, each
from sim.declare.words import NEEDS, ChannelWord, Word
from sim.kernels import jit
from sim.mechanisms.contacts.words import STATE, WORDS
from sim.ports import (
    BargainingTerms,
    ContactTerms,
    CourtTerms,
    Held,
    LawTerms,
    PlatformTerms,
    PoliticsTerms,
    RatificationTerms,
    TradeTerms,
    TrustTerms,
)
from sim.registry import param, part
from sim.rng import uniforms
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Channel, Event, Occasion

OWN_NEEDS = (("distance", "borders"), ("summit", "borders"), (), ("bandwidth", "digital_government"), ())
"""What thins out each channel of the model's own, in the order of :class:`sim.types.Channel`."""


@part(
    "mechanism",
    name="contacts",
    title="Contacts",
    title_id="Kontak",
    sentence_id="Tiap tingkat jabatan memakai jamnya untuk kunjungan, pertemuan puncak, telepon, video, dan surat yang paling "
    "berguna per jam.",
)
@dataclass(frozen=True)
class Contacting:
    """Each rank of a party spends its hours on the visits, summit meetings, calls, video events and messages that bring most an hour."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "partners_alike",
            "Every partner is as likely to be met as any other.",
            "Setiap mitra sama besar peluangnya untuk ditemui.",
            each(
                "mechanisms.contacts",
                0.0,
                "size_elasticity",
                "distance_elasticity",
                "graph_weight",
                "border_weight",
                "image_weight",
                "trust_weight",
                "prospect_weight",
                "talk_weight",
                "summit_weight",
                "election_weight",
            ),
            "contacts_visit",
        ),
        Neutral(
            "hours_are_free",
            "No hour costs more than another: journeys take no time, and every channel takes as long as a call.",
            "Perjalanan tidak memakan waktu, dan setiap saluran memakan waktu yang sama dengan telepon.",
            (
                *(("mechanisms.contacts." + one, 0.5) for one in ("hours_visit", "hours_summit", "hours_video", "hours_message")),
                ("mechanisms.contacts.speed", 1e6),
            ),
            "contacts_visit",
        ),
        Neutral(
            "no_elections",
            "No state votes, so no election calls for contacts.",
            "Tidak ada pemilihan umum, sehingga tidak ada kontak karenanya.",
            (("mechanisms.contacts.election_rate", 0.0),),
            "contacts_visit",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "closure", "bandwidth", "digital_government", "contact_weight", "trust", "prospect", "open_talk", "summit", "elected",
        "alliance_weight", "hostile", "blocked", "principal", "in_force", "role", "cooldown", "barred", "vote_shift", "leaning",
        "hour_price", "hours_used", "hours_given", "hours_sat", "meetings", "skill", "skill_with", "carries", "way_between",
        "opening", "proposing", "in_crisis", "image", "supplying",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = (
        "elected", "summit", "contact_weight", "prospect", "role", "linked_prospect", "linked_roles", "hour_price", "hours_used",
        "hours_given", "meetings", "bridge_asked",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("events",)
    words: ClassVar[tuple[Word, ...]] = WORDS
    state: ClassVar[tuple[Array | Axis, ...]] = STATE
    offers: ClassVar[tuple[type, ...]] = (ContactTerms,)
    needs: ClassVar[tuple[type, ...]] = (
        ContactTerms, BargainingTerms, CourtTerms, RatificationTerms, LawTerms, PlatformTerms, PoliticsTerms, TradeTerms, TrustTerms,
    )  # fmt: skip

    size_elasticity: float = param(
        0.5, unit="elasticity", low=0.0, high=1.0, source="assumed", meaning="How much larger economies are sought, gamma."
    )
    distance_elasticity: float = param(
        0.5, unit="elasticity", low=0.0, high=1.5, source="assumed", meaning="How much nearer ones are, delta."
    )
    graph_weight: float = param(
        2.0,
        unit="log weight",
        low=0.0,
        high=6.0,
        source="assumed",
        meaning="How much those are who are close in the alliance graph, and hostile ones less, a.",
    )
    image_weight: float = param(
        0.5, unit="share", low=0.0, high=5.0, source="assumed", meaning="How much more those are who are well seen abroad, w."
    )
    border_weight: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="How much neighbours are, b.")
    trust_weight: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="How much trusted ones are, t.")
    keep_weight: float = param(
        0.1, unit="worth", low=0.0, high=5.0, source="assumed", meaning="Worth of keeping up a relation as well as a visit does, k."
    )
    build_weight: float = param(
        1.0, unit="worth", low=0.0, high=5.0, source="assumed", meaning="Worth of building as much trust as a visit does, b."
    )
    prospect_weight: float = param(
        2.0, unit="worth", low=0.0, high=20.0, source="assumed", meaning="Worth of beginning talks where a deal looks good, s."
    )
    hope_half: float = param(
        1e7, unit="USD a year", low=1e5, high=1e9, source="assumed", meaning="Prospect at which half of that worth is reached."
    )
    talk_weight: float = param(
        2.0, unit="worth", low=0.0, high=20.0, source="assumed", meaning="Worth of carrying open talks as far as a visit does, n."
    )
    summit_weight: float = param(
        1.0, unit="share", low=0.0, high=10.0, source="assumed", meaning="How much more a meeting at a shared gathering is worth, m."
    )
    election_weight: float = param(
        1.0,
        unit="worth",
        low=0.0,
        high=10.0,
        source="assumed",
        meaning="Worth of a word to those who have an occasion: a vote this month, an opening, a proposal, a crisis or vaccine, e.",
    )
    election_rate: float = param(
        0.021,
        unit="probability a month",
        low=0.0,
        high=0.1,
        source="assumed: one national election in four years",
        meaning="Chance that a state votes.",
    )
    hours_head: float = param(
        14.0,
        unit="hours a month",
        low=0.0,
        high=200.0,
        source="assumed, set with the visits of China's head in view, and 2 of them with what bodies take of the mean head",
        meaning="Hours of a head for contacts abroad and meetings of bodies, at GDP 10^11 USD.",
    )
    hours_minister: float = param(
        20.0, unit="hours a month", low=0.0, high=400.0, source="assumed", meaning="The same for ministers, together."
    )
    hours_official: float = param(
        20.0, unit="hours a month", low=0.0, high=400.0, source="assumed", meaning="The same for officials, together."
    )
    capacity_reference: float = param(
        1e11, unit="USD a year", low=1e9, high=1e13, source="assumed", meaning="GDP at which those hours hold."
    )
    capacity_elasticity: float = param(0.2, unit="elasticity", low=0.0, high=0.6, source="assumed", meaning="How hours grow with GDP, eta.")
    hour_price: float = param(
        30.0,
        unit="worth an hour",
        low=1.0,
        high=1000.0,
        source="assumed",
        meaning="Price of an hour when all hours are used; 1 is what a visit to an average partner is worth.",
    )
    hour_elasticity: float = param(
        1.0, unit="elasticity", low=0.2, high=5.0, source="assumed", meaning="How that price rises with the hours used."
    )
    hours_visit: float = param(8.0, unit="hours", low=0.1, high=48.0, source="assumed", meaning="Hours of a visit, without the journey.")
    hours_summit: float = param(1.0, unit="hours", low=0.1, high=24.0, source="assumed", meaning="Hours of a meeting at a summit.")
    hours_call: float = param(0.5, unit="hours", low=0.1, high=8.0, source="assumed", meaning="Hours of a call.")
    hours_video: float = param(1.5, unit="hours", low=0.1, high=8.0, source="assumed", meaning="Hours of a video event.")
    hours_message: float = param(0.2, unit="hours", low=0.05, high=8.0, source="assumed", meaning="Hours of a message.")
    speed: float = param(
        700.0, unit="km an hour", low=100.0, high=1e6, source="assumed: by air, with the ways at both ends", meaning="Speed of a journey."
    )
    novice: float = param(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed, set with the 22 events by video of China's head in 2020 in view",
        meaning="Worth of a meeting on a screen for those who never held one.",
    )
    line_enough: float = param(
        0.3, unit="index 0-1", low=0.05, high=1.0, source="assumed", meaning="Bandwidth from which more does not help a screen."
    )
    team_head: float = param(
        8.0, unit="hours of staff", low=0.0, high=100.0, source="assumed", meaning="Staff hours that an hour of a head takes."
    )
    team_minister: float = param(
        4.0, unit="hours of staff", low=0.0, high=100.0, source="assumed", meaning="Staff hours that an hour of a minister takes."
    )
    team_official: float = param(
        2.0, unit="hours of staff", low=0.0, high=100.0, source="assumed", meaning="Staff hours that an hour of an official takes."
    )
    given_memory: float = param(
        0.5, unit="share a month", low=0.0, high=0.95, source="assumed", meaning="How slowly the hours given to others' contacts move."
    )
    meetings_memory: float = param(
        0.92,
        unit="share a month",
        low=0.0,
        high=1.0,
        source="assumed: about a year",
        meaning="How slowly the staff that meetings take moves.",
    )

    def hours(self) -> Floats:
        """Return the hours a month of each rank at the reference GDP, shape (ranks,)."""
        return np.array((self.hours_head, self.hours_minister, self.hours_official))

    def channel_hours(self, added: tuple[ChannelWord, ...] = ()) -> Floats:
        """Return the hours of each channel without journeys, shape (channels,); channels that parts add carry their own."""
        own = (self.hours_visit, self.hours_summit, self.hours_call, self.hours_video, self.hours_message)
        return np.array((*own, *(one.hours for one in added)))

    def channel_needs(self, added: tuple[ChannelWord, ...] = ()) -> Bools:
        """Say what thins out each channel, shape (channels, needs), in the order of :data:`sim.declare.words.NEEDS`."""
        return np.array([[need in some for need in NEEDS] for some in (*OWN_NEEDS, *(one.needs for one in added))])

    def step(self, world: World, decide: Any) -> None:
        """Hold the month's contacts and write them to the ledger."""
        setting = world.setting
        n = setting.n_states
        chance = self.election_rate + world.vote_shift[:n]
        world.elected[:n] = uniforms(world.seed, luck.ELECTION, world.month, setting.identity[:n]) < chance
        self._summits(world)
        if world.month % 12 == 0 or world.month == setting.config.start or _lever_moved(world):
            decide.appraise(world)
        chosen, spent, given = channels_at_price(world, decide.choose_partners(world))
        held = self._hold(world, chosen, spent, given)
        edges = world.setting.edges
        world.events.extend(
            len(chosen.edge), month=world.month, event=Event.CONTACT, party_a=edges.row[chosen.edge], party_b=edges.col[chosen.edge],
            channel=chosen.channel, rank=chosen.rank, occasion=self._occasions(world, chosen.edge, chosen.channel),
            platform_used=held.platform, bridge_used=held.bridge,
        )  # fmt: skip
        self._count(world, chosen, spent, given)

    def _hold(self, world: World, chosen: Chosen, spent: Floats, given: Floats) -> Held:
        """Hold by telephone what finds no platform, no port or an outage: changes its channel, and the hours of both sides."""
        setting = world.setting
        added = setting.words.added_channels
        on_screen = self.channel_needs(added)[:, NEEDS.index("bandwidth")]
        held = setting.terms(PlatformTerms).hold(world, chosen.edge, chosen.rank, on_screen[chosen.channel])
        chosen.channel[held.lost] = _CALL
        spent[held.lost] = given[held.lost] = self.channel_hours(added)[_CALL]
        world.bridge_asked[:] = np.bincount(held.bridge[held.bridge >= 0], minlength=setting.n_parties)
        return held

    def _count(self, world: World, chosen: Chosen, spent: Floats, given: Floats) -> None:
        """Count the hours that were spent, and what part of the staff they took."""
        edges, received = world.setting.edges, np.zeros_like(world.hours_given)
        world.hours_used[:] = 0.0
        _spend(edges.row[chosen.edge], chosen.rank, spent, world.hours_used)
        _spend(edges.col[chosen.edge], chosen.rank, given, received)
        world.hours_given[:] = self.given_memory * world.hours_given + (1.0 - self.given_memory) * received
        terms, every = world.setting.terms(BargainingTerms), world.hours_used + received
        taken = every[:, 0] * self.team_head + every[:, 1] * self.team_minister + every[:, 2] * self.team_official
        share = taken / (terms.talk_hours * staff(world))
        world.meetings[:] = self.meetings_memory * world.meetings + (1.0 - self.meetings_memory) * share

    def _summits(self, world: World) -> None:
        setting, roster = world.setting, world.setting.roster
        world.summit[:] = False
        for at in where_true(roster.summit_month == world.month % 12 + 1):
            inside = np.zeros(setting.n_parties, dtype=np.bool_)
            inside[: setting.n_states] = (roster.member_from[at] <= world.month) & (world.month < roster.member_until[at])
            both_inside(setting.edges.start, setting.edges.col, inside, world.summit)

    def _occasions(self, world: World, edge: Ints, channel: NDArray[np.int8]) -> NDArray[np.int8]:
        """Name what called for each contact, the most pressing that applies, shape (n,)."""
        out = np.empty(len(edge), dtype=np.int8)
        types = where_true(world.setting.negotiated)  # nothing is hoped from other types, nor are talks on them open
        _name_occasions(edge, channel, world.setting.edges.col, types, world.elected, world.prospect, world.open_talk, out)
        for name, array in (("crisis", "in_crisis"), ("opening", "opening"), ("proposal", "proposing"), ("request", "supplying")):
            called = world.array(array)
            if called.any():
                out[(out == _ROUTINE) & called[world.setting.edges.col[edge]]] = world.setting.words.code("occasion", name)
        return out


_CALL, _SUMMIT = int(Channel.CALL), int(Channel.SUMMIT)
_OFFERED: type[ContactTerms] = Contacting
_ROUTINE, _ELECTION, _PROSPECT = int(Occasion.ROUTINE), int(Occasion.ELECTION), int(Occasion.PROSPECT)
_AT_SUMMIT, _NEGOTIATION = int(Occasion.SUMMIT), int(Occasion.NEGOTIATION)


@jit
def _spend(party: Ints, rank: NDArray[np.int8], hours: Floats, used: Floats) -> None:
    for c in range(party.shape[0]):
        used[party[c], rank[c]] += hours[c]


@jit
def _name_occasions(
    edge: Ints, channel: NDArray[np.int8], col: Ints, types: Ints, elected: Bools, prospect: Floats, open_talk: Ints,
    out: NDArray[np.int8],
) -> None:  # fmt: skip
    talks, hopes = np.zeros(edge.shape[0], dtype=np.bool_), np.zeros(edge.shape[0])
    for q in range(types.shape[0]):
        # Looked up for all contacts together, without a branch: the processor need not wait for each.
        hoped, held = prospect[types[q]], open_talk[types[q]]
        for c in range(edge.shape[0]):
            e = np.uint32(edge[c])
            hopes[c] += hoped[e]
            talks[c] |= held[e] >= 0
    for c in range(edge.shape[0]):
        if talks[c]:
            out[c] = _NEGOTIATION
        elif channel[c] == _SUMMIT:
            out[c] = _AT_SUMMIT
        elif hopes[c] > 0.0:
            out[c] = _PROSPECT
        else:
            out[c] = _ELECTION if elected[col[edge[c]]] else _ROUTINE


def _lever_moved(world: World) -> bool:
    """Tell whether a lever moved this month: parties look at the world afresh when its rules change."""
    events = world.events
    return bool(np.any(events["event"][world.first_event() :] == Event.ACTION))
