"""How much of what was signed, and is decided, fell at home: involuntary defection and withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Institution, Stage


@part(
    "metric",
    name="never_ratified",
    title="Never ratified",
    title_id="Tidak pernah diratifikasi",
    sentence_id="Berapa bagian dari instrumen yang membutuhkan persetujuan di dalam negeri dan sudah diputuskan yang gugur.",
)
@dataclass(frozen=True)
class NeverRatified:
    """Which share of the instruments that needed consent at home, and are decided, fell there."""

    unit: ClassVar[str] = "share of instruments"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "while no instrument that needed consent at home is decided"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("never_ratified",)

    def measure(self, world: World) -> Floats:
        """Return the share since the start, shape (1,); NaN while nothing is decided."""
        instruments, adherence = world.instruments, world.adherence
        asked = np.zeros(len(instruments), dtype=np.bool_)
        asked[adherence["instrument"][adherence["institution"] > Institution.EXECUTIVE_ACT]] = True
        entered = instruments["in_force"] >= 0
        n_entered = np.count_nonzero(asked & entered)
        n_fallen = np.count_nonzero(asked & ~entered & (instruments["stage"] == Stage.TERMINATED))
        decided = n_entered + n_fallen
        return np.array([n_fallen / decided if decided else np.nan])
