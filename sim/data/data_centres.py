r"""Data centres in service: what the regions of the world have, and which part of it stands in which state.

The table ``data_centres.csv`` gives each region's mean load (MW), the region of each state, and the MW of some states. The two are not
measured alike: a region is measured by the electricity its data centres use, a state by the power its providers have leased or built. So
states' figures only say who holds which part of a region (ratio estimation):

.. math:: m_i &= M_i \; \text{where it is given}, \quad c_r (a R_i + b X_i) \; \text{elsewhere}, \qquad
          c_r = \frac{\sum_{known} M}{\sum_{known} (a R + b X)} \\
          C_{iy} &= T_{ry} \, m_i / \sum_{j \in r} m_j, \qquad T_{ry} = T_r (1 + g)^{\max(y, y_0) - y_r}

with ``M`` the state's figure, ``R`` its cloud regions and ``X`` its buildings with an exchange, ``a`` and ``b`` the MW of one of each,
``T_r`` the load of region r in the year ``y_r`` of its row, ``g`` the yearly growth of the world's load and ``y_0`` the year it began:
before, the load was flat. Sums run over all states of the tables, whichever of them a run holds. A state that the table does not
name has ``a R + b X``. After its row's year a load is held.

What is in service in the world is what its users ask for. Users ``U`` of a state with income ``v`` a head ask for

.. math:: L_{iy} = \frac{U_i v_i^\eta}{\sum_j U_j v_j^\eta} \sum_j C_{jy}

Sources: load of regions and growth, IEA (2025), "Energy and AI" (TWh over 8760 hours); flat before 2017, Masanet et al. (2020), Science
367; the states' figures are named row by row.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.fields import assumed
from sim.data.tables import Table
from sim.types import UserError, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_KEPT = 64
"""Years and weights of which the world's data centres are kept."""


@dataclass(frozen=True, eq=False)
class DataCentres:
    """The table, read.

    Attributes
    ----------
    regions : tuple of str
        Axis R, sorted.
    total, year : array, shape (R,)
        Load of each region (MW) and the year it is of.
    region : array, shape (N,)
        Place of each state's region; -1 where the table does not name the state.
    known : array, shape (N,)
        MW of the state; NaN where none is given.
    """

    regions: tuple[str, ...]
    total: Floats
    year: Ints
    region: Ints
    known: Floats

    @staticmethod
    def read(table: Table, row: dict[str, int]) -> DataCentres:
        """Read the table; ``row`` gives the place of each code on the axis N.

        Raises
        ------
        UserError
            If a place is neither a state nor a region, or a region has no row with its load and year.
        """
        place, said = table.words["place"], table.words["region"]
        mw, years = table.numbers["mw"], table.numbers["year"]
        regions = tuple(sorted(set(said)))
        total, year = np.full(len(regions), np.nan), np.zeros(len(regions), dtype=np.int64)
        region, known = np.full(len(row), -1, dtype=np.int64), np.full(len(row), np.nan)
        for i, (name, lies_in) in enumerate(zip(place, said, strict=True)):
            at = regions.index(lies_in)
            if name == lies_in:
                for column, value in (("mw", mw[i]), ("year", years[i])):
                    if not np.isfinite(value):
                        raise UserError(f"{table.where} row {table.row[i]}, column {column}: the region {name} needs one, and it is blank")
                total[at], year[at] = mw[i], int(years[i])
            elif name in row:
                region[row[name]], known[row[name]] = at, mw[i]
            elif not table.own:
                fault = f"{name!r} is neither a state of the roster nor the region of its row; {nearest(name, [*row, *regions])}"
                raise UserError(f"{table.where} row {table.row[i]}, column place: {fault}")
        if not np.isfinite(total).all():
            at = int(np.argmax(~np.isfinite(total)))
            i = said.index(regions[at])
            fault = f"the region {regions[at]!r} has no row of its own with its load (place {regions[at]!r} too)"
            raise UserError(f"{table.where} row {table.row[i]}, column region: {fault}")
        return DataCentres(regions, total, year, region, known)

    def of(self, donor: NDArray[np.signedinteger[Any]]) -> DataCentres:
        """Return the table of states made after some, ``donor`` (N',): no figures of their own, and loads by how many there are of each."""
        there, now = (np.bincount(r[r >= 0], minlength=len(self.regions)) for r in (self.region, self.region[donor]))
        return replace(self, total=self.total * now / np.maximum(1, there), region=self.region[donor], known=np.full(len(donor), np.nan))

    def loads(self, years: Ints) -> Floats:
        """Return the load of each region as known in some years, shape (Y, R), MW: that of the year before."""
        growth, since = 1.0 + assumed("data_centre_growth"), int(assumed("data_centre_growth_from"))
        of = np.maximum(np.minimum(years[:, None] - 1, self.year), since) - np.maximum(self.year, since)
        return np.asarray(self.total * growth**of)

    def cut(self, rows: NDArray[np.signedinteger[Any]], years: Ints, figures: Mapping[str, Floats]) -> Shared:
        """Return what a run of some states in some years reads; ``figures`` are those of all states, (Y, N)."""
        counts = np.stack([figures["cloud_regions"], figures["ix_buildings"]], axis=2)
        given = np.isfinite(self.known)
        known, listed, others = np.zeros(len(self.regions)), *(np.zeros((len(years), len(self.regions), 2)) for _ in range(2))
        for r in range(len(self.regions)):
            inside = self.region == r
            known[r] = self.known[inside & given].sum()
            listed[:, r] = counts[:, inside & given].sum(axis=1)
            others[:, r] = counts[:, inside & ~given].sum(axis=1)
        loose = counts[:, self.region < 0].sum(axis=1)
        use, people, income = figures["internet_use"][0], figures["population"], figures["gdp"] / figures["population"]
        return Shared(self.region[rows], self.known[rows], self.loads(years), known, listed, others, loose, rows, use, people, income)


@dataclass(frozen=True, eq=False)
class Shared:
    """What stands in the states of a run.

    Attributes
    ----------
    region, known : array, shape (N,)
        As in :class:`DataCentres`.
    load : array, shape (Y, R)
        Load of each region as known in each year (MW).
    known_sum : array, shape (R,)
        MW of the region's states that are given.
    counts_known, counts_other : array, shape (Y, R, 2)
        Cloud regions and buildings with an exchange of the states whose MW are given, and of the others.
    counts_loose : array, shape (Y, 2)
        The same of states that the table does not name.
    rows : array, shape (N,)
        Places of the run's states among all M states of the tables.
    use : array, shape (M,)
        Share of people who use the internet, as known in the first year.
    people, income : array, shape (Y, M)
        People and GDP per head (USD a year) of all states of the tables.
    """

    region: Ints
    known: Floats
    load: Floats
    known_sum: Floats
    counts_known: Floats
    counts_other: Floats
    counts_loose: Floats
    rows: Ints
    use: Floats
    people: Floats
    income: Floats

    def capacity(self, y: int, weights: tuple[float, float], counts: Floats) -> Floats:
        """Return the MW in service in each state, shape (N,), in year row ``y``; ``weights`` MW of one of each of ``counts``, (N, 2)."""
        by_count = counts @ np.array(weights)
        ratio, whole = self._scale(y, weights)
        r = np.maximum(self.region, 0)
        size = np.where(np.isfinite(self.known), self.known, ratio[r] * by_count)
        return np.asarray(np.where(self.region < 0, by_count, self.load[y, r] * size / whole[r]))

    def world(self, y: int, weights: tuple[float, float]) -> float:
        """Return the MW in service in all states of the tables."""
        found = self._worlds.get((y, weights))
        if found is None:
            if len(self._worlds) >= _KEPT:
                self._worlds.clear()
            counted = self._scale(y, weights)[1] < np.inf
            found = self._worlds[y, weights] = float(self.load[y, counted].sum() + self.counts_loose[y] @ np.array(weights))
        return found

    @functools.cached_property
    def _worlds(self) -> dict[tuple[int, tuple[float, float]], float]:
        """What :meth:`world` has found: it is asked every month and differs by year alone."""
        return {}

    def load_per(self, y: int, weights: tuple[float, float], eta: float, now: Floats) -> float:
        """Return what one user of income 1 USD a head asks for (MW), where the load of a user grows by income to the power ``eta``.

        ``now`` is the use of the run's states, (N,); that of all others is taken to have grown by the same factor since the start.
        """
        inside = self.people[y, self.rows]
        before = float(np.sum(self.use[self.rows] * inside))
        use = self.use * (float(np.sum(now * inside)) / before if before > 0.0 else 1.0)
        use[self.rows] = now
        asked = float((use * self.people[y] * self.income[y] ** eta).sum())
        return self.world(y, weights) / asked if asked > 0.0 else 0.0

    def _scale(self, y: int, weights: tuple[float, float]) -> tuple[Floats, Floats]:
        """Return MW known over MW by count, and the sum that a region is shared by, shape (R,) each; infinite where nobody is there."""
        by_count = self.counts_known[y] @ np.array(weights)
        ratio = np.where(by_count > 0.0, self.known_sum / np.where(by_count > 0.0, by_count, 1.0), 1.0)
        whole = self.known_sum + ratio * (self.counts_other[y] @ np.array(weights))
        return ratio, np.where(whole > 0.0, whole, np.inf)
