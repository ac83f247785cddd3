"""What a comparator reads of each dyad, as it was known in a year: last year's figures, and no later ones where there are earlier ones.

``flags`` says which inputs are younger than the year they are used for.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from analysis.backtest.universe import Floats, Ints, Universe, table

TRADE_YEARS = (2010, 2015, 2019, 2021, 2023)
ALLIANCE_YEARS = (2010, 2015, 2019, 2022, 2024)
LAST_GDP = 2023
LAG = 1
"""Years until a figure is known."""
RADIUS = 6371.0
_LATE_LAW = "rule of law is that of 2022 (World Governance Indicators): younger than any year it is used for before 2023"


class Inputs:
    """The tables of ``analysis/backtest/tables``, laid out over the dyads of a universe; each method gives (D,)."""

    def __init__(self, universe: Universe) -> None:
        self.universe, self.first, self.second = universe, universe.first, universe.second
        self._n = len(universe.codes)

    def trade(self, year: int) -> Floats:
        """Return digital services trade, both directions, as known in a year (million USD a year); 0 below the largest pairs."""
        return self._trade[trade_year(year)]

    def gdp(self, year: int) -> Floats:
        """Return the logarithm of the product of both GDPs, as known in a year (USD bn)."""
        known = min(year - LAG, LAST_GDP)
        values = np.full(self._n, np.nan)
        for row in self._gdp:
            if int(row["year"]) == known:
                values[self.universe.place[row["code"]]] = np.log(float(row["usd_billion"]))
        return np.asarray(values[self.first] + values[self.second])

    def affinity(self, year: int) -> Floats:
        """Return likeness of votes at the UN as known in a year: less the distance of ideal points, each the latest known."""
        values = np.full(self._n, np.nan)
        for row in self._ideal:
            if int(row["year"]) <= max(year - LAG, 2000):
                values[self.universe.place[row["code"]]] = float(row["ideal_point"])
        values = np.where(np.isnan(values), np.nanmean(values), values)
        return np.asarray(-np.abs(values[self.first] - values[self.second]))

    def hostility(self, year: int) -> Floats:
        """Return hostility known in a year, 0 to 1."""
        out = np.zeros(len(self.first))
        for row in self._hostile:
            if int(row["from_year"]) <= year - LAG <= int(row["to_year"]):
                out[self._dyad(row)] = float(row["hostility"])
        return out

    def alliance(self, year: int) -> Floats:
        """Return the strength of formal alliances known in a year, 0 to 1."""
        return self._alliance[_latest(ALLIANCE_YEARS, year - LAG)]

    def privacy(self, year: int) -> Floats:
        """Return 1 where both parties had applied a general privacy law by a year."""
        has = np.zeros(self._n)
        for row in table("privacy_law"):
            has[self.universe.place[row["code"]]] = bool(row["applied_year"]) and int(row["applied_year"]) <= year - LAG
        return np.asarray(has[self.first] * has[self.second])

    @cached_property
    def rule_of_law(self) -> Floats:
        """Rule of law of the weaker of the two, 0 to 1 (2022, whatever the year)."""
        values = np.full(self._n, np.nan)
        for row in table("rule_of_law"):
            if row["wgi_2022"]:
                values[self.universe.place[row["code"]]] = float(row["wgi_2022"])
        values = 1.0 / (1.0 + np.exp(-np.where(np.isnan(values), np.nanmedian(values), values)))
        return np.asarray(np.minimum(values[self.first], values[self.second]))

    @cached_property
    def distance(self) -> Floats:
        """Logarithm of the distance of capitals (km)."""
        lat, lon = np.radians(self.universe.lat), np.radians(self.universe.lon)
        i, j = self.first, self.second
        half = np.sin((lat[i] - lat[j]) / 2) ** 2 + np.cos(lat[i]) * np.cos(lat[j]) * np.sin((lon[i] - lon[j]) / 2) ** 2
        return np.asarray(np.log(np.maximum(2 * RADIUS * np.arcsin(np.sqrt(half)), 10.0)))

    @cached_property
    def ties(self) -> dict[str, Floats]:
        """Common official language, colonial tie and border: 1 or 0."""
        out = {name: np.zeros(len(self.first)) for name in ("language", "colony", "border")}
        for row in table("ties"):
            for name, values in out.items():
                values[self._dyad(row)] = float(row[name])
        return out

    @cached_property
    def _trade(self) -> dict[int, Floats]:
        out = {year: np.zeros(len(self.first)) for year in TRADE_YEARS}
        for row in table("trade"):
            at = self.universe.dyad(self.universe.place[row["exporter"]], self.universe.place[row["importer"]])
            for year, values in out.items():
                values[at] += float(row[f"usd_million_{year}"] or 0.0)
        return out

    @cached_property
    def _alliance(self) -> dict[int, Floats]:
        out = {year: np.zeros(len(self.first)) for year in ALLIANCE_YEARS}
        for row in table("alliance"):
            for year, values in out.items():
                values[self._dyad(row)] = float(row[f"strength_{year}"] or 0.0)
        return out

    @cached_property
    def _gdp(self) -> list[dict[str, str]]:
        return table("gdp")

    @cached_property
    def _ideal(self) -> list[dict[str, str]]:
        return table("affinity")

    @cached_property
    def _hostile(self) -> list[dict[str, str]]:
        return table("hostility")

    def _dyad(self, row: dict[str, str]) -> int:
        return self.universe.dyad(self.universe.place[row["code_a"]], self.universe.place[row["code_b"]])


def trade_year(year: int) -> int:
    """Return the year of the trade estimate that is used in a year."""
    return _latest(TRADE_YEARS, year - LAG)


def flags(years: Ints) -> list[str]:
    """Say which inputs are younger than the years they are used for."""
    found = [_LATE_LAW] if int(years.min()) < 2023 else []
    for what, known in (("digital trade", TRADE_YEARS), ("alliances", ALLIANCE_YEARS)):
        if int(years.min()) - LAG < known[0]:
            found.append(f"{what} of {known[0]} stands for the years before {known[0] + LAG}, when it was not yet known")
    return found


def _latest(years: tuple[int, ...], known: int) -> int:
    return max((year for year in years if year <= known), default=years[0])
