"""Measure this tree against a base commit: a month with its measurements, a fresh worker, its memory, and what a study adds to a run.

Run by ``make against``. What counts is processor time, which a busy machine stretches far less than the clock. Base and tree are measured
in turn, and of each the least of many rounds is taken, month by month where months are lived: what comes on top of it is not the model's.
Each line gives the ratio of the leasts, this tree over the base (1.00 is no change); in brackets its range over rounds, and both leasts.
Ratios by the clock stand last, as medians. Kernels of both trees are compiled before anything is measured.

Exit codes: 0 measured; 2 there is no such base.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rounds import ratios
from same import HERE, ROOT, THREADS, commit_of, tree_at
from same_compare import Refused

MONTHS = """
import gc, json, sys, time
from sim import engine, recorder
setting = engine.build({tree})
def lived():
    world = engine.start(setting, 7)
    record = recorder.Recorder(setting, "series")
    spent = []
    for _ in range({months}):
        began, own = time.perf_counter(), time.process_time()
        engine.step(world)
        record.measure(world)
        spent.append([time.process_time() - own, time.perf_counter() - began])
    return spent
lived()
print("[]", flush=True)
for _ in sys.stdin:
    gc.collect()
    print(json.dumps(lived()), flush=True)
"""
WORKER = """
import json, resource, time
began = time.perf_counter()
from sim import engine, recorder
import sim.run
setting = engine.build({tree})
world = engine.start(setting, 7)
record = recorder.Recorder(setting, "series")
engine.step(world)
record.measure(world)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024]))
"""
STUDY = """
import contextlib, io, json, resource, tempfile, time
from sim.study import run_study
tree = {{
    "factors": {{"mechanisms.trust.memory": {{}}}},
    "sampler": {{"kind": "random", "size": {runs}}},
    "chunk": 100,
    "set": {{"start": "2019-11", "end": "2020-02", "roster.states": ["DEU", "GBR", "USA"]}},
}}
def used():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)
if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        began, own = time.perf_counter(), used()
        run_study(tree, outputs=place, workers=1)
        spent = [used() - own, time.perf_counter() - began]
    print(json.dumps([one / {runs} for one in spent]))
"""
MARK = 1.05
"""Ratio that a change is held to."""


class Sides:
    """The two trees, and what costs more than the mark so far."""

    def __init__(self, base: Path, compiled: str) -> None:
        self.trees = (base, ROOT)
        # Workers find compiled Python, as they do wherever the model is installed, and the trees are left as they are.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._environment = {**kept, **dict.fromkeys(THREADS, "1"), "PYTHONPYCACHEPREFIX": compiled, "PYTHONWARNINGS": ""}
        self.over: list[str] = []

    def begun(self, tree: Path, code: str) -> subprocess.Popen[str]:
        """Begin a snippet with the ``sim`` of one tree, in a fresh interpreter."""
        door, environment = [sys.executable, "-c", code], {**self._environment, "PYTHONPATH": str(tree)}
        pipe = subprocess.PIPE
        return subprocess.Popen(door, cwd=tree, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def once(self, code: str) -> list[list[float]]:
        """Run a snippet to its end on both sides in turn, and read the last line of each as JSON."""
        found = []
        for tree in self.trees:
            process = self.begun(tree, code)
            said, fault = process.communicate()
            if process.returncode:
                raise SystemExit(f"a measured worker failed in {tree}:\n{fault}")
            found.append(json.loads(said.splitlines()[-1]))
        return found

    def held(self, code: str, passes: int) -> list[list[Any]]:
        """Hold a worker of each side, let them live the same in turn, and return what each said in every pass."""
        workers = [self.begun(tree, code) for tree in self.trees]
        try:
            told = [self._line(worker) for worker in workers]
            passed: list[list[Any]] = [[] for _ in told]
            for at in range(passes):
                for side in (0, 1) if at % 2 else (1, 0):
                    _pipe(workers[side].stdin).write("again\n")
                    _pipe(workers[side].stdin).flush()
                    passed[side].append(self._line(workers[side]))
        finally:
            for worker in workers:
                worker.kill()
                worker.communicate()
        return passed

    def _line(self, worker: subprocess.Popen[str]) -> Any:
        line = _pipe(worker.stdout).readline()
        if not line:
            raise SystemExit(f"a measured worker failed:\n{_pipe(worker.stderr).read()}")
        return json.loads(line)

    def said(self, name: str, old: Sequence[float], new: Sequence[float], unit: str, clock: float | None = None) -> None:
        """Print one line, of one value of each round."""
        ratio, by_round = min(new) / min(old), ratios(list(new), list(old))
        last = "" if clock is None else f"; by the clock {clock:.3f}"
        print(
            f"  {name:<56} {ratio:6.3f}  ({min(by_round):.3f} to {max(by_round):.3f}; {min(old):.4g} to {min(new):.4g} {unit}{last})",
            flush=True,
        )
        if ratio > MARK:
            self.over.append(f"{name} ({ratio:.3f})")


def _pipe(pipe: Any) -> Any:
    assert pipe is not None
    return pipe


def months(sides: Sides, n: int, code: str, pairs: int, passes: int) -> None:
    """Measure a month: of each pair of workers the least of every month, since what a worker is given of memory moves all its months."""
    own: list[list[float]] = [[], []]
    clock = []
    least: list[list[float]] = [[], []]
    for _ in range(pairs):
        passed = sides.held(code, passes)
        for side, lives in enumerate(passed):
            by_month = [min(life[at][0] for life in lives) for at in range(len(lives[0]))]
            own[side].append(1e3 * sum(by_month) / len(by_month))
            least[side] = by_month if not least[side] else [min(both) for both in zip(least[side], by_month, strict=True)]
        walls = [[sum(month[1] for month in life) for life in lives] for lives in passed]
        clock += ratios(walls[1], walls[0])
    both = [1e3 * sum(one) / len(one) for one in least]
    sides.said(f"{n} states: a month with its measurements", [*own[0], both[0]], [*own[1], both[1]], "ms", statistics.median(clock))


def worker(sides: Sides, n: int, code: str, rounds: int) -> None:
    """Measure a fresh worker to the end of its first month, and its memory."""
    sides.once(code)
    found = [sides.once(code) for _ in range(rounds)]
    old, new = ([one[side] for one in found] for side in (0, 1))
    clock = statistics.median(ratios([one[1] for one in new], [one[1] for one in old]))
    sides.said(f"{n} states: fresh worker to the end of its first month", [one[0] for one in old], [one[0] for one in new], "s", clock)
    sides.said(f"{n} states: peak memory of a worker", [one[2] for one in old], [one[2] for one in new], "MB")


def study(sides: Sides, runs: int, rounds: int) -> None:
    """Measure a tiny run in a study: all the processes that it takes."""
    code = STUDY.format(runs=runs)
    found = [sides.once(code) for _ in range(rounds)]
    old, new = ([one[side] for one in found] for side in (0, 1))
    clock = statistics.median(ratios([one[1] for one in new], [one[1] for one in old]))
    sides.said("a tiny run in a study", [1e3 * one[0] for one in old], [1e3 * one[0] for one in new], "ms", clock)


def main() -> int:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--base", default="", help="commit to measure against; without it the one in benchmarks/same_base.txt")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--sizes", type=int, nargs="*", default=[193, 500, 2000, 4000])
    words.add_argument("--touch", action="store_true", help="everything once, on next to nothing")
    asked = words.parse_args()
    rounds, pairs, passes = (1, 1, 1) if asked.touch else (asked.rounds, 3, asked.rounds)
    try:
        commit = commit_of(asked.base or (HERE / "same_base.txt").read_text(encoding="ascii").strip())
        with tree_at(commit) as base, tempfile.TemporaryDirectory(prefix="against-") as compiled:
            print(f"base {commit}", flush=True)
            sides = Sides(base, compiled)
            for n in [8] if asked.touch else asked.sizes:
                tree = {} if n == 193 else {"roster": {"kind": "synthetic", "n": n}}
                many = 1 if asked.touch else max(6, 24 * 193 // n)
                months(sides, n, MONTHS.format(tree=tree, months=many), pairs, passes * max(1, 2000 // n) if passes > 1 else 1)
                worker(sides, n, WORKER.format(tree=tree), rounds)
            study(sides, 4 if asked.touch else 200, rounds)
    except Refused as fault:
        print(str(fault).replace("make same", "make against"), file=sys.stderr)
        return 2
    more = "; ".join(sides.over) or "nothing"
    print("  figures of a moment's touch mean nothing" if asked.touch else f"  more than {MARK - 1:.0%} above the base: {more}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
