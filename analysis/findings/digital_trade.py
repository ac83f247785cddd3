"""How the model's digital trade looks beside what is published, and beside symmetric gravity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.findings import Lived, table
from sim import engine
from sim.data.further.pairs import read_pairs
from sim.data.source import read_source
from sim.data.ties import great_circle
from sim.mechanisms.effects.rule import Effects
from sim.params import configure
from sim.state.world import World
from sim.trade.balance import fitted

Floats = NDArray[np.float64]

TITLE = "Who sells digital services to whom"
YEARS = (2011, 2015, 2019, 2023)
LEAD = """
The world as a run begins in January of four years, all states, on figures as recorded. *Largest
exporter* is its share of the world's exports, *Gini* that of all states' exports. *Asymmetry* is the
part of trade between states that is not returned: the sum of `|X_ij - X_ji|` over pairs, over all
trade. *Margin* is the largest difference of what a state sells in all from its published exports, as
a share of it. UNCTAD has the United States at 15 to 18 % of the world's exports, and a Gini
coefficient of about 0.89.

The null is symmetric gravity: each state sells abroad, and buys there, in proportion to its GDP, with
the same ease of pairs. Under it what is sold is returned to the dollar.
"""


def body(lived: Lived) -> str:
    """Return the table of years, and the fit of the structure of pairs."""
    rows = []
    for year in YEARS:
        lived.heard(f"the world as it begins in {year}")
        rows.append([str(year), *_told(_begun(year))])
    head = [
        "year",
        "largest exporter",
        "Gini",
        "asymmetry",
        "margin",
        "sold to nobody who reports it",
        "null: exporter",
        "Gini",
        "asymmetry",
    ]
    return f"{table(head, rows)}\n\n## What pairs are fitted to\n\n{_fit()}"


def _begun(year: int) -> World:
    config = configure({"scenarios": "baseline", "start": f"{year}-01", "end": f"{year}-12", "data": {"pandemic": "recorded"}})
    return engine.start(engine.assemble(config), 0)


def _told(world: World) -> list[str]:
    n, digital = world.setting.n_states, world.setting.roster.digital
    sold = digital.exports[1]
    flow = _dense(world, world.trade)
    # What is sold to the rest, and to nobody who reports it, is in proportion to the factor of exports.
    left = sold - flow.sum(axis=1)
    off = np.abs(left - left.sum() / world.sells.sum() * world.sells)
    size = np.sqrt(world.gdp[:n])
    ease = np.divide(flow, np.outer(world.sells, world.buys), out=np.zeros_like(flow), where=flow > 0.0)
    null = np.outer(size, size) * 0.5 * (ease + ease.T)
    for _ in range(200):
        # Symmetric: one factor a state, so that it sells, and buys, its share of GDP.
        by = np.sqrt(world.gdp[:n] / null.sum(axis=1))
        null *= np.outer(by, by)
    whole = float(digital.sides(int(digital.years[1]))[0].sum())
    largest = int(sold.argmax())
    return [
        f"{world.setting.codes[largest]} {100 * sold[largest] / whole:.1f} %",
        f"{_gini(sold):.3f}",
        f"{_asymmetry(flow):.3f}",
        f"{(off / np.maximum(sold, 1.0)).max():.0e}",
        f"{100 * digital.discrepancy[1] / whole:.0f} %",
        f"{100 * null.sum(axis=1)[largest] / null.sum():.1f} %",
        f"{_gini(null.sum(axis=1)):.3f}",
        f"{_asymmetry(null):.3f}",
    ]


def _fit() -> str:
    source = read_source(None)
    n = len(source.codes)
    seller, buyer, _, usd = read_pairs(None, (*source.codes, *sorted(source.blocs)))
    states = (seller < n) & (buyer < n)
    i, j, value = seller[states], buyer[states], usd[states]
    km = great_circle(source.lat, source.lon, i, j, 50.0)
    traits = np.stack([np.log(km), source.ties["border"].at(n, i, j), source.ties["language"].at(n, i, j)], axis=-1)
    found, r_squared = fitted(i, j, value, traits)
    names = ("distance (elasticity)", "land border (log points)", "official language in common (log points)")
    part = Effects()
    taken = (-part.distance_elasticity, part.contiguity, part.common_language)
    rows = [[name, f"{one:.3f}", f"{used:g}"] for name, one, used in zip(names, found, taken, strict=True)]
    return (
        f"Ordinary least squares on {len(value)} ordered pairs of states in 2022, all services, with an effect of each exporter and "
        f"importer: R squared {r_squared:.3f}.\n\n{table(['trait', 'fitted', 'in the model'], rows)}"
    )


def _dense(world: World, values: Floats) -> Floats:
    n, edges = world.setting.n_states, world.setting.edges
    found = np.zeros((n, n))
    states = (edges.row < n) & (edges.col < n)
    found[edges.row[states], edges.col[states]] = values[states]
    return found


def _gini(values: Floats) -> float:
    ranked = np.sort(values)
    n = len(ranked)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * ranked.sum()))


def _asymmetry(flow: Floats) -> float:
    return float(np.abs(np.triu(flow) - np.tril(flow).T).sum() / flow.sum())
