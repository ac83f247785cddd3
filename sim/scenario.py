"""Scenarios: one YAML file each under ``scenarios/``, read as plain trees; a twin without shocks is made from the same file."""

from __future__ import annotations

import copy
import functools
from importlib import resources
from typing import Any

from sim.older import turning
from sim.older.names import near
from sim.params import DEFAULTS, SCENARIO_ONLY, configure
from sim.reader import decoded, read_yaml
from sim.registry import own_digest
from sim.types import UserError, nearest

WORDS = ("title", "title_id", "story", "story_id", "question", "question_id")


@functools.cache
def scenario_names() -> tuple[str, ...]:
    """List the scenarios on the shelf."""
    return tuple(sorted(entry.name[:-5] for entry in resources.files("scenarios").iterdir() if entry.name.endswith(".yaml")))


def load_scenario(name: str, *, counterfactual: bool = False) -> dict[str, Any]:
    """Read one scenario as a tree that :func:`sim.params.configure` takes.

    Raises
    ------
    UserError
        If there is no such scenario, its file is empty, gives a name twice, lacks its words, holds anything that cannot be set, or the
        twin of a scenario without shocks is asked for.
    """
    if name not in scenario_names():
        raise UserError(f"there is no scenario {name!r}; {near('scenario', str(name), scenario_names())}")
    tree = copy.deepcopy(_checked(name, _text(name), own_digest()))
    if counterfactual:
        if not tree.get("shocks"):
            raise UserError(f"scenario {name!r} has no shocks, so it has no counterfactual: it is itself the world without shocks")
        tree = {**tree, "shocks": []}
    return {**tree, "scenarios": name}


def scenario_text(name: str) -> str | None:
    """Return the text of a scenario's file, None where there is none of that name."""
    return _text(name) if name in scenario_names() else None


def _text(name: str) -> str:
    try:
        return decoded(resources.files("scenarios").joinpath(f"{name}.yaml").read_bytes())
    except OSError as fault:
        raise UserError(f"scenarios/{name}.yaml cannot be read: {fault.strerror or fault}") from None
    except UserError as fault:
        raise UserError(f"scenarios/{name}.yaml cannot be read: {fault}") from None


# The user's parts are a key of the cache because a scenario may name one of them.
@functools.cache
def _checked(name: str, text: str, _parts: str) -> dict[str, Any]:
    try:
        document = read_yaml(text)
    except UserError as fault:
        raise UserError(f"scenarios/{name}.yaml: {fault}") from None
    try:
        tree: dict[str, Any] = turning.tree(document.tree)
        known = [*DEFAULTS, *SCENARIO_ONLY]
        for key in tree:
            if key not in known:
                raise UserError(f"there is no setting {key!r}; {near('setting', str(key), known)}")
        for key in WORDS:
            if not isinstance(tree.get(key), str) or not tree[key].strip():
                raise UserError(f"{key} is missing: every scenario has its title, story and question in English and Indonesian (_id)")
        twin = tree.get("counterfactual_of")
        if twin is not None and (twin == name or twin not in scenario_names()):
            others = [one for one in scenario_names() if one != name]
            raise UserError(f"counterfactual_of names {twin!r}, which is no other scenario; {nearest(str(twin), others)}")
        configure({**tree, "scenarios": name})
    except UserError as fault:
        raise UserError(f"scenarios/{name}.yaml: {document.located(fault)}") from None
    return tree


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one tree over another: named values join, everything else is replaced; so is a part by one of another name."""
    if "name" in base and over.get("name", base["name"]) != base["name"]:
        return dict(over)
    joined = dict(base)
    for key, value in over.items():
        known = joined.get(key)
        joined[key] = merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return joined
