"""Agreements in force, month by month and type by type."""

from __future__ import annotations

import numpy as np

from analysis import style
from analysis.figures import Drawn, part
from analysis.figures._multiples import Row, draw
from analysis.store import Floats, StoredRun, band
from sim.types import month_label

PREFIX = "in_force_"


@part(
    name="treaties_over_time",
    title="Agreements in force",
    sentence="Agreements in force each month, a row for each type whose number changes; each row has its own scale and begins at zero.",
    order=30,
)
def build(run: StoredRun) -> Drawn:
    """Draw each agreement type that is in force at some month."""
    named = [(name, run.series(PREFIX + name)) for name in run.starting_with(PREFIX)]
    ever = [(name, values) for name, values in named if np.nanmax(values, initial=0.0) > 0]
    ever.sort(key=lambda item: (-float(np.nanmedian(item[1][:, -1])), item[0]))
    moving = [item for item in ever if not _still(item[1])] or ever
    rows = [
        Row(values, style.plain(name).capitalize() + "s", "in force", style.type_colour(name), _before(run, name))
        for name, values in moving
    ]
    return draw(run, rows, _finding(run, ever))


def _still(values: Floats) -> bool:
    """Whether the number, (runs, T), is the same in every month of every run."""
    return bool(np.all(values == values.flat[0]))


def _before(run: StoredRun, name: str) -> Floats | None:
    """Count those in force before the run began that still are, (T,), the median over runs; None where there was none or unknown."""
    if not run.has_ledger:
        return None
    old = {(b.run, b.instrument): b for b in run.bonds if b.from_start and b.type == name}
    if not old:
        return None
    count = np.zeros((run.n_runs, len(run.months)))
    for bond in old.values():
        count[bond.run] += (bond.start <= run.months) & (run.months < bond.end)
    return np.median(count, axis=0)


def _finding(run: StoredRun, ever: list[tuple[str, Floats]]) -> str:
    first, last = (month_label(int(run.months[k])) for k in (0, -1))
    if not ever:
        return f"No agreement of any type is in force between {first} and {last}."
    words, still = [], []
    for name, values in ever:
        low, middle, high = (float(v[-1]) for v in band(values))
        begin = float(np.nanmedian(values[:, 0]))
        if _still(values):
            still.append(style.plural(begin, style.plain(name)))
        else:
            spread = f", {low:,.0f} to {high:,.0f} in the middle 80{style.PER_CENT} of runs" if run.n_runs > 1 else ""
            words.append(f"{style.plain(name)}s go from {style.number(begin)} to {style.number(middle)}{spread}")
    told = f"From {first} to {last}, {style.listed(words)}." if words else f"Nothing changes from {first} to {last}."
    return told + (f" {style.listed(still).capitalize()} stand unchanged throughout." if still else "")
