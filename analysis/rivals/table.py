"""The table of rivals as numbers, a row a number of a theory: everything in it stands in full precision (``table.csv``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis import plain_table
from analysis.facts import Fact, Measure
from analysis.rivals.columns import Column
from analysis.rivals.result import Result

COLUMNS: Mapping[str, str] = {
    "part": "fact, or backtest",
    "fact": "id of the fact; empty in the backtest",
    "title": "its name",
    "class": "echo, calibrated, tested",
    "measure": "which number: of the fact, or of the backtest",
    "unit": "of number, band, value and interval",
    "number": "what the world did; empty where only a sign is known",
    "low": "lower end of the band",
    "high": "upper end of the band",
    "rival": "name of the rival; none is the model",
    "value": "of a fact the median over seeds that have a number",
    "interval_low": "lower end of the interval, 95 %: over seeds in a fact, over resampled parties in the backtest",
    "interval_high": "upper end of it",
    "coverage": "chance of the interval of a median",
    "seeds": "how many were scored",
    "missing": "seeds without a number",
    "share": "seeds in band, of all seeds scored",
    "verdict": "in band, missed, undefined",
    "same": "whether the rival gives the model's number in every seed",
    "against": "who gets this number right, or ranks better",
    "fact_against": "who gets the whole fact right",
    "folder": "the stored files that it was read from",
}
"""Each column, and what it holds."""


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows: facts in their order, then the backtest; what is not there is None."""
    numbers = [_number(result, column, fact, measure) for fact in result.facts for measure in fact.measures for column in result.columns]
    return [*numbers, *(row for column in result.columns for row in _ranked(result, column))]


def write(result: Result, path: Path) -> Path:
    """Write the table.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    return plain_table.write(path, COLUMNS, rows(result))


def _number(result: Result, column: Column, fact: Fact, measure: Measure) -> dict[str, Any]:
    line, rival = result.number(column, fact, measure), column is not result.model
    found = None if line is None else line.found
    return dict.fromkeys(COLUMNS) | {
        "part": "fact",
        "fact": fact.id,
        "title": fact.title,
        "class": fact.class_of(measure),
        "measure": measure.name,
        "unit": measure.unit,
        "number": measure.number,
        "low": measure.low,
        "high": measure.high,
        "rival": column.name,
        "value": None if found is None else found.median,
        "interval_low": None if found is None else found.low,
        "interval_high": None if found is None else found.high,
        "coverage": None if found is None else found.coverage,
        "seeds": None if found is None else len(found.values),
        "missing": None if found is None else found.missing,
        "share": None if found is None else found.share,
        "verdict": None if line is None else line.verdict,
        "same": str(result.same(column, fact, measure)).lower() if rival else None,
        "against": result.against(column, fact, measure) if rival else None,
        "fact_against": result.against(column, fact) if rival else None,
        "folder": column.studies.get(fact.id),
    }


def _ranked(result: Result, column: Column) -> Iterator[dict[str, Any]]:
    line, kept = result.lines.get(column.name), column.kept
    if line is None or kept is None:
        return
    area, apart = line.area, line.difference
    told = {
        "area": (area.value, area.low, area.high),
        "difference": (apart.value, apart.low, apart.high),
        "better": (line.better, None, None),
        "least": (line.least, None, None),
        "random": (line.random, None, None),
        "hits": (line.hits, None, None),
        "partner": (line.partner, None, None),
        "dyads": (result.dyads[column.name], None, None),
    }
    for name, (value, low, high) in told.items():
        yield dict.fromkeys(COLUMNS) | {
            "part": "backtest",
            "measure": name,
            "unit": UNITS[name],
            "number": line.n_signed if name == "dyads" else None,
            "rival": column.name,
            "value": value,
            "interval_low": low,
            "interval_high": high,
            "seeds": kept.seeds,
            "against": result.ranks(column) if name == "area" and column is not result.model else None,
            "folder": str(kept.folder),
        }


UNITS: Mapping[str, str] = {
    "area": "area under precision-recall",
    "difference": "the model's area less the rival's",
    "better": "share of resamples in which the model's is larger",
    "least": "area without the one party whose loss costs most",
    "random": "area of a score that is the same for all",
    "hits": "dyads that signed, of the first 60",
    "partner": "median rank",
    "dyads": "dyads that signed, a run",
}
"""Each measure of the backtest, and what it is counted in."""
