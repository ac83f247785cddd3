"""What each state gains today by all that is in force, in USD a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="welfare_usd",
    title="Welfare in USD",
    title_id="Kesejahteraan dalam USD",
    sentence_id="Keuntungan atau kerugian setiap pihak hari ini dari semua yang berlaku, dalam uang.",
)
@dataclass(frozen=True)
class WelfareUsd:
    """What each party gains or loses today by all that is in force, in money."""

    unit: ClassVar[str] = "USD a year"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("welfare_usd",)

    def measure(self, world: World) -> Floats:
        """Return gains, shape (1, P)."""
        return (world.welfare * world.gdp / 1e4)[None, :]
