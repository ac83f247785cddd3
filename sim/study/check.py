"""Whether the files of a study are sound: everything is read, nothing is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.folder import column_of
from sim.study.collect import SCALARS, row_digest
from sim.study.design import Row, n_rows, rows_of
from sim.study.manage import counts
from sim.study.shards import SHARDS, Index, index_of, read_shard
from sim.study.store import read_manifest


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


def verdict(folder: Path, faults: list[str]) -> str:
    """Put the result of a check into a line."""
    index = index_of(folder)
    found = counts(index, n_rows(folder))
    words = f"{found['done']:,} done, {found['failed']:,} failed, {found['missing']:,} missing in {len(index.names):,} shards"
    return f"{len(faults)} faults; {words}" if faults else f"sound: {words}"


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
