"""What all states together gain today by each source, in USD a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.kernels import jit
from sim.registry import part
from sim.stakes.welfare import by_source, source_names, source_words
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="welfare_by_source",
    title="Welfare by source",
    title_id="Kesejahteraan menurut sumber",
    sentence_id="Keuntungan semua negara bersama-sama hari ini dari setiap sumber; bila negatif, mereka merugi.",
)
@dataclass(frozen=True)
class WelfareBySource:
    """What all states together gain today by each source; below zero where they lose by it."""

    unit: ClassVar[str] = "USD a year"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"welfare_usd_{name}" for name in source_names(setting))

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what each column holds."""
        return {f"welfare_usd_{name}": told for name, told in source_words(setting).items()}

    def measure(self, world: World) -> Floats:
        """Return gains, shape (sources,)."""
        n = world.setting.n_states
        out = np.empty(len(source_names(world.setting)))
        _in_usd(by_source(world), world.gdp, n, out)
        return out


@jit
def _in_usd(gains: Floats, gdp: Floats, n_states: int, out: Floats) -> None:
    """Fill what gains of states, (S, P) bp, are worth together, (S,) USD a year."""
    for s in range(out.shape[0]):
        out[s] = 0.0
        for i in range(n_states):
            out[s] += gains[s, i] * gdp[i] / 1e4
