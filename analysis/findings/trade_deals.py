"""Who begins a trade deal: the fit behind the occasions of digital trade agreements, what it was chosen over, and how well it ranks."""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray

from analysis.findings import Lived, table
from sim import engine
from sim.mechanisms.trade_deals import TradeDeals
from sim.params import configure
from sim.state.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TITLE = "Who begins a trade deal"
FIRST, LAST = 2011, 2018
LEAD = f"""
Logistic regressions by maximum likelihood on pairs of parties and years, {FIRST} to {LAST}. A pair is at
risk while no trade agreement with services is in force between the two. It begins one in the year in
which `trade_agreements.csv` has one in force first. What is known of a pair is what the baseline knows
in January of the year (seed 0). States of the European Union are in it by the Union alone.

Trade is digital trade both ways in 10^9 USD, distance is in 1,000 km, *deals* is the sum of
`ln(1 + n)` over the two with `n` deals in force, hostility and protection are from 0 to 1, and
protection is that of the party that has less. Lower AIC is better.
"""
NAMES = {
    "base": "constant",
    "trade": "log trade",
    "trade_squared": "its square",
    "distance": "log distance",
    "affinity": "likeness of votes",
    "deals": "deals",
    "hostility": "hostility",
    "protection": "protection against the state",
}
TAKEN = ("base", "trade", "trade_squared", "distance", "deals", "hostility", "protection")
FORMS = {
    "trade, distance and likeness of votes": ("base", "trade", "distance", "affinity"),
    "and hostility": ("base", "trade", "distance", "affinity", "hostility"),
    "deals in place of likeness": ("base", "trade", "distance", "deals", "hostility"),
    "and the square of trade": ("base", "trade", "trade_squared", "distance", "deals", "hostility"),
    "and protection: taken": TAKEN,
}
BANDS = ((0, 50), (50, 100), (100, 500), (500, 3000), (3000, 100000))


def body(lived: Lived) -> str:
    """Return the coefficients, the forms compared, and what the likeliest pairs did."""
    lived.heard(f"pairs of {FIRST} to {LAST} without a trade deal")
    columns, begun = _pairs()
    fitted = {form: _fit(columns, begun, names) for form, names in FORMS.items()}
    best = fitted["and protection: taken"]
    part = TradeDeals()
    rows = [
        [NAMES[name], f"{value:.3f}", f"{error:.3f}", f"{getattr(part, name):g}"]
        for name, value, error in zip(TAKEN, best.params, best.bse, strict=True)
    ]
    forms = [[form, f"{one.aic:.1f}", *_bands(one, begun)] for form, one in fitted.items()]
    head = ["form", "AIC", *(f"likeliest {low + 1:,} to {min(high, len(begun)):,}" for low, high in BANDS)]
    return (
        f"{int(begun.sum())} deals begin in {len(begun):,} pairs and years.\n\n"
        f"{table(['what', 'fitted', 'standard error', 'in the model'], rows)}\n\n"
        f"## What it was chosen over\n\nPairs and years are ranked by their fitted chance. Each cell says how many deals were expected, "
        f"and how many began.\n\n{table(head, forms)}"
    )


def _pairs() -> tuple[dict[str, Floats], Floats]:
    config = configure({"scenarios": "baseline", "start": f"{FIRST - 1}-01", "end": f"{LAST}-12"})
    world = engine.start(engine.assemble(config), 0)
    years, begun = list[dict[str, Floats]](), list[Floats]()
    while world.month < 12 * LAST:
        engine.step(world)
        if world.month % 12 == 0 and world.month // 12 >= FIRST:
            one, new = _year(world)
            years.append(one)
            begun.append(new)
    return {name: np.concatenate([one[name] for one in years]) for name in NAMES}, np.concatenate(begun)


def _year(world: World) -> tuple[dict[str, Floats], Floats]:
    edges, n, year = world.setting.edges, world.setting.n_parties, world.month // 12
    held, after = (_held(world, at) for at in (year - 1, year))
    inside = np.zeros(n, dtype=np.bool_)
    inside[: world.setting.n_states] = world.member.any(axis=0)
    keys = edges.row.astype(np.int64) * n + edges.col
    there = (world.gdp[edges.row] > 0.0) & (world.gdp[edges.col] > 0.0) & ~inside[edges.row] & ~inside[edges.col]
    e = np.flatnonzero((edges.row < edges.col) & there & ~world.blocked & ~np.isin(keys, held))
    i, j = edges.row[e], edges.col[e]
    had = np.log1p(np.bincount((held // n)[~inside[held % n]], minlength=n))
    trade = np.log(np.maximum(world.trade_known[e] + world.trade_known[edges.rev[e]], 1e3) / 1e9)
    columns = {
        "base": np.ones(len(e)),
        "trade": trade,
        "trade_squared": trade * trade,
        "distance": edges.log_distance[e],
        "affinity": edges.affinity[e],
        "deals": had[i] + had[j],
        "hostility": world.hostility[e],
        "protection": np.minimum(world.protection_state[i], world.protection_state[j]),
    }
    return columns, np.isin(keys[e], after).astype(np.float64)


def _held(world: World, year: int) -> Ints:
    """Return the ordered pairs, by number, between which a deal with services is in force in a year, each once."""
    deals, n = world.setting.roster.deals, world.setting.n_parties
    rows = deals.services_in_force(year)
    first, second = deals.first[rows], deals.second[rows]
    return np.unique(np.concatenate([first * n + second, second * n + first]))


def _fit(columns: dict[str, Floats], begun: Floats, names: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return sm.Logit(begun, np.column_stack([columns[name] for name in names])).fit(disp=0)


def _bands(fitted, begun: Floats) -> list[str]:  # type: ignore[no-untyped-def]
    chance = fitted.predict()
    order = np.argsort(-chance, kind="stable")
    return [f"{chance[order[low:high]].sum():.1f}, {int(begun[order[low:high]].sum())}" for low, high in BANDS]
