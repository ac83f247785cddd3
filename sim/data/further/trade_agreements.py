"""Trade agreements in force by dyad and year: spells in which a dyad's agreements have one depth and cover services or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.further.spells import FOREVER, Years, spells
from sim.data.tables import read_table

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TABLE = "trade_agreements"


@dataclass(frozen=True, eq=False)
class TradeAgreements:
    """Spells of dyads, sorted by dyad and first year.

    Attributes
    ----------
    first, second : array, shape (R,)
        Places of the two in the parties that were given.
    from_year, to_year : array, shape (R,)
        First and last year; 9999 where it lasts.
    depth : array, shape (R,)
        0 to 7, NaN where nobody coded it.
    services : array of bool, shape (R,)
        Whether services are covered.
    """

    first: Ints
    second: Ints
    from_year: Years
    to_year: Years
    depth: Floats
    services: NDArray[np.bool_]

    @staticmethod
    def none() -> TradeAgreements:
        """Return the table that has no row."""
        empty = np.zeros(0, dtype=np.int64)
        return TradeAgreements(empty, empty, empty, empty, np.zeros(0), np.zeros(0, dtype=np.bool_))

    def among(self, places: Ints) -> TradeAgreements:
        """Return the rows among some parties: ``places`` gives the new place of each old one, -1 where it is left out."""
        first, second = places[self.first], places[self.second]
        return replace(self, first=first, second=second)._some((first >= 0) & (second >= 0))

    def _some(self, keep: NDArray[np.bool_]) -> TradeAgreements:
        columns: dict[str, Any] = {one.name: getattr(self, one.name)[keep] for one in fields(self)}
        return replace(self, **columns)

    def known(self, year: int) -> TradeAgreements:
        """Return what was known in a year: what had begun, and goes on if it ends later."""
        return replace(self, to_year=np.where(self.to_year > year, FOREVER, self.to_year))._some(self.from_year <= year)

    def services_in_force(self, year: int) -> Ints:
        """Return the rows in force in a year that cover services."""
        return np.flatnonzero((self.from_year <= year) & (year <= self.to_year) & self.services)

    def in_force(self, year: int) -> Ints:
        """Return the rows in force in a year: one at most for each dyad."""
        return np.flatnonzero((self.from_year <= year) & (year <= self.to_year))


def read_trade_agreements(folder: Path | None, parties: Sequence[str], terms: str = "all") -> TradeAgreements:
    """Read the table among the parties given; it is empty where only open terms are wanted, and the table is ours.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder)
    table = table.codes_among(("code_a", "code_b"), parties, "state or bloc of the roster")
    if table.own and terms == "open":
        table = table.only(())
    from_year, to_year = spells(table, ("code_a", "code_b"))
    place = {code: i for i, code in enumerate(parties)}
    first, second = (np.array([place[code] for code in table.words[c]], dtype=np.int64) for c in ("code_a", "code_b"))
    return TradeAgreements(first, second, from_year, to_year, table.numbers["depth"], table.numbers["services"] > 0)
