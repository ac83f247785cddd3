"""Share of digital trade between states that an instrument in force or a common area frees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import ends_of_states, row_sums, where_true
from sim.consequences import FreesData
from sim.kernels import jit
from sim.registry import part
from sim.state.world import Floats, Ints, Setting, World


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
        n, places = world.setting.n_states, where_true(covered)
        whole, free = _between_states(edges.start, edges.row, edges.col, n, world.trade, places)
        return np.array([free / whole if whole > 0.0 else np.nan])


@jit
def _between_states(start: NDArray[np.int64], row: Ints, col: Ints, n_states: int, trade: Floats, covered: Ints) -> tuple[float, float]:
    """Return the trade between states, and that of it on some edges, ascending, summed state by state."""
    whole, free = 0.0, 0.0
    end, mine, moves = np.empty(n_states, dtype=np.int64), np.empty(n_states), np.zeros(n_states)
    ends_of_states(start, col, n_states, end)
    row_sums(start, end, trade, mine)
    for at in range(covered.shape[0]):
        e = covered[at]
        if row[e] < n_states and col[e] < n_states:
            moves[row[e]] += trade[e]
    for i in range(n_states):
        whole += mine[i]
        free += moves[i]
    return whole, free
