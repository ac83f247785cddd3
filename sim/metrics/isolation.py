"""States that no link joins to others, and states that hang on one link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="isolation",
    title="States cut off",
    title_id="Negara yang terputus",
    sentence_id="Berapa negara tanpa sambungan yang terbuka, yang bergantung pada satu sambungan, dan yang dilayani satelit.",
)
@dataclass(frozen=True)
class Isolation:
    """How many states no open link joins to any other, how many hang on one link, and how many satellites serve."""

    unit: ClassVar[str] = "states"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "mean"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("states_cut_off", "states_on_one_link", "states_by_satellite")

    def measure(self, world: World) -> Floats:
        """Return the three counts."""
        found = ((world.reaches == 0).sum(), (world.links_open == 1).sum(), world.satellite.sum())
        return np.array(found, dtype=np.float64)
