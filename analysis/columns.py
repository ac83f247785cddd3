"""Whole columns of the ledger and of the panels of a stored run, and counts over some months, a number a run.

All is read through the door of :mod:`analysis.store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.store import Floats, Ints, StoredRun, read_table
from sim.types import UserError

Filter = tuple[str, str, Any]
"""A column, how it is compared, and with what, as in ``("rank", "==", "head")``."""

Span = tuple[int, int]
"""First month and last, both inside."""


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


def year(number: int) -> Span:
    """Return the months of a year."""
    return 12 * number, 12 * number + 11


def covers(run: StoredRun, span: Span) -> bool:
    """Say whether a run recorded every month of a span."""
    return int(run.months[0]) <= span[0] and span[1] <= int(run.months[-1])


def nothing(run: StoredRun) -> Floats:
    """Return a number that no run has."""
    return np.full(run.n_runs, np.nan)


def counted(run: StoredRun, rows: Ints) -> Floats:
    """Count rows by the run that each is of."""
    return np.bincount(rows, minlength=run.n_runs).astype(np.float64)


def within(span: Span) -> list[Filter]:
    """Filter a ledger by months."""
    return [("month", ">=", span[0]), ("month", "<=", span[1])]


def events(run: StoredRun, kind: str, span: Span) -> Floats:
    """Count the events of a kind in some months, NaN where the run does not cover them."""
    if not covers(run, span):
        return nothing(run)
    return counted(run, ledger(run, [], [("event", "==", kind), *within(span)])["row"])


def of_head(run: StoredRun, code: str, channels: Sequence[str], months: Span) -> Floats:
    """Count the contacts of a state's head over some channels, whoever opened them."""
    if not covers(run, months):
        return nothing(run)
    filters = [("event", "==", "contact"), ("rank", "==", "head"), ("channel", "in", list(channels)), *within(months)]
    found = ledger(run, ["party_a", "party_b"], filters)
    return counted(run, found["row"][(found["party_a"] == code) | (found["party_b"] == code)])


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide number by number, NaN where the lower one is 0."""
    out = np.full(len(above), np.nan)
    np.divide(above, below, out=out, where=below != 0.0)
    return out


def _as_list(one: Filter) -> Filter:
    """Ask for one word as for a list of one: the table of older names reads lists."""
    column, how, value = one
    return (column, "in", [value]) if how == "==" and isinstance(value, str) else one
