"""The doors through which ``make same`` and its parts reach the model, in any of its commits.

The gate lives one list of configurations in two trees, and later commits move modules. So it names here, once, each thing it needs and the
modules in which that thing has been or may be, the newest first. Whoever moves one of these adds the new place at the front; the old place
stays, because the base still has it there. ``from same_doors import part`` gives the thing from the first module that has it.
"""

from __future__ import annotations

import importlib
from typing import Any

DOORS: dict[str, tuple[str, ...]] = {
    # The driver's own.
    "run": ("sim.run",),
    "Watcher": ("sim.run", "sim.single"),
    "Action": ("sim.engine",),
    "snapshot": ("sim.state.world", "sim.world"),
    "move": ("sim.ledger",),
    "Stage": ("sim.types",),
    "month_index": ("sim.types",),
    "month_label": ("sim.types",),
    # Words that the ledger knows, to say which of them no configuration shows.
    "Event": ("sim.types",),
    "Reason": ("sim.types",),
    "Channel": ("sim.types",),
    "Occasion": ("sim.types",),
    # What the parts in same_parts/ are made of.
    "part": ("sim.parts", "sim.registry"),
    "param": ("sim.parts", "sim.registry"),
    "Draft": ("sim.parts", "sim.stakes.payoffs", "sim.theory.payoffs"),
    "W_MIN": ("sim.parts", "sim.bargains.problems", "sim.theory.problems"),
    "Outcomes": ("sim.parts", "sim.bargains.problems", "sim.theory.problems"),
    "checked": ("sim.parts", "sim.bargains.problems", "sim.theory.problems"),
    "Status": ("sim.parts", "sim.types"),
    "StateAgent": ("sim.parts", "sim.agents"),
    "BlocAgent": ("sim.parts", "sim.agents"),
}


def __getattr__(name: str) -> Any:
    """Return a thing from the first of its places that has it."""
    if name not in DOORS:
        raise AttributeError(f"same_doors knows no door {name!r}")
    for place in DOORS[name]:
        try:
            module = importlib.import_module(place)
        except ModuleNotFoundError as fault:
            if fault.name is None or not place.startswith(fault.name):
                raise
            continue
        if hasattr(module, name):
            return getattr(module, name)
    raise ImportError(f"none of {', '.join(DOORS[name])} has {name}: add its new place to benchmarks/same_doors.py")
