"""What the help says of a metric beyond its unit: how it becomes one number, when it is missing, and what each of its columns holds."""

from __future__ import annotations

from typing import Any

from sim.contracts import is_own
from sim.contracts.faults import blaming
from sim.contracts.meanings import meanings_of
from sim.declare.arrays import WHOLE
from sim.engine import assemble
from sim.params import configure
from sim.registry import shelf

OF_RUN = {"last": "that of the last month", "sum": "the sum over months", "mean": "the mean over months"}


def lines_of_metric(name: str) -> list[tuple[str, str]]:
    """Return what is told of a metric, a word and its text a line; the columns are those that the baseline has.

    Raises
    ------
    UserError
        If the metric is the user's own and cannot name its columns.
    """
    metric: Any = shelf("metric").build(name)
    told = []
    if metric.axis != WHOLE:
        told.append(
            ("of the world", f"{metric.over_parties} over states" if metric.axis == "party" else f"{metric.over_rows} over {metric.axis}")
        )
    told += [("of a run", OF_RUN[metric.over_months]), ("missing", getattr(metric, "undefined", "not said" if is_own(metric) else "never"))]
    with blaming():
        setting = assemble(configure({}))
        meanings, columns = meanings_of(metric, setting), metric.columns(setting)
    if not meanings:
        return [*told, ("columns" if len(columns) > 1 else "column", ", ".join(columns))]
    return [*told, *((column, meanings[column].sentence if column in meanings else "") for column in columns)]
