"""What a stored run measured along axes other than the parties, in arrays by place; read through the door of :mod:`analysis.store`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.store import Floats, StoredRun
from sim.along import FILE
from sim.types import UserError, nearest


def axes(run: StoredRun) -> Mapping[str, Mapping[str, Any]]:
    """Return what the folder keeps of axes: by axis what a place is called (``label``), whether it grows, and the columns."""
    return {name: one for name, one in run.manifest.get("axes", {}).items() if (run.folder / f"{FILE}{name}.parquet").exists()}


def along(run: StoredRun, axis: str, column: str) -> tuple[tuple[str, ...], Floats]:
    """Return a measurement along an axis: what stands on it, and the values, (runs, places, T).

    A place that is not there in some month of some run has NaN. Rows of a table are told apart by their words, which name the same thing in
    every run only where they are identities (of talks, instruments, conferences).

    Raises
    ------
    UserError
        If the folder keeps no such axis or column, or its table is damaged.
    """
    known = axes(run)
    if axis not in known:
        raise UserError(f"{run.folder} keeps nothing measured along {axis!r}; {nearest(axis, known)}")
    if column not in known[axis]["columns"]:
        raise UserError(f"{run.folder} has no column {column!r} along {axis}; {nearest(column, known[axis]['columns'])}")
    table = run.declared(f"{FILE}{axis}")
    label = str(known[axis]["label"])
    _refuse_other_columns(run, axis, table, {"run": pa.types.is_integer, "month": pa.types.is_integer, column: pa.types.is_floating})
    if label not in table.column_names:
        raise UserError(f"{run.folder / (FILE + axis)}.parquet is damaged or another program's: it has no column {label}")
    words = table[label].to_pylist()
    places = {word: at for at, word in enumerate(dict.fromkeys(words))}
    out = np.full((run.n_runs, len(places), len(run.months)), np.nan)
    rows = np.searchsorted(np.array(sorted(run.seeds)), table["run"].to_numpy())
    months = np.searchsorted(run.months, table["month"].to_numpy())
    out[rows, [places[word] for word in words], months] = table[column].to_numpy(zero_copy_only=False)
    return tuple(places), out


def _refuse_other_columns(run: StoredRun, axis: str, table: pa.Table, wanted: Mapping[str, Any]) -> None:
    for name, fine in wanted.items():
        if name not in table.column_names or not fine(table.schema.field(name).type):
            raise UserError(f"{run.folder / (FILE + axis)}.parquet is damaged or another program's: column {name} holds other things")
