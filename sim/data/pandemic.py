"""The path without the pandemic: GDP and digital trade of 2020 and 2021 as if they had grown evenly from 2019 to 2022.

A choice of a run, ``data.pandemic=smoothed``: each state's figure of the two years lies between those of 2019 and 2022 in equal ratios. A
state without a figure of either keeps what the tables say, and so does a run that knows no figure of 2022 (``roster.known_until``).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sim.data.services import Filled
from sim.data.source import Source
from sim.types import Flag

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Years = NDArray[np.int64]
RECORDED, SMOOTHED = "recorded", "smoothed"
FORMS = (RECORDED, SMOOTHED)
BEFORE, AFTER = 2019, 2022
MOVED = (2020, 2021)
"""Years of the pandemic, between the two that stand."""
TOLD = (
    ("data.pandemic", f"smoothed: GDP and digital trade of {MOVED[0]} and {MOVED[1]} are assumed to grow evenly from {BEFORE} to {AFTER}"),
)
"""What a reader of the results is told."""


def evened(values: Floats, years: Years) -> Floats:
    """Return figures, (Y,) or (Y, N), with those of the pandemic's years between 2019 and 2022 in equal ratios, where both are above 0."""
    place = {int(year): y for y, year in enumerate(years)}
    out = values.copy()
    if BEFORE in place and AFTER in place:
        first, last = values[place[BEFORE]], values[place[AFTER]]
        there = (first > 0.0) & (last > 0.0)
        growth = np.where(there, last, 1.0) / np.where(there, first, 1.0)
        for year in MOVED:
            if year in place:
                even = first * growth ** ((year - BEFORE) / (AFTER - BEFORE))
                out[place[year]] = np.where(there & np.isfinite(out[place[year]]), even, out[place[year]])
    return out


def without_it(source: Source) -> Source:
    """Return the tables with GDP evened."""
    vintages, values = source.series["gdp"]
    return dataclasses.replace(source, series={**source.series, "gdp": (vintages, evened(values, vintages))})


def trade_without_it(trade: Filled) -> Filled:
    """Return margins with those of the states and of what lies outside evened; the discrepancy is what is left."""
    exports, imports, out, into = (
        evened(one, trade.years) for one in (trade.exports, trade.imports, trade.outside_exports, trade.outside_imports)
    )
    return dataclasses.replace(
        trade,
        exports=exports,
        imports=imports,
        export_flags=_flagged(trade.export_flags, exports != trade.exports),
        import_flags=_flagged(trade.import_flags, imports != trade.imports),
        outside_exports=out,
        outside_imports=into,
        discrepancy=exports.sum(axis=1) + out - imports.sum(axis=1) - into,
    )


def mark(flags: Flags, years: Years, before: Source, after: Source) -> None:
    """Flag as CARRIED, in place, GDP as known in each year, (Y, N), that was evened."""
    vintages, recorded = before.series["gdp"]
    moved = ~np.isclose(recorded, after.series["gdp"][1], rtol=1e-12, atol=0.0, equal_nan=True)
    for y, year in enumerate(years):
        at = np.flatnonzero(vintages == year - 1)
        if len(at):
            flags[y] = _flagged(flags[y], moved[at[0]])


def _flagged(flags: Flags, moved: NDArray[np.bool_]) -> Flags:
    return np.where(moved & (flags == Flag.KNOWN), Flag.CARRIED, flags).astype(np.int8)
