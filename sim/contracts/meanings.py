"""What a metric says of its columns one by one; most say nothing, since they have one."""

from __future__ import annotations

from typing import Any

from sim.contracts.faults import fault_of
from sim.declare.meanings import Meaning
from sim.types import nearest


def meanings_of(metric: Any, setting: Any) -> dict[str, Meaning]:
    """Return what a metric says of its columns by name; empty where it says nothing.

    Raises
    ------
    UserError, ModelFault
        If it speaks of a column that it does not have, or in something other than four texts.
    """
    if not hasattr(metric, "meanings"):
        return {}
    told, columns = metric.meanings(setting), metric.columns(setting)
    if not isinstance(told, dict) or not all(
        isinstance(one, Meaning) and all(isinstance(word, str) and word for word in one) for one in told.values()
    ):
        raise fault_of(metric, "meanings", "meanings() must give a Meaning of four texts for each column that it names")
    unknown = next((name for name in told if name not in columns), None)
    if unknown is not None:
        raise fault_of(metric, "meanings", f"meanings() names {unknown!r}, which is no column of it; {nearest(unknown, columns)}")
    return told
