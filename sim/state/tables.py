"""Tables of named columns whose rows only grow."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.types import ModelFault, nearest

Form = Mapping[str, tuple[Any, tuple[int, ...], float]]
"""What a table's columns hold, by name: kind of number, shape of an entry, and the value of a row that says nothing."""


class Table:
    """Rows of named columns that only grow; a column is read as ``table["stage"]``, a view of the rows so far."""

    def __init__(self, form: Form, room: int = 64) -> None:
        self._form, self._room = form, max(1, room)
        # Rows to come already hold what a row holds that says nothing, so that adding one writes only what is said.
        self._data: dict[str, NDArray[Any]] = {name: self._blank(name) for name in form}
        # Columns are read far more often than rows are added: each is cut to the rows so far once, until the next row.
        self._cut: dict[str, NDArray[Any]] = {}
        # What has been worked out of which rows there are, by name and emptied by the next row: never of what is written to again.
        self.memo: dict[Any, Any] = {}
        self.n = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.n

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a writable view of one column, first axis the rows."""
        try:
            return self._cut[name]
        except KeyError:
            cut = self._cut[name] = self._data[name][: self.n]
            return cut

    def __getstate__(self) -> dict[str, Any]:
        """Travel without views, which would become arrays of their own."""
        return {**vars(self), "_cut": {}, "memo": {}}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self._form)

    def append(self, **values: Any) -> int:
        """Add one row and return its number; a column left out gets its absent value."""
        data, row = self._data, self.n
        if row == self._room or not data.keys() >= values.keys():
            self._prepare(1, values)
        for name, value in values.items():
            data[name][row] = value
        self.n, self._cut, self.memo = row + 1, {}, {}
        return row

    def extend(self, count: int, **values: Any) -> None:
        """Add rows, each value an array of ``count`` or one for all."""
        self._prepare(count, values)
        for name, value in values.items():
            self._data[name][self.n : self.n + count] = value
        self.n, self._cut, self.memo = self.n + count, {}, {}

    def remember(self, name: Any, value: Any) -> Any:
        """Keep what has been worked out until the next row, and return it; a face of a table, which is only read, keeps nothing."""
        with contextlib.suppress(TypeError):
            self.memo[name] = value
        return value

    def copy_arrays(self) -> dict[str, NDArray[Any]]:
        """Return exact copies of the rows, by column."""
        return {name: self[name].copy() for name in self._form}

    @classmethod
    def from_arrays(cls, form: Form, arrays: Mapping[str, NDArray[Any]]) -> Table:
        """Rebuild a table from :meth:`copy_arrays`."""
        n = len(next(iter(arrays.values())))
        table = cls(form, room=max(64, n))
        table.extend(n, **{name: arrays[name] for name in form})
        return table

    def _prepare(self, count: int, values: Mapping[str, Any]) -> None:
        """Refuse columns that are not there, and make room."""
        if not values.keys() <= self._form.keys():
            name = min(values.keys() - self._form.keys())
            raise ModelFault(f"the table has no column {name!r}; {nearest(name, self._form)}")
        if self.n + count <= self._room:
            return
        while self.n + count > self._room:
            self._room *= 2
        for name in self._form:
            grown = self._blank(name)
            grown[: self.n] = self._data[name][: self.n]
            self._data[name] = grown

    def _blank(self, name: str) -> NDArray[Any]:
        dtype, shape, absent = self._form[name]
        return np.full((self._room, *shape), absent, dtype=dtype)
