"""Contacts between governments, month by month and channel by channel."""

from __future__ import annotations

import numpy as np

from analysis import style
from analysis.figures import Drawn, part
from analysis.figures._multiples import Row, draw
from analysis.store import Floats, StoredRun
from sim.types import month_label

PREFIX = "contacts_"
WORDS = {"visit": "Visits", "summit": "Summit meetings", "call": "Telephone calls", "video": "Video meetings", "message": "Messages"}


@part(
    name="contacts_by_channel",
    title="How governments talked",
    sentence="Contacts held each month by all states together, a row for each channel; each row has its own scale and begins at zero.",
    order=40,
)
def build(run: StoredRun) -> Drawn:
    """Draw each channel that is recorded."""
    named = [(name, run.series(PREFIX + name)) for name in run.starting_with(PREFIX) if name in style.CHANNEL_COLOUR]
    rows = [Row(values, WORDS[name], "a month", style.CHANNEL_COLOUR[name]) for name, values in named]
    return draw(run, rows, _finding(run, named))


def _finding(run: StoredRun, named: list[tuple[str, Floats]]) -> str:
    if not named:
        return "No contacts were recorded."
    first, last = (month_label(int(run.months[k])) for k in (0, -1))
    totals = {name: float(np.median(np.nansum(values, axis=1))) for name, values in named}
    whole = sum(totals.values())
    if whole == 0:
        return f"No government contacted another between {first} and {last}."
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    shares = [f"{WORDS[name].lower()} {totals[name] / whole:.0%}" for name in ranked]
    years = len(run.months) / 12
    together = np.sum([np.nansum(values, axis=1) for _, values in named], axis=0)
    spread = ""
    if run.n_runs > 1:
        low, high = np.quantile(together, [0.1, 0.9]) / years
        spread = f" ({style.number(float(low))} to {style.number(float(high))} in the middle 80 % of runs)"
    yearly = style.number(float(np.median(together)) / years)
    return f"From {first} to {last} governments hold {yearly} contacts a year{spread}: {style.listed(shares)}."
