"""What a run measured along axes other than the parties, as a film tells it: what stands on each axis, and its values month by month.

Of an axis with very many places those with the largest values are told, and how many are left out: a page shows a list, not a ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from analysis.app.packing import packed
from sim.along import HERE, Along
from sim.ledger.state import Ledger
from sim.world import Setting

MOST_PLACES = 200


def along(setting: Setting, measured: Mapping[str, Along], metrics: Iterable[Any]) -> dict[str, Any]:
    """Tell what some metrics measured along axes.

    Parameters
    ----------
    setting : Setting
    measured : mapping of str to Along
        By axis, month by month.
    metrics : iterable of metrics
        Whose measurements are told.

    Returns
    -------
    dict
        By axis ``labels``, ``since`` (the month from which each is there; None where all always are), ``left_out`` (how many places are
        not told), and ``columns``: by name metric, unit and a packed panel of the places.
    """
    by_axis: dict[str, dict[str, Any]] = {}
    for metric in metrics:
        if metric.axis not in HERE and metric.axis in measured:
            by_axis.setdefault(metric.axis, {}).update(dict.fromkeys(metric.columns(setting), metric))
    return {axis: _told(measured[axis], columns) for axis, columns in sorted(by_axis.items())}


def told_to_players(setting: Setting, metrics: Iterable[Any]) -> list[Any]:
    """Return the metrics whose places a player may see.

    Rows of the ledger's own tables name who negotiates with whom, so of a metric along them a player sees the aggregate alone.
    """
    schema = setting.schema
    hidden = {name for name in schema.tables if schema.owners[name] == f"room {Ledger.name}"}
    return [metric for metric in metrics if metric.axis not in hidden]


def _told(one: Along, columns: Mapping[str, Any]) -> dict[str, Any]:
    rows = {name: one.filled(name) for name in columns}
    size = np.max([np.nan_to_num(np.abs(values)).max(axis=0, initial=0.0) for values in rows.values()], axis=0)
    kept = np.sort(np.argsort(-size, kind="stable")[:MOST_PLACES])
    since = np.searchsorted(one.counts, kept, side="right")
    return {
        "labels": [one.labels[at] for at in kept.tolist()],
        "since": since.tolist() if one.grows else None,
        "left_out": len(one.labels) - len(kept),
        "columns": {name: {"metric": metric.name, "unit": metric.unit, **packed(rows[name][:, kept])} for name, metric in columns.items()},
    }
