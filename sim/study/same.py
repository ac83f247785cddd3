"""A study is done with one model: what decides its numbers is written down as it begins, and compared wherever runs are added.

Compared are the model's files, the scenarios and ready configurations, the user's parts and tables, and the versions of Python, NumPy,
Numba and SciPy: when a study is resumed or grown, when a worker starts, and before it writes a shard. Parts are compared before they are
imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.older.forms import refuse_to_add
from sim.sameness import MODEL, Watched, decides, differences, model_moved
from sim.scenario import load_scenario
from sim.study.plan import Plan
from sim.types import UserError

DECIDES = "decides"


def table_folders(plan: Plan) -> tuple[str, ...]:
    """List the folders of a user's tables that a plan reads: set for all, set by a scenario, or moved by a factor."""
    found: list[Any] = [plan.fixed.get("data.folder")]
    if "data.folder" not in plan.fixed:
        found += [(load_scenario(plan.source(name)).get("data") or {}).get("folder") for name in plan.scenarios]
    found += [value for factor in plan.factors if factor.path == "data.folder" for value in factor.values]
    return tuple(sorted({str(Path(str(one)).expanduser()) for one in found if one is not None}))


def written_down(plan: Plan, parts: Path | None) -> dict[str, str]:
    """Return what decides the numbers of a study that begins now.

    Raises
    ------
    UserError
        If the model's files changed since this process loaded them.
    """
    if model_moved():
        raise UserError(
            "the files of the model changed since this process started; start it anew, so that the study is done with one model"
        )
    return decides(parts, table_folders(plan))


def tables_in(manifest: dict[str, Any]) -> tuple[str, ...]:
    """List the folders of tables that a study was begun with."""
    return tuple(manifest["tables"])


def parts_in(manifest: dict[str, Any]) -> Path | None:
    """Return the folder of parts that a study was begun with."""
    return None if manifest["parts"] is None else Path(manifest["parts"])


def moved_since(manifest: dict[str, Any]) -> list[str]:
    """List what decides numbers and is not what a study was begun with; nothing is imported or run."""
    now = decides(parts_in(manifest), tables_in(manifest))
    if model_moved():
        now[MODEL] = "changing"
    return differences(manifest[DECIDES], now)


def same_code(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse to add runs of another model to a study, or runs of this form to a study of an older one.

    Raises
    ------
    UserError
        If anything that decides a number is not what the study was begun with: each piece is named.
    """
    refuse_to_add(folder, manifest)
    moved = moved_since(manifest)
    if moved:
        raise UserError(
            f"{folder} was begun with other code or data: {'; '.join(moved)}. Go back to what it was begun with to add to it, "
            "or start a new study"
        )


def watched(manifest: dict[str, Any]) -> Watched:
    """Return the watch over all that a worker of a study reads."""
    return Watched(parts_in(manifest), tables_in(manifest))


def still_same(folder: Path, watch: Watched) -> None:
    """Refuse to write what was lived while the files changed.

    Raises
    ------
    UserError
        If a file that decides a number is another now than when the worker started.
    """
    moved = watch.moved()
    if moved:
        raise UserError(
            f"{', '.join(str(place) for place in moved)} changed while {folder} was worked on; the runs of this shard are not written. "
            f"Go back to what it was begun with, and python -m sim resume {folder} does them"
        )
