"""What a part is shown: the world and everything in it, to read and not to write.

Arrays become views that refuse a write; worlds and tables become faces whose attributes are such views; other records become copies of
themselves that hold such views. Nothing is copied but the frame, so that a look costs microseconds.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType, MethodType
from typing import Any

import numpy as np

from sim.contracts.faults import WriteRefused

_KEPT = 4


class Seen:
    """A world, or a table of one, that can be read and not written.

    Parameters
    ----------
    thing : object
        What is seen. It goes on changing; a face shows it as it is now.
    """

    __slots__ = ("_thing",)

    def __init__(self, thing: Any) -> None:
        object.__setattr__(self, "_thing", thing)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The class of what is seen."""
        return type(self._thing)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute, to read; a method works on the face."""
        value = getattr(self._thing, name)
        how = _HOW.get(type(value))
        if how is not None:
            return how(value)
        if type(value) is MethodType and value.__self__ is self._thing:
            return MethodType(value.__func__, self)
        return seen(value)

    def __setattr__(self, name: str, _value: Any) -> None:
        """Refuse."""
        raise WriteRefused(f"{name} may be read and not written")

    def __delattr__(self, name: str) -> None:
        """Refuse."""
        raise WriteRefused(f"{name} may be read and not removed")

    def __copy__(self) -> Seen:
        """Return another face of the same."""
        return type(self)(self._thing)

    def __deepcopy__(self, memo: Any) -> Any:
        """Return an independent copy of what is seen, which its owner may change."""
        return copy.deepcopy(self._thing, memo)

    def __reduce__(self) -> Any:
        """Travel as a face of a copy."""
        return type(self), (self._thing,)


class SeenTable(Seen):
    """A table that can be read and not written."""

    __slots__ = ()

    def __getitem__(self, name: Any) -> Any:
        """Return a column, to read."""
        return _array(self._thing[name])

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._thing)


class _Latest(threading.local):
    """The settings a thread looked at last, each with what is shown of it: making that costs more than all other looks of a month."""

    def __init__(self) -> None:
        self.pairs: list[tuple[Any, Any]] = []


_LATEST = _Latest()


def seen(value: Any) -> Any:
    """Return a value as a part may see it."""
    kind = type(value)
    how = _HOW.get(kind)
    if how is None:
        how = _HOW[kind] = _how(kind)
    return how(value)


def _how(kind: type) -> Callable[[Any], Any]:
    """Return how values of a type are shown; asked once for each type."""
    if issubclass(kind, np.ndarray):
        return _array
    if issubclass(kind, Seen):
        return _same
    if issubclass(kind, Mapping):
        return _mapping
    if kind is list:
        return _list
    if not kind.__module__.startswith("sim.") or issubclass(kind, (enum.Enum, type)) or hasattr(kind, "sentence_id") or _plain(kind):
        return _same
    if dataclasses.is_dataclass(kind):
        return _setting if kind.__name__ == "Setting" else _record
    return SeenTable if hasattr(kind, "__getitem__") else Seen


def _plain(kind: type) -> bool:
    """Say whether a kind of record holds only words and numbers, frozen: what parts declare of state. A vocabulary holds mappings."""
    return kind.__module__.startswith("sim.declare.") and kind.__name__ != "Vocabulary"


def _same(value: Any) -> Any:
    return value


def _array(value: Any) -> Any:
    if value.dtype.kind in "biufc" and value.dtype.isnative:
        # Over memory that is to read only: the way back through ``.base`` ends there.
        return np.asarray(memoryview(value).toreadonly())
    view = value.view()
    view.flags.writeable = False
    return view


def _mapping(value: Mapping[Any, Any]) -> Any:
    return MappingProxyType({key: seen(item) for key, item in value.items()})


def _list(value: list[Any]) -> Any:
    return tuple(seen(item) for item in value)


def _setting(value: Any) -> Any:
    for known, shown in _LATEST.pairs:
        if known is value:
            return shown
    _LATEST.pairs = [(value, _record(value)), *_LATEST.pairs[: _KEPT - 1]]
    return _LATEST.pairs[0][1]


def _record(value: Any) -> Any:
    shown = copy.copy(value)
    for name, item in vars(value).items():
        object.__setattr__(shown, name, seen(item))
    return shown


_HOW: dict[type, Callable[[Any], Any]] = {}
