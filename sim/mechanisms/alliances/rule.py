r"""The alliance graph of the year: layers read from dated tables each January, and one weight that rules of the model read.

.. math:: w = \left[ a\,alliance + v\,affinity + o\,organisations - h\,hostility + f\,\frac{n}{n + n_{1/2}} + t\,(2 \tau - 1)
          \right]_{-1}^{1}

with ``alliance`` the strength of the strongest alliance (0 to 1), ``affinity`` the likeness of votes, ``organisations`` the share of common
memberships, ``hostility`` (0 to 1), ``n`` the types of instruments in force between the two and ``tau`` the mean of their trust in each
other, so that a trust of one half says nothing. The first four are what is **given** from outside; the last two are **made** by what is
signed, kept and broken. The weight is symmetric. It is renewed in the first month and each January, and held for the year.

**As of.** Hostility of a year is known when the year is over: in a year the value of the last December counts. An alliance is public on its
day: in a year the strength of the first of January counts. Affinity has one vintage and does not move. Strengths below
``least_alliance`` are treaties of amity, of consultation, or on paper only, and do not count.

**Blocs.** A bloc is as hostile as a blocking minority of it is: the largest level that members with ``minority`` of its people reach;
between two blocs pairs of members count by the product of their people. Its alliance is the mean over members, by people. It belongs to an
organisation by the share of its people who live in members.

Where hostility reaches ``hostile_from``, no talks of two begin; what is in force stays, until sanctions or a war suspend it.

Sources: the mix is assumed. A blocking minority of 35 % of people: Treaty on European Union, article 16(4). Hostility and alliances:
docs/data.md. The level that bars is assumed and swept (docs/calibration.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import where_true
from sim.data.layers import shared_memberships
from sim.data.spells import Spells
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral, each
from sim.mechanisms.alliances.equations import lay_pairs, matrix_of, mean_by_people, mix_layers, share_in_common, shared_by_minority
from sim.ports import PoliticsTerms
from sim.registry import param, part, switch
from sim.state.world import Floats, World

SHARES = ("alliance_share", "affinity_share", "organisations_share", "hostility_share", "treaties_share", "trust_share")
"""The mix, in the order of the equation's kernel."""


@part(
    "mechanism",
    name="alliances",
    title="Alliances",
    title_id="Aliansi",
    sentence_id="Siapa dekat dan siapa bermusuhan diperbarui setiap Januari dari aliansi, suara, organisasi, permusuhan, perjanjian, "
    "dan kepercayaan.",
)
@dataclass(frozen=True)
class Alliances:
    """Who is close and who is hostile is renewed each January from alliances, votes, organisations, hostility, treaties and trust."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "everyone_alike",
            "The alliance graph joins nobody: its weight is 0 between any two.",
            "Graf aliansi tidak menghubungkan siapa pun: bobotnya 0 antara siapa pun.",
            each("mechanisms.alliances", 0.0, *SHARES),
            "contacts_visit",
        ),
        Neutral(
            "hostility_bars_nothing",
            "However hostile two parties are, they may open talks.",
            "Sebermusuhan apa pun dua pihak, mereka boleh membuka perundingan.",
            (("mechanisms.alliances.hostility_bars", False),),
            "negotiations_opened",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "member", "population", "in_force", "trust", "alliance", "hostility", "shared_organisations",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "hostility", "hostility_without_rivalry", "alliance", "shared_organisations", "alliance_given", "alliance_weight", "hostile",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ()
    offers: ClassVar[tuple[type, ...]] = (PoliticsTerms,)
    state: ClassVar[tuple[Array, ...]] = (
        array("hostility", ("edge",), unit="index 0-1", meaning="hostility between the two as known this year"),
        array("hostility_without_rivalry", ("edge",), unit="index 0-1", meaning="the same without strategic rivalry"),
        array("alliance", ("edge",), unit="index 0-1", meaning="strength of the strongest alliance between the two this year"),
        array("shared_organisations", ("edge",), unit="share", meaning="organisations that both belong to, of those that either does"),
        array("alliance_given", ("edge",), unit="index -1 to 1", meaning="weight of the alliance graph without treaties and trust"),
        array("alliance_weight", ("edge",), unit="index -1 to 1", meaning="weight of the alliance graph this year"),
        array("hostile", ("edge",), dtype=bool, unit="0/1", meaning="too hostile for talks of two to begin this year"),
    )

    alliance_share: float = param(0.3, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of a full alliance, a.")
    affinity_share: float = param(0.25, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of votes wholly alike, v.")
    organisations_share: float = param(
        0.15, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of belonging to the same organisations, o."
    )
    hostility_share: float = param(
        1.0, unit="weight", low=0.0, high=1.0, source="assumed", meaning="What full hostility takes away from the weight, h."
    )
    treaties_share: float = param(0.1, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of very many treaties kept, f.")
    treaties_half: float = param(
        1.0, unit="count", low=0.5, high=10.0, source="assumed", meaning="Types of treaties in force that give half of that weight."
    )
    trust_share: float = param(
        0.2, unit="weight", low=0.0, high=1.0, source="assumed", meaning="Weight of full trust; distrust takes as much away, t."
    )
    least_alliance: float = param(
        0.35,
        unit="index 0-1",
        low=0.0,
        high=1.0,
        source="assumed: the weakest pact of defence in the table; amity, consultation and paper pacts lie below",
        meaning="Strength from which on an alliance counts.",
    )
    minority: float = param(
        0.35,
        unit="share of people",
        low=0.01,
        high=1.0,
        source="Treaty on European Union, article 16(4)",
        meaning="Part of a bloc's people whose states must share a hostility for the bloc to have it.",
    )
    fear_of_rivals: float = param(
        0.5,
        unit="share of the gain",
        low=0.0,
        high=1.0,
        source="assumed; its sign is that of Gowa and Mansfield 1993",
        meaning="What a hostile partner's gain costs one's own security, omega.",
    )
    joy_in_allies: float = param(
        0.25,
        unit="share of the fear",
        low=0.0,
        high=0.5,
        source="assumed; its sign is that of Gowa and Mansfield 1993",
        meaning="What an ally's gain is worth, over what a rival's costs, phi.",
    )
    hostility_bars: bool = switch(True, source="assumed", meaning="Whether hostility keeps talks of two from beginning.")
    hostile_from: float = param(
        0.75, unit="index 0-1", low=0.5, high=0.9, source="assumed", meaning="Hostility from which on no talks of two begin."
    )

    def begin(self, world: World) -> None:
        """Set the layers of the first year; parties have no trust in each other yet but the neutral one."""
        self._renew(world)

    def step(self, world: World, decide: Any) -> None:
        """Renew layers and weight in January and the first month."""
        if world.month % 12 == 0 or world.month == world.setting.config.start:
            self._renew(world)

    def _renew(self, world: World) -> None:
        spells, january = world.setting.roster.spells, world.month // 12 * 12
        for name, source in (("hostility", "hostility"), ("hostility_without_rivalry", "without_rivalry")):
            self._lay(world, spells[source], january - 1, 0.0, world.array(name))
        self._lay(world, spells["alliances"], january, self.least_alliance, world.alliance)
        edges = world.setting.edges
        share_in_common(edges.row, edges.col, edges.rev, self._inside(world), world.shared_organisations)
        mix = (
            self.alliance_share, self.affinity_share, self.organisations_share, self.hostility_share, self.treaties_share, self.trust_share,
        )  # fmt: skip
        mix_layers(
            world.alliance, edges.affinity, world.shared_organisations, world.hostility, world.in_force, world.trust, edges.rev, mix,
            self.treaties_half, world.alliance_given, world.alliance_weight,
        )  # fmt: skip
        world.hostile[:] = (world.hostility >= self.hostile_from) & self.hostility_bars

    def _lay(self, world: World, spells: Spells, month: int, least: float, out: Floats) -> None:
        """Lay the values of a month on the edges of states, and what blocs make of them on theirs."""
        setting, edges, n = world.setting, world.setting.edges, world.setting.n_states
        first, second, value = spells.at(month)
        counts = value >= max(least, np.nextafter(0.0, 1.0))
        first, second, value = first[counts], second[counts], value[counts]
        out[:] = 0.0
        lay_pairs(edges.start, edges.col, first, second, value, out)
        hostile = out is not world.alliance
        inside = [where_true(world.member[b]) for b in range(setting.n_parties - n)]
        people = world.population[:n]
        for b, mine in enumerate(inside):
            values = matrix_of(first, second, value, mine, n)
            # A member is left out of what its bloc makes of it.
            weight = np.where(mine[:, None] == np.arange(n), 0.0, people[mine][:, None])
            seen = self._of_bloc(values, weight, hostile)
            there = np.arange(edges.start[n + b], edges.start[n + b + 1])
            there = there[edges.col[there] < n]
            out[there] = out[edges.rev[there]] = seen[edges.col[there]]
            for c in range(b + 1, len(inside)):
                e = edges.find(n + b, n + c)
                both = (weight[:, inside[c]] * people[inside[c]]).reshape(-1, 1)
                out[e] = out[edges.rev[e]] = self._of_bloc(values[:, inside[c]].reshape(-1, 1), both, hostile)[0]

    def _of_bloc(self, values: Floats, people: Floats, hostile: bool) -> Floats:
        if not values.shape[0]:
            return np.zeros(values.shape[1])
        return shared_by_minority(values, people, self.minority) if hostile else mean_by_people(values, people)

    def _inside(self, world: World) -> Floats:
        """Return who belongs to which organisation, (P, O): 0 or 1 of a state, of a bloc the share of its people in members."""
        setting, n = world.setting, world.setting.n_states
        inside = shared_memberships(setting.roster, world.month).astype(np.float64)
        out = np.zeros((setting.n_parties, inside.shape[0]))
        out[:n] = inside.T
        for b in range(setting.n_parties - n):
            people = world.population[:n] * world.member[b]
            if people.any():
                out[n + b] = (inside * people).sum(axis=1) / people.sum()
        return out
