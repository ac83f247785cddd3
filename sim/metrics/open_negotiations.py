"""Negotiations open at the end of the month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import TalkStage


@part(
    "metric",
    name="open_negotiations",
    title="Open negotiations",
    title_id="Perundingan terbuka",
    sentence_id="Berapa perundingan yang masih terbuka pada akhir bulan.",
)
@dataclass(frozen=True)
class OpenNegotiations:
    """How many negotiations are open at the end of the month."""

    unit: ClassVar[str] = "negotiations"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "mean"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("negotiations_open",)

    def measure(self, world: World) -> Floats:
        """Return the count, shape (1,)."""
        return np.array([np.count_nonzero(world.talks["stage"] == TalkStage.OPEN)], dtype=np.float64)
