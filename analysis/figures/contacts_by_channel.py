"""Contacts between governments, month by month and channel by channel."""

from __future__ import annotations

import numpy as np

from analysis import style
from analysis.figures import Drawn, part
from analysis.figures._multiples import Row, draw
from analysis.store import Floats, StoredRun
from sim.types import month_label

PREFIX = "contacts_"
SEPTEMBER = 8
"""Remainder of its months by twelve."""


@part(
    name="contacts_by_channel",
    title="How governments talked",
    sentence="Contacts held each month by all states together, a row for each channel; each row has its own scale and begins at zero.",
    order=40,
)
def build(run: StoredRun) -> Drawn:
    """Draw each channel that is recorded."""
    channels = run.words["channel"]
    named = [(name, run.series(PREFIX + name)) for name in run.starting_with(PREFIX) if name in channels]
    rows = [Row(values, plural(run, name), "a month", colour_of(run, name)) for name, values in named]
    return draw(run, rows, _finding(run, named))


def plural(run: StoredRun, channel: str) -> str:
    """Return what many contacts of a channel are called."""
    return str(run.words["channel"][channel]["plural"])


def colour_of(run: StoredRun, channel: str) -> str:
    """Return the colour of a channel."""
    return style.NAMED[run.words["channel"][channel]["colour"]]


def _finding(run: StoredRun, named: list[tuple[str, Floats]]) -> str:
    if not named:
        return "No contacts were recorded."
    first, last = (month_label(int(run.months[k])) for k in (0, -1))
    totals = {name: float(np.median(np.nansum(values, axis=1))) for name, values in named}
    whole = sum(totals.values())
    if whole == 0:
        return f"No government contacted another between {first} and {last}."
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    shares = [f"{plural(run, name).lower()} {style.part_of(totals[name] / whole)}" for name in ranked]
    years = len(run.months) / 12
    together = np.sum([np.nansum(values, axis=1) for _, values in named], axis=0)
    spread = ""
    if run.n_runs > 1:
        low, high = np.quantile(together, [0.1, 0.9]) / years
        spread = f" ({style.number(float(low))} to {style.number(float(high))} in the middle 80{style.PER_CENT} of runs)"
    yearly = style.number(float(np.median(together)) / years)
    return f"From {first} to {last} governments hold {yearly} contacts a year{spread}: {style.listed(shares)}.{_assembly(run, named)}"


def _assembly(run: StoredRun, named: list[tuple[str, Floats]]) -> str:
    """Say what the General Assembly does to the other channels, where the middle run shows it every September; otherwise nothing."""
    middle = {name: np.nanmedian(values, axis=0) for name, values in named}
    there = [k for k in np.flatnonzero(run.months % 12 == SEPTEMBER) if 0 < k < len(run.months) - 1]
    others = [values for name, values in middle.items() if name != "summit"]
    if not there or not others or "summit" not in middle:
        return ""
    beside = [(k, (k - 1, k + 1)) for k in there]
    rest = np.sum(others, axis=0)
    risen = all(middle["summit"][k] > middle["summit"][list(near)].max() for k, near in beside)
    fallen = all(rest[k] < rest[list(near)].min() for k, near in beside)
    if not (risen and fallen):
        return ""
    usual = float(np.mean([rest[list(near)].mean() for _, near in beside]))
    less = style.part_of(1.0 - float(rest[there].mean()) / usual)
    return f" Each September the General Assembly takes contacts from the other channels: {less} fewer than in August and October."
