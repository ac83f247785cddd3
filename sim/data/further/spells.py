"""Spells: rows that hold from a first year to a last one, checked to run forwards and not to overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table
from sim.types import UserError

Years = NDArray[np.int64]
FOREVER = 9999


def spells(table: Table, key: tuple[str, ...]) -> tuple[Years, Years]:
    """Return the first and the last year of each row, (rows,) each; of a blank last year :data:`FOREVER`.

    Raises
    ------
    UserError
        If a spell ends before it begins, or two of one key share a year.
    """
    first = table.numbers["from_year"].astype(np.int64)
    last = np.nan_to_num(table.numbers["to_year"], nan=float(FOREVER)).astype(np.int64)
    latest: dict[tuple[str, ...], int] = {}
    for i in sorted(range(len(table)), key=lambda i: (*(table.words[c][i] for c in key), first[i])):
        where = f"{table.where} row {table.row[i]}"
        if last[i] < first[i]:
            raise UserError(f"{where}, column to_year: {last[i]} lies before {first[i]} in column from_year")
        who = tuple(table.words[c][i] for c in key)
        before = latest.get(who)
        if before is not None and first[i] <= last[before]:
            until = "goes on" if last[before] == FOREVER else f"lasts to {last[before]}"
            raise UserError(f"{where}, column from_year: {' '.join(who)} begins anew in {first[i]}, but row {table.row[before]} {until}")
        latest[who] = i
    return first, last
