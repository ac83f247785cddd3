"""Cloud capacity gained through pacts since the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="cloud_capacity",
    title="Cloud capacity gained",
    title_id="Kapasitas awan yang diperoleh",
    sentence_id="Kapasitas awan yang dibangun melalui pakta sejak awal simulasi.",
)
@dataclass(frozen=True)
class CloudCapacity:
    """The cloud capacity that pacts have built in each state since the start."""

    unit: ClassVar[str] = "MW"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("cloud_capacity_gained",)

    def measure(self, world: World) -> Floats:
        """Return MW gained, shape (1, P)."""
        return world.capacity_gained[None, :]
