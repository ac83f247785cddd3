"""Firms certified under the frameworks in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Stage


@part(
    "metric",
    name="certified_firms",
    title="Certified firms",
    title_id="Perusahaan tersertifikasi",
    sentence_id="Berapa perusahaan yang tersertifikasi menurut kerangka transfer data yang berlaku.",
)
@dataclass(frozen=True)
class CertifiedFirms:
    """How many firms are certified under the transfer frameworks in force."""

    unit: ClassVar[str] = "firms"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("certified_firms",)

    def measure(self, world: World) -> Floats:
        """Return the number, shape (1,)."""
        return np.array([float(np.sum(world.array("certified")[world.instruments["stage"] == Stage.IN_FORCE]))])
