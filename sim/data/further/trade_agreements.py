"""Trade agreements in force by dyad and year: spells in which a dyad's agreements have one depth and cover services or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.further.spells import Years, spells
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
