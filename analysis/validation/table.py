"""The table of the validation, a row a number of a fact: everything in it stands in full precision (``table.csv``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import plain_table
from analysis.validation.result import Line, Result, Scored

COLUMNS: Mapping[str, str] = {
    "fact": "id of the fact",
    "title": "its name",
    "measure": "which of its numbers",
    "unit": "of number, band, median and interval",
    "number": "what the world did; empty where only a sign is known",
    "low": "lower end of the band",
    "high": "upper end of the band",
    "median": "over seeds that have a number",
    "interval_low": "lower end of the interval of the median",
    "interval_high": "upper end of it",
    "coverage": "chance of the interval",
    "seeds": "how many were scored",
    "missing": "seeds without a number",
    "share": "seeds in band, of all seeds scored",
    "verdict": "in band, missed, undefined, no scenario yet",
    "fact_verdict": "of the whole fact",
    "class": "echo, calibrated, tested",
    "scenario": "name, or no scenario yet",
    "null": "name of the null that must fail",
    "null_median": "median of the same number there",
    "null_share": "seeds in band there",
    "null_verdict": "whether the null fails, or why it was not run",
    "year": "of the number",
    "source": "of the number",
    "grade": "of the source",
}
"""Each column, and what it holds."""


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows in the order of the facts; what is not there is None."""
    return [_row(one, line) for one in result.scored for line in one.lines]


def write(result: Result, path: Path) -> Path:
    """Write the table.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    return plain_table.write(path, COLUMNS, rows(result))


def _row(one: Scored, line: Line) -> dict[str, Any]:
    fact, measure, found, null = one.fact, line.measure, line.found, line.null
    why = f": {one.why_no_null[0]}" if null is None and one.why_no_null[0] else ""
    return {
        "fact": fact.id,
        "title": fact.title,
        "measure": measure.name,
        "unit": measure.unit,
        "number": measure.number,
        "low": measure.low,
        "high": measure.high,
        "median": None if found is None else found.median,
        "interval_low": None if found is None else found.low,
        "interval_high": None if found is None else found.high,
        "coverage": None if found is None else found.coverage,
        "seeds": None if found is None else len(found.values),
        "missing": None if found is None else found.missing,
        "share": None if found is None else found.share,
        "verdict": line.verdict if found is not None or fact.scenario is None else one.verdict,
        "fact_verdict": one.verdict,
        "class": fact.class_of(measure),
        "scenario": fact.scenario or "no scenario yet",
        "null": fact.null.name,
        "null_median": None if null is None else null.median,
        "null_share": None if null is None else null.share,
        "null_verdict": f"{one.null_verdict}{why}",
        "year": measure.year,
        "source": measure.source,
        "grade": measure.grade,
    }
