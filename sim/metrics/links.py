"""Links between states: how many are in service, down, and announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World

ANNOUNCED, IN_SERVICE = 0, 1


@part(
    "metric",
    name="links",
    title="Links between states",
    title_id="Sambungan antarnegara",
    sentence_id="Berapa kabel dan sambungan darat antarnegara yang beroperasi, yang sedang putus, dan yang baru diumumkan.",
)
@dataclass(frozen=True)
class LinksCounted:
    """How many cables and land lines between states are in service, how many of them are down, and how many are announced."""

    unit: ClassVar[str] = "links"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("links_in_service", "links_down", "links_announced")

    def measure(self, world: World) -> Floats:
        """Return the three counts; what is down for a part of the month counts as down."""
        status = world.links["status"]
        down = (world.links["days_down"] > 0) | (world.links["severed"] > 0.0)
        serving = status == IN_SERVICE
        return np.array([serving.sum(), (serving & down).sum(), (status == ANNOUNCED).sum()], dtype=np.float64)
