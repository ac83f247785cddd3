"""Which share of states is worse off by what is in force than it would be if nothing were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="welfare_losers",
    title="States that lose",
    title_id="Negara yang merugi",
    sentence_id="Bagian negara yang lebih buruk keadaannya dengan semua yang berlaku daripada tanpa apa pun.",
)
@dataclass(frozen=True)
class WelfareLosers:
    """Which share of states is worse off by all that is in force than it would be if nothing were."""

    unit: ClassVar[str] = "share of states"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("welfare_losers",)

    def measure(self, world: World) -> Floats:
        """Return the share, shape (1,)."""
        n = world.setting.n_states
        return np.array([np.count_nonzero(world.welfare[:n] < 0.0) / n])
