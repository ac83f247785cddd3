"""Live configurations in one tree and write down all that they hold: the driver of ``make same``, run once at the base and once here.

``python same_live.py --tree ROOT --out FOLDER [--plant WHAT] CONFIGURATION ...``, with ``ROOT`` first on ``PYTHONPATH``, writes a file
``FOLDER/CONFIGURATION.npz`` for each. Names in it are ``MONTH/array/NAME`` and ``MONTH/column/TABLE.COLUMN`` for three months (the first,
the middle one and the last), and ``record/PART/NAME`` for every dict of arrays or numbers that the run's record has (``scalars``,
``series``, ``panels``, ``events``, ``instruments``, ``offers``, and each table that a part declares).
Words are written as one text, a line a word, and their names end in
``~words``.

A plant is a fault made on purpose: ``array:NAME`` flips the last bit of the first number of an array of the world after the first month,
``setting:PATH=VALUE`` sets one setting.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import same_doors
from same_worlds import CASES, Case, slug

HERE = Path(__file__).resolve().parent


def tree_of(case: Case, plant: str = "") -> dict[str, Any]:
    """Return the settings of a case, its folders where they are on this machine, and a setting planted."""
    tree = {**case.tree}
    if "parts" in tree:
        tree["parts"] = str(HERE / tree["parts"])
    if "folder" in tree.get("data", {}):
        tree["data"] = {**tree["data"], "folder": str(HERE / tree["data"]["folder"])}
    if plant.startswith("setting:"):
        path, value = plant.removeprefix("setting:").split("=", 1)
        tree["set"] = {path: json.loads(value)}
    return tree


def lived(case: Case, plant: str = "") -> dict[str, np.ndarray]:
    """Live one configuration and return all that it holds, by name."""
    looker = _looker(same_doors.month_index(case.tree["start"]), same_doors.month_index(case.tree["end"]))
    with _hand(case, plant):
        result = same_doors.run(case.scenario, seed=case.seed, record="full", watcher=looker, **tree_of(case, plant))
    if len(looker.seen) != len(looker.wanted):
        raise SystemExit(f"the watcher saw {len(looker.seen)} of {len(looker.wanted)} months")
    return looker.found | record_of(result.runs[0])


def record_of(record: Any) -> dict[str, np.ndarray]:
    """Return every array and number of a run's record, by name; digests may change and are left out."""
    found = {"record/months": np.asarray(record.months)}
    for part in dataclasses.fields(record):
        values = getattr(record, part.name)
        if isinstance(values, dict):
            for name, value in values.items():
                if isinstance(value, dict):  # a table that a part declares, by column
                    for column, held in value.items():
                        _put(found, f"record/{name}/{column}", np.asarray(held))
                else:
                    _put(found, f"record/{part.name}/{name}", np.asarray(value))
    return found


def world_of(world: Any) -> dict[str, np.ndarray]:
    """Return every array and every table column of a world, by name."""
    found: dict[str, np.ndarray] = {}
    for name, value in same_doors.snapshot(world).items():
        kind, _, rest = name.partition("/")
        if kind == "array":
            _put(found, f"array/{rest}", value)
        elif kind == "table":
            _put(found, f"column/{rest.replace('/', '.')}", value)
    return found


def _put(found: dict[str, np.ndarray], name: str, value: np.ndarray) -> None:
    if value.dtype.kind in "OUS":
        lines = [str(word) for word in value.ravel().tolist()]
        text = "\n".join(lines).encode() if lines else b""
        found[f"{name}~words"] = np.frombuffer(text, dtype=np.uint8)
        found[f"{name}~count"] = np.array(value.shape, dtype=np.int64)
    else:
        found[name] = np.array(value)


def _looker(start: int, end: int) -> Any:
    wanted = dict.fromkeys((start, (start + end) // 2, end))

    class Looker(same_doors.Watcher):  # type: ignore[misc]
        def __init__(self) -> None:
            self.wanted, self.seen, self.found = list(wanted), [], {}

        def month(self, world: Any) -> None:
            last = int(world.month) - 1
            if last in wanted:
                self.seen.append(last)
                label = same_doors.month_label(last)
                self.found |= {f"{label}/{name}": value for name, value in world_of(world).items()}

    return Looker()


@contextlib.contextmanager
def _hand(case: Case, plant: str) -> Iterator[None]:
    """Let levers be moved, a hand act and an array be spoilt on the way: all from around ``engine.step``, which every month passes."""
    if not case.levers and not case.hands and not plant.startswith("array:"):
        yield
        return
    engine = importlib.import_module(same_doors.DOORS["Action"][0])
    honest, start, calls = engine.step, same_doors.month_index(case.tree["start"]), []

    def step(world: Any, actions: Any = (), decide: Any = None) -> None:
        month = int(world.month)
        calls.append(month)
        for act in case.hands.get(same_doors.month_label(month), ()):
            _act(world, *act)
        moved = [same_doors.Action(*lever) for lever in case.levers.get(same_doors.month_label(month), ())]
        honest(world, [*actions, *moved], decide)
        if plant.startswith("array:") and month == start:
            flip(getattr(world, plant.removeprefix("array:")))

    engine.step = step
    try:
        yield
    finally:
        engine.step = honest
    if len(calls) != same_doors.month_index(case.tree["end"]) - start + 1:
        raise SystemExit("months no longer pass engine.step: levers and plants do not reach the world; mend benchmarks/same_live.py")


def _act(world: Any, what: str, row: int, value: Any) -> None:
    """Do to an instrument what no rule of the model does yet, so that what becomes of it is compared."""
    if what == "term":
        world.instruments["term"][row] = world.month + value - world.instruments["in_force"][row]
    else:
        same_doors.move(world, range(len(world.instruments))[row], same_doors.Stage[value])


def flip(array: np.ndarray, at: int = 0) -> None:
    """Flip the last bit of one number of an array, in place."""
    raw = array.reshape(-1)[at : at + 1].view(np.uint8)
    raw[0 if sys.byteorder == "little" else array.dtype.itemsize - 1] ^= 1


def words_of_the_ledger() -> dict[str, list[str]]:
    """Return every event, reason, channel and occasion that this tree knows, in the record's words."""
    kinds = {"event": "Event", "reason": "Reason", "channel": "Channel", "occasion": "Occasion"}
    return {column: [word.name.lower() for word in getattr(same_doors, name)] for column, name in kinds.items()}


def main() -> None:
    """Live what is asked for, and say of each how long it took."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--tree", type=Path, required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--plant", default="")
    ask.add_argument("names", nargs="*")
    asked = ask.parse_args()
    import sim

    if not Path(str(sim.__file__)).resolve().is_relative_to(asked.tree.resolve()):
        raise SystemExit(f"sim was imported from {sim.__file__}, not from {asked.tree}")
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "words.json").write_text(json.dumps(words_of_the_ledger()), encoding="utf-8")
    for name in asked.names or CASES:
        began = time.perf_counter()
        found = lived(CASES[name], asked.plant)
        place = asked.out / f"{slug(name)}.npz"
        with open(place.with_suffix(".part"), "wb") as file:
            np.savez(file, **found)
        os.replace(place.with_suffix(".part"), place)
        print(f"{name}\t{time.perf_counter() - began:.2f}", flush=True)


if __name__ == "__main__":
    main()
