"""How well parties are seen abroad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="image",
    title="Image abroad",
    title_id="Citra di luar negeri",
    sentence_id="Seberapa baik suatu pihak dipandang di luar negeri karena yang diusulkan, diselenggarakan, diberikan, dan ditepatinya.",
)
@dataclass(frozen=True)
class ImageAbroad:
    """How well a party is seen abroad for what it proposed, hosted, gave and kept."""

    unit: ClassVar[str] = "index 0-1"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    public: ClassVar[bool] = True

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("image",)

    def measure(self, world: World) -> Floats:
        """Return the image of each party, shape (1, P)."""
        return world.array("image")[None, :].copy()
