"""The design of a study: a row a run, numbered from 0, and only ever added to (``design.parquet``).

Columns: run, draw, seed, scenario, twin, and one a factor under its path. Rows of one draw and scenario stand together, so that a worker
builds a configuration once for all its seeds. How far the design goes is written in the file itself, so that a study that was stopped
while it grew knows where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import numbers, table_of, words_of, write_table
from sim.study.plan import Plan
from sim.types import UserError

FILE = "design.parquet"
ROWS_A_GROUP = 5_000
"""Rows read at once by a worker and written at once to the table: memory does not grow beyond them."""
FIXED = ("run", "draw", "seed", "scenario", "twin")


@dataclass(frozen=True)
class Row:
    """One run asked for; ``values`` are those of the factors, by path."""

    run: int
    draw: int
    seed: int
    scenario: str
    twin: bool
    values: dict[str, Any]


def write_design(folder: Path, plan: Plan) -> int:
    """Write the design of a plan, or add to it what a plan that has grown asks for; return how many rows there are.

    Raises
    ------
    UserError
        If the plan asks for fewer draws or replicates than are there.
    """
    before = reach(folder) if (folder / FILE).exists() else (0, 0)
    if plan.n_draws < before[0] or plan.replicates < before[1]:
        raise UserError(f"a study only grows: there are {before[0]} draws of {before[1]} replicates already")
    grown = before if before[0] else (0, plan.replicates)
    blocks = [
        _block(plan, range(grown[0]), range(grown[1], plan.replicates)),
        _block(plan, range(grown[0], plan.n_draws), range(plan.replicates)),
    ]
    values = plan.values()
    new = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    columns: dict[str, Any] = {
        "draw": new["draw"],
        "seed": plan.seed + new["replicate"],
        "scenario": _coded(new["scenario"], plan.scenarios),
        "twin": new["twin"].astype(np.bool_),
    }
    for path, column in values.items():
        picked = column[new["draw"]]
        columns[path] = words_of(list(picked)) if picked.dtype == object else picked
    import pyarrow as pa

    old = _read(folder) if before[0] else None
    first = 0 if old is None else old.num_rows
    table = table_of({"run": first + np.arange(len(new["draw"]), dtype=np.int64), **columns})
    if old is not None:
        table = pa.concat_tables([old.replace_schema_metadata(None), table])
    table = table.replace_schema_metadata({"draws": str(plan.n_draws), "replicates": str(plan.replicates)})
    write_table(folder / FILE, table, ROWS_A_GROUP)
    return int(table.num_rows)


def reach(folder: Path) -> tuple[int, int]:
    """Return how many draws and how many replicates the design on disk holds."""
    meta = _file(folder).schema_arrow.metadata or {}
    return int(meta[b"draws"]), int(meta[b"replicates"])


def n_rows(folder: Path) -> int:
    """Return how many runs the design on disk holds."""
    return int(_file(folder).metadata.num_rows)


def rows_of(folder: Path, wanted: Iterable[tuple[int, int]], paths: Iterable[str]) -> Iterator[Row]:
    """Read the rows of some ranges of run numbers (first, one past the last), reading no more of the file than they lie in."""
    file, paths = _file(folder), list(paths)
    group, lines = -1, {}
    starts = np.cumsum([0, *(file.metadata.row_group(g).num_rows for g in range(file.num_row_groups))])
    for first, end in wanted:
        for run in range(first, end):
            at = int(np.searchsorted(starts, run, side="right")) - 1
            if at != group:
                table = file.read_row_group(at)
                group, lines = at, {name: table.column(name) for name in table.column_names}
            place = run - int(starts[at])
            got = {name: lines[name][place].as_py() for name in (*FIXED, *paths)}
            yield Row(got["run"], got["draw"], got["seed"], got["scenario"], got["twin"], {path: got[path] for path in paths})


def in_ranges(runs: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Write sorted run numbers as ranges (first, one past the last).

    >>> in_ranges(np.array([0, 1, 2, 7]))
    [(0, 3), (7, 8)]
    """
    if not len(runs):
        return []
    cuts = np.flatnonzero(np.diff(runs) != 1) + 1
    return [(int(part[0]), int(part[-1]) + 1) for part in np.split(runs, cuts)]


def _block(plan: Plan, draws: range, seeds: range) -> dict[str, NDArray[np.int64]]:
    """Return every combination of some draws and seeds with the scenarios and twins, draw by draw and scenario by scenario."""
    shape = (len(draws), len(plan.scenarios), len(seeds), 2 if plan.twin else 1)
    draw, scenario, replicate, twin = np.indices(shape, dtype=np.int64).reshape(4, -1)
    return {"draw": draw + draws.start, "scenario": scenario, "replicate": replicate + seeds.start, "twin": twin}


def _coded(codes: NDArray[np.int64], names: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers(codes.astype(np.int32)), words_of(names)).dictionary_decode()


def _file(folder: Path) -> Any:
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(folder / FILE)
    except FileNotFoundError:
        raise UserError(f"{folder} holds no {FILE}: it is not the folder of a study") from None
    except (OSError, ValueError) as fault:
        raise UserError(f"{folder / FILE} cannot be read: {' '.join(str(fault).split())}") from None


def _read(folder: Path) -> Any:
    return _file(folder).read()
