"""From a row of the design to a checked configuration, quickly: what most rows share is checked once.

Parameters of mechanisms, agreement types and protocols are laid over a configuration that has been built and checked without them, so
that only the parts they belong to are built anew. All other factors (protocol, roster, shocks, months) make a configuration of their own,
kept for the next row. The result is the one :func:`sim.params.configure` gives for the whole tree.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim import engine
from sim.params import Config, canonical, configure
from sim.registry import shelf, values_of
from sim.study.design import Row
from sim.study.factors import ROOMS, base_tree, laid_over, plain
from sim.study.plan import Plan

_PARTS = ("mechanisms", "agreements")
_KEPT = 64


@dataclass(frozen=True)
class Shared:
    """A configuration that rows have in common, and its canonical text cut open where their own parameters stand.

    Attributes
    ----------
    config : Config
    pieces : tuple of str
        What stands before, between and behind the values of ``order``.
    order : tuple of str
        Paths of the parameters, in the order in which they stand in the text.
    """

    config: Config
    pieces: tuple[str, ...]
    order: tuple[str, ...]

    def text(self, values: Mapping[str, Any]) -> str:
        """Return what :func:`sim.engine.text_of` gives for the configuration with these values in place."""
        written = [text for path, piece in zip(self.order, self.pieces, strict=False) for text in (piece, canonical(values[path]))]
        return "".join([*written, self.pieces[-1]])


class Configurations:
    """Builds the configurations of a plan's rows."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._factors = {factor.path: factor for factor in plan.factors}
        self._moved = [path for path in self._factors if _is_parameter(path)]
        self._others = [path for path in self._factors if path not in self._moved]
        self._trees: dict[tuple[str, bool], dict[str, Any]] = {}
        self._shared: dict[tuple[str, bool, str], Shared] = {}

    def read_all(self) -> None:
        """Read every scenario now, so that a file that changes later changes nothing."""
        for scenario in self.plan.scenarios:
            for twin in (False, True) if self.plan.twin else (False,):
                self._trees[scenario, twin] = base_tree(self.plan.source(scenario), twin, self.plan.fixed)

    def tree(self, row: Row) -> dict[str, Any]:
        """Return the whole configuration tree of a row."""
        return laid_over(self._tree(row), self._values(row), row.twin)

    def config(self, row: Row) -> Config:
        """Return the checked configuration of a row, as :meth:`written` does."""
        return self.written(row)[0]

    def written(self, row: Row) -> tuple[Config, str]:
        """Return the checked configuration of a row and its canonical text (:func:`sim.engine.text_of`).

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
            self._shared[key] = opened_at(configure(laid_over(self._tree(row), rest, row.twin)), self._moved)
        shared = self._shared[key]
        config, checked = replaced(shared.config, own)
        return config, shared.text(checked)

    def _tree(self, row: Row) -> dict[str, Any]:
        key = (row.scenario, row.twin)
        if key not in self._trees:
            self._trees[key] = base_tree(self.plan.source(row.scenario), row.twin, self.plan.fixed)
        return self._trees[key]

    def _values(self, row: Row) -> dict[str, Any]:
        return {path: plain(self._factors[path], value) for path, value in row.values.items()}


def opened_at(config: Config, paths: Iterable[str]) -> Shared:
    """Cut the text of a configuration open at some parameters; those it does not have are left for :func:`replaced` to refuse."""
    marks: dict[str, str] = {}
    rooms: dict[str, dict[str, Any]] = {}
    for path in paths:
        room, name, parameter = _steps(path)
        part = config.tree[room] if room == "protocol" else config.tree[room].get(name, {})
        if parameter in part:
            # No setting holds this character, so that a mark is found once.
            marks[path] = f"\0{path}\0"
            rooms.setdefault(room, {}).setdefault(name, {})[parameter] = marks[path]
    tree = dict(config.tree)
    for room, parts in rooms.items():
        tree[room] = {
            **tree[room],
            **(parts[""] if room == "protocol" else {name: {**tree[room][name], **of} for name, of in parts.items()}),
        }
    rest, pieces = engine.text_of(tree), []
    order = sorted(marks, key=lambda path: rest.index(canonical(marks[path])))
    for path in order:
        before, _, rest = rest.partition(canonical(marks[path]))
        pieces.append(before)
    return Shared(config, (*pieces, rest), tuple(order))


def replaced(config: Config, values: Mapping[str, Any]) -> tuple[Config, dict[str, Any]]:
    """Return a configuration with some parameters of its parts changed, and their checked values by path.

    Raises
    ------
    UserError
        If a parameter is unknown or a value cannot be.
    """
    if not values:
        return config, {}
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for path, value in values.items():
        room, name, parameter = _steps(path)
        parts.setdefault((room, name), {})[parameter] = value
    rooms = {room for room, _ in parts if room in _PARTS}
    changed: dict[str, Any] = {room: dict(getattr(config, room)) for room in _PARTS if room in rooms}
    tree = {**config.tree, **{room: dict(config.tree[room]) for room in changed}}
    found: dict[str, Any] = {}
    for (room, name), given in parts.items():
        part = config.protocol if room == "protocol" else changed[room][name]
        # Only what is given is checked: the rest has been.
        checked = shelf(ROOMS.get(room, room)).checked(part.name, given)
        if room == "protocol":
            changed[room], tree[room] = type(part)(**{**values_of(part), **checked}), {**tree[room], **checked}
        else:
            tree[room][name] = {**tree[room][name], **checked}
            changed[room][name] = type(part)(**tree[room][name])
        above = room if room == "protocol" else f"{room}.{name}"
        found.update({f"{above}.{key}": value for key, value in checked.items()})
    return dataclasses.replace(config, tree=tree, **changed), found


@functools.lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, str, str]:
    """Return the room, the part and the parameter that a path names; a protocol's parameter names no part.

    >>> _steps("mechanisms.contacts.hours_head"), _steps("protocol.rounds")
    (('mechanisms', 'contacts', 'hours_head'), ('protocol', '', 'rounds'))
    """
    above, _, parameter = path.rpartition(".")
    room, _, name = above.partition(".")
    return room, name, parameter


def _is_parameter(path: str) -> bool:
    room, _, rest = path.partition(".")
    return room in _PARTS or (room == "protocol" and bool(rest))
