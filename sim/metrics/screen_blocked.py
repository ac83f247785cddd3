"""Meetings on a screen that found no platform, no port or an outage, and were held by telephone."""

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
    name="screen_blocked",
    title="Meetings turned away",
    title_id="Rapat layar yang gagal",
    sentence_id="Berapa bagian rapat layar bulan ini yang tidak mendapat port atau terkena gangguan, lalu diadakan lewat telepon.",
)
@dataclass(frozen=True)
class ScreenBlocked:
    """Which part of the month's meetings on a screen found no port or met an outage, and was held by telephone."""

    unit: ClassVar[str] = "share"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"
    undefined: ClassVar[str] = "in a month in which nobody wants to meet on a screen"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names: on all platforms, and on hardware bridges alone."""
        return ("screen_blocked", "screen_blocked_bridge")

    def measure(self, world: World) -> Floats:
        """Return both shares."""
        events, held = world.events, contacts_held(world)
        platform = events["platform_used"][held]
        wanted = platform >= 0
        lost = wanted & (events["channel"][held] == int(Channel.CALL))
        out = np.full(2, np.nan)
        for at, some in enumerate((wanted, platform == 0)):
            if n := np.count_nonzero(some):
                out[at] = np.count_nonzero(lost & some) / n
        return out
