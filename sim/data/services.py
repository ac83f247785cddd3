r"""Margins of digitally deliverable services by state and year, blanks filled by a stated rule, and the world's own discrepancy.

A blank is, in this order, (1) the figure of the nearest year at most three away (the earlier of two) times the growth of the world's flow
between the two years (flag ``CARRIED``); (2) GDP times the median share of the flow in GDP among the states of the subregion that have a
figure of that year, else of the region, else of the world, else the world's flow over its GDP (flag ``FILLED``). Exports and imports are
filled each for itself.

World exports exceed world imports. The *discrepancy* is what is left: exports that no importer reports. What lies *outside* the states is
the world's flow less that of the states. With a row for each, exports and imports have one sum, in USD a year:

.. math:: \sum_i X_i + X_{out} = \sum_i M_i + M_{out} + D
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.figures import fill_median
from sim.data.tables import Table, read_table
from sim.types import Flag, UserError

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Ints = NDArray[np.int64]
STATES, WORLD = "digital_services_trade", "digital_services_world"
NEAR = 3
"""Years that a figure may be taken to."""
FLOWS = ("exports", "imports")


@dataclass(frozen=True, eq=False)
class Filled:
    """Margins without a blank.

    Attributes
    ----------
    years : array, shape (Y,)
    exports, imports : array, shape (Y, N)
        USD a year.
    export_flags, import_flags : array, shape (Y, N)
        KNOWN, CARRIED or FILLED.
    outside_exports, outside_imports : array, shape (Y,)
        The world's less the states', USD a year; not below 0.
    discrepancy : array, shape (Y,)
        Exports less imports of states and outside together, USD a year.
    """

    years: Ints
    exports: Floats
    imports: Floats
    export_flags: Flags
    import_flags: Flags
    outside_exports: Floats
    outside_imports: Floats
    discrepancy: Floats


@dataclass(frozen=True, eq=False)
class Margins:
    """Margins as published.

    Attributes
    ----------
    years : array, shape (Y,)
        Years of the world's table, sorted.
    exports, imports : array, shape (Y, N)
        USD a year, NaN where blank.
    world_exports, world_imports : array, shape (Y,)
        USD a year, as the publisher gives them.
    """

    years: Ints
    exports: Floats
    imports: Floats
    world_exports: Floats
    world_imports: Floats

    def until(self, year: int) -> Margins:
        """Return the margins of years before one; the first alone where all are later."""
        n = max(1, int((self.years < year).sum()))
        return Margins(self.years[:n], self.exports[:n], self.imports[:n], self.world_exports[:n], self.world_imports[:n])

    def filled(self, gdp: Floats, subregions: Sequence[str], regions: Sequence[str]) -> Filled:
        """Return the margins with every blank filled by the rule.

        Parameters
        ----------
        gdp : array, shape (Y, N)
            GDP of the same years and states, USD a year, above 0.
        subregions, regions : sequence of str
            Of each state, (N,).
        """
        exports, export_flags = _fill(self.exports, self.world_exports, gdp, tuple(subregions), tuple(regions))
        imports, import_flags = _fill(self.imports, self.world_imports, gdp, tuple(subregions), tuple(regions))
        out = np.maximum(self.world_exports - exports.sum(axis=1), 0.0)
        in_ = np.maximum(self.world_imports - imports.sum(axis=1), 0.0)
        gap = exports.sum(axis=1) + out - imports.sum(axis=1) - in_
        return Filled(self.years, exports, imports, export_flags, import_flags, out, in_, gap)


def read_margins(folder: Path | None, codes: Sequence[str]) -> Margins:
    """Read the margins of the states given and those of the world: :func:`margins_of` of the two tables."""
    return margins_of(read_table(WORLD, folder), read_table(STATES, folder), codes)


def margins_of(world: Table, states: Table, codes: Sequence[str]) -> Margins:
    """Return the margins that two tables hold.

    Raises
    ------
    UserError
        If the world's holds no year or a flow of 0, or the states' a year that the world's has not: file, row, column, what was expected.
    """
    if not len(world):
        raise UserError(f"{world.where} holds no year; at least 1 is needed")
    for flow in FLOWS:
        for empty in np.flatnonzero(world.numbers[f"{flow}_usd"] == 0.0):
            raise UserError(
                f"{world.where} row {world.row[empty]}, column {flow}_usd: 0; what the whole world trades was expected, above 0"
            )
    years = world.numbers["year"].astype(np.int64)
    table = states.codes_among(("code",), codes, "state of the roster")
    place, when = {code: i for i, code in enumerate(codes)}, {int(year): y for y, year in enumerate(years)}
    out = {flow: np.full((len(years), len(codes)), np.nan) for flow in FLOWS}
    for i, (code, year) in enumerate(zip(table.words["code"], table.numbers["year"], strict=True)):
        if int(year) not in when:
            if not table.own:
                known = f"{world.where} has {years[0]} to {years[-1]}"
                raise UserError(f"{table.where} row {table.row[i]}, column year: {year:.0f} has no world total; {known}")
            continue
        for flow in FLOWS:
            out[flow][when[int(year)], place[code]] = table.numbers[f"{flow}_usd"][i]
    return Margins(years, out["exports"], out["imports"], world.numbers["exports_usd"], world.numbers["imports_usd"])


def _fill(given: Floats, world: Floats, gdp: Floats, subregions: tuple[str, ...], regions: tuple[str, ...]) -> tuple[Floats, Flags]:
    flags = np.where(np.isfinite(given), Flag.KNOWN, Flag.FILLED).astype(np.int8)
    share = given / gdp
    fill_median(share, np.zeros(given.shape, dtype=np.int8), (subregions, regions), float(world[-1] / gdp[-1].sum()))
    values = np.where(np.isfinite(given), given, share * gdp)
    n_years = len(given)
    for y, i in np.argwhere(~np.isfinite(given)).tolist():
        near = [y + step * side for step in range(1, NEAR + 1) for side in (-1, 1)]
        there = [at for at in near if 0 <= at < n_years and np.isfinite(given[at, i])]
        if there:
            values[y, i] = given[there[0], i] * world[y] / world[there[0]]
            flags[y, i] = Flag.CARRIED
    return values, flags
