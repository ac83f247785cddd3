"""Reputation: the mean of what others believe of a party's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import seen_by_partner
from sim.registry import part
from sim.world import Floats, Setting, World


@part(
    "metric",
    name="reputation",
    title="Reputation",
    title_id="Reputasi",
    sentence_id="Rata-rata kepercayaan pihak lain bahwa suatu pihak menepati janjinya.",
)
@dataclass(frozen=True)
class Reputation:
    """The mean belief of others that a party keeps its word."""

    unit: ClassVar[str] = "probability"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("reputation",)

    def measure(self, world: World) -> Floats:
        """Return the mean belief, shape (1, P)."""
        edges = world.setting.edges
        count = np.maximum(1, np.diff(edges.start))
        believed = np.empty(edges.n)
        seen_by_partner(edges.rev, world.trust, believed)
        return (np.add.reduceat(believed, edges.start[:-1]) / count)[None, :]
