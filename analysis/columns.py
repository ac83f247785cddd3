"""Whole columns of the ledger and of the panels of a stored run, as arrays; read through the door of :mod:`analysis.store`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.store import Floats, StoredRun, read_table
from sim.types import UserError

Filter = tuple[str, str, Any]
"""A column, how it is compared, and with what, as in ``("rank", "==", "head")``."""


def ledger(run: StoredRun, columns: Sequence[str], filters: Sequence[Filter]) -> dict[str, NDArray[Any]]:
    """Return columns of the ledger's rows that pass every filter, and under ``row`` the place of each row's run, from 0.

    Raises
    ------
    UserError
        If the folder keeps no ledger, or it is damaged.
    """
    if not run.has_ledger:
        raise UserError(f"{run.folder} keeps no ledger of events: run again with record=panels")
    table = read_table(run, "events.parquet", columns=["run", *columns], filters=[_as_list(one) for one in filters])
    found = {name: table[name].to_numpy(zero_copy_only=False) for name in columns}
    return {"row": np.searchsorted(np.sort(run.seeds), table["run"].to_numpy()), **found}


def over_time(run: StoredRun, metric: str) -> tuple[tuple[str, ...], Floats]:
    """Return a metric by party and month: the codes, sorted, and the values, (runs, parties, T).

    What was not recorded is NaN.

    Raises
    ------
    UserError
        If the folder keeps no such panel, or it is damaged.
    """
    if not (run.folder / "panels.parquet").exists():
        raise UserError(f"{run.folder} keeps no panels: run again with record=panels")
    table = read_table(run, "panels.parquet", filters=[("metric", "in", [metric])])
    if not len(table):
        raise UserError(f"{run.folder} keeps no panel {metric!r}")
    codes, place = np.unique(table["party"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    rows = np.searchsorted(np.sort(run.seeds), table["run"].to_numpy())
    months = np.searchsorted(run.months, table["month"].to_numpy())
    out = np.full((run.n_runs, len(codes), len(run.months)), np.nan)
    out[rows, place, months] = table["value"].to_numpy()
    return tuple(codes.tolist()), out


def _as_list(one: Filter) -> Filter:
    """Ask for one word as for a list of one: the table of older names reads lists."""
    column, how, value = one
    return (column, "in", [value]) if how == "==" and isinstance(value, str) else one
