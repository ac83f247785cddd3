"""Small real worlds for the tests, and exact comparisons between them."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import engine
from sim.state.world import Setting, World, snapshot
from sim.types import Stage, month_index

ROOT = Path(__file__).resolve().parents[1]
NINE = ("CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "SGP", "TUV", "USA")
START, END = "2019-06", "2022-05"
LEFT, UNBOUND = month_index("2020-02"), month_index("2021-01")  # first months in which the UK is no member of the EU, and free of its law
TINY = {"start": "2019-11", "end": "2020-02", "roster": {"states": ["DEU", "GBR", "USA"]}}
SEEN = {"start": "2019-10", "end": "2021-03", "roster": {"states": ["CHE", "CHN", "DEU", "FRA", "GBR", "IDN", "JPN", "SGP", "USA"]}}
"""A world looked at through Mesa, and its graphs."""
QUICK = {
    "transfer_framework": {"months_to_force": 2},
    "infrastructure_pact": {"months_to_force": 1, "build_months": 6, "budget_share": 5e-4},
}
EAGER = {
    "bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0},
    "ratification": {"months_majority": 1.0, "months_supermajority": 1.0, "months_bloc_assent": 1.0},
}

OF_TALKS = (
    "last_contact n_contacts n_by_channel credit stage reason closed step last_offer first_offer asks text utility disagreement_value "
    "quality payment package succeeds pressed"
)
OF_INSTRUMENTS = (
    "stage in_force ended term suspended_for months_barred value_first value_second left_by leaves leaves_for lost_first lost_second "
    "certified coming_back disbursed halfway_first halfway_second saving_first saving_second trade_carried trade_added stands"
)
CHANGES_LATER = {
    "talks": OF_TALKS.split(),
    "instruments": OF_INSTRUMENTS.split(),
    "adherence": ["stage", "until"],
    "breaches": ["found", "cure", "answered", "standing"],
    "cases": ["court", "outcome", "margin", "asked", "ends"],
    "links": ["mbps", "status", "due", "since", "days_down", "severed"],
    "ways": ["length", "open_mbps"],
    "cloud_offers": ["since", "serves"],
    "clouds": ["free", "bound"],
}


def tree(**over: Any) -> dict[str, Any]:
    """Return the tree of the usual small world, laid over by keys."""
    return {"start": START, "end": END, "roster": {"states": list(NINE)}, **over}


def lively(**over: Any) -> dict[str, Any]:
    """Return a small world in which much is signed, built and completed within three years."""
    return tree(agreements=QUICK, mechanisms=EAGER, **over)


@functools.cache
def _setting(text: str) -> Setting:
    return engine.build(json.loads(text))


def setting_of(plain: dict[str, Any]) -> Setting:
    """Assemble a setting once for all tests."""
    return _setting(json.dumps(plain, sort_keys=True))


def begun(plain: dict[str, Any], seed: int = 7) -> World:
    return engine.start(setting_of(plain), seed)


def lived(plain: dict[str, Any], seed: int = 7, months: int | None = None) -> World:
    """Live some months, or all."""
    world = begun(plain, seed)
    for _ in months_of(world, months):
        pass
    return world


def months_of(
    world: World, count: int | None = None, actions: dict[int, list[engine.Action]] | None = None, decide: Any = None
) -> Iterator[World]:
    """Live on month by month, to the end or for ``count`` months, giving the world after each."""
    last = world.setting.config.end if count is None else world.month + count - 1
    while world.month <= last:
        engine.step(world, (actions or {}).get(world.month, ()), decide)
        yield world


def digest(world: World) -> str:
    """Digest all that a world holds, to the bit."""
    return digest_of(snapshot(world))


def digest_of(arrays: dict[str, NDArray[Any]]) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        whole.update(f"{name}{arrays[name].dtype.str}{arrays[name].shape}".encode() + np.ascontiguousarray(arrays[name]).tobytes())
    return whole.hexdigest()


def different(one: dict[str, NDArray[Any]], two: dict[str, NDArray[Any]]) -> set[str]:
    """Name the arrays of two snapshots that are not bitwise equal."""
    assert one.keys() == two.keys()
    return {name for name in one if one[name].shape != two[name].shape or one[name].tobytes() != two[name].tobytes()}


def in_force_at_the_end(world: World) -> int:
    return int((world.instruments["stage"] == Stage.IN_FORCE).sum())


def another_process(code: str, cwd: Path = ROOT, **environment: str) -> str:
    """Run some Python in a fresh interpreter with this tree on its path, and return what it prints."""
    kept = {name: value for name, value in os.environ.items() if name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "LC_", "LANG"))} | kept
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
