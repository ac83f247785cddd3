"""Measure start-up, memory and the pace of a month; ratios come from rounds run side by side.

Run by ``make bench``. Numbers are of this machine and this moment: each line gives the median and the range of its rounds.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

ROUNDS = 5

FIRST_MONTH = """
import time; t = time.perf_counter()
from sim import engine
world = engine.start(engine.build({roster}), 7); engine.step(world)
first = time.perf_counter() - t
t = time.perf_counter()
for _ in range({months}): engine.step(world)
month = (time.perf_counter() - t) / {months}
import resource
print(first, month, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
AGENTS = """
import time
from sim import DiplomacyModel
model = DiplomacyModel("baseline", seed=7, plain={plain}, start="2019-02", end="2019-12")
model.step()
t = time.perf_counter()
for _ in range({months}): model.step()
print((time.perf_counter() - t) / {months})
"""
DOOR = ["-m", "sim", "scenarios=baseline", "seed=7", "start=2019-01", "end=2019-01", "record=scalars", "outputs=outputs/bench"]


def measured(code: str, **environment: str) -> list[float]:
    """Run a snippet in a fresh interpreter and read the numbers of its last line."""
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def said(name: str, values: list[float], unit: str) -> None:
    """Print one line: median and range."""
    print(f"  {name:<58} {statistics.median(values):10.3f} {unit}   ({min(values):.3f} to {max(values):.3f}, {len(values)} rounds)")


def effective_cores() -> float:
    """Return how many cores two busy processes really get, measured beside the rest."""
    code = "import time\nn=0\nt=time.perf_counter()\nwhile time.perf_counter()-t<1.0:\n    sum(range(2000)); n+=1\nprint(n)"
    alone = measured(code)[0]
    pair = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    together = sum(float(one.communicate()[0]) for one in pair)
    return together / alone


def interleaved(ways: dict[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Run several ways in turn, so that a busy machine slows all of them alike."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return found


def door() -> float:
    """Return seconds from starting the command line to the end of a run of one month."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *DOOR], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    from importlib import metadata

    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "numba"))
    print(f"  {platform.python_implementation()} {platform.python_version()}, {versions}")
    said("effective cores of two busy processes", [effective_cores()], "cores")
    real = FIRST_MONTH.format(roster={}, months=48)
    measured(real)
    rows = [measured(real) for _ in range(ROUNDS)]
    said("193 states: fresh worker to the end of its first month", [r[0] for r in rows], "s")
    said("193 states: one month", [1000 * r[1] for r in rows], "ms")
    said("193 states: peak memory of a worker", [r[2] for r in rows], "MB")
    for n in (500, 2000):
        rows = [measured(FIRST_MONTH.format(roster={"roster": {"kind": "synthetic", "n": n}}, months=12)) for _ in range(3)]
        said(f"{n} synthetic states: one month", [1000 * r[1] for r in rows], "ms")
        said(f"{n} synthetic states: peak memory", [r[2] for r in rows], "MB")
    door()
    said("command line: start to the end of a one-month run", [door() for _ in range(ROUNDS)], "s")
    ways = {
        "engine": lambda: measured(AGENTS.format(plain=False, months=6))[0],
        "agents": lambda: measured(AGENTS.format(plain=True, months=2))[0],
    }
    found = interleaved(ways, 3)
    ratios = [a / e for a, e in zip(found["agents"], found["engine"], strict=True)]
    said("193 states: plain Mesa agents over the engine, one month", ratios, "times")
    small = {"roster": {"states": ["CHN", "DEU", "FRA", "IDN", "USA", "GBR", "SGP", "KEN"]}}
    code = FIRST_MONTH.format(roster=small, months=6)
    ways = {
        "compiled": lambda: measured(code)[1],
        "plain": lambda: measured(code, CLOUD_DIPLOMACY_JIT="off")[1],
    }
    found = interleaved(ways, 3)
    ratios = [p / c for p, c in zip(found["plain"], found["compiled"], strict=True)]
    said("8 states: kernels plain over compiled, one month", ratios, "times")


if __name__ == "__main__":
    main()
