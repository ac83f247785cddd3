"""What the benchmarks share: fresh workers, rounds side by side, and lines that say median and range."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from typing import Any

TOUCH = "--touch" in sys.argv[1:]
"""Everything once, on next to nothing: the tests run every benchmark so, to see that it still fits the code. Its figures mean nothing."""
QUICK = TOUCH or "--quick" in sys.argv[1:]
"""Fewer rounds and smaller worlds, for a first look."""


def measured(code: str, **environment: str) -> Any:
    """Run a snippet in a fresh interpreter and read its last line as JSON.

    Raises
    ------
    SystemExit
        If the snippet fails: with what it said.
    """
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"a measured worker failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def said(name: str, values: list[float], unit: str, mark: str = "") -> None:
    """Print one line: median, range, number of rounds, and the mark it is held against."""
    count = f"{len(values)} round{'s' if len(values) > 1 else ''}"
    line = f"  {name:<64} {statistics.median(values):9.3f} {unit:<6} ({min(values):.3f} to {max(values):.3f}, {count})"
    print(line + (f"  mark {mark}" if mark else ""), flush=True)


def interleaved(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[Any]]:
    """Run several ways in turn, so that a busy machine slows all of them alike."""
    found: dict[str, list[Any]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return found


def ratios(over: list[float], under: list[float]) -> list[float]:
    """Return one ratio for each round."""
    return [a / b for a, b in zip(over, under, strict=True)]


def effective_cores() -> float:
    """Return how many cores two busy processes really get."""
    code = "import time\nn=0\nt=time.perf_counter()\nwhile time.perf_counter()-t<1.0:\n    sum(range(2000)); n+=1\nprint(n)"
    alone = measured(code)
    pair = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return sum(float(one.communicate()[0]) for one in pair) / float(alone)


def opened() -> None:
    """Print what was measured with, and how much of the machine there was when it began."""
    from sim.kernels import COMPILED, CPU

    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "numba", "scipy", "mesa"))
    print(f"  {platform.python_implementation()} {platform.python_version()}, {versions}; kernels {'compiled' if COMPILED else 'plain'}")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"  {CPU}, {os.cpu_count()} cores, load {load}", flush=True)
    if not TOUCH:
        said("effective cores of two busy processes, before", [effective_cores()], "cores")


def closed() -> None:
    """Print how much of the machine there was at the end."""
    if not TOUCH:
        said("effective cores of two busy processes, after", [effective_cores()], "cores")
