"""Leaks as they happened: when it became known what a state reads of the data of people abroad, and how much was laid open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import month_of, read_table

Ints = NDArray[np.int64]
TABLE = "leaks"


@dataclass(frozen=True, eq=False)
class Leaks:
    """Leaks, sorted by state and month.

    Attributes
    ----------
    party, month : array, shape (R,)
        Place of the state, and the month in which the leak came.
    size : array, shape (R,)
        How much was laid open; the leak of June 2013 is 1.
    """

    party: Ints
    month: Ints
    size: NDArray[np.float64]

    def before(self, month: int) -> list[tuple[int, int, float]]:
        """List the leaks before a month: month, place of the state, size."""
        return self._list(self.month < month)

    def at(self, month: int) -> list[tuple[int, int, float]]:
        """List the leaks of a month: month, place of the state, size."""
        return self._list(self.month == month)

    def among(self, rows: Ints) -> Leaks:
        """Return the leaks of some states, or of states made after others: the i-th has those of state ``rows[i]``."""
        found = [(new, at) for new, old in enumerate(rows.tolist()) for at in np.flatnonzero(self.party == old).tolist()]
        party, where = (np.array([pair[k] for pair in found], dtype=np.int64) for k in (0, 1))
        return Leaks(party, self.month[where], self.size[where])

    def known(self, month: int) -> Leaks:
        """Return the leaks up to a month: later ones are not known."""
        keep = self.month <= month
        return replace(self, party=self.party[keep], month=self.month[keep], size=self.size[keep])

    def _list(self, which: NDArray[np.bool_]) -> list[tuple[int, int, float]]:
        columns = (self.month[which], self.party[which], self.size[which])
        return [(int(month), int(party), float(size)) for month, party, size in zip(*columns, strict=True)]


def read_leaks(folder: Path | None, codes: Sequence[str]) -> Leaks:
    """Read leaks on some states; of our own table, rows of others are left out.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder).codes_among(("party",), codes, "state of the roster")
    place = {code: i for i, code in enumerate(codes)}
    return Leaks(
        party=np.array([place[code] for code in table.words["party"]], dtype=np.int64),
        month=np.array([month_of(month, blank=0) for month in table.words["month"]], dtype=np.int64),
        size=table.numbers["size"],
    )
