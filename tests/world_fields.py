"""Write sim/fields.py and docs/state.csv from what our parts declare: ``make fields``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.declare.arrays import Array, Column
from sim.engine import schema_of
from sim.registry import OURS
from sim.schema import Schema

ROOT = Path(__file__).resolve().parent.parent
FIELDS, TABLE = ROOT / "sim" / "fields.py", ROOT / "docs" / "state.csv"
COLUMNS = ("name", "axes", "kind", "start", "unit", "refers", "meaning", "declared_by", "forcing", "recorded_from", "digested")
TYPES = {"float64": "Floats", "bool": "Bools", "int32": "Ints"}
HEAD = '''"""The arrays and tables that our own parts declare, as attributes with types: written by ``make fields``, not by hand."""

from __future__ import annotations

'''


def ours() -> Schema:
    return schema_of(OURS)


def fields_text() -> str:
    """Return the module that tells the type checker what a world holds."""
    schema = ours()
    types = {name: TYPES.get(one.dtype, f"NDArray[np.{one.dtype}]") for name, one in sorted(schema.arrays.items())}
    types |= dict.fromkeys(sorted(schema.tables), "Table")
    small = any("NDArray" in one for one in types.values())
    usual = sorted(set(types.values()) & set(TYPES.values()))
    imports = ["import numpy as np", "from numpy.typing import NDArray", ""] if small else []
    imports += [f"from sim.arrays import {', '.join(usual)}", "from sim.tables import Table"]
    body = "".join(f"    {name}: {one}\n" for name, one in types.items())
    doc = '    """What every world holds; a world with a user\'s parts may hold more."""\n\n'
    return HEAD + "\n".join(imports) + f"\n\n\nclass Fields:\n{doc}{body}"


def table_text() -> str:
    """Return the table of every array, axis, table and column as the text of a CSV file."""
    schema, out = ours(), io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for name, one in schema.arrays.items():
        writer.writerow(
            {**_row(one), "name": name, "axes": ", ".join(one.axis), "start": f"{one.start:g}", "declared_by": schema.owners[name]}
        )
    for name, meaning in schema.meanings.items():
        row = {"name": name, "axes": name, "kind": "axis", "meaning": meaning, "declared_by": schema.owners[name]}
        writer.writerow({**row, "unit": f"{len(schema.names[name])} places" if schema.names[name] else "places of the roster"})
    for name, table in schema.tables.items():
        kept = {"recorded_from": table.tier or "", "digested": "yes" if table.digested else "no"}
        row = {"name": name, "axes": name, "kind": "table", "meaning": table.meaning, "declared_by": schema.owners[name]}
        writer.writerow({**row, "unit": table.row, **kept})
        for column in table.columns:
            key = f"{name}.{column.name}"
            axes = ", ".join(str(one) for one in (name, *column.axes))
            row = {**_row(column), "name": key, "axes": axes, "start": f"{column.absent:g}", "declared_by": schema.owners[key]}
            writer.writerow({**row, **kept})
    return out.getvalue()


def _row(one: Array | Column) -> dict[str, str]:
    return {"kind": one.dtype, "unit": one.unit, "refers": one.refers, "meaning": one.meaning, "forcing": "yes" if one.forcing else ""}


if __name__ == "__main__":
    FIELDS.write_text(fields_text(), encoding="utf-8", newline="")
    TABLE.write_text(table_text(), encoding="utf-8", newline="")
    print(f"wrote {FIELDS} and {TABLE}")
