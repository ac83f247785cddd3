"""Gross domestic product as known this year: what gains in basis points are shares of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="gdp",
    title="GDP",
    title_id="PDB",
    sentence_id="Produk domestik bruto setiap pihak sebagaimana diketahui tahun ini.",
)
@dataclass(frozen=True)
class Gdp:
    """The gross domestic product of each party as known this year."""

    unit: ClassVar[str] = "USD a year"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("gdp",)

    def measure(self, world: World) -> Floats:
        """Return GDP, shape (1, P); a bloc's is that of its members."""
        return world.gdp[None, :]
