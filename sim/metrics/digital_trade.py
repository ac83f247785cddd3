"""Digital exports of each state to the partners it keeps an eye on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import ends_of_states, row_sums
from sim.kernels import jit
from sim.registry import part
from sim.state.world import Floats, Ints, Setting, World


@part(
    "metric",
    name="digital_trade",
    title="Digital exports",
    title_id="Ekspor digital",
    sentence_id="Nilai ekspor digital setiap negara dalam setahun.",
)
@dataclass(frozen=True)
class DigitalTrade:
    """The digital exports of each state, at a yearly rate."""

    unit: ClassVar[str] = "USD a year"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("digital_trade",)

    def measure(self, world: World) -> Floats:
        """Return exports, shape (1, P); a bloc's are those of its members to others."""
        edges, out = world.setting.edges, np.empty((1, world.setting.n_parties))
        _exports(edges.start, edges.col, world.setting.n_states, world.trade, out[0])
        return out


@jit
def _exports(start: NDArray[np.int64], col: Ints, n_states: int, trade: Floats, out: Floats) -> None:
    end = np.empty(out.shape[0], dtype=np.int64)
    ends_of_states(start, col, n_states, end)
    row_sums(start, end, trade, out)
