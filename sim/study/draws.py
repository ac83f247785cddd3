"""From a row of the design to a checked configuration, quickly: what most rows share is checked once.

Parameters of mechanisms, agreement types and protocols are laid over a configuration that has been built and checked without them, so
that only the parts they belong to are built anew. All other factors (protocol, roster, shocks, months) make a configuration of their own,
kept for the next row. The result is the one :func:`sim.params.configure` gives for the whole tree.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sim.params import Config, canonical, configure
from sim.registry import shelf
from sim.study.design import Row
from sim.study.factors import ROOMS, base_tree, laid_over, plain
from sim.study.plan import Plan

_PARTS = ("mechanisms", "agreements")
_KEPT = 64
_TEXTS = 4096


class Texts:
    """Writes plain trees as canonical JSON, remembering the text of branches that come again: rows share all but a few of theirs.

    A branch is known by being the very same object (which is kept, so that nothing else can take its place), and must not change.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Any, str]] = {}
        self._keys: dict[str, str] = {}

    def write(self, tree: Any) -> str:
        """Return what :func:`sim.params.canonical` returns for a tree."""
        return self._joined(tree, 2) if isinstance(tree, dict) else canonical(tree)

    def _joined(self, tree: dict[str, Any], levels: int) -> str:
        return "{" + ",".join([self._key(key) + self._branch(tree[key], levels) for key in sorted(tree)]) + "}"

    def _key(self, key: str) -> str:
        text = self._keys.get(key)
        if text is None:
            text = self._keys[key] = f"{canonical(key)}:"
        return text

    def _branch(self, value: Any, levels: int) -> str:
        if not isinstance(value, (dict, list)):
            return canonical(value)
        kept = self._kept.get(id(value))
        if kept is None:
            kept = value, self._joined(value, levels - 1) if isinstance(value, dict) and levels > 1 else canonical(value)
            if len(self._kept) >= _TEXTS:
                self._kept.clear()
            self._kept[id(value)] = kept
        return kept[1]


class Configurations:
    """Builds the configurations of a plan's rows."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._factors = {factor.path: factor for factor in plan.factors}
        self._moved = [path for path in self._factors if _is_parameter(path)]
        self._others = [path for path in self._factors if path not in self._moved]
        self._trees: dict[tuple[str, bool], dict[str, Any]] = {}
        self._shared: dict[tuple[str, bool, str], Config] = {}

    def tree(self, row: Row) -> dict[str, Any]:
        """Return the whole configuration tree of a row."""
        return laid_over(self._tree(row), self._values(row), row.twin)

    def config(self, row: Row) -> Config:
        """Return the checked configuration of a row.

        Raises
        ------
        UserError
            If its values cannot be together.
        """
        values = self._values(row)
        own = {path: values[path] for path in self._moved}
        rest = {path: values[path] for path in self._others}
        key = row.scenario, row.twin, canonical(rest) if rest else ""
        if key not in self._shared:
            if len(self._shared) >= _KEPT:
                self._shared.pop(next(iter(self._shared)))
            self._shared[key] = configure(laid_over(self._tree(row), rest, row.twin))
        return replaced(self._shared[key], own)

    def _tree(self, row: Row) -> dict[str, Any]:
        key = (row.scenario, row.twin)
        if key not in self._trees:
            self._trees[key] = base_tree(*key, self.plan.fixed)
        return self._trees[key]

    def _values(self, row: Row) -> dict[str, Any]:
        return {path: plain(self._factors[path], value) for path, value in row.values.items()}


def replaced(config: Config, values: Mapping[str, Any]) -> Config:
    """Return a configuration with some parameters of its parts changed and checked.

    Raises
    ------
    UserError
        If a parameter is unknown or a value cannot be.
    """
    if not values:
        return config
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for path, value in values.items():
        above, _, parameter = path.rpartition(".")
        room, _, name = above.partition(".")
        parts.setdefault((room, name), {})[parameter] = value
    changed: dict[str, Any] = {room: dict(getattr(config, room)) for room in _PARTS}
    tree = {**config.tree, **{room: dict(config.tree[room]) for room in _PARTS}}
    for (room, name), given in parts.items():
        part = config.protocol if room == "protocol" else changed[room][name]
        # Only what is given is checked: the rest has been.
        checked = shelf(ROOMS.get(room, room)).checked(part.name, given)
        part = dataclasses.replace(part, **checked)
        if room == "protocol":
            changed[room], tree[room] = part, {**tree[room], **checked}
        else:
            changed[room][name], tree[room][name] = part, {**tree[room][name], **checked}
    return dataclasses.replace(config, tree=tree, **changed)


def _is_parameter(path: str) -> bool:
    room, _, rest = path.partition(".")
    return room in _PARTS or (room == "protocol" and bool(rest))
