r"""Members of guidelines follow them in their own law, slowly and by choice: the text binds nobody.

Each member of guidelines in force whose own law lies below what they recommend follows them with a yearly rate ``r``, and then closes a
part ``q`` of what is missing; likewise who keeps more data at home than they recommend.

.. math:: L \leftarrow L + q (G - L), \qquad 1 - H \leftarrow (1 - H) + q (O - (1 - H))

``L`` is protection by law, ``G`` the safeguards recommended, ``H`` localisation, ``O`` the share of data recommended to move. Nobody goes
back on what goes further. What was followed stays, whatever becomes of the guidelines: it is law. Raising protection costs once what it
costs by any other way (:mod:`sim.mechanisms.law`), and holds towards everybody. The law that figures tell of is laid over it: where it goes
further, what was followed adds nothing.

Sources: Abbott and Snidal (2000), International Organization 54 (focal point; a step to hard law); Greenleaf and Cottier (2020), Privacy
Laws & Business 163: of about 63 states without a law 13 made one in 2019 and 2020, which bounds the rate's order of size. Departs from them
in that a rate stands for the choice, and that the indices of a bloc as a whole do not follow its members'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.consequences import Guides
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event
from sim.ledger import made_by_many, own_places
from sim.ports import LawTerms
from sim.registry import param, part
from sim.rng import identity, uniform
from sim.state.world import World
from sim.types import Stage

_LEAST = 1e-6
"""Below this there is nothing left to follow."""


@part(
    "mechanism",
    name="soft_law",
    title="Soft law",
    title_id="Hukum lunak",
    sentence_id="Anggota mengikuti pedoman kawasan dalam hukumnya sendiri, perlahan dan atas pilihan sendiri.",
)
@dataclass(frozen=True)
class SoftLaw:
    """Members follow regional guidelines in their own law, slowly and by choice."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_follows",
            "Guidelines are endorsed, and nobody follows them.",
            "Pedoman disepakati, tetapi tidak ada yang mengikutinya.",
            (("mechanisms.soft_law.rate", 0.0),),
            "law_spread_ASEAN",
            scenario="asean_integration",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("own_safeguards", "safeguards", "protection_firms", "localisation", "cost_of_law")
    writes: ClassVar[tuple[str, ...]] = (
        "own_safeguards", "safeguards", "protection_firms", "localisation", "cost_of_law", "followed_safeguards", "followed_openness",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("events",)
    needs: ClassVar[tuple[type, ...]] = (LawTerms,)
    state: ClassVar[tuple[Array, ...]] = (
        array("followed_safeguards", ("party",), unit="index 0-1", meaning="protection by its own law that it took from guidelines"),
        array("followed_openness", ("party",), unit="index 0-1", meaning="share of data let move that it took from guidelines"),
    )
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "guidelines_followed", "Guidelines followed", "Pedoman diikuti", "A member brings its own law nearer to guidelines.",
            "Sebuah anggota mendekatkan hukumnya sendiri kepada pedoman.", columns=("party_a", "type", "instrument", "value"),
            public="everyone",
        ),
    )  # fmt: skip

    rate: float = param(
        0.1,
        unit="probability rate a year",
        low=0.0,
        high=0.5,
        source="assumed; of the order of all new laws: 13 of about 63 in two years (Greenleaf and Cottier 2020)",
        meaning="Rate at which a member whose law falls short of guidelines in force follows them, r.",
    )
    followed: float = param(
        0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of what is missing that it then takes over, q."
    )

    def step(self, world: World, decide: Any) -> None:
        """Lay what was followed over the law of the year, and let members follow guidelines in force."""
        self._lay(world)
        live = (world.instruments["stage"] == Stage.IN_FORCE) & made_by_many(world)
        guides = live & world.setting.doings.doing(Guides)[world.instruments["type"]]
        for row in where_true(guides & (world.instruments["in_force"] < world.month)).tolist():
            self._follow(world, row)

    def _follow(self, world: World, row: int) -> None:
        """Let those follow it whose month has come."""
        name, chance = identity(world.instrument_identity(row)), -math.expm1(-self.rate / 12.0)
        safeguards, openness = (float(world.instruments[key][row]) for key in ("safeguards_guided", "openness_guided"))
        for place in own_places(world, row, Stage.IN_FORCE).tolist():
            party = int(world.adherence["party"][place])
            short = max(0.0, safeguards - float(world.protection_firms[party]))
            closed = max(0.0, openness - (1.0 - float(world.localisation[party])))
            if max(short, closed) < _LEAST:
                continue
            if uniform(world.seed, luck.FOLLOW, world.month, name, world.setting.identity[party]) < chance:
                if short > 0.0:
                    world.array("followed_safeguards")[party] = float(world.protection_firms[party]) + self.followed * short
                if closed > 0.0:
                    world.array("followed_openness")[party] = 1.0 - float(world.localisation[party]) + self.followed * closed
                self._pay(world, party)
                self._lay(world)
                self._tell(world, row, party, self.followed * short)

    def _lay(self, world: World) -> None:
        """Let the law of each party be no less than what it took from guidelines."""
        followed, openness = world.array("followed_safeguards"), world.array("followed_openness")
        for level in (world.protection_firms, world.own_safeguards, world.safeguards):
            np.maximum(level, followed, out=level)
        np.minimum(world.localisation, 1.0 - openness, out=world.localisation)

    def _pay(self, world: World, party: int) -> None:
        """Charge what it costs to raise what binds it to what it took over."""
        rise = max(0.0, float(world.array("followed_safeguards")[party]) - float(world.safeguards[party]))
        world.cost_of_law[party] += world.setting.terms(LawTerms).cost_safeguards * rise * rise

    def _tell(self, world: World, row: int, party: int, rise: float) -> None:
        what, kind = world.setting.words.code("event", "guidelines_followed"), int(world.instruments["type"][row])
        world.events.append(month=world.month, event=what, party_a=party, type=kind, instrument=row, value=rise)
