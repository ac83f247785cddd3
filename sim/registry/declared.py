"""What a part declares of its parameters, and whether a value is one of them."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Hashable
from typing import Any, cast

from sim.types import UserError, nearest


def param(default: float, *, unit: str, low: float, high: float, source: str, meaning: str) -> Any:
    """Declare a number of a part with its unit, bounds, source and meaning.

    ``default`` stays a whole number if it is written as one. ``source`` is a citation or ``"assumed"``.
    """
    return dataclasses.field(
        default=default,
        metadata={"unit": unit, "low": low, "high": high, "source": source, "meaning": meaning},
    )


def choice(default: str, options: tuple[str, ...], *, source: str, meaning: str) -> Any:
    """Declare a named choice of a part."""
    return dataclasses.field(default=default, metadata={"unit": "choice", "options": options, "source": source, "meaning": meaning})


def switch(default: bool, *, source: str, meaning: str) -> Any:
    """Declare an on-off choice of a part."""
    return dataclasses.field(default=default, metadata={"unit": "switch", "source": source, "meaning": meaning})


def check_value(where: str, field: dataclasses.Field[Any], value: Any) -> Any:
    """Return a field's value if its kind and bounds hold.

    Raises
    ------
    UserError
        One sentence naming the part, the parameter, what was expected and what came.
    """
    meta = field.metadata
    if meta["unit"] == "switch":
        if not isinstance(value, bool):
            raise UserError(f"{where}: {field.name} must be true or false, not {value!r}")
        return value
    if meta["unit"] == "choice":
        if value not in meta["options"]:
            raise UserError(f"{where}: {field.name} cannot be {value!r}; {nearest(str(value), meta['options'])}")
        return value
    whole = isinstance(field.default, int)
    if whole and isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        kind = "a whole number" if whole else "a number"
        raise UserError(f"{where}: {field.name} must be {kind} ({meta['unit']}), not {value!r}")
    if not (math.isfinite(value) and meta["low"] <= value <= meta["high"]):
        raise UserError(f"{where}: {field.name} = {value!r} lies outside {meta['low']} to {meta['high']} ({meta['unit']})")
    return value if whole else float(value)


@functools.lru_cache(maxsize=256)
def fields_of(cls: Hashable) -> dict[str, dataclasses.Field[Any]]:
    """Return the parameters of a part's class, by name."""
    return {field.name: field for field in dataclasses.fields(cast("type[Any]", cls))}


def values_of(thing: Any) -> dict[str, Any]:
    """Return a part's parameters as plain values: part -> config, the inverse of :meth:`sim.registry.Shelf.build`."""
    return {name: getattr(thing, name) for name in fields_of(cast("Hashable", type(thing)))}
