"""Measure start-up, memory, the command line, and what compiling the kernels gives; run by ``make bench``.

Numbers are of this machine and this moment: each line gives the median and the range of its rounds. Kernels are compiled once before
anything is timed, as they are on every machine after its first run.
"""

from __future__ import annotations

import subprocess
import sys
import time

from rounds import QUICK, TOUCH, closed, interleaved, measured, opened, ratios, said

WORKER = """
import json, time; t = time.perf_counter()
from sim import engine
world = engine.start(engine.build({tree}), 7); engine.step(world)
first = time.perf_counter() - t
t = time.perf_counter()
for _ in range({months}): engine.step(world)
month = (time.perf_counter() - t) / {months}
import resource
print(json.dumps([first, month, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
DOOR = ["-m", "sim", "scenarios=baseline", "seed=7", "start=2019-01", "end=2019-01", "record=scalars", "outputs=outputs/bench"]
EIGHT = {"roster": {"states": ["CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "SGP", "USA"]}}


def door() -> float:
    """Return seconds from starting the command line to the end of a run of one month."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *DOOR], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    opened()
    rounds = 1 if TOUCH else 2 if QUICK else 5
    real = WORKER.format(tree={}, months=1 if TOUCH else 12 if QUICK else 48)
    if not TOUCH:
        measured(real)
    rows = [measured(real) for _ in range(rounds)]
    said("193 states: fresh worker to the end of its first month", [row[0] for row in rows], "s", "1.5")
    said("193 states: one month, over the months that follow", [1000 * row[1] for row in rows], "ms")
    said("193 states: peak memory of a worker", [row[2] for row in rows], "MB", "300")
    n = 20 if TOUCH else 500 if QUICK else 2000
    tree = {"roster": {"kind": "synthetic", "n": n}}
    rows = [measured(WORKER.format(tree=tree, months=1 if TOUCH else 13)) for _ in range(1 if QUICK else 3)]
    said(f"{n} synthetic states: fresh worker to the end of its first month", [row[0] for row in rows], "s")
    said(f"{n} synthetic states: peak memory of a worker", [row[2] for row in rows], "MB", "600")
    if not TOUCH:
        door()
    said("command line: start to the end of a one-month run", [door() for _ in range(rounds)], "s", "2.5")
    code = WORKER.format(tree=EIGHT, months=1 if TOUCH else 6)
    ways = {"compiled": lambda: measured(code)[1], "plain": lambda: measured(code, CLOUD_DIPLOMACY_JIT="off")[1]}
    found = interleaved(ways, 1 if QUICK else 3)
    said("8 states: kernels plain over compiled, one month", ratios(found["plain"], found["compiled"]), "times")
    closed()


if __name__ == "__main__":
    main()
