"""What several facts read of stored runs: contacts, talks and signatures in some months, a number a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.columns import Filter, ledger
from analysis.facts import Floats
from analysis.store import Ints, StoredRun
from sim.types import month_index

Span = tuple[int, int]
"""First month and last, both inside."""
CLOSED: Span = (month_index("2020-04"), month_index("2021-12"))
"""From the month in which most borders closed to the last one that the indicator of closure covers in full."""


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
