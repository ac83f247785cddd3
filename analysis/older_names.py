"""Tables of older versions are asked in the names that they hold, and answer in the names of now (:mod:`sim.older.names`)."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from sim.older import names

VALUES = {"metric": "column", "event": "event"}
"""Columns whose values are names, each with the kind of name."""


def asked_in_old_names(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a reading whose filters also let pass what the values asked for were called before."""
    if "filters" not in options or not names.TABLE.rows:
        return options
    return {**options, "filters": [(column, how, _with_olds(column, values)) for column, how, values in options["filters"]]}


def in_names_of_now(table: pa.Table) -> pa.Table:
    """Return a table whose columns, metrics and events have the names of now."""
    for at, column in enumerate(table.column_names):
        moved = names.TABLE.of(VALUES[column]) if column in VALUES else {}
        if moved:
            said = [names.renamed(VALUES[column], {str(one): None}) for one in table.column(column).to_pylist()]
            table = table.set_column(at, column, pa.array([next(iter(one)) for one in said], type=pa.string()))
    now = list(names.renamed("column", dict.fromkeys(table.column_names)))
    return table if now == table.column_names else table.rename_columns(now)


def _with_olds(column: str, values: Any) -> Any:
    kind = VALUES.get(column)
    return values if kind is None else [*values, *(old for one in values for old in names.TABLE.olds(kind, one))]
