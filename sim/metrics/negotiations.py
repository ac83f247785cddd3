"""The life of negotiations: opened, concluded and failed this month."""

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
    name="negotiations",
    title="Negotiations",
    title_id="Perundingan",
    sentence_id="Berapa perundingan yang dibuka, disepakati, dan gagal bulan ini.",
)
@dataclass(frozen=True)
class Negotiations:
    """How many negotiations were opened, concluded and failed this month."""

    unit: ClassVar[str] = "negotiations a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("negotiations_opened", "negotiations_concluded", "negotiations_failed")

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (3,)."""
        return counts_of_month(world)[[Event.NEGOTIATION_OPENED, Event.NEGOTIATION_CONCLUDED, Event.NEGOTIATION_FAILED]].astype(np.float64)
