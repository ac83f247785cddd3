"""Share of digital trade between states that an instrument in force or a common area frees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernels import jit
from sim.registry import part
from sim.world import Bools, Floats, Ints, Setting, World


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

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("trade_covered",)

    def measure(self, world: World) -> Floats:
        """Return the share, shape (1,)."""
        edges, n = world.setting.edges, world.setting.n_states
        covered = world.free_flow.copy()
        for t, one in enumerate(world.setting.types):
            if one.frees_data:
                covered |= world.in_force[t]
        between, free = np.empty(edges.n), np.empty(edges.n)
        n_between, n_free = _gather(edges.row, edges.col, n, world.trade, covered, between, free)
        whole = float(np.sum(between[:n_between]))
        return np.array([float(np.sum(free[:n_free])) / whole if whole > 0.0 else 0.0])


@jit
def _gather(row: Ints, col: Ints, n_states: int, trade: Floats, covered: Bools, between: Floats, free: Floats) -> tuple[int, int]:
    """Put the trade between states one after the other, and that of it whose data flow freely; return how many there are of each."""
    n_between, n_free = 0, 0
    for e in range(trade.shape[0]):
        if row[e] < n_states and col[e] < n_states:
            between[n_between] = trade[e]
            n_between += 1
            if covered[e]:
                free[n_free] = trade[e]
                n_free += 1
    return n_between, n_free
