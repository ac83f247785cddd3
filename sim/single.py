"""One run, in memory: a tree is laid over its scenario and checked, parts are loaded, and a world lives from start to end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import engine, recorder
from sim.params import Config, Settings, configure, settings
from sim.recorder import RunData
from sim.registry import KINDS, shelf
from sim.scenario import load_scenario, merge
from sim.types import UserError
from sim.world import Setting


def prepare(tree: dict[str, Any]) -> tuple[Config, Settings]:
    """Lay a tree over its scenario and validate both.

    Raises
    ------
    UserError
        If anything in it is not valid.
    """
    chosen = settings(tree)
    if chosen.parts is not None:
        load_parts(chosen.parts)
    name = tree.get("scenarios", "baseline")
    if not isinstance(name, str):
        raise UserError(f"scenarios must be the name of a scenario, not {name!r}")
    return configure(
        merge(load_scenario(name, counterfactual=chosen.counterfactual), {k: v for k, v in tree.items() if k != "scenarios"})
    ), chosen


def load_parts(folder: Path) -> None:
    """Load a user's own parts from ``folder/agreements``, ``folder/protocols``, ... (this runs the code in them).

    Raises
    ------
    UserError
        If the folder is not there.
    """
    if not folder.is_dir():
        raise UserError(f"parts={folder} is not a folder")
    for kind, package in KINDS.items():
        shelf(kind).load_folder(folder / package.rsplit(".", 1)[-1])


def one_run(setting: Setting, seed: int, tier: str, heard: Callable[[int], None] | None = None) -> RunData:
    """Live one run from start to end and return its record; ``heard`` is called with each month's number."""
    world = engine.start(setting, seed, record_offers=tier == "full")
    record = recorder.Recorder(setting, tier)
    while world.month <= setting.config.end:
        engine.step(world)
        record.measure(world)
        if heard is not None:
            heard(world.month - 1)
    return record.finish(world)
