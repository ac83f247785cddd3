"""The table of the ablation, a row a form: everything in it stands in full precision (``table.csv``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import plain_table
from analysis.ablation.result import Effect, Result

COLUMNS: Mapping[str, str] = {
    "form": "kind, owner and name of the neutral form",
    "verdict": "what the seeds say",
    "scenario": "on which both worlds were lived",
    "settings": "what switches it off",
    "observable": "the column on which it should bite",
    "without": "its mean without the part",
    "effect": "with the part, less without it",
    "effect_low": "lower end of the interval, 95 %",
    "effect_high": "upper end",
    "effect_chance": "that seeds alone part the worlds as far",
    "effect_held": "the same, held for all that was looked at",
    "missing": "seeds without a value in one of the worlds",
    "moved": "share of what was signed that moved to other types and dyads",
    "moved_noise": "what seeds alone move",
    "moved_chance": "that seeds alone move as much",
    "moved_held": "the same, held for all that was looked at",
    "signed": "signatures a run with the part, less without it",
    "signed_low": "lower end of the interval, 95 %",
    "signed_high": "upper end",
    "area_without": "area under precision-recall on the development window, without the part",
    "area": "with the part, less without it",
    "area_low": "lower end of the interval over seeds, 95 %",
    "area_high": "upper end",
    "folder_with": "the world with the part",
    "folder_without": "the world without it",
    "area_folder_with": "the development window with the part",
    "area_folder_without": "the development window without it",
}
"""Each column, and what it holds."""


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows, parts that change nothing first; what is not there is None."""
    return [_row(one) for one in result.idle_first()]


def write(result: Result, path: Path) -> Path:
    """Write the table.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    return plain_table.write(path, COLUMNS, rows(result))


def _row(one: Effect) -> dict[str, Any]:
    neutral, moved, area = one.form.neutral, one.moved, one.precision
    folders = [*(str(folder) for folder in one.folders), None, None][:4]
    return {
        "form": one.form.name,
        "verdict": one.verdict,
        "scenario": neutral.scenario,
        "settings": "; ".join(f"{path}={value}" for path, value in neutral.overrides),
        "observable": neutral.observable,
        "without": one.own.base,
        "effect": one.own.mean,
        "effect_low": one.own.low,
        "effect_high": one.own.high,
        "effect_chance": one.own_chance,
        "effect_held": one.own_held,
        "missing": one.missing,
        "moved": moved.share,
        "moved_noise": moved.noise,
        "moved_chance": moved.chance,
        "moved_held": one.moved_held,
        "signed": moved.more.mean,
        "signed_low": moved.more.low,
        "signed_high": moved.more.high,
        "area_without": None if area is None else area.base,
        "area": None if area is None else area.mean,
        "area_low": None if area is None else area.low,
        "area_high": None if area is None else area.high,
        "folder_with": folders[0],
        "folder_without": folders[1],
        "area_folder_with": folders[2],
        "area_folder_without": folders[3],
    }
