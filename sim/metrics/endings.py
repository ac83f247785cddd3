"""How agreements that were in force ended this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Stage

_STAGES = (Stage.ANNULLED, Stage.TERMINATED, Stage.EXPIRED, Stage.SUCCEEDED, Stage.COMPLETED)


@part(
    "metric",
    name="endings",
    title="Endings",
    title_id="Pengakhiran perjanjian",
    sentence_id="Berapa perjanjian yang pernah berlaku berakhir bulan ini, menurut cara berakhirnya.",
)
@dataclass(frozen=True)
class Endings:
    """How many agreements that had been in force ended this month, by the way in which they did."""

    unit: ClassVar[str] = "agreements"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("ended", *(f"ended_{stage.name.lower()}" for stage in _STAGES))

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (6,)."""
        instruments = world.instruments
        now = (instruments["ended"] == world.month - 1) & (instruments["in_force"] >= 0)
        counts = np.bincount(instruments["stage"][now], minlength=len(Stage))
        by = [int(counts[stage]) for stage in _STAGES]
        return np.array([sum(by), *by], dtype=np.float64)
