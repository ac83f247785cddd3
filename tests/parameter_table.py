"""Write docs/parameters.csv and docs/neutral.csv from the parts themselves: ``make parameters``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.neutral import rows
from sim.registry import parameter_rows

TABLE = Path(__file__).resolve().parent.parent / "docs" / "parameters.csv"
NEUTRAL = TABLE.with_name("neutral.csv")
COLUMNS = ("part", "parameter", "default", "low", "high", "unit", "source", "meaning")


def table_text() -> str:
    """Return the parameter table as the text of a CSV file, a row a parameter."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(parameter_rows())
    return out.getvalue()


def neutral_text() -> str:
    """Return the table of neutral forms as the text of a CSV file, a row a form."""
    out, told = io.StringIO(), rows()
    writer = csv.DictWriter(out, list(told[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(told)
    return out.getvalue()


if __name__ == "__main__":
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table_text(), encoding="utf-8", newline="")
    NEUTRAL.write_text(neutral_text(), encoding="utf-8", newline="")
    print(f"wrote {TABLE} and {NEUTRAL.name}")
