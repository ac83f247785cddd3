"""Words broken, found out and made good this month, notices given, and reviews held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import counts_of_month
from sim.registry import part
from sim.state.world import Floats, Setting, World

_EVENTS = ("breach", "breach_found", "breach_cured", "denunciation", "review")


@part(
    "metric",
    name="promises",
    title="Promises kept and broken",
    title_id="Janji yang ditepati dan dilanggar",
    sentence_id="Berapa janji yang dilanggar, ketahuan, dan dipulihkan, berapa pemberitahuan keluar, dan berapa peninjauan bulan ini.",
)
@dataclass(frozen=True)
class Promises:
    """How many words were broken, found out and made good, how many notices were given, and how many reviews were held this month."""

    unit: ClassVar[str] = "events a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("breaches", "breaches_found", "breaches_cured", "notices", "reviews")

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (5,)."""
        codes = world.setting.words.codes["event"]
        return counts_of_month(world)[[codes[name] for name in _EVENTS]].astype(np.float64)
