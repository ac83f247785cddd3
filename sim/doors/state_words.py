"""What parts declare of state, in the words of the help: tables with their columns, arrays and axes, each with unit and meaning."""

from __future__ import annotations

from typing import Any

from sim.declare.arrays import Array, Axis, Column, Rows, declared
from sim.doors.metric_words import lines_of_metric
from sim.engine import schema_of
from sim.ledger.state import Ledger
from sim.registry import OURS, current, shelf
from sim.state.schema import Schema

Lines = list[tuple[str, str]]


def tables_of_parts() -> Lines:
    """Return the tables beyond the ledger's, each with its meaning and columns."""
    schema = schema_of(current())
    return [(name, _of_table(one)) for name, one in schema.tables.items() if schema.owners[name] != f"room {Ledger.name}"]


def added_state() -> Lines:
    """Return the arrays and axes that parts of a user's own add."""
    ours, schema = _names(schema_of(OURS)), schema_of(current())
    return [(name, _about(schema, name)) for name in _names(schema) if name not in ours and name not in schema.tables]


def lines_of(kind: str, name: str) -> Lines:
    """Return what a part declares, and of a metric what it measures."""
    cls: Any = shelf(kind).get(name)
    schema = schema_of(current())
    told = [(one.name, _of(schema, one)) for one in declared(cls)]
    if kind == "metric":
        along = {"world": "one value"}.get(cls.axis, f"a value for each {_place(schema, cls.axis)}")
        told += [("measured", f"{along} ({cls.unit})"), *lines_of_metric(name)]
    return told


def about_state(name: str) -> str | None:
    """Describe a declared array, table or axis; None where no part declares one of that name."""
    schema = schema_of(current())
    if name not in _names(schema):
        return None
    what = "table" if name in schema.tables else "axis" if name in schema.meanings else "array"
    owner = schema.owners.get(name) or schema.owners[f"{schema.on_rows[name]}.{name}"]
    return f"{what} {name}, declared by {owner}: {_about(schema, name)}"


def state_names() -> tuple[str, ...]:
    """Return the names of all that is declared."""
    return _names(schema_of(current()))


def _names(schema: Schema) -> tuple[str, ...]:
    return (*schema.arrays, *schema.on_rows, *schema.tables, *schema.meanings)


def _about(schema: Schema, name: str) -> str:
    if name in schema.tables:
        return _of_table(schema.tables[name])
    if name in schema.meanings:
        return f"axis of {len(schema.names[name]) or 'the roster'}: {schema.meanings[name]}"
    if name in schema.arrays:
        one = schema.arrays[name]
        return _of_array(schema, one, one.axis)
    column = schema.column(schema.on_rows[name], name)
    return _of_array(schema, column, (schema.on_rows[name], *column.axes))


def _of(schema: Schema, one: Array | Rows | Axis) -> str:
    if isinstance(one, Array):
        return _of_array(schema, one, one.axis)
    return _of_table(one) if isinstance(one, Rows) else f"axis: {one.meaning}"


def _of_array(schema: Schema, one: Array | Column, axes: tuple[str | int, ...]) -> str:
    return f"{one.meaning} ({one.unit}), for each {' and '.join(_place(schema, axis) for axis in axes)}"


def _place(schema: Schema, axis: str | int) -> str:
    """Return what one place on an axis is called in words: a directed dyad, one row of a table, or the axis itself."""
    if axis == "edge":
        return "directed dyad"
    return schema.label(axis).replace("_", " ") if isinstance(axis, str) else f"of {axis} places"


def _of_table(one: Rows) -> str:
    columns = ", ".join(f"{column.name} ({column.unit})" for column in one.columns)
    recorded = f"recorded from {one.tier} on" if one.tier else "not recorded"
    return f"{one.meaning}; {columns}; {recorded}"
