r"""Margins of digitally deliverable services by state and year, blanks filled by a stated rule, and the world's own discrepancy.

A blank is, in this order, (1) the figure of the nearest year at most three away (the earlier of two) times the growth of the world's flow
between the two years (flag ``CARRIED``); (2) GDP times the median share of the flow in GDP among the states of the subregion that have a
figure of that year, else of the region, else of the world (flag ``FILLED``). Exports and imports are filled each for itself.

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
from sim.data.tables import read_table
from sim.types import Flag, UserError

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Ints = NDArray[np.int64]
STATES, WORLD, PAIRS = "digital_services_trade", "digital_services_world", "services_pairs"
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
    """Read the margins of the states given and those of the world.

    Raises
    ------
    UserError
        If a table is not valid, or has a year that the world's has not: file, row, column and what was expected.
    """
    world = read_table(WORLD, folder)
    if not len(world):
        raise UserError(f"{world.where} holds no year; at least 1 is needed")
    years = world.numbers["year"].astype(np.int64)
    table = read_table(STATES, folder).codes_among(("code",), codes, "state of the roster")
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


def read_pairs(folder: Path | None, parties: Sequence[str]) -> tuple[Ints, Ints, Ints, Floats]:
    """Read pairs for fitting: exporter and importer as places in the parties, year, and USD a year of all services, (R,) each.

    Raises
    ------
    UserError
        If the table is not valid, or a party trades with itself: file, row, column and what was expected.
    """
    table = read_table(PAIRS, folder).codes_among(("exporter", "importer"), parties, "state or bloc of the roster")
    words = table.words
    for i, (sells, buys) in enumerate(zip(words["exporter"], words["importer"], strict=True)):
        if sells == buys:
            raise UserError(f"{table.where} row {table.row[i]}, column importer: {buys} sells to itself; another party was expected")
    place = {code: i for i, code in enumerate(parties)}
    exporter, importer = (np.array([place[code] for code in words[c]], dtype=np.int64) for c in ("exporter", "importer"))
    return exporter, importer, table.numbers["year"].astype(np.int64), table.numbers["usd"]


def _fill(given: Floats, world: Floats, gdp: Floats, subregions: tuple[str, ...], regions: tuple[str, ...]) -> tuple[Floats, Flags]:
    flags = np.where(np.isfinite(given), Flag.KNOWN, Flag.FILLED).astype(np.int8)
    share = given / gdp
    fill_median(share, np.zeros(given.shape, dtype=np.int8), (subregions, regions), 0.0)
    values = np.where(np.isfinite(given), given, share * gdp)
    n_years = len(given)
    for y, i in np.argwhere(~np.isfinite(given)).tolist():
        near = [y + step * side for step in range(1, NEAR + 1) for side in (-1, 1)]
        there = [at for at in near if 0 <= at < n_years and np.isfinite(given[at, i])]
        if there:
            values[y, i] = given[there[0], i] * world[y] / world[there[0]]
            flags[y, i] = Flag.CARRIED
    return values, flags
