"""Share of digital trade between states that an instrument in force or a common area frees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import states_end, where_true
from sim.consequences import FreesData
from sim.kernels import jit
from sim.registry import part
from sim.state.world import Bools, Floats, Ints, Setting, World


@part(
    "metric",
    name="trade_covered",
    title="Digital trade covered",
    title_id="Perdagangan digital yang tercakup",
    sentence_id="Bagian perdagangan digital antarnegara yang datanya bebas mengalir berkat instrumen atau kawasan bersama.",
)
@dataclass(frozen=True)
class TradeCovered:
    """The share of digital trade between states whose data flow freely by an instrument or a common area."""

    unit: ClassVar[str] = "share of digital trade"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "where states have no digital trade with one another"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("trade_covered",)

    def measure(self, world: World) -> Floats:
        """Return the share, shape (1,); NaN where there is no trade."""
        edges = world.setting.edges
        covered, free_by = world.free_flow, where_true(world.setting.doings.doing(FreesData))
        for t in free_by:
            covered = covered | world.in_force[t]
        whole, free = _between_states(edges.start, edges.col, world.setting.n_states, world.trade, covered)
        return np.array([free / whole if whole > 0.0 else np.nan])


@jit
def _between_states(start: NDArray[np.int64], col: Ints, n_states: int, trade: Floats, covered: Bools) -> tuple[float, float]:
    """Return the trade between states, and that of it whose data flow freely, summed state by state."""
    whole, free = 0.0, 0.0
    for i in range(n_states):
        mine, moves, end = 0.0, 0.0, states_end(start[i], start[i + 1], col, n_states)
        row, binds = trade[start[i] : end], covered[start[i] : end]
        for c in range(row.shape[0]):
            mine += row[c]
            moves += row[c] * binds[c]
        whole += mine
        free += moves
    return whole, free
