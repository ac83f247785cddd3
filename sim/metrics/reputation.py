"""Reputation: the mean of what others believe of a party's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernels import jit
from sim.registry import part
from sim.state.world import Floats, Ints, Setting, World


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
    undefined: ClassVar[str] = "for a party that nobody keeps an eye on"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("reputation",)

    def measure(self, world: World) -> Floats:
        """Return the mean belief, shape (1, P); NaN for a party that nobody keeps an eye on."""
        edges, out = world.setting.edges, np.zeros((1, world.setting.n_parties))
        _believed(edges.col, world.trust, out[0])
        believers = edges.start[1:] - edges.start[:-1]
        return np.where(believers > 0, out / np.maximum(1, believers), np.nan)


@jit
def _believed(col: Ints, trust: Floats, out: Floats) -> None:
    """Add up what is believed of each party, shape (P,): along the edges of those who believe it, in their order."""
    for e in range(trust.shape[0]):
        out[np.uint32(col[e])] += trust[e]
