"""Where cloud providers have their home: how many regions they run abroad and at home, by state and year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import read_table

Floats = NDArray[np.float64]
PROVIDERS = "providers"
COUNTS = ("abroad", "home", "foreign")


@dataclass(frozen=True, eq=False)
class Providers:
    """Cloud regions in service at the end of each year of the table.

    Attributes
    ----------
    years : array, shape (V,)
        Years of the table, rising.
    abroad : array, shape (V, N)
        Regions in other states whose provider has its home in the state.
    home : array, shape (V, N)
        Regions in the state whose provider has its home there.
    foreign : array, shape (V, N)
        Regions in the state whose provider has its home elsewhere.
    """

    years: NDArray[np.int64]
    abroad: Floats
    home: Floats
    foreign: Floats

    def among(self, rows: NDArray[np.signedinteger[Any]]) -> Providers:
        """Return the counts of states made after others: the i-th has those of state ``rows[i]``."""
        return Providers(self.years, *(getattr(self, name)[:, rows] for name in COUNTS))

    def known(self, year: int) -> Providers:
        """Return what was known in a year: counts of the years before it, and of the first year of the table."""
        there = self.years < max(year, int(self.years[0]) + 1) if len(self.years) else np.zeros(0, dtype=np.bool_)
        return Providers(self.years[there], *(getattr(self, name)[there] for name in COUNTS))

    def at(self, years: NDArray[np.int64]) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
        """Return the counts as known in some years, (Y, N) each, and which years have their own, (Y,): those of the year before.

        Without rows there are no regions, and nothing is missing.
        """
        if not len(self.years):
            return {name: np.zeros((len(years), self.abroad.shape[1])) for name in COUNTS}, np.ones(len(years), dtype=np.bool_)
        at = np.maximum(np.searchsorted(self.years, years - 1, side="right") - 1, 0)
        return {name: getattr(self, name)[at] for name in COUNTS}, self.years[at] == years - 1


def read_providers(folder: Path | None, codes: Sequence[str]) -> Providers:
    """Read how many regions the providers of each state run; a state without a row in a year has none.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(PROVIDERS, folder).codes_among(("code",), codes, "state of the roster")
    place = {code: i for i, code in enumerate(codes)}
    at = np.array([place[code] for code in table.words["code"]], dtype=np.int64)
    years, row = np.unique(table.numbers["year"].astype(np.int64), return_inverse=True)
    counts = {name: np.zeros((len(years), len(codes))) for name in COUNTS}
    for name in COUNTS:
        counts[name][row, at] = table.numbers[name]
    return Providers(years, **counts)
