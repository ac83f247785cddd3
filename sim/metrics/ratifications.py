"""What those at home made of signatures this month: ratified, or fallen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import counts_of_month
from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Event


@part(
    "metric",
    name="ratifications",
    title="Ratifications",
    title_id="Ratifikasi bulan ini",
    sentence_id="Berapa tanda tangan yang disahkan, dan berapa yang gugur, di dalam negeri bulan ini.",
)
@dataclass(frozen=True)
class Ratifications:
    """How many signatures were ratified, and how many fell, at home this month."""

    unit: ClassVar[str] = "signatures a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("ratified", "ratifications_failed")

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (2,)."""
        return counts_of_month(world)[[Event.RATIFICATION, Event.RATIFICATION_FAILED]].astype(np.float64)
