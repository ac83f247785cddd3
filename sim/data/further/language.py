"""Which states share an official language, and which were tied as colony and ruler."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.data.tables import read_table
from sim.data.ties import Tie

TABLE = "language_and_history"


def read_language(folder: Path | None, codes: Sequence[str]) -> tuple[Tie, Tie]:
    """Read the pairs with a language in common, and those with a colonial tie.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder).codes_among(("code_a", "code_b"), codes, "state of the roster")
    place = {code: i for i, code in enumerate(codes)}
    first, second = (np.array([place[code] for code in table.words[c]], dtype=np.int64) for c in ("code_a", "code_b"))

    def tie(column: str) -> Tie:
        held = np.flatnonzero(table.numbers[column] > 0)
        return Tie.of(first[held], second[held], np.ones(len(held)))

    return tie("language"), tie("colony")
