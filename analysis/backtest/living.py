"""The backtest's own runs: a study of one scenario over the window, which keeps every run's ledger and is resumed where it was cut."""

from __future__ import annotations

from pathlib import Path

from sim.doors.progress import study_progress
from sim.seal import MANIFEST
from sim.study import manage, pools
from sim.study.plan import Plan, plan_of
from sim.study.same import moved_since
from sim.study.store import plan_in, read_manifest
from sim.types import UserError, month_label

SCENARIO = "baseline"
NAME = "backtest"


def plan_for(first: int, last: int, seeds: int) -> Plan:
    """Return the study of a window of months."""
    return plan_of(
        {
            "title": f"Backtest {month_label(first)} to {month_label(last)}",
            "scenarios": [SCENARIO],
            "set": {"start": month_label(first), "end": month_label(last)},
            "replicates": seeds,
            "record": "scalars",
            "keep": {"runs": list(range(seeds)), "record": "panels"},
        },
        NAME,
    )


def lived(first: int, last: int, seeds: int, outputs: Path) -> Path:
    """Return the folder of a finished study of a window: the one that is there with the same code and seeds, or a new one.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    plan = plan_for(first, last, seeds)
    folder = _there(plan, outputs) or manage.begin(plan, outputs)
    if read_manifest(folder)["status"] != "complete":
        with study_progress(seeds) as heard:
            manage.resume(folder, lambda place, which: pools.carry_out(place, which, heard=heard))
    return folder


def _there(plan: Plan, outputs: Path) -> Path | None:
    """Return the study of the same plan and code in a folder, None where there is none."""
    for path in sorted(outputs.glob(f"study-{NAME}*/{MANIFEST}")):
        try:
            manifest = read_manifest(path.parent)
            if plan_in(manifest).tree == plan.tree and not moved_since(manifest):
                return path.parent
        except UserError:
            continue  # a study of another form, or damaged: a new one is begun beside it
    return None
