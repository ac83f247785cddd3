"""What one run of a study is, how it ended, and the command that repeats it; read from its files, without running its code."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.command import PATHS, path_word, word
from sim.dated import LISTS
from sim.older import names, turning
from sim.older.forms import writer
from sim.scenario import as_written
from sim.scenario_file import changed
from sim.study.design import Row, rows_of
from sim.study.own import own_design
from sim.study.shards import SHARDS, Index, index_of, read_shard
from sim.study.store import read_manifest
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
    number = _number(folder, index, run, int(own_design(folder, manifest).metadata.num_rows))
    row = next(rows_of(folder, [(number, number + 1)], manifest["factors"]))
    lines = [f"run {number}: draw {row.draw}, scenario {row.scenario}{' (counterfactual)' if row.twin else ''}, seed {row.seed}"]
    lines += [f"  {path} = {value}" for path, value in row.values.items()]
    at = int(np.searchsorted(index.run, number))
    if at < len(index.run) and index.run[at] == number:
        name = index.names[index.shard[at]]
        found = read_shard(folder / SHARDS / name, ["status", "error", "identity", "digest"]).slice(int(index.place[at]), 1).to_pylist()[0]
        lines.append(f"  {found['status']} in {name}" + (f": {found['error']}" if found["error"] else f", digest {found['digest']}"))
    else:
        lines.append("  not run yet")
    if (by := writer(manifest)) is not None:
        lines.append(f"  written by {by}; this version's run of the same settings has a digest of its own")
    file = _file_of(manifest, row)
    if file is not None and changed(file):
        lines.append(f"  the scenario's file {file['file']} changed since; the command reads it as it is now, and may give another run")
    try:
        lines.append(command_of(manifest, row))
    except UserError as fault:
        # What an older version's study varied may be gone: what its run was is told all the same.
        if by is None:
            raise
        lines.append(f"  no command of this version repeats it: {fault}")
    return "\n".join(lines)


def command_of(manifest: Mapping[str, Any], row: Row) -> str:
    """Write the command that repeats a run: the study's own settings and the row's factors, laid over the scenario."""
    plan = manifest["plan"]
    given = {**plan["set"], **{path: _plain(plan["factors"].get(path), value) for path, value in row.values.items()}}
    given, scenario = turning.paths(given), names.TABLE.now("scenario", row.scenario)
    file = _file_of(manifest, row)
    words, shocks = [f"scenarios={scenario if file is None else file['file']}"], dict[str, dict[str, Any]]()
    for path, value in sorted(given.items()):
        steps = path.split(".")
        if steps[0] != "shocks":
            words.append(f"{path}={path_word(value) if path in PATHS and value is not None else word(value)}")
        elif len(steps) == 3:
            shocks.setdefault(steps[1], {})[steps[2]] = value
    # A twin has no shocks, whoever sets them, but the background.
    if shocks or (not row.twin and "shocks" in given):
        tree = as_written(scenario if file is None else file)
        for key in ("background",) if row.twin else LISTS:
            standing = given[key] if key in given else tree.get(key) or []
            moved = [{**one, **shocks.get(one.get("kind"), {})} for one in standing]
            if key == "shocks" or moved != standing:
                words = [one for one in words if not one.startswith(f"{key}=")] + [f"{key}={word(moved)}"]
    words.append(f"seed={row.seed}")
    words += ["counterfactual=true"] if row.twin else []
    words += [] if manifest["parts"] is None else [f"parts={path_word(manifest['parts'])}"]
    return "python -m sim " + " ".join(shlex.quote(one) for one in words)


def _file_of(manifest: Mapping[str, Any], row: Row) -> Mapping[str, str] | None:
    """Return the file of a row's scenario as the study read it; None where it lies on the shelf."""
    return next((one for one in manifest["plan"].get("scenarios", ()) if isinstance(one, Mapping) and one["name"] == row.scenario), None)


def _plain(factor: Any, value: Any) -> Any:
    """Turn an entry of the design back into the value of the setting, as :func:`sim.study.factors.plain` does."""
    values = factor.get("values") if isinstance(factor, Mapping) else None
    if isinstance(value, str) and values and not all(isinstance(one, str) for one in values):
        return value if value in values else json.loads(value)
    return value


def _number(folder: Path, index: Index, run: str, total: int) -> int:
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
