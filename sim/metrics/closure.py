"""Closure of borders to travellers, as it bears on meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="closure",
    title="Closure",
    title_id="Penutupan",
    sentence_id="Bagian pertemuan lintas batas yang tidak dapat diadakan suatu negara bulan ini.",
)
@dataclass(frozen=True)
class Closure:
    """The share of cross-border meetings that a state cannot hold this month."""

    unit: ClassVar[str] = "share of meetings"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("closure",)

    def measure(self, world: World) -> Floats:
        """Return the share, shape (1, P)."""
        return world.closure[None, :]
