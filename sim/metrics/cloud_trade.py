"""What cloud providers of each state earn abroad, and what its users pay to providers of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="cloud_trade",
    title="Trade in cloud services",
    title_id="Perdagangan layanan awan",
    sentence_id="Pendapatan penyedia awan tiap negara dari pengguna negara lain, dan pembayaran penggunanya ke penyedia asing.",
)
@dataclass(frozen=True)
class CloudTrade:
    """What the cloud providers of each state earn from users of others, and what its users pay to providers of others."""

    unit: ClassVar[str] = "USD a year"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "mean"
    undefined: ClassVar[str] = "for blocs"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("cloud_exports", "cloud_imports")

    def measure(self, world: World) -> Floats:
        """Return both, shape (2, P)."""
        n = world.setting.n_states
        out = np.full((2, world.setting.n_parties), np.nan)
        out[0, :n], out[1, :n] = world.cloud_exports, world.cloud_imports
        return out
