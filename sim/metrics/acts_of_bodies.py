"""Acts that bodies passed this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="acts_of_bodies",
    title="Acts of bodies",
    title_id="Keputusan lembaga",
    sentence_id="Berapa keputusan yang disahkan tiap lembaga bulan ini.",
)
@dataclass(frozen=True)
class ActsOfBodies:
    """How many acts each body passed this month."""

    unit: ClassVar[str] = "acts"
    axis: ClassVar[str] = "body"
    over_rows: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"
    public: ClassVar[bool] = True

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("acts_of_bodies",)

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (1, bodies)."""
        return world.array("acts")[None, :].astype(float)
