"""State that parts declare, in the words of the page: arrays, tables with their columns, and axes, each with its meaning and its part.

The ledger's own tables are what the page draws; they are not listed again. Titles are English here and Indonesian in the catalogue; what is
not listed here goes by its own name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.declare.arrays import Array, Column
from sim.engine import schema_of
from sim.ledger.state import Ledger
from sim.registry import current
from sim.schema import Schema


def _(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


AXES = {
    "party": _("Party"),
    "state": _("State"),
    "bloc": _("Bloc"),
    "edge": _("Directed dyad"),
    "type": _("Agreement type"),
    "negotiated": _("Type that two negotiate"),
    "package": _("Package of two types"),
    "issue": _("Issue"),
    "channel": _("Channel"),
    "side": _("Side"),
    "talks": _("Negotiation"),
    "instruments": _("Agreement"),
    "conferences": _("Conference"),
}
"""Plain names of axes; one that is not listed goes by its own name."""


def declared_state() -> list[dict[str, Any]]:
    """List what parts declare: ``what`` it is, name, meaning, axes, unit, columns (of a table) and ``by``, kind and name of the part."""
    schema = schema_of(current())
    return [one for one in (*_arrays(schema), *_tables(schema), *_axes(schema)) if one["by"] != ["room", Ledger.name]]


def _arrays(schema: Schema) -> Iterator[dict[str, Any]]:
    for name, one in schema.arrays.items():
        yield {"what": "array", "name": name, **_said(one), "axes": list(one.axis), "by": _by(schema, name)}
    for name, table in schema.on_rows.items():
        column = schema.column(table, name)
        yield {"what": "array", "name": name, **_said(column), "axes": [table, *column.axes], "by": _by(schema, f"{table}.{name}")}


def _tables(schema: Schema) -> Iterator[dict[str, Any]]:
    for name, table in schema.tables.items():
        own = [{"name": column.name, **_said(column)} for column in table.columns if column.name not in schema.on_rows]
        yield {"what": "table", "name": name, "meaning": table.meaning, "row": table.row, "columns": own, "by": _by(schema, name)}


def _axes(schema: Schema) -> Iterator[dict[str, Any]]:
    for name, meaning in schema.meanings.items():
        yield {"what": "axis", "name": name, "meaning": meaning, "by": _by(schema, name)}


def _said(one: Array | Column) -> dict[str, str]:
    return {"unit": one.unit, "meaning": one.meaning}


def _by(schema: Schema, name: str) -> list[str]:
    return schema.owners[name].split(" ", 1)
