"""The access gap: cloud capacity per internet user of the best-served tenth of users over that of the worst-served tenth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="access_gap",
    title="Access gap",
    title_id="Kesenjangan akses",
    sentence_id="Selisih kapasitas awan per juta pengguna internet antara sepersepuluh pengguna yang paling dan paling kurang terlayani.",
)
@dataclass(frozen=True)
class AccessGap:
    """How many more MW per million users serve the best-served tenth of internet users than the worst-served tenth."""

    unit: ClassVar[str] = "MW per million users"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "where nobody uses the internet"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("access_gap",)

    def measure(self, world: World) -> Floats:
        """Return the gap, shape (1,); NaN where there are no users."""
        n = world.setting.n_states
        online = world.internet_use[:n] * world.population[:n]
        if not online.any():
            return np.array([np.nan])
        users = np.maximum(1e-6, online / 1e6)
        served = world.cloud_capacity[:n] / users
        order = served.argsort(kind="stable")
        up_to = users[order].cumsum() / np.add.reduce(users)
        worst, best = served[order[up_to.searchsorted([0.1, 0.9])]]
        return np.array([best - worst])
