"""Pairs of parties by which the structure of digital trade is fitted (:func:`sim.trade.balance.fitted`): all services, USD a year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import read_table
from sim.types import UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PAIRS = "services_pairs"


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
