r"""Firms certify under a framework: slowly under the first, fast under the next, because those that did before do it again.

.. math:: \dot N = r N (1 - N / K) + q E, \qquad \dot E = - q E, \qquad K = k \, M_{ij}

a month at a time, with ``N`` firms certified, ``K`` firms that have a use for it, ``E`` firms that were certified under the last framework
of the same two and are not yet again, and ``M`` what the judge's people buy from the undertaker (USD a year). Under a first framework it
begins with the share ``founders`` of ``K``. What ends keeps its number, for the record and for the next framework.

Source: logistic diffusion (Griliches 1957, Econometrica 25). Counts: Privacy Laws & Business 2015, 2016; Katten 2017 and Fox Rothschild
2018 on firms certified with the United States Department of Commerce.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.registry import param, part
from sim.state.world import World
from sim.types import Stage


@part(
    "mechanism",
    name="certification",
    title="Certification",
    title_id="Sertifikasi",
    sentence_id="Perusahaan mendaftar pada kerangka transfer data: lambat pada yang pertama, cepat pada penggantinya.",
)
@dataclass(frozen=True)
class Certification:
    """Firms certify under a framework: slowly under the first, fast under the one that replaces it."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_comes_back",
            "Firms that were certified under the last framework are as slow as all others.",
            "Perusahaan yang pernah terdaftar sama lambatnya dengan yang lain.",
            (("mechanisms.certification.coming_back", 0.0),),
            "certified_firms",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("trade",)
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("instruments",)
    state: ClassVar[tuple[Array, ...]] = (
        array("certified", ("instruments",), unit="firms", meaning="firms certified under it, as it stands or as it ended"),
        array("coming_back", ("instruments",), unit="firms", meaning="firms certified under the last framework and not yet under this one"),
    )

    firms: float = param(
        30.0,
        unit="firms per 10^9 USD a year",
        low=5.0,
        high=100.0,
        source="about 5,300 firms at the end of Privacy Shield (memory: CRS), of 175 10^9 USD that the EU bought in the model's tables",
        meaning="Firms that have a use for a certificate, for what the judge's people buy from the undertaker, k.",
    )
    growth: float = param(
        0.6,
        unit="share a year",
        low=0.1,
        high=2.0,
        source="memory: about 400 firms in the fourth year of Safe Harbour",
        meaning="Growth of the number while few are certified, r.",
    )
    coming_back: float = param(
        0.57,
        unit="share a year",
        low=0.0,
        high=3.0,
        source="2,400 of about 5,500 firms within a year of Privacy Shield (Katten; Privacy Laws & Business)",
        meaning="How fast firms of the last framework certify again, q.",
    )
    founders: float = param(
        0.01,
        unit="share",
        low=0.001,
        high=0.1,
        source="35 firms in the first weeks of Privacy Shield (Privacy Laws & Business 2016), of some thousands",
        meaning="Part of all firms that certify as a framework begins.",
    )

    def begin(self, world: World) -> None:
        """Say how many firms are certified under frameworks in force at the start: as many as their age allows, on trade as it is now."""
        for row in self._live(world):
            most = self._most(world, row)
            years = (world.month - int(world.instruments["in_force"][row])) / 12.0
            odds = self.founders / (1.0 - self.founders) * math.exp(self.growth * years)
            world.array("certified")[row] = most * odds / (1.0 + odds)

    def step(self, world: World, decide: Any) -> None:
        """Let firms certify under what is in force."""
        certified, waiting = world.array("certified"), world.array("coming_back")
        back = 1.0 - math.exp(-self.coming_back / 12.0)
        for row in self._live(world):
            most = self._most(world, row)
            if world.instruments["in_force"][row] == world.month:
                certified[row], waiting[row] = self.founders * most, self._before(world, row)
                continue
            again, now = back * float(waiting[row]), float(certified[row])
            waiting[row] -= again
            certified[row] = max(now, min(most, now + self.growth / 12.0 * now * max(0.0, 1.0 - now / max(most, 1e-9)) + again))

    def _live(self, world: World) -> list[int]:
        """Return the rows of what is in force and of a type under which firms certify."""
        kinds = np.array([getattr(kind, "certifies", False) for kind in world.setting.types], dtype=np.bool_)
        instruments = world.instruments
        rows: list[int] = where_true(kinds[instruments["type"]] & (instruments["stage"] == Stage.IN_FORCE)).tolist()
        return rows

    def _most(self, world: World, row: int) -> float:
        """Return how many firms have a use for a certificate under an instrument."""
        judge, other = (int(world.instruments[key][row]) for key in ("first", "second"))
        edge = world.setting.edges.find(other, judge)
        return self.firms * float(world.trade[edge]) / 1e9 if edge >= 0 else 0.0

    def _before(self, world: World, row: int) -> float:
        """Return how many firms were certified as the last instrument of the same type, judge and undertaker ended."""
        t = world.instruments
        same = (t["type"] == t["type"][row]) & (t["first"] == t["first"][row]) & (t["second"] == t["second"][row]) & (t["ended"] >= 0)
        # Under what fell before it entered into force nobody was certified.
        same &= t["in_force"] >= 0
        ended = where_true(same)
        return float(world.array("certified")[ended[np.argmax(t["ended"][ended])]]) if len(ended) else 0.0
