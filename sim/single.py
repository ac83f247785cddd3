"""One run, in memory: a tree is laid over its scenario and checked, parts are loaded, and a world lives from start to end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import engine, recorder
from sim.bargains.problems import Outcomes, Problems
from sim.contracts import blaming, seen
from sim.dated import LISTS, kinds_of, untouched, with_value
from sim.ledger.words import vocabulary
from sim.older import turning
from sim.params import DEFAULTS, Config, Settings, configure, settings
from sim.plain import plain_tree
from sim.ports import Watcher as Watcher
from sim.recorder import RunData
from sim.registry import AGENTS, KINDS, Shelves, own_files, set_current, shelves_of, using
from sim.scenario import in_the_run, load_scenario, merge
from sim.seat.moves import Move, moves_for, written
from sim.seat.played import live, played_by
from sim.state.world import Ints, Setting, World
from sim.types import UserError, nearest

ROOMS = {kind: package.rsplit(".", 1)[-1] for kind, package in KINDS.items()} | {AGENTS: AGENTS}
OWN_ROOMS = tuple(room for kind, room in ROOMS.items() if kind != "mechanism")


def prepare(tree: Mapping[str, Any], over: Mapping[str, Any] | None = None) -> tuple[Config, Settings]:
    """Lay a tree over its scenario and validate both; the moves of a played seat are read.

    Parameters
    ----------
    tree : mapping
        Settings by name. A name with dots is that of the command line (``mechanisms.contacts.hours_head``). NumPy's numbers and arrays
        count as numbers and lists, and any path as its text.
    over : mapping or None
        More settings by name, laid over the first.

    Returns
    -------
    tuple of (Config, Settings)
        The configuration carries the shelves it was built from, those of ``parts``; what this thread works with stays as it was.

    Raises
    ------
    UserError
        If anything in it is not valid.
    """
    tree, of_shocks = undotted(turning.tree(tree), turning.tree(over))
    chosen = settings(tree)
    with using(shelves_in(chosen.parts)):
        return _prepared(tree, of_shocks, chosen)


def _prepared(tree: dict[str, Any], of_shocks: dict[str, Any], chosen: Settings) -> tuple[Config, Settings]:
    # The twin has no shocks, whoever names them: the scenario or the tree (the command line repeats the scenario's).
    spoken = {key: value for key, value in tree.items() if key != "scenarios" and not (chosen.counterfactual and key == "shocks")}
    base = load_scenario(tree.get("scenarios", "baseline"), counterfactual=chosen.counterfactual)
    if chosen.counterfactual and "events" in spoken:
        spoken["events"] = untouched(spoken["events"])
    if isinstance(spoken.get("protocol"), Mapping) and "name" not in spoken["protocol"]:
        standing = base.get("protocol", DEFAULTS["protocol"])
        base = {**base, "protocol": {"name": standing} if isinstance(standing, str) else standing}
    whole = in_the_run(merge(base, spoken), base)
    for path, value in of_shocks.items():
        whole = {**whole, **_shocks_with(whole, path, value, chosen.counterfactual)}
    config = configure(whole)
    moves = moves_for(chosen.moves, config, chosen.seed)
    if moves:
        refuse_seat(config)
    return config, dataclasses.replace(chosen, moves=moves)


def refuse_seat(config: Config) -> None:
    """Refuse to let a seat be played where a rival theory decides who deals with whom.

    Raises
    ------
    UserError
        If the configuration has a rival.
    """
    if config.rival is not None:
        raise UserError(f"no seat is played under rival={config.rival.name}, which decides for all who signs with whom; leave it out")


def undotted(*trees: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a plain tree with its dotted names taken apart, later trees laid over earlier ones; those of shocks apart, as they are.

    Raises
    ------
    UserError
        If a name is none, or names a value inside a value.
    """
    whole: dict[str, Any] = {}
    of_shocks: dict[str, Any] = {}
    for tree in trees:
        if tree is not None and not isinstance(tree, Mapping):
            raise UserError(f"set must hold settings by name, such as {{'mechanisms.contacts.hours_head': 2.0}}, not {tree!r}")
        for key, value in plain_tree(tree or {}).items():
            if not isinstance(key, str):
                raise UserError(f"the name of a setting is a word, not {key!r}")
            steps = key.split(".")
            if steps[0] == "shocks" and len(steps) > 1:
                of_shocks[key] = value
                continue
            if len(steps) == 1:
                whole[key] = merge(whole[key], value) if isinstance(value, dict) and isinstance(whole.get(key), dict) else value
                continue
            for step in reversed(steps[1:]):
                value = {step: value}
            known = whole.get(steps[0], {})
            known = {"name": known} if steps[0] == "protocol" and isinstance(known, str) else known
            if not isinstance(known, dict):
                raise UserError(f"{key} lies in {steps[0]}, which is given as {known!r}")
            whole[steps[0]] = merge(known, value)
    return whole, of_shocks


def _shocks_with(tree: Mapping[str, Any], path: str, value: Any, twin: bool) -> dict[str, Any]:
    """Return shocks, events and background with one parameter of all of a kind set, as ``shocks.KIND.PARAMETER`` names it.

    A twin has the background alone.
    """
    steps = path.split(".")
    lists = {key: tree[key] for key in LISTS if tree.get(key)}
    kinds = [str(kind) for kind in kinds_of(*lists.values())]
    if len(steps) != 3:
        raise UserError(f"{path}: a shock's parameter is written shocks.KIND.PARAMETER")
    if twin and steps[1] not in kinds:
        return {}
    if steps[1] not in kinds:
        near = nearest(steps[1], kinds) if kinds else f"shocks=[{{kind:{steps[1]}}}] brings one"
        raise UserError(f"{path}: this run has no shock of kind {steps[1]} in its months; {near}")
    return {key: with_value(some, steps[1], steps[2], value) for key, some in lists.items()}


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
    made = shelves_of(folder, ROOMS)
    vocabulary(made)  # refused as it is loaded, not when the first run is assembled
    return made


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
    for room in sorted(OWN_ROOMS):
        deep = (path.relative_to(folder) for path in sorted((folder / room).glob("*/**/*.py")))
        lost = next((path for path in deep if not any(step.startswith(("_", ".")) for step in path.parts)), None)
        if lost is not None:
            raise UserError(
                f"parts={folder}: {lost.as_posix()} lies too deep; a part lies in {room} itself, and a helper's name begins with _"
            )
    if not any(own_files(folder / room) for room in OWN_ROOMS):
        raise UserError(f"parts={folder} holds no part: a part is a Python file in one of its subfolders {rooms}")


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
            world.watchers.subscribe(_Kept(watcher))
        world.watchers.month(world)
        while world.month <= setting.config.end:
            live(world, played)
            record.measure(world)
            if heard is not None:
                heard(world.month - 1)
            world.watchers.month(world)
        return record.finish(world, written(moves))
