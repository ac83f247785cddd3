r"""Once a year heads of state or government may address the world assembly, and come more readily when coming costs nothing.

The chance that a state's head takes part in the general debate is logistic in what it is worth less what it costs:

.. math:: p = 1 / (1 + \exp(-(v - c_i))), \qquad c_i = c \, D_i / 10\,000\,\text{km}

with ``v`` the worth and ``D`` the distance to the host. When closure at the host and at home lets less than ``threshold`` of
meetings be held, heads take part from home at no cost of travel, if the state's bandwidth carries it (with the probability of its
bandwidth index raised to ``strain``; nobody does where neither links nor satellites join home, or the host, with most others). A rule of
attendance of the general debate (:mod:`sim.mechanisms.bodies.rule`) stands in its place:

- *in person*: heads come as far as the way is open, and nobody takes part from home; the assembly lets them through ``let_through`` of
  closure;
- *recorded* or *on a screen*: all take part from home; a recorded statement needs no line that stands, since it can be sent ahead;
- *hybrid*: a head who would not travel, or cannot, takes part from home if it would come at no cost.

Sources: in 2020, 119 heads of state spoke by recorded video where 70 to 80 came in other years (UN, via press). ``v`` and ``c`` were
set with these two figures in view (119 of 193 at no cost, about 75 at the mean journey), so the mean rise in attendance is put in
and is no test of the model; only who is left out follows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.data.further.bodies import HYBRID, IN_PERSON, RECORDED, USUAL
from sim.declare.neutral import Neutral, each
from sim.declare.words import Word, event
from sim.registry import param, part
from sim.rng import uniforms
from sim.state.world import Bools, Floats, World
from sim.types import Channel, Event, Rank

HOST = "USA"
"""Where the General Assembly meets (Headquarters Agreement of 1947)."""
BODY = "un_general_debate"
"""The body whose rule of attendance holds."""


@part(
    "mechanism",
    name="assembly",
    title="World assembly",
    title_id="Sidang umum dunia",
    sentence_id="Setahun sekali kepala negara dapat berbicara di sidang dunia, dan lebih banyak yang hadir bila tidak perlu bepergian.",
)
@dataclass(frozen=True)
class Assembly:
    """Once a year heads may address the world assembly, and more of them do when taking part needs no journey."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "free_journey",
            "The journey costs nothing and thin networks keep no message away.",
            "Perjalanan tidak berbiaya dan jaringan lemah tidak menahan pesan.",
            each("mechanisms.assembly", 0.0, "cost", "strain"),
            "assembly_attendance",
            scenario="pandemic_lockdown",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("closure", "bandwidth", "joined", "attendance_rule")
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("events",)
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "attendance", "Attendance", "Kehadiran", "A head of state or government takes part in the world assembly.",
            "Seorang kepala negara atau pemerintahan mengikuti sidang umum dunia.", columns=("party_a", "channel", "rank"), listed=False,
        ),
    )  # fmt: skip

    worth: float = param(
        0.5,
        unit="log-odds",
        low=-1.0,
        high=2.0,
        source="assumed, set with 119 of 193 in 2020 in view",
        meaning="Worth of addressing the assembly when it costs nothing, v.",
    )
    cost: float = param(
        1.0,
        unit="log-odds per 10,000 km",
        low=0.0,
        high=3.0,
        source="assumed, set with 70 to 80 in other years in view",
        meaning="Cost of the journey, c.",
    )
    threshold: float = param(
        0.5, unit="share of meetings", low=0.1, high=0.9, source="assumed", meaning="Openness below which the assembly is held online."
    )
    let_through: float = param(
        0.8,
        unit="share of closure",
        low=0.0,
        high=1.0,
        source="assumed, with the meetings in the room of 2021 in view",
        meaning="Part of closure that does not hold for heads where the assembly's rule asks them to come.",
    )
    strain: float = param(
        0.1, unit="exponent", low=0.0, high=1.0, source="assumed", meaning="How much thin bandwidth keeps a recorded message away."
    )

    def step(self, world: World, decide: Any) -> None:
        """Hold the assembly in its month: one row in the ledger for each head who takes part."""
        setting, roster, n = world.setting, world.setting.roster, world.setting.n_states
        if "UN" not in roster.organisations or roster.summit_month[roster.organisations.index("UN")] != world.month % 12 + 1:
            return
        host = roster.codes.index(HOST) if HOST in roster.codes else -1
        everyone = np.arange(n)
        journey = roster.distance(everyone, np.full(n, host)) if host >= 0 else np.full(n, 10_000.0)
        closed_at_host = float(world.closure[host]) if host >= 0 else 0.0
        rule, cost = _rule(world), self.cost * journey / 1e4
        kept = 1.0 - self.let_through if rule in (IN_PERSON, HYBRID) else 1.0
        way = (1.0 - kept * world.closure[:n]) * (1.0 - kept * closed_at_host)
        if host >= 0:
            cost[host] = 0.0
        there = np.array([1.0 / (1.0 + math.exp(-(self.worth - c))) for c in cost])
        home = 1.0 / (1.0 + math.exp(-self.worth)) * world.bandwidth[:n] ** self.strain
        if rule != RECORDED:
            joined = world.joined > 0
            home = np.where(joined & (host < 0 or bool(joined[host])), home, 0.0)
        come, call = self._chances(rule, way, there, home)
        drawn = uniforms(world.seed, luck.ASSEMBLY, world.month, setting.identity[:n])
        present = where_true(drawn < np.maximum(come, call))
        channel = np.where(drawn[present] < come[present], int(Channel.VISIT), int(Channel.VIDEO))
        world.events.extend(len(present), month=world.month, event=Event.ATTENDANCE, party_a=present, channel=channel, rank=Rank.HEAD)

    def _chances(self, rule: int, way: Floats, there: Floats, home: Floats) -> tuple[Floats, Floats]:
        """Return the chance that each head comes, and that it takes part from home or comes, (N,) each.

        ``way`` says how open the journey is, ``there`` and ``home`` how likely the head takes part, in the room and from home.
        """
        none = np.zeros_like(way)
        if rule == USUAL:
            online: Bools = way < self.threshold
            return np.where(online, 0.0, there), np.where(online, home, 0.0)
        if rule == IN_PERSON:
            return way * there, none
        return (way * there if rule == HYBRID else none), home


def _rule(world: World) -> int:
    """Return this month's rule of attendance of the general debate."""
    names = world.setting.roster.bodies.names
    return int(world.array("attendance_rule")[names.index(BODY)]) if BODY in names else USUAL
