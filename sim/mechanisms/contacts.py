"""Who meets whom, at what rank and over what channel.

Each party opens a number of contacts at each rank, more for larger economies: ``mean_rank (GDP / 10^11 USD)^eta``, rounded by
luck. It holds one race: partner j runs for an exponential time over its weight, and the first to arrive are chosen (heads first,
then ministers, then officials). The weight is

    ``GDP_j^gamma distance^-delta exp(a w)(1 + b border) (1 + t trust)(1 + s hope/(hope + half)) (1 + n talks open)
    (1 + m summit)(1 + e election)``

with w the weight of the alliance graph (:mod:`sim.mechanisms.alliances.rule`), below 0 between hostile parties, and hope the sum of
prospects, in USD. The channel is drawn by weight: visits thin out with distance, summits need a shared one this
month, and video needs bandwidth at both ends (the smaller counts) and digital government on both sides, so that no bandwidth
means no video.

Sources: online continues talks and rarely starts them (Bjola and Manor 2022, International Affairs 98(2)). Numbers of contacts and
weights are assumed and swept. COLT counts about 14 trips abroad a leader and year (8 to 20); the defaults give a head of state a part in
about 5 visits and 2.5 summit meetings a year (baseline, seed 0, 2019 and 2020), so trips are too few here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import both_inside, where_true
from sim.decide.decisions import Chosen
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral, each
from sim.declare.words import NEEDS, ChannelWord, Word, channel, event, occasion
from sim.kernels import jit
from sim.ports import BargainingTerms, ContactTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part
from sim.rng import uniform_of, uniforms
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Channel, Event, Occasion


@part(
    "mechanism",
    name="contacts",
    title="Contacts",
    title_id="Kontak",
    sentence_id="Setiap pihak memilih siapa yang dihubungi, pada tingkat apa, dan keadaan menentukan apakah lewat "
    "kunjungan, pertemuan puncak, telepon, video, atau surat.",
)
@dataclass(frozen=True)
class Contacting:
    """Each party chooses whom to contact and at what rank, and circumstances decide whether by visit, summit, call, video or message."""

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
                "trust_weight",
                "prospect_weight",
                "talk_weight",
                "summit_weight",
                "election_weight",
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
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ("elected", "summit", "contact_weight", "prospect", "role", "linked_prospect", "linked_roles")
    tables: ClassVar[tuple[str, ...]] = ("events",)
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "contact", "Contact", "Kontak", "A visit, a meeting at a summit, a call, a video event or a message between two parties.",
            "Kunjungan, pertemuan puncak, telepon, acara video, atau surat antara dua pihak.",
            columns=("party_a", "party_b", "channel", "rank", "occasion"), listed=False,
        ),
        channel("visit", "Visit", "Kunjungan", "One side travels to the other.", "Satu pihak mendatangi pihak lain.",
                plural="Visits", plural_id="Kunjungan", colour="orange"),
        channel("summit", "Summit", "Pertemuan puncak", "Both sides meet at a gathering of many.",
                "Kedua pihak bertemu dalam temu banyak pihak.",
                plural="Summit meetings", plural_id="Pertemuan puncak", colour="vermilion"),
        channel("call", "Call", "Telepon", "Both sides speak by telephone.", "Kedua pihak berbicara lewat telepon.",
                plural="Telephone calls", plural_id="Telepon", colour="blue"),
        channel("video", "Video", "Video", "Both sides see each other on a screen.", "Kedua pihak bertatap muka lewat layar.",
                plural="Video meetings", plural_id="Pertemuan video", colour="green"),
        channel("message", "Message", "Surat", "One side writes to the other.", "Satu pihak menulis kepada pihak lain.",
                plural="Messages", plural_id="Surat", colour="pink"),
        occasion("routine", "Routine", "Rutin", "Nothing in particular called for the contact.",
                 "Tidak ada hal khusus di balik kontak itu."),
        occasion("negotiation", "Negotiation", "Perundingan", "Talks between the two are open.",
                 "Perundingan keduanya sedang berlangsung."),
        occasion("prospect", "Prospect", "Harapan", "A deal with the other looks good.",
                 "Kesepakatan dengan pihak lain tampak menguntungkan."),
        occasion("summit", "Summit", "Pertemuan puncak", "Both attend the same summit.",
                 "Keduanya menghadiri pertemuan puncak yang sama."),
        occasion("election", "Election", "Pemilihan umum", "The other side has just voted.",
                 "Pihak lain baru saja memilih."),
    )  # fmt: skip
    state: ClassVar[tuple[Array, ...]] = (
        array("elected", ("party",), dtype=bool, unit="0/1", meaning="held an election this month"),
        array(
            "vote_shift",
            ("party",),
            forcing=True,
            low=-1.0,
            high=1.0,
            unit="probability a month",
            meaning="added to the chance that the state votes: 1 where it does this month, -1 where it does not",
        ),
        array("summit", ("edge",), dtype=bool, unit="0/1", meaning="both attend the same summit this month"),
        array("contact_weight", ("edge",), unit="weight", meaning="standing part of the weight of a partner"),
        array("role", ("type", "edge"), dtype="int8", start=-1, unit="role", meaning="role the owner would take, -1 where none"),
        array(
            "prospect",
            ("type", "edge"),
            unit="bp of GDP a year",
            meaning="owner's gain if the difference were split, 0 where either side would lose",
        ),
        array(
            "linked_prospect",
            ("package", "edge"),
            unit="bp of GDP a year",
            meaning="owner's gain by a package of two linked types, 0 where either side would lose",
        ),
        array(
            "linked_roles",
            ("package", "edge"),
            dtype="int8",
            start=-1,
            unit="roles",
            meaning="roles the owner would take in it, 2 first + second, -1 where none",
        ),
    )
    offers: ClassVar[tuple[type, ...]] = (ContactTerms,)
    needs: ClassVar[tuple[type, ...]] = (ContactTerms, BargainingTerms, CourtTerms, RatificationTerms, LawTerms, PoliticsTerms, TradeTerms)

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
    border_weight: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="How much neighbours are, b.")
    trust_weight: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="How much trusted ones are, t.")
    prospect_weight: float = param(
        4.0, unit="weight", low=0.0, high=20.0, source="assumed", meaning="How much those are with whom a deal looks good, s."
    )
    hope_half: float = param(
        1e7, unit="USD a year", low=1e5, high=1e9, source="assumed", meaning="Prospect at which half of that weight is reached."
    )
    talk_weight: float = param(
        4.0, unit="weight", low=0.0, high=20.0, source="assumed", meaning="How much those are with whom talks are open, n."
    )
    summit_weight: float = param(
        1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="How much those are who attend the same summit this month, m."
    )
    election_weight: float = param(
        2.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="How much those are who voted this month, e."
    )
    election_rate: float = param(
        0.021,
        unit="probability a month",
        low=0.0,
        high=0.1,
        source="assumed: one national election in four years",
        meaning="Chance that a state votes.",
    )
    heads: float = param(
        1.5,
        unit="contacts a month",
        low=0.3,
        high=5.0,
        source="assumed",
        meaning="Contacts opened by heads at GDP 10^11 USD.",
    )
    ministers: float = param(2.5, unit="contacts a month", low=0.5, high=10.0, source="assumed", meaning="The same for ministers.")
    officials: float = param(4.0, unit="contacts a month", low=0.5, high=20.0, source="assumed", meaning="The same for officials.")
    capacity_reference: float = param(
        1e11, unit="USD a year", low=1e9, high=1e13, source="assumed", meaning="GDP at which those means hold."
    )
    capacity_elasticity: float = param(
        0.2, unit="elasticity", low=0.0, high=0.6, source="assumed", meaning="How capacity grows with GDP, eta."
    )
    visit_head: float = param(1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a visit by a head.")
    visit_minister: float = param(1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a visit by a minister.")
    visit_official: float = param(0.5, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a visit by an official.")
    visit_scale: float = param(
        8000.0, unit="km", low=1000.0, high=40000.0, source="assumed", meaning="Distance at which visits thin out by e."
    )
    summit_channel: float = param(3.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of meeting at a shared summit.")
    call_head: float = param(1.5, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a call by a head.")
    call_minister: float = param(1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a call by a minister.")
    call_official: float = param(1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a call by an official.")
    video_head: float = param(
        0.2, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a video event of heads, at full bandwidth."
    )
    video_minister: float = param(0.3, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a video event of ministers.")
    video_official: float = param(1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a video event of officials.")
    message_head: float = param(1.5, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a message by a head.")
    message_minister: float = param(1.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a message by a minister.")
    message_official: float = param(2.0, unit="weight", low=0.0, high=10.0, source="assumed", meaning="Weight of a message by an official.")

    def capacity(self) -> tuple[float, float, float]:
        """Return mean contacts a month by rank at the reference GDP."""
        return self.heads, self.ministers, self.officials

    def weights(self, added: tuple[ChannelWord, ...] = ()) -> Floats:
        """Return the weight of each channel at each rank, shape (channels, ranks), in the order of :class:`Channel` and :class:`Rank`.

        ``added`` are the channels that parts add, which follow the model's own and carry their own weights.
        """
        return np.array(
            (
                (self.visit_head, self.visit_minister, self.visit_official),
                (self.summit_channel, self.summit_channel, self.summit_channel),
                (self.call_head, self.call_minister, self.call_official),
                (self.video_head, self.video_minister, self.video_official),
                (self.message_head, self.message_minister, self.message_official),
                *(one.weight for one in added),
            )
        )

    def step(self, world: World, decide: Any) -> None:
        """Hold the month's contacts and write them to the ledger."""
        setting = world.setting
        n = setting.n_states
        chance = self.election_rate + world.vote_shift[:n]
        world.elected[:n] = uniforms(world.seed, luck.ELECTION, world.month, setting.identity[:n]) < chance
        self._summits(world)
        if world.month % 12 == 0 or world.month == setting.config.start or _lever_moved(world):
            decide.appraise(world)
        chosen = decide.choose_partners(world)
        channel = self._channels(world, chosen)
        edges = setting.edges
        world.events.extend(
            len(chosen.edge), month=world.month, event=Event.CONTACT, party_a=edges.row[chosen.edge], party_b=edges.col[chosen.edge],
            channel=channel, rank=chosen.rank, occasion=self._occasions(world, chosen.edge, channel),
        )  # fmt: skip

    def _summits(self, world: World) -> None:
        setting, roster = world.setting, world.setting.roster
        world.summit[:] = False
        for at in where_true(roster.summit_month == world.month % 12 + 1):
            inside = np.zeros(setting.n_parties, dtype=np.bool_)
            inside[: setting.n_states] = (roster.member_from[at] <= world.month) & (world.month < roster.member_until[at])
            both_inside(setting.edges.start, setting.edges.col, inside, world.summit)

    def _channels(self, world: World, chosen: Chosen) -> NDArray[np.int8]:
        """Draw the channel of each contact by weight, in the fixed order of the channels, shape (n,)."""
        setting, edges, added = world.setting, world.setting.edges, world.setting.words.added_channels
        needs = np.array([[need in one.needs for need in NEEDS] for one in added], dtype=np.bool_).reshape(-1, len(NEEDS))
        out = np.empty(len(chosen.edge), dtype=np.int8)
        _draw_channels(
            chosen.edge, chosen.rank, edges.row, edges.col, setting.identity, np.uint64(world.seed), luck.CHANNEL.key,
            np.uint64(world.month), self.weights(added), needs,
            np.exp(-edges.distance[chosen.edge] / self.visit_scale), world.summit, world.closure, world.bandwidth,
            world.digital_government, out,
        )  # fmt: skip
        return out

    def _occasions(self, world: World, edge: Ints, channel: NDArray[np.int8]) -> NDArray[np.int8]:
        """Name what called for each contact, the most pressing that applies, shape (n,)."""
        out = np.empty(len(edge), dtype=np.int8)
        types = where_true(world.setting.negotiated)  # nothing is hoped from other types, nor are talks on them open
        _name_occasions(edge, channel, world.setting.edges.col, types, world.elected, world.prospect, world.open_talk, out)
        return out


_VISIT, _SUMMIT, _VIDEO, _MESSAGE = int(Channel.VISIT), int(Channel.SUMMIT), int(Channel.VIDEO), int(Channel.MESSAGE)
_OFFERED: type[ContactTerms] = Contacting
_ROUTINE, _ELECTION, _PROSPECT = int(Occasion.ROUTINE), int(Occasion.ELECTION), int(Occasion.PROSPECT)
_AT_SUMMIT, _NEGOTIATION = int(Occasion.SUMMIT), int(Occasion.NEGOTIATION)


@jit
def _draw_channels(
    edge: Ints, rank: NDArray[np.int8], row: Ints, col: Ints, identity: NDArray[np.uint64], seed: np.uint64, key: np.uint64,
    month: np.uint64, by_rank: Floats, needs: Bools, near: Floats, summit: Bools, closure: Floats, bandwidth: Floats, digital: Floats,
    out: NDArray[np.int8],
) -> None:  # fmt: skip
    zero, n_channels = np.uint64(0), by_rank.shape[0]
    weight = np.empty(n_channels)
    for c in range(edge.shape[0]):
        e = edge[c]
        i, j = row[e], col[e]
        for k in range(n_channels):
            weight[k] = by_rank[k, rank[c]]
        weight[_VISIT] *= near[c]
        weight[_SUMMIT] *= summit[e]
        # A meeting that closed borders forbid is not held; a summit goes online instead, as far as both ends can carry it.
        open_way = (1.0 - closure[i]) * (1.0 - closure[j])
        weight[_VIDEO] += weight[_SUMMIT] * (1.0 - open_way)
        weight[_VIDEO] *= min(bandwidth[i], bandwidth[j])
        weight[_VIDEO] *= math.sqrt(digital[i] * digital[j])
        weight[_VISIT] *= open_way
        weight[_SUMMIT] *= open_way
        last = _MESSAGE
        for k in range(_MESSAGE + 1, n_channels):
            weight[k] *= _left_of(needs[k - _MESSAGE - 1], near[c], summit[e], open_way, bandwidth[i], bandwidth[j], digital[i], digital[j])
            if weight[k] > 0.0:
                last = k
        for k in range(1, n_channels):
            weight[k] += weight[k - 1]
        at = uniform_of(seed, key, month, identity[i], identity[j], zero) * weight[n_channels - 1]
        drawn = 0
        while drawn < last and at >= weight[drawn]:
            drawn += 1
        out[c] = drawn


@jit
def _left_of(
    needs: Bools, near: float, summit: bool, open_way: float, bandwidth_i: float, bandwidth_j: float, digital_i: float, digital_j: float
) -> float:
    """Return what is left of the weight of a channel that a part added, by its needs in the order of ``NEEDS``."""
    left = 1.0
    if needs[0]:
        left *= near
    if needs[1] and not summit:
        left = 0.0
    if needs[2]:
        left *= open_way
    if needs[3]:
        left *= min(bandwidth_i, bandwidth_j)
    if needs[4]:
        left *= math.sqrt(digital_i * digital_j)
    return left


@jit
def _name_occasions(
    edge: Ints, channel: NDArray[np.int8], col: Ints, types: Ints, elected: Bools, prospect: Floats, open_talk: Ints,
    out: NDArray[np.int8],
) -> None:  # fmt: skip
    for c in range(edge.shape[0]):
        e = edge[c]
        hope, talking = 0.0, False
        for q in range(types.shape[0]):
            hope += prospect[types[q], e]
            talking = talking or open_talk[types[q], e] >= 0
        if talking:
            out[c] = _NEGOTIATION
        elif channel[c] == _SUMMIT:
            out[c] = _AT_SUMMIT
        elif hope > 0.0:
            out[c] = _PROSPECT
        else:
            out[c] = _ELECTION if elected[col[e]] else _ROUTINE


def _lever_moved(world: World) -> bool:
    """Tell whether a lever moved this month: parties look at the world afresh when its rules change."""
    events = world.events
    return bool(np.any(events["event"][world.first_event() :] == Event.ACTION))
