"""The price of staff: how many data instruments are signed at each price, beside how many the world signed, and how staff moves them."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.backtest.labels import OURS, read_labels
from analysis.backtest.universe import universe
from analysis.findings import Lived, listed, table
from sim.recorder import RunData

TITLE = "The price of staff"
SEEDS = 12
YEARS = range(2010, 2019)
PRICES = (2e3, 4e3, 8e3)
LEAD = """
The baseline from 2010-01 to 2018-12, all states, under `nash`, seeds 0 to 11, which share their luck.
Counted are data instruments of two parties, by the year of signature. The world's are those of depth
2 or more in the labels of the backtest. The price `mechanisms.bargaining.staff_price` is the one number
that is fitted, to these nine counts (`docs/calibration.md`): the price to one digit whose mean comes nearest
to the total. *Spread* is the standard deviation over seeds.
"""


def body(lived: Lived) -> str:
    """Return a table of counts by price, and one of counts by staff."""
    span = {"start": f"{YEARS[0]}-01", "end": f"{YEARS[-1]}-12"}
    real = _real()
    rows = [["the world", f"{sum(real)}", "", listed(real)]]
    for price in PRICES:
        rows.append([f"{price:,.0f} USD an hour", *_told(lived.runs(SEEDS, **span, **_bargaining(staff_price=price)))])
    counts = {hours: _mean(lived.runs(SEEDS, **span, **_bargaining(desks=hours))) for hours in (0.75, 1.5, 3.0)}
    rise = [np.log(counts[b] / counts[a]) / np.log(b / a) for a, b in ((0.75, 1.5), (1.5, 3.0), (0.75, 3.0))]
    second = table(
        ["talks that the staff of a party of 10^11 USD can carry", "data instruments signed"],
        [[f"{hours:g}", f"{count:.1f}"] for hours, count in counts.items()],
    )
    return (
        f"{table(['price', 'signed', 'spread', 'by year, 2010 to 2018'], rows)}\n\n"
        f"How the number signed moves with staff hours, at the price that stands:\n\n{second}\n\n"
        f"The elasticity is {rise[0]:.2f} from 0.75 to 1.5, {rise[1]:.2f} from 1.5 to 3, and {rise[2]:.2f} over both (asked: below 0.5)."
    )


def _bargaining(**values: Any) -> dict[str, Any]:
    return {"mechanisms": {"bargaining": values}}


def _real() -> list[int]:
    """Count what two parties signed in the world, by year."""
    rows = [one for one in read_labels(OURS, universe()) if one.counts and len(one.parties) == 2]
    return [sum(one.signed // 12 == year for one in rows) for year in YEARS]


def _by_year(run: RunData) -> np.ndarray:
    """Count the data instruments signed in a run, by year."""
    ev = run.events
    signed = (ev["event"] == "signature") & (ev["type"] != "infrastructure_pact")
    return np.array([int(np.sum(ev["month"][signed] // 12 == year)) for year in YEARS])


def _told(runs: tuple[RunData, ...]) -> list[str]:
    each = np.stack([_by_year(run) for run in runs])
    whole = each.sum(axis=1)
    return [f"{whole.mean():.1f}", f"{whole.std(ddof=1):.1f}", ", ".join(f"{value:.1f}" for value in each.mean(axis=0))]


def _mean(runs: tuple[RunData, ...]) -> float:
    return float(np.mean([_by_year(run).sum() for run in runs]))
