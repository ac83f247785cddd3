"""Where each state's load lies, in whose hands, and how much of it one other state can reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="data_residence",
    title="Where data lie",
    title_id="Tempat data berada",
    sentence_id="Berapa bagian beban tiap negara yang berada di dalam negeri, di tangan sendiri, dan dalam jangkauan satu negara lain.",
)
@dataclass(frozen=True)
class DataResidence:
    """Of each state's load: the part at home, the part in own hands, the part in the reach of one other state, and what it cannot reach."""

    unit: ClassVar[str] = "share"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"
    undefined: ClassVar[str] = "for blocs"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("load_at_home", "load_in_own_hands", "load_exposed", "load_out_of_reach")

    def measure(self, world: World) -> Floats:
        """Return the four shares, shape (4, P)."""
        n = world.setting.n_states
        out = np.full((4, world.setting.n_parties), np.nan)
        for k, values in enumerate((world.lies_at_home, world.in_own_hands, world.exposure, world.cut_off_from_data)):
            out[k, :n] = values
        return out
