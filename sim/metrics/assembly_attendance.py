"""Heads who addressed the world assembly this month, and how many of them came; zero outside its month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Channel, Event


@part(
    "metric",
    name="assembly_attendance",
    title="Assembly attendance",
    title_id="Kehadiran di sidang",
    sentence_id="Berapa kepala negara yang berbicara di sidang dunia bulan ini, dan berapa yang datang ke sana.",
)
@dataclass(frozen=True)
class AssemblyAttendance:
    """How many heads addressed the world assembly this month, and how many of them came there."""

    unit: ClassVar[str] = "heads"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("assembly_attendance", "assembly_in_person")

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what the second column holds."""
        return {
            "assembly_in_person": Meaning(
                "Assembly attended in person", "Hadir langsung di sidang", "Heads who came.", "Kepala negara yang datang."
            )
        }

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (2,)."""
        events = world.events
        first = world.first_event(world.month - 1)
        here = events["event"][first:] == int(Event.ATTENDANCE)
        came = here & (events["channel"][first:] == int(Channel.VISIT))
        return np.array([np.count_nonzero(here), np.count_nonzero(came)], dtype=np.float64)
