"""Whatever a run measured along axes other than the parties: a row for each place with the largest values, in the metric's unit."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np

from analysis import style
from analysis.along import along, axes
from analysis.figures import Drawn, part
from analysis.figures._multiples import Row, draw
from analysis.store import Floats, StoredRun
from sim.types import month_label

MOST = 6
"""Places drawn of one measurement."""


@dataclass(frozen=True)
class Measured:
    """One measurement along an axis: axis, column, its title and unit, what stands on the axis, and the values (runs, places, T)."""

    axis: str
    column: str
    title: str
    unit: str
    labels: tuple[str, ...]
    values: Floats

    @property
    def largest(self) -> list[int]:
        """Places with the largest values, in size, in any month of any run, by their order on the axis."""
        size = np.nan_to_num(np.abs(self.values)).max(axis=(0, 2), initial=0.0)
        return sorted(np.argsort(-size, kind="stable")[:MOST].tolist())

    def row(self, at: int) -> Row:
        """Return the row of one place; one that falls below zero is written with its sign."""
        values = self.values[:, at]
        falls = bool(np.nanmin(values, initial=0.0) < 0.0)
        return Row(values, f"{self.title}: {html.escape(style.plain(self.labels[at]))}", self.unit, style.BLUE, signed=falls)


def has_axes(run: StoredRun) -> bool:
    """Say whether the folder keeps anything measured along an axis."""
    return bool(axes(run))


@part(
    name="along_axes",
    title="Measured along other axes",
    sentence="A row for each place on the axis, those with the largest values only where there are many; each row has its own scale.",
    order=90,
    applies=has_axes,
)
def build(run: StoredRun) -> Drawn:
    """Draw every measurement along an axis."""
    found = list(_measured(run))
    return draw(run, [one.row(at) for one in found for at in one.largest], _finding(run, found))


def _measured(run: StoredRun) -> list[Measured]:
    found = []
    for axis, told in axes(run).items():
        for column in told["columns"]:
            about = run.about(column)
            title = about["title"] if list(told["columns"]) == [column] else f"{about['title']}, {style.plain(column)}"
            found.append(Measured(axis, column, title, about["unit"], *along(run, axis, column)))
    return found


def _finding(run: StoredRun, found: list[Measured]) -> str:
    last = month_label(int(run.months[-1]))
    return " ".join(_sentence(run, one, last) for one in found)


def _sentence(run: StoredRun, one: Measured, last: str) -> str:
    there = ~np.isnan(one.values[:, :, -1])
    what, axis = f"{one.title} ({one.unit})", style.plain(one.axis)
    if not there.any():
        return f"{what}: no value along {axis} in {last}."
    middle = {name: float(np.median(one.values[there[:, at], at, -1])) for at, name in enumerate(one.labels) if there[:, at].any()}
    most = max(middle, key=lambda name: (middle[name], name))
    drawn = len(one.largest)
    whole = f"; {drawn} of {len(one.labels)} are drawn" if drawn < len(one.labels) else ""
    among = style.plural(len(middle), "place")
    return f"{what}: among {among} along {axis} the largest in {last} is {style.plain(most)} with {style.number(middle[most])}{whole}."
