"""How well executives are seen at home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="image_at_home",
    title="Image at home",
    title_id="Citra di dalam negeri",
    sentence_id="Seberapa baik eksekutif suatu pihak dipandang di dalam negeri karena yang dicapainya.",
)
@dataclass(frozen=True)
class ImageAtHome:
    """How well the executive of a party is seen at home for what it brought about."""

    unit: ClassVar[str] = "index 0-1"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    public: ClassVar[bool] = True

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("image_at_home",)

    def measure(self, world: World) -> Floats:
        """Return the image of each party at home, shape (1, P)."""
        return world.array("image_at_home")[None, :].copy()
