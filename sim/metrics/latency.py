"""Mean latency between states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="latency",
    title="Latency between states",
    title_id="Latensi antarnegara",
    sentence_id="Berapa lama rata-rata data berjalan dari satu negara ke negara lain, satu arah.",
)
@dataclass(frozen=True)
class MeanLatency:
    """How long data take on average from one state to another that a path joins it to, one way."""

    unit: ClassVar[str] = "ms"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"
    undefined: ClassVar[str] = "while no open link joins any two states"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("latency",)

    def measure(self, world: World) -> Floats:
        """Return the mean over all ordered pairs that a path joins, shape (1,)."""
        pairs = world.reaches.sum()
        whole = (world.mean_latency * world.reaches).sum()
        return np.array([whole / pairs if pairs else np.nan])
