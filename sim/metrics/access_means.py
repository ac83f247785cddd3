"""What access rests on: price beside income, skills, and the technology of own providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="access_means",
    title="Means of access",
    title_id="Sarana akses",
    sentence_id="Berapa bagian pendapatan yang dibayar untuk internet, seberapa terampil orang, dan teknologi awan penyedia sendiri.",
)
@dataclass(frozen=True)
class AccessMeans:
    """What a plain plan costs of mean income, how skilled people are, and what cloud technology own providers hold: means by people."""

    unit: ClassVar[str] = "share"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "where nobody lives"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("price_share", "skills", "technology")

    def measure(self, world: World) -> Floats:
        """Return the three means, shape (3,); NaN where there are no people."""
        n = world.setting.n_states
        people = world.population[:n]
        whole = people.sum()
        if not whole > 0.0:
            return np.full(3, np.nan)
        paid = 12.0 * world.access_price * (1.0 - world.subsidised) * people / np.maximum(world.gdp[:n], 1.0)
        return np.array([(one * people).sum() / whole for one in (paid, world.skills, world.technology)])
