"""Digital exports of each state to the partners it keeps an eye on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.world import Floats, Setting, World


@part(
    "metric",
    name="digital_trade",
    title="Digital exports",
    title_id="Ekspor digital",
    sentence_id="Nilai ekspor digital setiap negara dalam setahun.",
)
@dataclass(frozen=True)
class DigitalTrade:
    """The digital exports of each state, at a yearly rate."""

    unit: ClassVar[str] = "USD a year"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("digital_trade",)

    def measure(self, world: World) -> Floats:
        """Return exports, shape (1, P); a bloc's are those of its members to others."""
        edges, n = world.setting.edges, world.setting.n_states
        return np.add.reduceat(np.where(edges.col < n, world.trade, 0.0), edges.start[:-1])[None, :]
