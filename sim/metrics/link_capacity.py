"""What links between states can carry, and what is open of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World

IN_SERVICE = 1


@part(
    "metric",
    name="link_capacity",
    title="Capacity of links",
    title_id="Kapasitas sambungan",
    sentence_id="Berapa banyak data yang dapat dibawa semua sambungan antarnegara, dan berapa yang terbuka bulan ini.",
)
@dataclass(frozen=True)
class LinkCapacity:
    """How much all links between states can carry, and how much of it is open this month."""

    unit: ClassVar[str] = "Tbit/s"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("link_capacity", "link_capacity_open")

    def measure(self, world: World) -> Floats:
        """Return both."""
        links = world.links
        whole = links["mbps"][links["status"] == IN_SERVICE].sum()
        return np.array([whole, world.ways["open_mbps"].sum()], dtype=np.float64) / 1e6
