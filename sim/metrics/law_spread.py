"""How far the laws on data of a bloc's members lie apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="law_spread",
    title="Spread of laws in blocs",
    title_id="Sebaran hukum dalam blok",
    sentence_id="Seberapa jauh hukum perlindungan data para anggota suatu blok saling berbeda: simpangan bakunya, per blok.",
)
@dataclass(frozen=True)
class LawSpread:
    """How far the safeguards that bind a bloc's members lie apart: their standard deviation, by bloc."""

    unit: ClassVar[str] = "index 0-1"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"law_spread_{code}" for code in setting.codes[setting.n_states :])

    def measure(self, world: World) -> Floats:
        """Return the spreads, shape (number of blocs,); 0 for a bloc of fewer than two members."""
        level = world.safeguards[: world.setting.n_states]
        return np.array([_spread(level[inside]) for inside in world.member], dtype=np.float64)


def _spread(values: Floats) -> float:
    """Return the standard deviation of some values, (n,), 0 of none: as ``numpy.std`` takes it, without its detours."""
    n = len(values)
    if n < 2:
        return 0.0
    apart = values - np.add.reduce(values) / n
    return math.sqrt(np.add.reduce(apart * apart) / n)
