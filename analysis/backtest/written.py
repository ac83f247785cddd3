"""What a backtest leaves in its folder: ``scores.csv`` (a row a dyad), ``table.csv`` (a row a scorer and reading), ``wrong.csv``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.backtest.comparators import COMPARATORS
from analysis.backtest.evaluation import FROZEN, KNOWN, Evaluation, Line
from analysis.backtest.labels import GROUPS, Instrument
from analysis.backtest.target import READINGS, target
from analysis.backtest.wrong import Wrong
from sim.files import write_text
from sim.types import UserError, month_label

TABLE = (
    "reading", "scorer", "inputs", "n_dyads", "n_signed", "weight", "area", "low", "high", "area_of_random", "roc",
    "hits_in_60", "median_partner_rank", "model_less_this", "difference_low", "difference_high", "share_model_better", "jackknife_least",
    "jackknife_most", "least_without", "least_difference_in_jackknife",
)  # fmt: skip
WRONG = ("dyad", "signed", "what", "share", "rank", "reason")


def signed_by_dyad(evaluation: Evaluation) -> dict[int, list[Instrument]]:
    """Return the instruments that count and were signed in the window, by place of the dyad."""
    universe, found = evaluation.universe, dict[int, list[Instrument]]()
    for row in evaluation.instruments:
        if row.counts and evaluation.first <= row.signed <= evaluation.last:
            for a, b in row.pairs:
                found.setdefault(universe.dyad(universe.place[a], universe.place[b]), []).append(row)
    return found


def write_tables(folder: Path, evaluation: Evaluation, lines: Sequence[Line], wrong: Sequence[Wrong]) -> None:
    """Write the three tables.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    save(folder / "scores.csv", table_text(*_scores(evaluation)))
    save(folder / "table.csv", table_text(TABLE, [_row(line) for line in lines]))
    save(
        folder / "wrong.csv", table_text(WRONG, [(w.pair, int(w.signed), w.what, number(w.share), number(w.rank), w.reason) for w in wrong])
    )


def save(path: Path, text: str) -> None:
    """Write a text, its folder made where it is not there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as fault:
        raise UserError(f"{path} cannot be written: {fault.strerror or fault}") from None


def table_text(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Lay rows out as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()


def number(value: float) -> str:
    """Write a number in full, so that ranks can be found again, and nothing where there is none."""
    return "" if math.isnan(value) else repr(int(value) if value == int(value) else float(value))


def _row(line: Line) -> list[Any]:
    values = (
        line.weight, line.area.value, line.area.low, line.area.high, line.random, line.roc, line.hits, line.partner, line.difference.value,
        line.difference.low, line.difference.high, line.better, line.least, line.most,
    )  # fmt: skip
    return [
        line.reading, line.scorer, line.inputs, line.n_dyads, line.n_signed, *map(number, values), line.without,
        number(line.least_difference),
    ]  # fmt: skip


def _scores(evaluation: Evaluation) -> tuple[list[str], list[list[Any]]]:
    """Return a row for each dyad: what it signed, the model's shares, and every rival's score."""
    universe, model = evaluation.universe, evaluation.model
    first, second = universe.first, universe.second
    seen = {one.name: target(universe, evaluation.instruments, evaluation.first, evaluation.last, one) for one in READINGS[:3]}
    pooled, signed = seen["all"], signed_by_dyad(evaluation)
    rivals = [(f"{one.name}_{inputs}", given[one.name]) for one in COMPARATORS for inputs, given in
              ((KNOWN, evaluation.known), (FROZEN, evaluation.frozen))]  # fmt: skip
    forecast = evaluation.forecast
    head = [
        "party_a", "party_b", *(f"kept_{name}" for name in seen), *(f"weight_{name}" for name in seen), "first_signed", "instruments",
        "model_all", *(["model_all_frozen"] if forecast is not None else []), "model_adequacy_a_judges_b", "model_adequacy_b_judges_a",
        *(f"model_{group}" for group in GROUPS[1:]), *(name for name, _ in rivals),
    ]  # fmt: skip
    inside = model.inside[first] & model.inside[second]
    rows = []
    for d in range(len(first)):
        i, j = int(first[d]), int(second[d])
        rows.append([
            universe.codes[i], universe.codes[j],
            *(int(one.kept[d] and inside[d]) for one in seen.values()),
            *(number(float(one.weight[d])) for one in seen.values()),
            month_label(int(pooled.month[d])) if pooled.weight[d] else "",
            ";".join(row.id for row in signed.get(d, [])),
            number(float(model.shares[None][i, j])),
            *([number(float(forecast.shares[None][i, j]))] if forecast is not None else []),
            number(float(model.shares["adequacy"][i, j])), number(float(model.shares["adequacy"][j, i])),
            *(number(float(model.shares[group][i, j])) for group in GROUPS[1:]),
            *(number(float(values[d])) for _, values in rivals),
        ])  # fmt: skip
    return head, rows
