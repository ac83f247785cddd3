"""Measure how the month grows with the number of states, and where its time goes; run by ``make bench``.

Worlds are synthetic, with everything on and at most 192 candidates a state. Starting up is left out: a year is timed from the second
month on, once for each size in each round, in processor time.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from typing import Any

from rounds import QUICK, TOUCH, closed, opened, said

from sim import engine
from sim.decide.decisions import Compiled
from sim.recorder import Recorder
from sim.world import Setting

SIZES = (20, 40) if TOUCH else (250, 500, 1000) if QUICK else (500, 1000, 2000, 4000)
ROUNDS = 1 if TOUCH else 2 if QUICK else 3
MONTHS = 2 if TOUCH else 12


def year(setting: Setting) -> float:
    """Return seconds a month over a year, the first month left out."""
    world = engine.start(setting, 7)
    engine.step(world)
    gc.collect()
    start = time.process_time()
    for _ in range(MONTHS):
        engine.step(world)
    return (time.process_time() - start) / MONTHS


def slope(sizes: tuple[int, ...], seconds: list[float]) -> float:
    """Return the slope of log seconds on log size, by least squares."""
    x, y = [math.log(n) for n in sizes], [math.log(s) for s in seconds]
    mean_x, mean_y = statistics.fmean(x), statistics.fmean(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)


def shares(setting: Setting, months: int) -> dict[str, float]:
    """Return seconds a month by mechanism, and of measuring it, over some months from the second on."""
    world, record, decide = engine.start(setting, 7), Recorder(setting, "scalars"), Compiled()
    parts: dict[str, Any] = {name: setting.config.mechanisms[name] for _, name in engine.MONTH}
    spent = dict.fromkeys([*parts, "measuring"], 0.0)
    for month in range(months + 1):
        for name, part in parts.items():
            start = time.process_time()
            part.step(world, decide)
            spent[name] += (time.process_time() - start) if month else 0.0
        world.month += 1
        start = time.process_time()
        record.measure(world)
        spent["measuring"] += (time.process_time() - start) if month else 0.0
    return {name: seconds / months for name, seconds in spent.items()}


def said_shares(name: str, setting: Setting, months: int) -> None:
    """Print how much of a month each mechanism takes: medians of rounds."""
    rows = [shares(setting, months) for _ in range(ROUNDS)]
    middle = {part: statistics.median(row[part] for row in rows) for part in rows[0]}
    whole = sum(middle.values())
    parts = ", ".join(f"{part} {100 * seconds / whole:.0f} %" for part, seconds in sorted(middle.items(), key=lambda one: -one[1]))
    print(f"  {name}: {1000 * whole:.2f} ms a month: {parts}", flush=True)


def main() -> None:
    """Print the table."""
    opened()
    real = engine.build({})
    said_shares("193 states, three years", real, MONTHS if TOUCH else 36)
    settings = {n: engine.build({"roster": {"kind": "synthetic", "n": n}}) for n in SIZES}
    rows = [[year(settings[n]) for n in SIZES] for _ in range(ROUNDS)]
    for place, n in enumerate(SIZES):
        edges = settings[n].edges.n
        said(f"{n} synthetic states, {edges:,} dyads: one month", [1000 * row[place] for row in rows], "ms")
    said(f"growth of the month with states, {SIZES[0]} to {SIZES[-1]}", [slope(SIZES, row) for row in rows], "power", "1.15")
    dyads = tuple(settings[n].edges.n for n in SIZES)
    said("growth of the month with dyads", [slope(dyads, row) for row in rows], "power")
    said_shares(f"{SIZES[-1]} states, a year", settings[SIZES[-1]], MONTHS)
    closed()


if __name__ == "__main__":
    main()
