"""Doses of vaccine that suppliers have sold and given abroad so far, and where China's went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.registry import part
from sim.state.world import Floats, Setting, World

SUPPLIER = "CHN"
"""Whose deliveries are told by region: the one of which a record by region is known."""
REGIONS = {"africa": ("Africa",), "americas": ("Americas",), "asia_pacific": ("Asia", "Oceania"), "europe": ("Europe",)}


@part(
    "metric",
    name="vaccines",
    title="Vaccine delivered",
    title_id="Vaksin yang dikirim",
    sentence_id="Berapa juta dosis vaksin yang sejauh ini dijual dan diberikan ke luar negeri, dan ke mana kiriman Tiongkok.",
)
@dataclass(frozen=True)
class VaccinesDelivered:
    """How many million doses of vaccine were sold and given abroad so far, and where China's went."""

    unit: ClassVar[str] = "million doses"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"
    public: ClassVar[bool] = True

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("vaccines_sold", "vaccines_given", "china_sold", "china_given", *(f"china_{region}" for region in REGIONS))

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what each column holds."""
        words = {
            "vaccines_sold": ("Sold", "Dijual", "Doses sold by all suppliers.", "Dosis yang dijual semua pemasok."),
            "vaccines_given": (
                "Given",
                "Diberikan",
                "Doses given by all suppliers and the pool.",
                "Dosis yang diberikan semua pemasok dan donor.",
            ),
            "china_sold": ("Sold by China", "Dijual Tiongkok", "Doses sold by China.", "Dosis yang dijual Tiongkok."),
            "china_given": ("Given by China", "Diberikan Tiongkok", "Doses given by China.", "Dosis yang diberikan Tiongkok."),
            "china_africa": ("China to Africa", "Tiongkok ke Afrika", "Doses sold or given.", "Dosis yang dijual atau diberikan."),
            "china_americas": ("China to the Americas", "Tiongkok ke Amerika", "Doses sold or given.", "Dosis yang dijual atau diberikan."),
            "china_asia_pacific": (
                "China to Asia and Oceania",
                "Tiongkok ke Asia dan Oseania",
                "Doses sold or given.",
                "Dosis dijual atau diberikan.",
            ),
            "china_europe": ("China to Europe", "Tiongkok ke Eropa", "Doses sold or given.", "Dosis yang dijual atau diberikan."),
        }
        return {name: Meaning(*four) for name, four in words.items()}

    def measure(self, world: World) -> Floats:
        """Return the doses so far, in millions, shape (8,)."""
        roster, sold, given = world.setting.roster, world.array("doses_sold"), world.array("doses_given")
        if not sold.any() and not given.any():
            return np.zeros(4 + len(REGIONS))
        at = roster.supplier_names.index(SUPPLIER) if SUPPLIER in roster.supplier_names else None
        mine = np.zeros((2, sold.shape[1])) if at is None else np.stack([sold[at], given[at]])
        regions = np.array(roster.regions)
        where = [mine[:, np.isin(regions, some)].sum() for some in REGIONS.values()]
        return np.array([sold.sum(), given.sum(), *mine.sum(axis=1), *where]) / 1e6
