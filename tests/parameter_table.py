"""Write docs/parameters.csv from the parts themselves: ``make parameters``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.registry import parameter_rows

TABLE = Path(__file__).resolve().parent.parent / "docs" / "parameters.csv"
COLUMNS = ("part", "parameter", "default", "low", "high", "unit", "source", "meaning")


def table_text() -> str:
    """Return the parameter table as the text of a CSV file, a row a parameter."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(parameter_rows())
    return out.getvalue()


if __name__ == "__main__":
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table_text(), encoding="utf-8", newline="")
    print(f"wrote {TABLE}")
