"""Intrusions and leaks of meetings on a screen, and bans of platforms by decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import counts_of_month
from sim.registry import part
from sim.state.world import Floats, Setting, World

_COLUMNS = {"video_intrusions": "intrusion", "video_overheard": "overheard", "platforms_barred": "platform_barred"}


@part(
    "metric",
    name="interceptions",
    title="Intrusions, leaks and bans",
    title_id="Penyusupan, kebocoran, dan larangan",
    sentence_id="Berapa rapat layar bulan ini yang disusupi, penyadapan yang terbongkar, dan larangan platform yang diputuskan.",
)
@dataclass(frozen=True)
class Interceptions:
    """How many of the month's meetings had strangers in them, how many were known to be heard, and how many bans were decided."""

    unit: ClassVar[str] = "events a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(_COLUMNS)

    def measure(self, world: World) -> Floats:
        """Return the three counts."""
        codes = world.setting.words.codes["event"]
        return counts_of_month(world)[[codes[name] for name in _COLUMNS.values()]].astype(np.float64)
