"""Trust grows with kept words and meetings, falls with refusals, and fades: a beta reputation with forgetting on each directed dyad.

Evidence of a month: each contact counts as kept by channel; each instrument in force as kept; talks that end at the deadline or
are refused count as broken, on both sides. See ``sim.theory.reputation`` for the equation. The standing disposition comes from
pacts, likeness of votes and strategic rivalry.

Source of the channel order: trust can be kept online but is hardly built there (Eggeling and Versloot 2022; Holmes and Wheeler);
sizes are assumed and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.decisions import contacts_of_month
from sim.registry import param, part
from sim.theory.reputation import believe
from sim.types import Channel, Event, Reason
from sim.world import World


@part(
    "mechanism",
    name="trust",
    title="Trust",
    title_id="Kepercayaan",
    sentence_id="Kepercayaan tumbuh karena janji yang ditepati dan pertemuan, turun karena penolakan, dan memudar seiring waktu.",
)
@dataclass(frozen=True)
class Trust:
    """Trust grows with kept words and meetings, falls with refusals, and fades with time."""

    reads: ClassVar[tuple[str, ...]] = ("trust_kept", "trust_broken", "in_force")
    writes: ClassVar[tuple[str, ...]] = ("trust_kept", "trust_broken", "trust")
    tables: ClassVar[tuple[str, ...]] = ()

    memory: float = param(
        0.98,
        unit="share a month",
        low=0.9,
        high=1.0,
        source="assumed",
        meaning="Share of the evidence remembered from one month to the next.",
    )
    tended: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of a month's forgetting that any contact, online too, prevents.",
    )
    disposition: float = param(
        4.0, unit="count", low=0.0, high=20.0, source="assumed", meaning="Weight of the standing disposition, in pieces of evidence."
    )
    pact_share: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of the disposition that rests on pacts; the rest rests on votes.",
    )
    rivalry: float = param(4.0, unit="count", low=0.0, high=20.0, source="assumed", meaning="Standing evidence against a strategic rival.")
    visit: float = param(0.3, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a visit.")
    summit: float = param(0.15, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a meeting at a summit.")
    call: float = param(0.08, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a call.")
    video: float = param(0.05, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a video event.")
    message: float = param(0.02, unit="count", low=0.0, high=2.0, source="assumed", meaning="Evidence of a message.")
    kept: float = param(
        0.1, unit="count a month", low=0.0, high=1.0, source="assumed", meaning="Evidence of an instrument in force for a month."
    )
    failed: float = param(
        0.5,
        unit="count",
        low=0.0,
        high=5.0,
        source="assumed",
        meaning="Evidence against both sides of talks that end at the deadline or are refused.",
    )

    def begin(self, world: World) -> None:
        """Start from the standing disposition alone."""
        self._renew(world)

    def step(self, world: World, decide: Any) -> None:
        """Remember less, then add the month's evidence, then renew trust."""
        contacts, rev = contacts_of_month(world), world.setting.edges.rev
        touched = np.zeros(world.setting.edges.n, dtype=np.bool_)
        touched[contacts.edge] = touched[rev[contacts.edge]] = True
        share = np.where(touched, 1.0 - (1.0 - self.memory) * (1.0 - self.tended), self.memory)
        world.trust_kept *= share
        world.trust_broken *= share
        worth = np.array([getattr(self, c.name.lower()) for c in Channel])[contacts.channel]
        np.add.at(world.trust_kept, contacts.edge, worth)
        np.add.at(world.trust_kept, rev[contacts.edge], worth)
        for t in range(len(world.setting.types)):
            world.trust_kept[world.in_force[t]] += self.kept
        events, talks = world.events, world.talks
        first = int(np.searchsorted(events["month"], world.month))
        lost = (events["event"][first:] == Event.NEGOTIATION_FAILED) & np.isin(events["reason"][first:], (Reason.DEADLINE, Reason.REFUSED))
        for row in events["talk"][first:][lost]:
            edge = int(talks["edge"][row])
            world.trust_broken[edge] += self.failed
            world.trust_broken[rev[edge]] += self.failed
        self._renew(world)

    def _renew(self, world: World) -> None:
        edges = world.setting.edges
        pacts, votes = self.pact_share * self.disposition, (1.0 - self.pact_share) * self.disposition
        believe(world.trust_kept, world.trust_broken, edges.pact, edges.affinity, edges.rivalry, pacts, votes, self.rivalry, world.trust)
