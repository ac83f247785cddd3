"""Which states share an official language, and which were tied as colony and ruler."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.data.tables import Table, read_table
from sim.data.ties import Tie

TABLE = "language_and_history"


def read_language(folder: Path | None, codes: Sequence[str]) -> tuple[Tie, Tie]:
    """Read the pairs with a language in common, and those with a colonial tie.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder)
    return tie_of(table, "language", codes), tie_of(table, "colony", codes)


def tie_of(table: Table, column: str, codes: Sequence[str]) -> Tie:
    """Return the pairs of the states given that a column, ``language`` or ``colony``, joins."""
    table = table.codes_among(("code_a", "code_b"), codes, "state of the roster")
    place = {code: i for i, code in enumerate(codes)}
    held = np.flatnonzero(table.numbers[column] > 0)
    first, second = (np.array([place[table.words[c][i]] for i in held], dtype=np.int64) for c in ("code_a", "code_b"))
    return Tie.of(first, second, np.ones(len(held)))
