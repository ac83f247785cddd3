"""A table of results as CSV: a row a result, every number in full precision, and what is not there left empty."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.files import write_text
from sim.types import UserError


def write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write a table whole or not at all, and return its path; None and NaN are left empty.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: "" if _absent(value) else value for key, value in row.items()})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, out.getvalue())
    except OSError as fault:
        raise UserError(f"the table {path} cannot be written: {fault.strerror or fault}") from None
    return path


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
