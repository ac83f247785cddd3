"""Measure what a study costs beside the runs in it: overhead a run, two workers, memory of the parent, size and speed of the table.

Run by ``make bench``. Numbers are of this machine and this moment; ratios come from rounds run side by side. DuckDB is used if it is
installed.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from rounds import TOUCH

from sim import engine
from sim.batch import Spawning
from sim.folder import table_of, words_of
from sim.single import one_run
from sim.study import manage, pools, work
from sim.study.collect import collect
from sim.study.design import rows_of
from sim.study.gathered import Gathered
from sim.study.plan import Plan, plan_of
from sim.study.shards import ROW_DIGEST, index_of
from sim.study.store import Round, new_round
from sim.study.sums import row_digests

ROUNDS = 1 if TOUCH else 5
TINY: dict[str, Any] = {"set": {"start": "2019-11", "end": "2020-02", "roster.states": ["DEU", "GBR", "USA"]}, "chunk": 100}
MIDDLE: dict[str, Any] = {**TINY, "chunk": 10} if TOUCH else {"set": {"end": "2019-12"}, "chunk": 10}
WHOLE: dict[str, Any] = TINY if TOUCH else {}
FACTORS: dict[str, Any] = {"mechanisms.contacts.hours_head": {}, "mechanisms.bargaining.propose_rate": {}}
SPIN = "import time\nn=0\nt=time.perf_counter()\nwhile time.perf_counter()-t<1.0:\n    sum(range(2000)); n+=1\nprint(n)"
PARENT = """
import sys
sys.path.insert(0, "benchmarks")
from pathlib import Path
import bench_study
if __name__ == "__main__":
    before, after = bench_study.parent({runs})
    print(before, after)
"""


def said(name: str, values: list[float], unit: str) -> None:
    """Print one line: median and range."""
    print(
        f"  {name:<66} {statistics.median(values):10.3f} {unit}   ({min(values):.3f} to {max(values):.3f}, {len(values)} rounds)",
        flush=True,
    )


def seconds(task: Callable[[], Any]) -> float:
    """Return how long a task takes."""
    gc.collect()
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def begun(plan: Plan, place: Path) -> Path:
    """Make a study's folder."""
    return manage.begin(plan, place)


def overhead(name: str, tree: dict[str, Any], runs: int, place: Path) -> None:
    """Time a shard and, inside it, the runs themselves: the difference is what the study costs (one worker, warm).

    A run is the months it lives and their measuring (:func:`sim.single.one_run`). All else counts as overhead, though a part of it is
    needed to run a draw at all: reading its row, configuring and assembling it, its identity, the shard with its flush to the disk.
    Configuring and assembling is therefore also told apart, beside what it costs a draw run through :func:`sim.run.run` in a warm process.
    """
    extra, share, build, rest, alone = [], [], [], [], []
    real = work.one_run
    for at in range(ROUNDS):
        plan = plan_of({**tree, "sampler": {"kind": "random", "size": runs}, "chunk": runs})
        folder = begun(plan, place)
        worker = work.Worker(folder)
        worker.setting(next(iter(rows_of(folder, [(0, 1)], worker.paths))))
        inside: list[float] = []
        building: list[float] = []

        def timed(task: Callable[..., Any], noted: list[float]) -> Callable[..., Any]:
            def done(*words: Any) -> Any:
                begun_at = time.perf_counter()
                made = task(*words)
                noted.append(time.perf_counter() - begun_at)
                return made

            return done

        work.one_run = timed(real, inside)
        worker.setting = timed(worker.setting, building)
        try:
            took = seconds(lambda worker=worker, at=at: worker.shard(Round(1 + at, ((0, runs),), runs), ((0, runs),)))
        finally:
            work.one_run = real
        extra.append(1000 * (took - sum(inside)) / runs)
        share.append(100 * (took / sum(inside) - 1))
        build.append(1000 * sum(building) / runs)
        rest.append(100 * (took - sum(inside) - sum(building)) / (sum(inside) + sum(building)))
        whole = worker.configurations.tree(next(iter(rows_of(folder, [(runs - 1, runs)], worker.paths))))
        alone.append(1000 * seconds(lambda whole=whole: engine.build(whole)))
    said(f"{name}, every run another draw: overhead", extra, "ms a run")
    said(f"{name}, every run another draw: overhead", share, "% of the runs")
    said(f"{name}, of it configuring and assembling the draw", build, "ms a run")
    said(f"{name}, overhead without that", rest, "% of the runs with it")
    said(f"{name}, a draw outside a study: to configure and assemble", alone, "ms a run")


def fixed_costs(runs: int, place: Path) -> None:
    """Time what a study does that is not running, all told: design, shards, index, table."""
    done: dict[str, list[float]] = {"design": [], "shard": [], "collect": []}
    for _ in range(ROUNDS):
        folder, plan = pretended(runs, place, done)
        done["collect"].append(1000 * seconds(lambda folder=folder: collect(folder)) / runs)
        assert plan.n_runs == runs
    for key, values in done.items():
        said(f"runs that take no time, {runs:,}: {key}", values, "ms a run")


def pretended(runs: int, place: Path, done: dict[str, list[float]] | None = None) -> tuple[Path, Plan]:
    """Make a study of runs whose results are copies of one run's: the folder is real, the numbers are not."""
    plan = plan_of(
        {**TINY, "factors": {"mechanisms.contacts.hours_head": {}}, "sampler": {"kind": "random", "size": runs}, "chunk": 500}, "pretended"
    )
    found: list[Path] = []
    took = seconds(lambda: found.append(begun(plan, place)))
    folder = found[0]
    worker = work.Worker(folder)
    row = next(iter(rows_of(folder, [(0, 1)], ["mechanisms.contacts.hours_head"])))
    data = one_run(worker.setting(row), 0, "scalars")
    luck = np.random.Generator(np.random.Philox(7))
    which = new_round(folder, [(0, runs)], 500)
    shards = 0.0
    for part in which.chunks():
        rows = list(rows_of(folder, part, ["mechanisms.contacts.hours_head"]))

        def write(part: Any = part, rows: Any = rows) -> None:
            gathered = Gathered(which.number, monthly=False)
            for row in rows:
                gathered.add(row, 1.0, data, f"{row.run:032x}")
            table = gathered.table(worker._name).drop_columns([ROW_DIGEST])
            # Scalars that are all alike would pack too well.
            for name in data.scalars:
                at = table.column_names.index(name)
                table = table.set_column(at, name, table_of({name: luck.uniform(size=len(rows))}).column(0))
            digests = words_of([bytes(luck.bytes(16)).hex() for _ in rows])
            table = table.set_column(table.column_names.index("digest"), "digest", digests)
            table = table.append_column(ROW_DIGEST, words_of([one.hex() for one in row_digests(table)]))
            work.write_table(folder / "shards" / which.shard(part), table)

        shards += seconds(write)
    if done is not None:
        done["design"].append(1000 * took / runs)
        done["shard"].append(1000 * shards / runs)
    return folder, plan


def two_workers(place: Path, runs: int = 24 if TOUCH else 45) -> None:
    """Compare two workers with one, and with what two busy processes get, side by side."""
    gains, cores, ratios = [], [], []
    for _ in range(ROUNDS):
        alone = float(subprocess.run([sys.executable, "-c", SPIN], capture_output=True, text=True, check=True).stdout)
        pair = [subprocess.Popen([sys.executable, "-c", SPIN], stdout=subprocess.PIPE, text=True) for _ in range(2)]
        cores.append(sum(float(one.communicate()[0]) for one in pair) / alone)
        took = []
        for workers in (1, 2):
            plan = plan_of({**MIDDLE, "replicates": runs}, "bench")
            folder = begun(plan, place)
            which = new_round(folder, [(0, runs)], 3)
            took.append(steady(folder, which, workers))
        gains.append(took[0] / took[1])
        ratios.append(gains[-1] / cores[-1])
    said("effective cores of two busy processes", cores, "cores")
    said("two workers over one, once they have started", gains, "times")
    said("two workers over effective cores", ratios, "")


def steady(folder: Path, which: Round, workers: int) -> float:
    """Return seconds a shard, from the first that each worker finished on."""
    moments: list[float] = []
    # A pool in both cases, so that one worker is a process like two are.
    with ProcessPoolExecutor(workers, mp_context=Spawning()) as pool:
        pools.carry_out(folder, which, executor=pool, heard=lambda *_: moments.append(time.perf_counter()))
    moments = moments[2 * workers :]
    return (moments[-1] - moments[0]) / (len(moments) - 1)


def parent(runs: int) -> tuple[float, float]:
    """Return the parent's memory in MB before a study of so many runs, done by two workers, and its peak."""
    with tempfile.TemporaryDirectory() as place:
        plan = plan_of({**TINY, "set": {**TINY["set"], "end": "2019-11"}, "replicates": runs, "chunk": 50}, "bench")
        folder = begun(plan, Path(place))
        before = _resident()
        manage.resume(folder, lambda there, which: pools.carry_out(there, which, workers=2))
        return before, _peak()


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _peak() -> float:
    # Not getrusage: its peak outlives exec, so that a child begins with its parent's.
    return next(int(line.split()[1]) / 1000 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))


def table(runs: int, place: Path) -> None:
    """Measure size and query time of a large table."""
    folder, _ = pretended(runs, place)
    took = seconds(lambda: collect(folder))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    said(f"{runs:,} runs: collecting the table", [took], "s")
    said(f"{runs:,} runs: reading which are done", [seconds(lambda: index_of(folder))], "s")
    said(f"{runs:,} runs: all files", [size / 1e6], "MB")
    said(f"{runs:,} runs: scalars.parquet", [(folder / "scalars.parquet").stat().st_size / 1e6], "MB")
    said(f"{runs:,} runs: files", [float(sum(1 for path in folder.rglob("*") if path.is_file()))], "files")
    try:
        import duckdb
    except ImportError:
        print("  DuckDB is not installed: its query is left out")
        return
    query = f"""select round("mechanisms.contacts.hours_head") h, count(*), avg(contacts_held), stddev(digital_trade)
                from '{folder}/scalars.parquet' group by h order by h"""
    said(f"{runs:,} runs: a grouped DuckDB query", [seconds(lambda: duckdb.sql(query).fetchall()) for _ in range(ROUNDS)], "s")


def series_bytes(place: Path) -> None:
    """Measure bytes a run of both tiers on the whole baseline."""
    for record in ("scalars", "series"):
        runs = 2 if TOUCH else 20
        plan = plan_of({**WHOLE, "replicates": runs, "chunk": runs, "record": record}, "bench")
        folder = begun(plan, place)
        pools.carry_out(folder, new_round(folder, [(0, runs)], runs), workers=1)
        size = sum(path.stat().st_size for room in ("shards", "series") for path in (folder / room).glob("*.parquet"))
        said(f"193 states, 84 months, tier {record}", [size / runs / 1000], "kB a run")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        overhead("3 states, 4 months", {**TINY, "factors": FACTORS}, 4 if TOUCH else 500, place)
        overhead("193 states, 12 months", {**MIDDLE, "factors": FACTORS}, 4 if TOUCH else 40, place)
        fixed_costs(10 if TOUCH else 5_000, place)
        two_workers(place)
        for runs in (10,) if TOUCH else (100, 1_000, 10_000):
            done = subprocess.run([sys.executable, "-c", PARENT.format(runs=runs)], capture_output=True, text=True, check=True)
            before, peak = (float(word) for word in done.stdout.split())
            said(f"parent of {runs:,} runs: peak memory", [peak], f"MB, {before:.0f} before the first run")
        table(100 if TOUCH else 100_000, place)
        series_bytes(place)


if __name__ == "__main__":
    main()
