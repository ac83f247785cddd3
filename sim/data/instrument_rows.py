"""Instruments that were signed before a run, row by row, and the stock of data instruments beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.data.further.clauses import read_clauses
from sim.data.further.dyads import with_stock
from sim.data.further.instruments import TABLE as STOCK
from sim.data.further.instruments import read_instruments
from sim.data.records import InstrumentRow
from sim.data.tables import Table, month_of
from sim.types import ISSUES, NEVER, UserError


def _instruments(table: Table, parties: set[str]) -> tuple[InstrumentRow, ...]:
    table = table.codes_among(("party_a", "party_b"), parties, "state or bloc of the roster")
    words, rows = table.words, []
    for i in range(len(table)):
        a, b = words["party_a"][i], words["party_b"][i]
        if a == b:
            raise UserError(f"{table.where} row {table.row[i]}: {a} cannot be both parties")
        in_force = month_of(words["in_force"][i], blank=NEVER)
        rows.append(
            InstrumentRow(
                type=words["type"][i],
                name=words["name"][i],
                parties=(a, b),
                roles=(words["role_a"][i], words["role_b"][i]),
                signed=month_of(words["signed"][i], blank=in_force),
                in_force=in_force,
                ended=month_of(words["ended"][i], blank=NEVER),
                text=np.array([table.numbers[f"x_{issue}"][i] if f"x_{issue}" in table.numbers else np.nan for issue in ISSUES]),
                no_localisation=bool(table.numbers["no_localisation"][i] == 1),
                grade=words["grade"][i],
                source=words["source"][i],
            )
        )
    return tuple(rows)


def instruments_with_stock(table: Table, folder: Path | None, parties: tuple[str, ...]) -> tuple[InstrumentRow, ...]:
    """Read instruments, and the stock of data instruments beside them; a user's instruments stand alone, unless the stock is theirs too."""
    rows = _instruments(table, set(parties))
    theirs = folder is not None and (folder / f"{STOCK}.csv").is_file()
    stock = read_instruments(folder, parties) if table.own or theirs else ()
    return with_stock(rows, stock, read_clauses(folder))
