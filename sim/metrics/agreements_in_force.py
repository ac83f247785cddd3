"""Instruments in force at the end of the month, by type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Stage


@part(
    "metric",
    name="agreements_in_force",
    title="Agreements in force",
    title_id="Perjanjian yang berlaku",
    sentence_id="Berapa instrumen dari tiap jenis yang berlaku pada akhir bulan.",
)
@dataclass(frozen=True)
class AgreementsInForce:
    """How many instruments of each type are in force at the end of the month."""

    unit: ClassVar[str] = "instruments"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"in_force_{name}" for name in setting.type_names)

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (T,)."""
        alive = world.instruments["type"][world.instruments["stage"] == Stage.IN_FORCE]
        return np.bincount(alive, minlength=len(world.setting.types)).astype(np.float64)
