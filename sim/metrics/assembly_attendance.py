"""Heads who addressed the world assembly this month; zero outside its month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Event


@part(
    "metric",
    name="assembly_attendance",
    title="Assembly attendance",
    title_id="Kehadiran di sidang",
    sentence_id="Berapa kepala negara yang berbicara di sidang dunia bulan ini.",
)
@dataclass(frozen=True)
class AssemblyAttendance:
    """How many heads addressed the world assembly this month."""

    unit: ClassVar[str] = "heads"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("assembly_attendance",)

    def measure(self, world: World) -> Floats:
        """Return the count, shape (1,)."""
        events = world.events
        first = world.first_event(world.month - 1)
        return np.array([np.count_nonzero(events["event"][first:] == Event.ATTENDANCE)], dtype=np.float64)
