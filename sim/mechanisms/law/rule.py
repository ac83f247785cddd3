r"""Each party has one law on data: what its own law gives, or what it has undertaken towards somebody, whichever is more.

.. math:: L_{j,s} = \max( v_j \, e_j, \; \text{undertaken safeguards} ), \qquad L_{j,r} = \text{undertaken redress}

``v`` is how far the law covers private firms (1 one law for all, 0.4 sectoral laws; by the date of its application). ``e`` is 1 where a
supervisory authority is in force and ``without_authority`` elsewhere. Safeguards of a bloc are the mean over those its law binds, by
people. An undertaking counts from the month after its instrument enters into force, towards everybody, and does not fall again when it
ends. So one large deal makes those that follow cheap. Raising an issue from ``L`` to ``x`` costs ``c (x - L)^2`` bp of GDP once; a payoff
holds the part ``rho`` of it a year (:mod:`sim.stakes.protection`).

Source: CJEU C-362/14, paragraphs 73 and 74 (protection that is essentially equivalent, and an authority that watches over it). Costs are
assumed (``docs/calibration.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.ports import LawTerms
from sim.registry import param, part, switch
from sim.state.world import Floats, World
from sim.types import Stage


@part(
    "mechanism",
    name="law",
    title="Law on data",
    title_id="Hukum data",
    sentence_id="Setiap pihak mempunyai satu hukum data: hukumnya sendiri atau yang telah disanggupinya, mana yang lebih tinggi.",
)
@dataclass(frozen=True)
class Law:
    """Each party has one law on data: its own, or what it has undertaken, whichever is more."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "law_costs_nothing",
            "Raising one's own law costs nothing.",
            "Menaikkan hukum sendiri tidak berbiaya.",
            (("mechanisms.law.cost_safeguards", 0.0), ("mechanisms.law.cost_redress", 0.0)),
            "new_signatures_transfer_framework",
        ),
        Neutral(
            "least_is_equivalent",
            "Seven tenths of the judge's protection count as equivalent.",
            "Tujuh persepuluh dari perlindungan pihak penilai sudah dianggap setara.",
            (("mechanisms.law.equivalence", 0.7),),
            "new_signatures_adequacy_decision",
        ),
        Neutral(
            "no_guarantees",
            "A judge does not ask whether the other's state is bound by law.",
            "Pihak penilai tidak bertanya apakah negara pihak lain terikat hukum.",
            (("mechanisms.law.guarantees", False),),
            "new_signatures_adequacy_decision",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("bound", "population", "own_safeguards", "safeguards", "redress", "cost_of_law")
    writes: ClassVar[tuple[str, ...]] = ("own_safeguards", "rights_of_foreigners", "safeguards", "redress", "cost_of_law")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "own_safeguards", ("party",), unit="index 0-1", meaning="protection against firms that its own law gives, an authority counted"
        ),
        array(
            "rights_of_foreigners",
            ("party",),
            unit="index 0-1",
            meaning="rights of people abroad against the state that reaches their data",
        ),
        array("safeguards", ("party",), unit="index 0-1", meaning="safeguards that bind it, by its own law or by what it undertook"),
        array("redress", ("party",), unit="index 0-1", meaning="redress that it has undertaken towards foreigners"),
        array("cost_of_law", ("party",), unit="bp of GDP", meaning="paid since the start for raising its own law"),
    )
    offers: ClassVar[tuple[type, ...]] = (LawTerms,)

    equivalence: float = param(
        0.85,
        unit="share of the judge's protection",
        low=0.7,
        high=1.0,
        source="assumed after CJEU C-362/14, paragraphs 73 and 74: equivalent, not identical",
        meaning="Protection that counts as equivalent, kappa.",
    )
    guarantees: bool = switch(
        True, source="GDPR article 45(2)(a)", meaning="Whether a judge asks that the other's state be bound by law, in the same share."
    )
    without_authority: float = param(
        0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="What a law without a supervisory authority is worth."
    )
    yearly_share: float = param(
        0.1, unit="share a year", low=0.05, high=0.2, source="assumed", meaning="Yearly share of a cost that is paid once, rho."
    )
    cost_safeguards: float = param(
        60.0,
        unit="bp of GDP",
        low=0.0,
        high=200.0,
        source="assumed; swept from 10 to 200",
        meaning="Cost of raising safeguards by a whole unit, paid once.",
    )
    cost_redress: float = param(
        60.0,
        unit="bp of GDP",
        low=0.0,
        high=200.0,
        source="assumed; swept from 10 to 200",
        meaning="Cost of raising redress by a whole unit where all of the other's data could be reached, paid once.",
    )

    def begin(self, world: World) -> None:
        """Read the law of the first month, and what instruments in force have made of it."""
        self._renew(world)
        world.safeguards[:] = world.own_safeguards
        world.redress[:] = 0.0
        instruments = world.instruments
        self._bind(world, np.asarray(instruments["stage"] == Stage.IN_FORCE), paid=False)

    def step(self, world: World, decide: Any) -> None:
        """Renew what the law gives, and hold parties to what entered into force last month."""
        if world.month % 12 == 0 or world.month in world.setting.roster.dates:
            self._renew(world)
            world.safeguards[:] = np.maximum(world.safeguards, world.own_safeguards)
        instruments = world.instruments
        self._bind(world, np.asarray(instruments["in_force"] == world.month - 1), paid=True)

    def _renew(self, world: World) -> None:
        """Read the law as known this year."""
        roster = world.setting.roster
        year = roster.year_row(world.month)
        supervised = np.where(roster.figures["authority"][year] > 0.0, 1.0, self.without_authority)
        self._lay(world, world.own_safeguards, roster.figures["law_coverage"][year] * supervised)
        self._lay(world, world.rights_of_foreigners, roster.figures["foreigners_rights"][year])

    def _lay(self, world: World, out: Floats, of_states: Floats) -> None:
        """Fill states (N,), and blocs with the mean of those their law binds, by people."""
        n = world.setting.n_states
        out[:n] = of_states
        for b in range(len(world.bound)):
            inside = where_true(world.bound[b])
            people = world.population[inside]
            out[n + b] = float(np.sum(of_states[inside] * people) / np.sum(people)) if len(inside) else 0.0

    def _bind(self, world: World, which: Any, *, paid: bool) -> None:
        """Hold second parties to what some instruments, bool (M,), say; who raises its law pays once."""
        instruments = world.instruments
        for row in where_true(which):
            party = int(instruments["second"][row])
            for name, column, cost in (
                ("safeguards", "safeguards_undertaken", self.cost_safeguards),
                ("redress", "redress_undertaken", self.cost_redress),
            ):
                level, said = world.array(name), float(instruments[column][row])
                rise = said - float(level[party])
                if rise > 0.0:
                    level[party] = said
                    if paid:
                        world.cost_of_law[party] += cost * rise * rise
