"""Doses of vaccine against COVID-19 that suppliers shipped abroad, month by month: what there was to give or sell, not to whom it went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import month_of, read_table

Ints = NDArray[np.int64]
TABLE = "vaccine_supply"
POOL = "COVAX"
"""The pool of many donors: it gives by need and asks nobody to call."""


@dataclass(frozen=True, eq=False)
class Vaccines:
    """Supplies, sorted by supplier and month.

    Attributes
    ----------
    names : tuple of str, (S,)
        Suppliers: codes of states and blocs, and the pool.
    supplier, month : array, shape (R,)
        Place among ``names``, and the month.
    doses : array, shape (R,)
        Doses shipped abroad in that month.
    """

    names: tuple[str, ...]
    supplier: Ints
    month: Ints
    doses: NDArray[np.float64]

    def known(self, month: int) -> Vaccines:
        """Return the supplies up to a month: later ones are not known."""
        keep = self.month <= month
        return replace(self, supplier=self.supplier[keep], month=self.month[keep], doses=self.doses[keep])

    def at(self, month: int) -> tuple[Ints, NDArray[np.float64]]:
        """Return who ships doses in a month, and how many, (n,) each."""
        now = self.month == month
        return self.supplier[now], self.doses[now]


def read_vaccines(folder: Path | None, parties: Collection[str]) -> Vaccines:
    """Read supplies; of our own table, rows of parties that are not there are left out.

    Parameters
    ----------
    folder : Path or None
        A user's tables.
    parties : collection of str
        Codes of states and blocs.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder).codes_among(("supplier",), [*parties, POOL], f"state or bloc of the roster, or {POOL}")
    names = tuple(sorted(set(table.words["supplier"])))
    return Vaccines(
        names=names,
        supplier=np.array([names.index(one) for one in table.words["supplier"]], dtype=np.int64),
        month=np.array([month_of(month, blank=0) for month in table.words["month"]], dtype=np.int64),
        doses=table.numbers["doses"],
    )
