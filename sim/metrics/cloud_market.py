"""The cloud market of the world: who leads, how concentrated it is, and how much load lies abroad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="cloud_market",
    title="Cloud market",
    title_id="Pasar komputasi awan",
    sentence_id="Bagian negara asal penyedia terbesar, pemusatan pasar, dan bagian beban dunia yang berada di luar negeri.",
)
@dataclass(frozen=True)
class CloudMarket:
    """The share of the leading home of providers in the public market, the sum of squares of all shares, and the load that lies abroad."""

    unit: ClassVar[str] = "share"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"
    undefined: ClassVar[str] = "where nobody has load"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("market_of_largest_home", "market_concentration", "load_abroad")

    def measure(self, world: World) -> Floats:
        """Return the three shares."""
        offers, n = world.cloud_offers, world.setting.n_states
        whole, load = float(np.add.reduce(offers["serves"])), world.load_renewed
        if whole <= 0.0 or not load.any():
            return np.full(3, np.nan)
        share = np.bincount(offers["home"], weights=offers["serves"], minlength=n) / whole
        abroad = float(np.add.reduce(load * (1.0 - world.lies_at_home))) / float(np.add.reduce(load))
        return np.array([share.max(), float(np.add.reduce(share * share)), abroad])
