"""Trust follows promises kept and broken, and fades: a beta reputation with forgetting on each directed dyad.

Evidence of a month: an instrument in force counts a little as kept. A breach that comes to light counts much as broken against who broke
its word, and everybody else learns of it at a discount: the more, the more it trusts who was wronged. What is made good gives back a part.
A signature that falls at home counts against its own side. A meeting on a screen that is known to have been heard counts against the state
that hosts the platform. Talks that end at the deadline (misjudged or not) or are refused count as broken, on both sides. Meetings keep
trust, for each slows forgetting, over a screen less; they hardly make it. See ``sim.mechanisms.trust.reputation`` for the equation. The
standing disposition comes from what is given of the alliance graph (:mod:`sim.mechanisms.alliances.rule`): alliances, votes, organisations
and hostility of the year. Treaties and trust itself have no part in it, since what they show is evidence.

Source of the channel order: trust can be kept online but is hardly built there (Eggeling and Versloot 2022; Holmes and Wheeler);
sizes are assumed and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import among, cells, where_true
from sim.decide.contacts import contacts_of_month
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral, each
from sim.declare.words import ChannelWord
from sim.kernels import jit
from sim.mechanisms.trust.reputation import believe
from sim.ports import TrustTerms
from sim.registry import param, part
from sim.state.world import Floats, Ints, Setting, World
from sim.types import Event

_EVIDENCE = ("visit", "summit", "call", "video", "kept", "failed", "broken", "mended", "fallen", "overheard")
"""Parameters by which what happens builds or breaks trust."""


@part(
    "mechanism",
    name="trust",
    title="Trust",
    title_id="Kepercayaan",
    sentence_id="Kepercayaan mengikuti janji yang ditepati dan dilanggar; pertemuan menjaganya, tetapi hampir tidak membangunnya.",
)
@dataclass(frozen=True)
class Trust:
    """Trust follows promises kept and broken; meetings keep it and hardly make it, and it fades with time."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_evidence",
            "Nothing that happens builds or breaks trust; the standing disposition stays.",
            "Tidak ada kejadian yang membangun atau merusak kepercayaan; sikap dasar tetap.",
            each("mechanisms.trust", 0.0, *_EVIDENCE),
            "reputation",
        ),
        Neutral(
            "everyone_alike",
            "Everybody trusts everybody alike.",
            "Semua pihak sama-sama saling percaya.",
            each("mechanisms.trust", 0.0, *_EVIDENCE, "disposition"),
            "reputation",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("trust_kept", "trust_broken", "in_force", "alliance_given")
    writes: ClassVar[tuple[str, ...]] = ("trust_kept", "trust_broken", "trust")
    tables: ClassVar[tuple[str, ...]] = ()
    offers: ClassVar[tuple[type, ...]] = (TrustTerms,)
    state: ClassVar[tuple[Array, ...]] = (
        array("trust_kept", ("edge",), unit="count", meaning="remembered evidence that the partner keeps its word"),
        array("trust_broken", ("edge",), unit="count", meaning="remembered evidence that it does not"),
        array("trust", ("edge",), start=0.5, unit="probability", meaning="belief that the partner keeps its word"),
    )

    memory: float = param(
        0.98,
        unit="share a month",
        low=0.9,
        high=1.0,
        source="assumed",
        meaning="Share of the evidence remembered from one month to the next.",
    )
    tended: float = param(
        0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of a month's forgetting that a visit prevents."
    )
    keep_summit: float = param(
        1.0, unit="share", low=0.0, high=1.0, source="assumed: as a visit", meaning="How far a meeting at a summit does as much."
    )
    keep_call: float = param(
        0.3, unit="share", low=0.0, high=1.0, source="assumed: the low end of what is online", meaning="How far a call does."
    )
    keep_video: float = param(
        0.5,
        unit="share",
        low=0.3,
        high=0.7,
        source="assumed, 0.3 to 0.7 after Eggeling and Versloot 2022",
        meaning="How far a video event does.",
    )
    keep_message: float = param(0.1, unit="share", low=0.0, high=1.0, source="assumed", meaning="How far a message does.")
    disposition: float = param(
        4.0, unit="count", low=0.0, high=20.0, source="assumed", meaning="Weight of the standing disposition, in pieces of evidence."
    )
    visit: float = param(0.05, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a visit.")
    summit: float = param(0.03, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a meeting at a summit.")
    call: float = param(0.0025, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a call.")
    video: float = param(0.015, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a video event.")
    message: float = param(0.0, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a message.")
    kept: float = param(
        0.05, unit="count a month", low=0.0, high=1.0, source="assumed", meaning="Evidence of an instrument in force for a month."
    )
    failed: float = param(
        0.5,
        unit="count",
        low=0.0,
        high=5.0,
        source="assumed",
        meaning="Evidence against both sides of talks that end at the deadline or are refused.",
    )
    overheard: float = param(
        2.0,
        unit="count",
        low=0.0,
        high=20.0,
        source="assumed: half of a breach",
        meaning="Evidence against a state that is known to have heard a party's meeting on a screen, for that party.",
    )
    broken: float = param(
        4.0,
        unit="count",
        low=0.0,
        high=20.0,
        source="assumed: a breach undoes some years of keeping",
        meaning="Evidence of a breach that comes to light, for who was wronged.",
    )
    heard: float = param(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed; the form is the discounting of Josang and Ismail 2002, section 3.3",
        meaning="Part of that evidence that counts for everybody else, times its own trust in who was wronged.",
    )
    mended: float = param(
        2.0, unit="count", low=0.0, high=20.0, source="assumed: half of a breach", meaning="Evidence of a breach that is made good."
    )
    fallen: float = param(
        0.5,
        unit="count",
        low=0.0,
        high=5.0,
        source="assumed, as of talks",
        meaning="Evidence against a side whose signature falls at home.",
    )

    def evidence(self, added: tuple[ChannelWord, ...] = ()) -> tuple[float, ...]:
        """Return the evidence of a contact over each channel, in the order of the channels; those that parts add bring their own."""
        return (self.visit, self.summit, self.call, self.video, self.message, *(one.trust for one in added))

    def keeps(self, added: tuple[ChannelWord, ...] = ()) -> tuple[float, ...]:
        """Return how far a contact over each channel keeps trust, as a share of a visit."""
        own = (1.0, self.keep_summit, self.keep_call, self.keep_video, self.keep_message)
        return (*own, *(one.keeps for one in added))

    def begin(self, world: World) -> None:
        """Start from the standing disposition alone."""
        self._renew(world)

    def step(self, world: World, decide: Any) -> None:
        """Remember less, then add the month's evidence, then renew trust."""
        contacts, rev = contacts_of_month(world), world.setting.edges.rev
        added = world.setting.words.added_channels
        _remember(
            contacts.edge, contacts.channel, np.array(self.evidence(added)), np.array(self.keeps(added)), rev, self.memory,
            self.tended, cells(world.in_force), self.kept, world.trust_kept, world.trust_broken,
        )  # fmt: skip
        events, talks, first = world.events, world.talks, world.first_event()
        lost = where_true(events["event"][first:] == Event.NEGOTIATION_FAILED) + first
        for row in events["talk"][lost[among(events["reason"][lost], *in_vain(world.setting))]]:
            edge = int(talks["edge"][row])
            world.trust_broken[edge] += self.failed
            world.trust_broken[rev[edge]] += self.failed
        self._learn(world)
        self._renew(world)

    def _learn(self, world: World) -> None:
        """Add what this month has shown of promises: breaches found and made good, and signatures that fell at home."""
        events, edges, codes = world.events, world.setting.edges, world.setting.words.codes["event"]
        first = world.first_event()
        kinds = events["event"][first:]
        for row in (
            where_true(among(kinds, codes["breach_found"], codes["breach_cured"], codes["overheard"], Event.RATIFICATION_FAILED)) + first
        ):
            party, other, kind = (int(events[key][row]) for key in ("party_a", "party_b", "event"))
            edge = edges.find(other, party) if other >= 0 else -1
            if edge < 0:
                continue
            if kind == codes["breach_cured"]:
                world.trust_kept[edge] += self.mended
            elif kind == Event.RATIFICATION_FAILED:
                world.trust_broken[edge] += self.fallen
            elif kind == codes["overheard"]:
                world.trust_broken[edge] += self.overheard
            else:
                world.trust_broken[edge] += self.broken
                self._spread(world, party, other)

    def _spread(self, world: World, party: int, wronged: int) -> None:
        """Let everybody else learn of a breach: an onlooker counts it by its own trust in who was wronged."""
        edges = world.setting.edges
        for edge in where_true(edges.col == party):
            onlooker = int(edges.row[edge])
            heard = edges.find(onlooker, wronged) if onlooker != wronged else -1
            if heard >= 0:
                world.trust_broken[edge] += self.broken * self.heard * world.trust[heard]

    def _renew(self, world: World) -> None:
        believe(world.trust_kept, world.trust_broken, world.alliance_given, self.disposition, world.trust)


def in_vain(setting: Setting) -> tuple[int, ...]:
    """Return the reasons for which talks fail that count as a broken word."""
    return setting.words.codes_where("reason", "in_vain", True)


@jit
def _remember(
    edge: Ints, channel: NDArray[np.int8], worth: Floats, keeps: Floats, rev: Ints, memory: float, tended: float, bound: Ints,
    kept: float, for_it: Floats, against: Floats,
) -> None:  # fmt: skip
    """Forget a share of the evidence on each edge, less where there was a contact, then add that of contacts and of what is in force."""
    met = np.zeros(for_it.shape[0])
    for c in range(edge.shape[0]):
        met[edge[c]] = max(met[edge[c]], keeps[channel[c]])
        met[rev[edge[c]]] = max(met[rev[edge[c]]], keeps[channel[c]])
    for e in range(for_it.shape[0]):
        share = 1.0 - (1.0 - memory) * (1.0 - tended * met[e])
        for_it[e] *= share
        against[e] *= share
    for c in range(edge.shape[0]):
        for_it[edge[c]] += worth[channel[c]]
    for c in range(edge.shape[0]):
        for_it[rev[edge[c]]] += worth[channel[c]]
    for at in range(bound.shape[0]):
        for_it[bound[at] % for_it.shape[0]] += kept
