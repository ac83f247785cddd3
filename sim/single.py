"""One run, in memory: a tree is laid over its scenario and checked, parts are loaded, and a world lives from start to end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim import engine, recorder
from sim.contracts import blaming, seen
from sim.params import Config, Settings, configure, settings
from sim.recorder import RunData
from sim.registry import AGENTS, KINDS, Shelves, own_files, set_current, shelves_of, using
from sim.scenario import load_scenario, merge
from sim.seat.moves import Move, moves_for, written
from sim.seat.played import live, played_by
from sim.theory.problems import Outcomes, Problems
from sim.types import UserError, nearest
from sim.world import Ints, Setting, World

ROOMS = {kind: package.rsplit(".", 1)[-1] for kind, package in KINDS.items()} | {AGENTS: AGENTS}
OWN_ROOMS = tuple(room for kind, room in ROOMS.items() if kind != "mechanism")


def prepare(tree: dict[str, Any]) -> tuple[Config, Settings]:
    """Lay a tree over its scenario and validate both; the moves of a played seat are read.

    The configuration carries the shelves it was built from, those of ``parts``; what this thread works with stays as it was.

    Raises
    ------
    UserError
        If anything in it is not valid.
    """
    chosen = settings(tree)
    with using(shelves_in(chosen.parts)):
        return _prepared(tree, chosen)


def _prepared(tree: dict[str, Any], chosen: Settings) -> tuple[Config, Settings]:
    name = tree.get("scenarios", "baseline")
    if not isinstance(name, str):
        raise UserError(f"scenarios must be the name of a scenario, not {name!r}")
    # The twin has no shocks, whoever names them: the scenario or the tree (the command line repeats the scenario's).
    spoken = {key: value for key, value in tree.items() if key != "scenarios" and not (chosen.counterfactual and key == "shocks")}
    config = configure(merge(load_scenario(name, counterfactual=chosen.counterfactual), spoken))
    return config, dataclasses.replace(chosen, moves=moves_for(chosen.moves, config, chosen.seed))


def load_parts(folder: Path | None) -> None:
    """Let this thread look up parts on the shelves of a folder from now on; None for ours alone (:func:`sim.registry.shelf`).

    It lasts until the next call in the same thread. Other threads, and runs that name their own folder, are not touched.

    Raises
    ------
    UserError
        If the folder is not there or not laid out so, or a part in it cannot be loaded: file, line and what happened.
    """
    set_current(shelves_in(folder))


def shelves_in(folder: Path | None) -> Shelves:
    """Return the shelves of a run with a user's own parts, ``folder/agreements/x.py``, ``folder/protocols/x.py``, ... over ours.

    This runs the code in them, once for each state of the folder. None gives ours alone.

    Raises
    ------
    UserError
        If the folder is not there or not laid out so, or a part in it cannot be loaded: file, line and what happened.
    """
    if folder is not None:
        _check_layout(folder)
    return shelves_of(folder, ROOMS)


def _check_layout(folder: Path) -> None:
    rooms = ", ".join(sorted(OWN_ROOMS))
    if not folder.is_dir():
        raise UserError(f"parts={folder} is not a folder")
    loose = sorted(path.name for path in folder.glob("*.py") if not path.name.startswith("_"))
    if loose:
        raise UserError(f"parts={folder}: {loose[0]} lies at its top; a part lies in the subfolder of its kind ({rooms})")
    if own_files(folder / ROOMS["mechanism"]):
        raise UserError(
            f"parts={folder}: a mechanism has its line in the order of the month (sim/engine.py), so it cannot come from outside; "
            f"valid subfolders are {rooms}"
        )
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in ROOMS.values() and own_files(path):
            raise UserError(f"parts={folder}: there is no kind of part {path.name!r}; {nearest(path.name, OWN_ROOMS)}")
    if not any(own_files(folder / room) for room in OWN_ROOMS):
        raise UserError(f"parts={folder} holds no part: a part is a Python file in one of its subfolders {rooms}")


class Watcher:
    """Sees a run as it is lived: what the record leaves out. It may read and copy anything; all it is given refuses to be written."""

    def month(self, world: World) -> None:
        """See the world after a month has ended and been measured (and once, before the first, as it stands at the start)."""

    def table(self, world: World, rows: Ints, problems: Problems, known: Problems, outcomes: Outcomes) -> None:
        """See the negotiations of two that moved this month.

        Parameters
        ----------
        world : World
        rows : int (M,)
            Rows of the negotiations.
        problems, known : Problems
            As each side believes of its own ratifiers; as the table knows them (the same where nobody's ratifiers have a say).
        outcomes : Outcomes
            What the protocol made of them, before the parties answer.
        """


class _Kept(Watcher):
    """A watcher that is shown all it sees to read only."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def month(self, world: World) -> None:
        """Show a month."""
        self._watcher.month(seen(world))

    def table(self, world: World, rows: Ints, problems: Problems, known: Problems, outcomes: Outcomes) -> None:
        """Show the tables of a month."""
        self._watcher.table(*(seen(one) for one in (world, rows, problems, known, outcomes)))


def one_run(
    setting: Setting,
    seed: int,
    tier: str,
    heard: Callable[[int], None] | None = None,
    moves: Sequence[Move] = (),
    watcher: Watcher | None = None,
) -> RunData:
    """Live one run from start to end and return its record; ``heard`` is called with each month's number, ``watcher`` sees all.

    ``moves`` are those of the seat that is played, where one is (:mod:`sim.seat.moves`).

    Raises
    ------
    UserError
        If a user's own part fails: its file and line, and what happened. If a move is not possible in its month.
    """
    with using(setting.config.shelves), blaming():
        world = engine.start(setting, seed, record_offers=tier == "full")
        record, played = recorder.Recorder(setting, tier), played_by(setting, moves, engine.decider_of(world))
        if watcher is not None:
            world.watcher = watcher = _Kept(watcher)
            watcher.month(world)
        while world.month <= setting.config.end:
            live(world, played)
            record.measure(world)
            if heard is not None:
                heard(world.month - 1)
            if watcher is not None:
                watcher.month(world)
        return record.finish(world, written(moves))
