"""What one run of a study is, how it ended, and the command that repeats it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.params import settings
from sim.run import command
from sim.single import load_parts
from sim.study.design import n_rows, rows_of
from sim.study.shards import SHARDS, Index, index_of, read_shard
from sim.study.store import read_manifest
from sim.study.work import Worker
from sim.types import UserError


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
