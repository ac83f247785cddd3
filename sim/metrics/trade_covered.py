"""Share of digital trade between states that an instrument in force or a common area frees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.world import Floats, Setting, World


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
        between = (edges.row < n) & (edges.col < n)
        whole = float(np.sum(world.trade[between]))
        frees = np.array([one.frees_data for one in world.setting.types], dtype=np.bool_)
        covered = world.free_flow | np.any(world.in_force & frees[:, None], axis=0)
        return np.array([float(np.sum(world.trade[between & covered])) / whole if whole > 0.0 else 0.0])
