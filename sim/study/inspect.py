"""Looking at a study without changing it: how far it is, whether its files are sound, and how to repeat one of its runs."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path
from typing import Any

import numpy as np

from sim.folder import column_of
from sim.params import settings
from sim.run import command
from sim.single import load_parts
from sim.study.collect import SCALARS, row_digest
from sim.study.design import Row, n_rows, rows_of
from sim.study.manage import counts
from sim.study.shards import SHARDS, Index, index_of, read_shard
from sim.study.slurm import ROOM
from sim.study.store import leftovers, read_manifest, running
from sim.study.work import Worker
from sim.types import UserError


def status(folder: Path) -> str:
    """Say how far a study is: runs done, failed and missing, damaged shards, size on disk and pace."""
    manifest, index = read_manifest(folder), index_of(folder)
    found = counts(index, n_rows(folder))
    whole = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a live study renames and removes files while it is looked at
            whole += path.stat().st_size if path.is_file() else 0
    live = min(running(folder), found["missing"])
    lines = [
        f"study {manifest['name']}: {'complete' if _complete(manifest, found, index) else 'not complete'}",
        f"  runs         {found['runs']:,}",
        f"  done         {found['done']:,}",
        f"  failed       {found['failed']:,}",
        f"  running      {live:,}",
        f"  missing      {found['missing'] - live:,}",
        f"  shards       {len(index.names):,}, {len(index.bad):,} damaged, {len(leftovers(folder)):,} left half written",
        f"  on disk      {whole:,} bytes, {index.bytes / max(1, index.rows):,.0f} a run in shards",
        f"  a run        {np.median(index.seconds) if len(index.run) else 0.0:.3g} s of one process (the middle one)",
        f"  rate         {_rate(folder, index, found['missing'])}",
    ]
    lines += [f"  damaged      {name}: {why}" for name, why in sorted(index.bad.items())]
    if (folder / ROOM).is_dir():
        lines.append(f"  cluster      logs in {folder / ROOM}; what is queued or running: squeue --me")
    if found["missing"] or index.bad:
        lines.append(f"  next         python -m sim resume {shlex.quote(str(folder))}")
    elif manifest["status"] != "complete":
        lines.append(f"  next         python -m sim collect {shlex.quote(str(folder))}")
    return "\n".join(lines)


def check(folder: Path) -> list[str]:
    """Read everything a study holds and list what is wrong: damaged shards, strange or doubled rows, digests that disagree.

    A run that stands twice is sound if both rows agree, since the newer one wins.
    """
    manifest, total = read_manifest(folder), n_rows(folder)
    index = index_of(folder)
    faults = [f"{folder / SHARDS / name}: {why}" for name, why in sorted(index.bad.items())]
    plan: dict[int, Row] = {}
    seen: dict[int, tuple[str, str, str]] = {}
    for name in index.names:
        try:
            table = read_shard(folder / SHARDS / name)
        except (OSError, ValueError) as fault:
            faults.append(f"{folder / SHARDS / name}: {' '.join(str(fault).split())[:200]}")
            continue
        rows = table.select(["run", "draw", "seed", "scenario", "twin", "identity", "digest", "status"]).to_pylist()
        if len({row["run"] for row in rows}) < len(rows):
            faults.append(f"{folder / SHARDS / name}: a run stands in it twice")
        wanted = sorted({(row["run"], row["run"] + 1) for row in rows if 0 <= row["run"] < total})
        plan = {row.run: row for row in rows_of(folder, wanted, [])}
        for row in rows:
            asked = plan.get(row["run"])
            if asked is None or (asked.draw, asked.seed, asked.scenario, asked.twin) != tuple(
                row[key] for key in ("draw", "seed", "scenario", "twin")
            ):
                faults.append(f"{folder / SHARDS / name}: run {row['run']} is not the design's")
            elif row["status"] == "done":
                before = seen.setdefault(row["run"], (row["identity"], row["digest"], name))
                if before[:2] != (row["identity"], row["digest"]):
                    faults.append(f"run {row['run']} differs between {before[2]} and {name}: the same identity must give the same result")
    faults += _table_faults(folder, manifest, index, total)
    return faults


def _rate(folder: Path, index: Index, missing: int) -> str:
    """Say how many runs a second came between the first and the latest shard of the latest round, and how long the rest would take."""
    latest = max((name.rsplit("-", 1)[1] for name in index.names), default="")
    mine = [at for at, name in enumerate(index.names) if name.endswith(latest)]
    times = [(folder / SHARDS / index.names[at]).stat().st_mtime for at in mine]
    if len(mine) < 2 or max(times) <= min(times):
        return "not known yet"
    runs = int(np.isin(index.shard, mine).sum()) * (len(mine) - 1) / len(mine)
    rate = runs / (max(times) - min(times))
    left = f", {missing / rate / 60:,.1f} minutes for what is missing" if missing else ""
    return f"{rate:,.3g} runs a second{left}"


def _table_faults(folder: Path, manifest: dict[str, Any], index: Index, total: int) -> list[str]:
    """List what is wrong with the collected table, if the manifest says there is one."""
    if manifest["status"] != "complete":
        return []
    found = counts(index, total)
    faults = [] if not found["missing"] else [f"the manifest says complete, but {found['missing']:,} runs are missing"]
    if not found["done"]:
        return faults
    try:
        table = read_shard(folder / SCALARS, ["run", "identity", "digest"])
    except (OSError, ValueError) as fault:
        return [*faults, f"{folder / SCALARS}: {' '.join(str(fault).split())[:200]}"]
    if len(np.unique(column_of(table, "run"))) != table.num_rows:
        faults.append(f"{folder / SCALARS}: a run stands in it twice")
    pairs = zip(table.column("identity").to_pylist(), table.column("digest").to_pylist(), strict=True)
    digest = f"{sum(row_digest(one, two) for one, two in pairs) % 2**128:032x}"
    if digest != manifest["digest"] or table.num_rows != found["done"]:
        faults.append(f"{folder / SCALARS} is not the table the manifest tells of: digest {digest}, manifest {manifest['digest']}")
    return faults


def _complete(manifest: dict[str, Any], found: dict[str, int], index: Index) -> bool:
    return manifest["status"] == "complete" and not found["missing"] and not index.bad


def verdict(folder: Path, faults: list[str]) -> str:
    """Put the result of a check into a line."""
    index = index_of(folder)
    found = counts(index, n_rows(folder))
    words = f"{found['done']:,} done, {found['failed']:,} failed, {found['missing']:,} missing in {len(index.names):,} shards"
    return f"{len(faults)} faults; {words}" if faults else f"sound: {words}"


def explain(folder: Path, run: str) -> str:
    """Say what one run is, how it ended, and the command that repeats it exactly.

    Parameters
    ----------
    folder : Path
    run : str
        Its number, or the beginning of its identity.

    Raises
    ------
    UserError
        If there is no such run, or several.
    """
    manifest, index = read_manifest(folder), index_of(folder)
    load_parts(None if manifest["parts"] is None else Path(manifest["parts"]))
    number = _number(folder, index, run)
    worker = Worker(folder)
    row = next(iter(rows_of(folder, [(number, number + 1)], worker.paths)))
    config = worker.configurations.config(row)
    chosen = settings({"seed": row.seed, "counterfactual": row.twin, "parts": manifest["parts"], "record": "panels"})
    lines = [f"run {number}: draw {row.draw}, scenario {row.scenario}{' (counterfactual)' if row.twin else ''}, seed {row.seed}"]
    lines += [f"  {path} = {value}" for path, value in row.values.items()]
    at = int(np.searchsorted(index.run, number))
    if at < len(index.run) and index.run[at] == number:
        name = index.names[index.shard[at]]
        found = read_shard(folder / SHARDS / name, ["status", "error", "identity", "digest"]).slice(int(index.place[at]), 1).to_pylist()[0]
        lines.append(f"  {found['status']} in {name}" + (f": {found['error']}" if found["error"] else f", digest {found['digest']}"))
    else:
        lines.append("  not run yet")
    return "\n".join([*lines, command(config, chosen)])


def _number(folder: Path, index: Index, run: str) -> int:
    total = n_rows(folder)
    if run.isdigit() and len(run) < 9:
        if int(run) >= total:
            raise UserError(f"there is no run {run}; runs are numbered 0 to {total - 1}")
        return int(run)
    found = set()
    for name in index.names:
        table = read_shard(folder / SHARDS / name, ["run", "identity"])
        found |= {
            number
            for number, identity in zip(table.column("run").to_pylist(), table.column("identity").to_pylist(), strict=True)
            if identity.startswith(run)
        }
    if len(found) != 1:
        raise UserError(f"{len(found) or 'no'} runs have an identity that begins with {run!r}")
    return int(found.pop())
