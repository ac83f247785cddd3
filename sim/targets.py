"""What a scenario's world is known to have done, with its source: a run is held against it afterwards, and nothing is fitted to it.

A target names a column of the series, a month or months, and a value or a band in the column's own unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.checked import month
from sim.types import UserError, month_label, nearest

GRADES = ("A", "B", "C", "D")
"""How far a target is sourced: by an official count (A), a study (B), a report (C), an estimate of ours (D)."""
KEYS = ("metric", "party", "when", "from", "until", "value", "low", "high", "unit", "source", "grade")


@dataclass(frozen=True)
class Target:
    """One target.

    Attributes
    ----------
    metric : str
        A column of the series.
    first, last : int
        Its months; over several, the column is summed, averaged or read at the last as its metric says.
    low, high : float
        The band; equal where a single value is known.
    unit, source, grade : str
    party : str
        Whose column it is, by code; empty for the column of the world.
    """

    metric: str
    first: int
    last: int
    low: float
    high: float
    unit: str
    source: str
    grade: str
    party: str = ""

    def tree(self) -> dict[str, Any]:
        """Return it as plain named values."""
        whose = {"party": self.party} if self.party else {}
        told: dict[str, Any] = {"metric": self.metric, **whose, "from": month_label(self.first), "until": month_label(self.last)}
        return told | {"low": self.low, "high": self.high, "unit": self.unit, "source": self.source, "grade": self.grade}


def read(value: Any, start: int | None = None, end: int | None = None) -> tuple[Target, ...]:
    """Read targets, in the order given.

    Parameters
    ----------
    value : list of mapping or None
    start, end : int or None
        First and last month of the scenario, in which every target lies.

    Raises
    ------
    UserError
        If one cannot be: which, what was expected, and the nearest valid choice.
    """
    if value is None:
        return ()
    if isinstance(value, (str, Mapping)) or not isinstance(value, (list, tuple)):
        raise UserError(f"targets must be a list such as [{{metric: contacts_video, when: 2020-06, low: 1, high: 9, ...}}], not {value!r}")
    return tuple(_one(f"targets[{n}]", one, start, end) for n, one in enumerate(value))


def _one(where: str, one: Any, start: int | None, end: int | None) -> Target:
    if not isinstance(one, Mapping):
        raise UserError(f"{where} must hold named values ({', '.join(KEYS)}), not {one!r}")
    for key in one:
        if key not in KEYS:
            raise UserError(f"{where} has no {key!r}; {nearest(str(key), KEYS)}")
    for key in ("metric", "unit", "source"):
        if not isinstance(one.get(key), str) or not one[key].strip():
            raise UserError(f"{where} has no {key}; a target names its metric, its unit and its source in words")
    if not isinstance(one.get("party", "-"), str) or not one.get("party", "-").strip():
        raise UserError(f"{where}.party must be the code of a state or bloc, such as CHN, not {one['party']!r}")
    if one.get("grade") not in GRADES:
        raise UserError(f"{where}.grade cannot be {one.get('grade')!r}; {nearest(str(one.get('grade')), GRADES)}")
    if ("when" in one) == ("from" in one or "until" in one):
        raise UserError(f"{where} must have when: YYYY-MM, or from: YYYY-MM and until: YYYY-MM")
    if "when" not in one and not {"from", "until"} <= set(one):
        raise UserError(f"{where} has from or until alone; give both, or when")
    first, last = (month(f"{where}.{key}", one[key]) for key in (("when", "when") if "when" in one else ("from", "until")))
    if last < first:
        raise UserError(f"{where}.until {one['until']} lies before its first month, {month_label(first)}")
    if start is not None and end is not None and not start <= first <= last <= end:
        raise UserError(f"{where} lies outside the scenario's months, {month_label(start)} to {month_label(end)}")
    if ("value" in one) == ("low" in one or "high" in one) or ("value" not in one and not {"low", "high"} <= set(one)):
        raise UserError(f"{where} must have a value, or low and high")
    low, high = (_number(f"{where}.{key}", one[key]) for key in (("value", "value") if "value" in one else ("low", "high")))
    if high < low:
        raise UserError(f"{where}.low {low:g} lies above high {high:g}")
    source = " ".join(one["source"].split())
    return Target(one["metric"].strip(), first, last, low, high, one["unit"].strip(), source, one["grade"], one.get("party", "").strip())


def _number(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UserError(f"{where} must be a number, not {value!r}")
    return float(value)
