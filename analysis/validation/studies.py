"""Which worlds the chosen facts need, and the studies that live them: found again where they are there, resumed where they are not whole.

A study keeps every run as a folder of its own with panels and ledger, because facts are read from single events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.facts import Fact
from analysis.worlds import Heard, World
from sim.batch import refuse_inside_import
from sim.older.forms import OLDER
from sim.params import canonical
from sim.seal import MANIFEST
from sim.study import manage, pools
from sim.study.plan import Plan, plan_of
from sim.study.same import same_code
from sim.study.store import read_manifest
from sim.types import UserError

NAME = "validation"


def worlds_of(facts: Iterable[Fact], over: Mapping[str, Any], *, nulls: bool = True) -> dict[World, bool]:
    """Return the worlds that facts and their nulls need, and whether each needs its twin; ``over`` is laid over all of them."""
    found: dict[World, bool] = {}
    for fact in facts:
        for world in (main_world(fact, over), null_world(fact, over) if nulls else None):
            if world is not None:
                found[world] = found.get(world, False) or fact.twin
    return found


def main_world(fact: Fact, over: Mapping[str, Any]) -> World | None:
    """Return the world a fact is read from, None where there is no scenario yet."""
    return None if fact.scenario is None else World.of(fact.scenario, over)


def null_world(fact: Fact, over: Mapping[str, Any]) -> World | None:
    """Return the world of a fact's null, None where it cannot be run."""
    if fact.scenario is None or not fact.null.settings:
        return None
    return World.of(fact.scenario, {**over, **fact.null.settings})


def plan(world: World, seeds: int, *, twin: bool) -> Plan:
    """Return the study of a world.

    Raises
    ------
    UserError
        If the world cannot be: an unknown setting, for one.
    """
    runs = seeds * (2 if twin else 1)
    tree = {
        "title": "What the stylised facts are scored on",
        "scenarios": [world.scenario],
        "set": world.tree,
        "replicates": seeds,
        "twin": twin,
        "record": "series",
        "keep": {"runs": list(range(runs)), "record": "panels"},
    }
    return plan_of(tree, f"{NAME}-{world.scenario}")


def lived(wanted: Plan, outputs: Path, heard: Heard, workers: int | None = None) -> Path:
    """Return the folder of a study whose every run has been tried: one that lies there, resumed where need be, or a new one.

    Parameters
    ----------
    wanted : Plan
    outputs : Path
        Where the studies lie.
    heard : callable
        Told what is about to be lived.
    workers : int or None
        Processes; None takes one for each core.
    """
    refuse_inside_import()
    folder = _found(wanted, outputs)
    if folder is not None and _whole(read_manifest(folder)):
        return folder
    settings = f" with {canonical(wanted.fixed)}" if wanted.fixed else ""
    heard(f"{'resuming' if folder else 'living'} {wanted.n_runs} runs of {wanted.scenarios[0]}{settings}")
    folder = folder or manage.begin(wanted, outputs)
    manage.resume(folder, lambda place, which: pools.carry_out(place, which, workers=workers), workers=workers)
    return folder


def _found(wanted: Plan, outputs: Path) -> Path | None:
    """Return the folder of the same study, begun with the same code; the newest where there are several."""
    for path in sorted(outputs.glob(f"study-{wanted.name}*/{MANIFEST}"), reverse=True):
        try:
            manifest = read_manifest(path.parent)
            if OLDER not in manifest and canonical(manifest["plan"]) == canonical(wanted.tree):
                same_code(path.parent, manifest)
                return path.parent
        except UserError:
            continue  # damaged, or of other code: it is left alone, and the study is lived anew
    return None


def _whole(manifest: Mapping[str, Any]) -> bool:
    return manifest["status"] == "complete" and not manifest.get("failed")
