"""What each party gains today by all that is in force, by source, in basis points of its own GDP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.registry import part
from sim.stakes.welfare import by_source, source_names, source_words
from sim.state.world import Floats, Setting, World

WHOLE = Meaning("all sources", "semua sumber", "The sum of all sources.", "Jumlah semua sumber.")


@part(
    "metric",
    name="welfare",
    title="Welfare",
    title_id="Kesejahteraan",
    sentence_id="Keuntungan atau kerugian setiap pihak hari ini dari semua yang berlaku, menurut sumbernya.",
)
@dataclass(frozen=True)
class Welfare:
    """What each party gains or loses today by all that is in force, as a whole and by source."""

    unit: ClassVar[str] = "bp of GDP a year"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names: the whole, then its sources."""
        return ("welfare", *(f"welfare_{name}" for name in source_names(setting)))

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what each column holds."""
        return {"welfare": WHOLE, **{f"welfare_{name}": told for name, told in source_words(setting).items()}}

    def measure(self, world: World) -> Floats:
        """Return gains, shape (1 + sources, P); a bloc's are those of the states it binds, over their GDP."""
        sources = by_source(world)
        out = np.empty((len(sources) + 1, sources.shape[1]))
        out[0], out[1:] = world.welfare, sources
        return out
