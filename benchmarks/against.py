"""Measure this tree against a base commit, side by side: a month with its measurements, a fresh worker, memory, a study's overhead.

Run by ``make against``. Each round measures the base and this tree in turn in fresh interpreters, so that a busy machine slows both alike,
and each line gives the median and range of the ratios, this tree over the base: 1.00 is no change. Numbers are of this machine and this
moment. Kernels of both trees are compiled once before anything is timed.

Exit codes: 0 measured; 2 there is no such base.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from rounds import ratios
from same import ROOT, commit_of, tree_at
from same_compare import Refused

WORLD = """
import json, resource, time
begun = time.perf_counter()
from sim import engine, recorder
setting = engine.build({tree})
world = engine.start(setting, 7)
record = recorder.Recorder(setting, "series")
engine.step(world)
record.measure(world)
first = time.perf_counter() - begun
spent = []
for _ in range({months}):
    begun = time.perf_counter()
    engine.step(world)
    record.measure(world)
    spent.append(time.perf_counter() - begun)
spent.sort()
print(json.dumps([sum(spent) / len(spent), first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
STUDY = """
import contextlib, io, json, tempfile, time
from sim.study import run_study
tree = {{
    "factors": {{"mechanisms.contacts.heads": {{}}}},
    "sampler": {{"kind": "random", "size": {runs}}},
    "chunk": 100,
    "set": {{"start": "2019-11", "end": "2020-02", "roster.states": ["DEU", "GBR", "USA"]}},
}}
if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        begun = time.perf_counter()
        run_study(tree, outputs=place, workers=1)
        spent = time.perf_counter() - begun
    print(json.dumps([spent / {runs}]))
"""
FIGURES = ("a month with its measurements", "fresh worker to the end of its first month", "peak memory of a worker")


def lived(tree: Path, code: str) -> list[float]:
    """Run a snippet with the ``sim`` of one tree, in a fresh interpreter, and read its last line as JSON.

    Raises
    ------
    SystemExit
        If the snippet fails: with what it said.
    """
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"a measured worker failed in {tree}:\n{done.stderr}")
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def said(name: str, old: list[float], new: list[float], unit: str) -> None:
    """Print one line: the ratio's median and range, and both medians."""
    found = ratios(new, old)
    print(
        f"  {name:<66} {statistics.median(found):6.3f}  ({min(found):.3f} to {max(found):.3f}; "
        f"{statistics.median(old):.4g} to {statistics.median(new):.4g} {unit})",
        flush=True,
    )


def main() -> int:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("base", help="the commit to measure against")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--sizes", type=int, nargs="*", default=[193, 500, 2000, 4000])
    words.add_argument("--touch", action="store_true", help="everything once, on next to nothing")
    asked = words.parse_args()
    rounds = 1 if asked.touch else asked.rounds
    try:
        with tree_at(commit_of(asked.base)) as base:
            for n in [8] if asked.touch else asked.sizes:
                tree = {} if n == 193 else {"roster": {"kind": "synthetic", "n": n}}
                code = WORLD.format(tree=tree, months=1 if asked.touch else max(6, 24 * 193 // n))
                if not asked.touch:
                    lived(base, code), lived(ROOT, code)
                found = [(lived(base, code), lived(ROOT, code)) for _ in range(rounds)]
                for at, (figure, unit) in enumerate(zip(FIGURES, ("s", "s", "MB"), strict=True)):
                    said(f"{n} states: {figure}", [old[at] for old, _ in found], [new[at] for _, new in found], unit)
            runs = 4 if asked.touch else 200
            code = STUDY.format(runs=runs)
            both = [(lived(base, code), lived(ROOT, code)) for _ in range(rounds)]
            said("a tiny run in a study, overhead included", [old[0] for old, _ in both], [new[0] for _, new in both], "s")
    except Refused as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
