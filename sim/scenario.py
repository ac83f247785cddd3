"""Scenarios: one YAML file each under ``scenarios/``, read as plain trees; a twin without shocks is made from the same file."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

from sim.params import DEFAULTS, SCENARIO_ONLY
from sim.types import UserError, nearest


@functools.cache
def scenario_names() -> tuple[str, ...]:
    """List the scenarios on the shelf."""
    return tuple(sorted(entry.name[:-5] for entry in resources.files("scenarios").iterdir() if entry.name.endswith(".yaml")))


def load_scenario(name: str, *, counterfactual: bool = False) -> dict[str, Any]:
    """Read one scenario as a tree that :func:`sim.params.configure` takes.

    Raises
    ------
    UserError
        If there is no such scenario, its file is not a mapping or holds an unknown key, or the twin of a scenario without shocks is
        asked for.
    """
    import yaml

    if name not in scenario_names():
        raise UserError(f"there is no scenario {name!r}; {nearest(str(name), scenario_names())}")
    try:
        tree = yaml.safe_load(resources.files("scenarios").joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    except yaml.YAMLError as fault:
        raise UserError(f"scenarios/{name}.yaml is not valid YAML: {' '.join(str(fault).split())}") from None
    if not isinstance(tree, dict):
        raise UserError(f"scenarios/{name}.yaml must hold named values, not {type(tree).__name__}")
    known = [*DEFAULTS, *SCENARIO_ONLY]
    for key in tree:
        if key not in known:
            raise UserError(f"scenarios/{name}.yaml: there is no setting {key!r}; {nearest(str(key), known)}")
    if counterfactual:
        if not tree.get("shocks"):
            raise UserError(f"scenario {name!r} has no shocks, so it has no counterfactual: it is itself the world without shocks")
        tree = {**tree, "shocks": []}
    return {**tree, "scenarios": name}


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one tree over another: named values join, everything else is replaced; so is a part by one of another name."""
    if "name" in base and over.get("name", base["name"]) != base["name"]:
        return dict(over)
    joined = dict(base)
    for key, value in over.items():
        known = joined.get(key)
        joined[key] = merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return joined
