"""Agreements taken to court this month, rulings, and what was struck down."""

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
    name="rulings",
    title="Complaints and rulings",
    title_id="Gugatan dan putusan",
    sentence_id="Berapa perjanjian yang digugat, diputus, dan dibatalkan pengadilan bulan ini.",
)
@dataclass(frozen=True)
class Rulings:
    """How many agreements were taken to court, ruled on and annulled this month."""

    unit: ClassVar[str] = "agreements a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("complaints", "rulings", "annulled")

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (3,)."""
        codes = world.setting.words.codes["event"]
        return counts_of_month(world)[[codes["complaint"], codes["ruling"], Event.ANNULMENT]].astype(np.float64)
