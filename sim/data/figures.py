"""What is known in a year: the as-of rule, then the fill rule.

A figure of year Y is known from January Y + 1 and held until the next one. The first vintage is carried back ``carry_back_years``
years (flag CARRIED); earlier years are BACK_CAST. What is still blank is FILLED with the median of the same subregion, else of the
region, else of the world; a column dropped for its terms is its default throughout (DROPPED).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.types import Flag

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]


def as_of(values: Floats, vintages: NDArray[np.int64], years: NDArray[np.int64], carry_back_years: int) -> tuple[Floats, Flags]:
    """Apply the as-of rule.

    Parameters
    ----------
    values : array, shape (V, N)
        The figure by vintage and state, NaN where there is none; any unit.
    vintages : array, shape (V,)
        Calendar years described, ascending.
    years : array, shape (Y,)
        Calendar years in which the figure is asked for.
    carry_back_years : int
        Years that the first vintage may be carried back.

    Returns
    -------
    known : array, shape (Y, N)
        The figure as known in each year, NaN where there is none at all.
    flags : array, shape (Y, N)
        :class:`~sim.types.Flag` of each.
    """
    shape = (len(years), values.shape[1])
    known = np.full(shape, np.nan)
    flags = np.full(shape, Flag.KNOWN, dtype=np.int8)
    for y, year in enumerate(years):
        for v in np.flatnonzero(vintages <= year - 1):
            known[y] = np.where(np.isfinite(values[v]), values[v], known[y])
        for v in np.flatnonzero(vintages > year - 1):
            new = ~np.isfinite(known[y]) & np.isfinite(values[v])
            known[y, new] = values[v, new]
            flags[y, new] = Flag.CARRIED if vintages[v] - (year - 1) <= carry_back_years else Flag.BACK_CAST
    return known, flags


def fill_median(known: Floats, flags: Flags, groups: Sequence[Sequence[str]], default: float) -> None:
    """Fill the blanks in place with medians of the states that are known.

    Parameters
    ----------
    known, flags : array, shape (Y, N)
        As made by :func:`as_of`.
    groups : sequence of sequences of str, each of length N
        Groupings from the narrowest (subregion) to the widest (region); the world comes after them.
    default : float
        What is used where no state at all is known.
    """
    for y in range(known.shape[0]):
        blank = ~np.isfinite(known[y])
        if not blank.any():
            continue
        if y > 0 and np.array_equal(blank, flags[y - 1] == Flag.FILLED) and np.array_equal(known[y, ~blank], known[y - 1, ~blank]):
            known[y] = known[y - 1]
            flags[y] = np.where(blank, Flag.FILLED, flags[y]).astype(np.int8)
            continue
        given = ~blank
        world = float(np.median(known[y, given])) if given.any() else default
        value = np.full(known.shape[1], world)
        for grouping in reversed(groups):
            names = np.array(grouping)
            for name in sorted(set(names[blank].tolist())):
                inside = names == name
                if (inside & given).any():
                    value[inside] = np.median(known[y, inside & given])
        known[y, blank] = value[blank]
        flags[y, blank] = Flag.FILLED


def fill_value(known: Floats, flags: Flags, value: float) -> None:
    """Fill the blanks in place with one value."""
    blank = ~np.isfinite(known)
    known[blank] = value
    flags[blank] = Flag.FILLED
