"""What metrics measure along axes other than the world and the parties: one value for each place, and one for the world each month.

A place is an entry of a fixed axis, or a row of a table, of which there may be more each month. The long table of an axis has a row for
each month and place, and a column for each column of a metric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.declare.arrays import WHOLE
from sim.rows import row_words
from sim.world import Floats, Setting, World

HERE = (WHOLE, "party")
"""What is recorded elsewhere: in the series, and in the panels of the parties."""
FILE = "panels_"
"""How the file of an axis begins in a run folder; the axis' name follows."""


@dataclass(frozen=True)
class Along:
    """What was measured along one axis.

    Attributes
    ----------
    axis, label : str
        The axis, and what one place on it is called.
    labels : tuple of str
        What stands on it, place by place.
    months, counts : int (M,)
        Months measured, and how many places there were in each.
    columns : dict of str to float64 (sum of counts,)
        Values month by month, and within a month place by place.
    grows : bool
        Whether it is the rows of a table.
    """

    axis: str
    label: str
    labels: tuple[str, ...]
    months: NDArray[np.int64]
    counts: NDArray[np.int64]
    columns: dict[str, Floats]
    grows: bool

    @property
    def place(self) -> NDArray[np.int64]:
        """Place on the axis of each row of the long table."""
        return np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(count) for count in self.counts.tolist())])

    @property
    def table(self) -> dict[str, NDArray[Any]]:
        """The long table: month, the number of the row of a table, the place in words, and the columns."""
        place = self.place
        numbered = {"row": place} if self.grows else {}
        named: NDArray[Any] = np.array([*self.labels, ""], dtype=object)[place]
        return {"month": np.repeat(self.months, self.counts), **numbered, self.label: named, **self.columns}

    def filled(self, column: str) -> Floats:
        """Return a column as one array, (months, places); NaN where a place was not there yet."""
        out = np.full((len(self.months), len(self.labels)), np.nan)
        out[np.repeat(np.arange(len(self.months)), self.counts), self.place] = self.columns[column]
        return out


def size_of(world: World, axis: str) -> int:
    """Return how many places there are on an axis now."""
    schema = world.setting.schema
    return len(world.table(axis)) if axis in schema.tables else schema.axes[axis]


def over_rows(how: str, values: Floats) -> Floats:
    """Aggregate measurements along an axis, shape (columns, places), to (columns,).

    Places whose value is undefined (NaN) are left out; where it is so for all, so is the aggregate. Of no places at all the sum is 0 and
    the mean undefined.
    """
    told = ~np.isnan(values)
    count = told.sum(axis=1)
    total = np.where(told, values, 0.0).sum(axis=1)
    none = np.full(len(values), np.nan)
    if how == "sum":
        return np.where(count > 0, total, none if values.shape[1] else 0.0)
    np.divide(total, count, out=none, where=count > 0)
    return none


def laid_out(world: World, axis: str, months: Sequence[int], columns: Mapping[str, Sequence[Floats]]) -> Along:
    """Lay out what was measured along an axis, values of a column month by month, in the words of a world."""
    setting = world.setting
    counts = np.array([len(one) for one in next(iter(columns.values()))], dtype=np.int64)
    grows = axis in setting.schema.tables
    labels = row_words(world, axis)[: int(counts.max(initial=0))] if grows else setting.labels(axis)
    whole = {name: np.concatenate([np.empty(0), *values]) for name, values in columns.items()}
    return Along(axis, setting.schema.label(axis), labels, np.array(months, dtype=np.int64), counts, whole, grows)


def taken_by(schema: Any, axis: str) -> tuple[str, ...]:
    """Name the columns that a table of an axis has besides those of metrics."""
    return () if axis in HERE else ("row", schema.label(axis))


def along_words(setting: Setting) -> dict[str, dict[str, Any]]:
    """Describe what a run measures along axes, for its manifest: by axis what a place is called, whose axis it is, and its columns."""
    schema, shelf = setting.schema, setting.config.shelves["metric"]
    told: dict[str, dict[str, Any]] = {}
    for metric in (shelf.build(name) for name in shelf.names()):
        if metric.axis in HERE:
            continue
        grows = metric.axis in schema.tables
        one = told.setdefault(metric.axis, {"label": schema.label(metric.axis), "grows": grows, "columns": []})
        one["declared_by"] = schema.owners.get(metric.axis, "every run")
        if grows or metric.axis in schema.meanings:
            one["meaning"] = schema.tables[metric.axis].meaning if grows else schema.meanings[metric.axis]
        one["columns"] += metric.columns(setting)
    return dict(sorted(told.items()))
