"""Capability: the declared mix of a party's shares of world GDP, material capability and cloud capacity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="capability",
    title="Capability",
    title_id="Kapabilitas",
    sentence_id="Bagian suatu pihak dalam PDB dunia, kapabilitas material, dan kapasitas awan, digabung dengan bobot yang dinyatakan.",
)
@dataclass(frozen=True)
class Capability:
    """A party's shares of world GDP, material capability and cloud capacity, mixed with stated weights."""

    unit: ClassVar[str] = "times the average state"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("capability",)

    def measure(self, world: World) -> Floats:
        """Return capability, shape (1, P)."""
        return world.capability[None, :]
