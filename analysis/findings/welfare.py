"""Who gains and who loses in the baseline: by source, region, income and state, after what of it is not to be believed."""

from __future__ import annotations

import numpy as np

from analysis import style
from analysis.findings import Lived, table
from analysis.findings._gains import BILLION, Floats, Gains, billions, cells, gains_of, median_of, middle_of
from analysis.findings._gains_limits import limits
from analysis.validation.page import figure_of
from sim.metrics.welfare_shares import QUARTERS, regions_of
from sim.types import month_label

TITLE = "Who gains, who loses"
SEEDS = 20
LEAD = """
The baseline from 2019-01 to 2025-12, all states. Welfare is what all that is in force in the last
month is worth a year, against there being nothing. How it is measured:
[welfare.md](../welfare.md). A number is the median over seeds. Beside it stands the interval of the
median, of order statistics, at 95 %. Medians of parts do not add up to the median of the whole; in
each run parts do. *bp* are hundredths of a per cent of GDP.
"""
MOST = 10
INCOME = ("poorest quarter by GDP per head", "second quarter", "third quarter", "richest quarter")
LISTS = (
    ("States that gain most, bp", "bp", 1),
    ("States that gain most, million USD", "usd", 1),
    ("States that lose most, bp", "bp", -1),
    ("States that lose most, million USD", "usd", -1),
)


def body(lived: Lived) -> str:
    """Live the baseline and return limits and tables."""
    gains = gains_of(lived.result(SEEDS))
    parts = [f"Seeds 0 to {SEEDS - 1}; last month {month_label(gains.setting.config.end)}."]
    parts += ["## What not to believe", limits(lived, gains)]
    parts += ["## By source", by_source(gains)]
    parts += ["## Third parties and diversion", diversion(gains)]
    parts += ["## How unequal", inequality(gains)]
    parts += ["## By income and by region", by_group(gains)]
    for title, unit, sign in LISTS:
        parts += [f"## {title}", most(gains, unit, sign)]
    return "\n\n".join(parts)


def by_source(gains: Gains) -> str:
    """Return what each source brings all states together, the largest first, and the whole last."""
    whole, rows = gains.gdp.sum(axis=1) / BILLION, []
    columns = {name: f"welfare_usd_{name}" for name in gains.sources}
    paid = {name: billions(gains.scalars(column)) for name, column in columns.items()}
    some = sorted((name for name in paid if paid[name].any()), key=lambda name: -abs(middle_of(paid[name])))
    for title, column in (*((gains.title(name), columns[name]) for name in some), ("**all**", "welfare_usd")):
        usd = billions(gains.scalars(column))
        rows.append([title, figure_of(billions(gains.began(column)).item()), *cells(usd), *cells(1e4 * usd / whole)])
    head = ["source", "first month, billion USD", "last month, billion USD", "interval", "bp of the GDP of all", "interval"]
    idle = [gains.title(name) for name in gains.sources if name not in some]
    told = f"\n\nNothing comes of {style.listed(idle)}: no text in force settles it, or nobody pays." if idle else ""
    return table(head, rows) + told


def diversion(gains: Gains) -> str:
    """Return what those lose whose trade no instrument frees, and what those lose whose trade one does."""
    usd, third = gains.usd("diversion"), gains.bp["trade"] == 0.0
    opened = gains.usd("trade").sum(axis=1)
    between = [median_of(-row[who]) for row, who in zip(gains.bp["diversion"], third, strict=True)]
    rows = [
        ["states for whom no instrument frees trade", "states", *cells(third.sum(axis=1))],
        ["their loss by diversion", "billion USD", *cells(-_over(usd, third))],
        ["the same beside their GDP", "bp", *cells(_beside(-_over(usd, third), gains.gdp, third))],
        ["the one in the middle of them", "bp", *cells(np.array(between))],
        ["loss by diversion of the others", "billion USD", *cells(-_over(usd, ~third))],
        ["the same beside their GDP", "bp", *cells(_beside(-_over(usd, ~third), gains.gdp, ~third))],
        ["loss by diversion for each USD that trade with partners brings", "USD", *cells(_ratio(-usd.sum(axis=1), opened))],
    ]
    return table(["", "unit", "median", "interval"], rows)


def inequality(gains: Gains) -> str:
    """Return Gini coefficients, the share of the weaker half, and how many lose."""
    rows = [
        ["Gini coefficient of gains and losses in USD", "index 0-1", *cells(gains.scalars("welfare_gini"))],
        ["the same in bp of own GDP", "index 0-1", *cells(gains.scalars("welfare_gini_bp"))],
        ["share of the weaker half of states", "% of net gains", *cells(100 * gains.scalars("welfare_share_weaker_half"))],
        ["states that lose", "% of states", *cells(100 * gains.scalars("welfare_losers"))],
    ]
    return table(["", "unit", "median", "interval"], rows)


def by_group(gains: Gains) -> str:
    """Return the share of net gains of each quarter of states by GDP per head, and of each region."""
    n = gains.setting.n_states
    names, place = regions_of(gains.setting.roster.regions)
    sizes = np.bincount(np.arange(n) * QUARTERS // n, minlength=QUARTERS)
    groups = [(title, f"quarter_{q + 1}", int(sizes[q])) for q, title in enumerate(INCOME)]
    groups += [(name.replace("_", " ").title(), f"in_{name}", int((place == at).sum())) for at, name in enumerate(names)]
    whole, rows = billions(gains.scalars("welfare_usd")), []
    for title, column, size in groups:
        share = gains.scalars(f"welfare_share_{column}")
        rows.append([title, str(size), *cells(100 * share), *cells(share * whole)])
    return table(["group", "states", "% of net gains", "interval", "billion USD", "interval"], rows)


def most(gains: Gains, unit: str, sign: int) -> str:
    """Return the states that gain most (``sign`` 1) or lose most (-1) in bp or in million USD, the first the most."""
    values = gains.bp["whole"] if unit == "bp" else 1e3 * gains.usd()
    middle = np.median(values, axis=0)
    roster, rows = gains.setting.roster, []
    for i in sorted(range(len(middle)), key=lambda at: (-sign * middle[at], roster.codes[at]))[:MOST]:
        if sign * middle[i] > 0.0:
            some = f"{(sign * values[:, i] > 0.0).sum()} of {len(values)}"
            rows.append([roster.names[i], *cells(values[:, i]), some, _mainly(gains, i)])
    head = ["state", "median", "interval", f"seeds in which it {'gains' if sign > 0 else 'loses'}", "mainly by, bp"]
    return table(head, rows) if rows else "None."


def _mainly(gains: Gains, i: int) -> str:
    """Name the three sources that move a state most, in bp."""
    found = {gains.title(name): middle_of(gains.bp[name][:, i]) for name in gains.sources}
    ranked = sorted((name for name in found if found[name]), key=lambda name: (-abs(found[name]), name))
    return "; ".join(f"{name} {figure_of(found[name])}" for name in ranked[:3])


def _over(values: Floats, some: Floats) -> Floats:
    """Add up some states of each seed, (S, N) to (S,)."""
    return np.asarray(np.where(some, values, 0.0).sum(axis=1))


def _beside(usd: Floats, gdp: Floats, some: Floats) -> Floats:
    """Return money of some states, billion USD, beside their GDP, USD: in bp."""
    return 1e4 * _ratio(usd, _over(gdp, some) / BILLION)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Divide seed by seed; NaN where there is nothing to divide by."""
    out = np.full(len(above), np.nan)
    np.divide(above, below, out=out, where=below > 0.0)
    return out
