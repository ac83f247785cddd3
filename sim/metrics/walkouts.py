"""How many states walked out of a coalition this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import counts_of_month
from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="walkouts",
    title="Walkouts",
    title_id="Negara yang keluar dari koalisi",
    sentence_id="Berapa negara keluar dari koalisi yang dideklarasikan bulan ini karena lebih beruntung sendirian.",
)
@dataclass(frozen=True)
class Walkouts:
    """How many states walked out of a declared coalition this month, because they would do better alone."""

    unit: ClassVar[str] = "states a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("walkouts",)

    def measure(self, world: World) -> Floats:
        """Return the count, shape (1,)."""
        return np.array([counts_of_month(world)[world.setting.words.codes["event"]["walkout"]]], dtype=np.float64)
