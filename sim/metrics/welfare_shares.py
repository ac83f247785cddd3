"""To whom the gains go: the share of the weaker half of states, of each region, and of each quarter by GDP per head.

Shares are of the sum over all states, gains less losses, in USD; those of regions add up to 1, and so do those of quarters. A group that
loses has a negative share, and others then have more than all. A group without a state has none: of two or three states some quarters are
empty. The weaker half has the least capability. Quarters are those of the states of the run by GDP per head as known this year, a quarter
of the states each (the first is the poorest): no bounds of income in USD are assumed, which would have to be another list for each year,
and of gross national income.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.registry import part
from sim.stakes.welfare import in_usd
from sim.state.world import Floats, Setting, World

QUARTERS = 4
WEAKER = Meaning(
    "weaker half",
    "separuh yang lebih lemah",
    "To the half of states with the least capability.",
    "Kepada separuh negara yang paling kecil kapabilitasnya.",
)
BY_INCOME = (
    ("poorest quarter", "seperempat termiskin"),
    ("second quarter", "seperempat kedua"),
    ("third quarter", "seperempat ketiga"),
    ("richest quarter", "seperempat terkaya"),
)
"""Quarters of states by GDP per head."""
REGIONS_ID = {"africa": "Afrika", "americas": "Amerika", "europe": "Eropa", "oceania": "Oseania"}
"""Regions whose name is another in Indonesian."""


@part(
    "metric",
    name="welfare_shares",
    title="Shares of gains",
    title_id="Bagian keuntungan",
    sentence_id="Bagian keuntungan bersih yang jatuh pada separuh negara yang lebih lemah, setiap kawasan, dan setiap kelompok pendapatan.",
)
@dataclass(frozen=True)
class WelfareShares:
    """Which share of all gains, less losses, goes to the weaker half of states, to each region, and to each quarter by income."""

    unit: ClassVar[str] = "share of net gains"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "while states together gain nothing, and for a group without a state"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        regions = (f"welfare_share_in_{name}" for name in regions_of(setting.roster.regions)[0])
        quarters = (f"welfare_share_quarter_{q + 1}" for q in range(QUARTERS))
        return ("welfare_share_weaker_half", *regions, *quarters)

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what each column holds."""
        told = {"welfare_share_weaker_half": WEAKER}
        for name in regions_of(setting.roster.regions)[0]:
            plain = name.replace("_", " ").title()
            own = REGIONS_ID.get(name, plain)
            sentence, sentence_id = f"To the states of the region {plain}.", f"Kepada negara-negara di kawasan {own}."
            told[f"welfare_share_in_{name}"] = Meaning(plain, own, sentence, sentence_id)
        for q, (title, title_id) in enumerate(BY_INCOME, start=1):
            sentence = f"To the {title} of states by GDP per head."
            told[f"welfare_share_quarter_{q}"] = Meaning(title, title_id, sentence, f"Kepada {title_id} negara menurut PDB per kapita.")
        return told

    def measure(self, world: World) -> Floats:
        """Return shares, shape (columns,); NaN where there is no net gain, and for a group that has no state."""
        n, (names, region) = world.setting.n_states, regions_of(world.setting.roster.regions)
        gains = in_usd(world)
        whole = float(np.add.reduce(gains))
        out = np.full(1 + len(names) + QUARTERS, np.nan)
        if whole > 0.0:
            out[0] = np.add.reduce(gains[_in_order(world.capability[:n])[: n // 2]])
            out[1 : 1 + len(names)] = np.bincount(region, weights=gains, minlength=len(names))
            by_income = _in_order(world.gdp[:n] / np.maximum(1.0, world.population[:n]))
            quarter, filled = _quarters(n)
            of_quarters = np.bincount(quarter, weights=gains[by_income], minlength=QUARTERS)
            out[1 + len(names) :][filled] = of_quarters[filled]
            out /= whole
        return out


def _in_order(values: Floats) -> Any:
    """Return the places of values from the least to the largest; those alike in the order of codes."""
    return values.argsort(kind="stable")


@functools.lru_cache(maxsize=64)
def _quarters(n: int) -> tuple[Any, Any]:
    """Return the quarter of each of n states in order, (N,), and which quarters have any, (QUARTERS,)."""
    quarter = np.arange(n) * QUARTERS // n
    filled = np.bincount(quarter, minlength=QUARTERS) > 0
    for one in (quarter, filled):
        one.setflags(write=False)
    return quarter, filled


@functools.lru_cache(maxsize=64)
def regions_of(regions: tuple[str, ...]) -> tuple[tuple[str, ...], Any]:
    """Return the regions of a run as parts of names of columns, sorted, and the place of each state's among them, shape (N,).

    >>> regions_of(("Asia", "Latin America", "Asia"))[0]
    ('asia', 'latin_america')
    """
    words = ["".join(c if c.isascii() and c.isalnum() else "_" for c in one.lower()).strip("_") for one in regions]
    named = [word or "unnamed" for word in words]
    names = tuple(sorted(set(named)))
    place = np.array([names.index(one) for one in named], dtype=np.int64)
    place.setflags(write=False)
    return names, place
