"""Looking at a study without changing it: how far it is."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.design import n_rows
from sim.study.manage import counts
from sim.study.shards import SHARDS, Index, index_of
from sim.study.slurm import ROOM
from sim.study.store import leftovers, read_manifest, running


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


def _complete(manifest: dict[str, Any], found: dict[str, int], index: Index) -> bool:
    return manifest["status"] == "complete" and not found["missing"] and not index.bad
