"""Meetings on a screen held this month, by platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import contacts_held
from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Channel


@part(
    "metric",
    name="meetings_by_platform",
    title="Meetings by platform",
    title_id="Rapat menurut platform",
    sentence_id="Berapa rapat layar bulan ini yang berjalan di atas jembatan perangkat keras dan tiap layanan awan.",
)
@dataclass(frozen=True)
class MeetingsByPlatform:
    """How many of the month's meetings on a screen ran over hardware bridges and over each cloud."""

    unit: ClassVar[str] = "meetings a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"meetings_{platform}" for platform in setting.labels("platform"))

    def measure(self, world: World) -> Floats:
        """Return the counts, a number for each platform of the run; a meeting that was held by telephone counts nowhere."""
        events, held = world.events, contacts_held(world)
        platform = events["platform_used"][held]
        on_screen = (platform >= 0) & (events["channel"][held] != int(Channel.CALL))
        return np.bincount(platform[on_screen], minlength=len(world.out)).astype(np.float64)
