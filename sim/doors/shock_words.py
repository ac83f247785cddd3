"""``shocks.KIND.PARAMETER=value``: a word that changes the shocks of one kind, dated or not, those of the scenario or those typed.

Shocks are a list, which Hydra replaces as a whole. So these words travel beside it, under a name of their own, and are laid over the list
when all is composed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sim.dated import LISTS, kinds_of, with_value
from sim.registry import shelf
from sim.scenario import in_the_run, load_scenario, scenario_names
from sim.types import UserError, nearest

ROOM = "shock_values"
"""The name under which Hydra holds them; nobody types it."""


def is_shock_word(key: str) -> bool:
    """Say whether a key names something of the shocks of a kind."""
    return key.startswith("shocks.")


def travelling(text: str) -> str:
    """Return a word in the form in which Hydra takes it."""
    return f"+{ROOM}.{text.removeprefix('shocks.')}"


def check_shock_word(key: str, scenario: Any, typed: Any, events: Any = None, months: Mapping[str, Any] | None = None) -> None:
    """Check that a key names a parameter of a shock that is there.

    Parameters
    ----------
    key : str
    scenario : str or mapping
        Its name, or its file as it was read.
    typed, events : list or None
        The shocks and events typed as lists, which take the place of the scenario's.
    months : mapping of str to str or None
        The months typed, ``start`` and ``end``; they may leave some of the scenario's events out.

    Raises
    ------
    UserError
        If there is no such kind or parameter, or no shock of the kind.
    """
    steps = key.split(".")
    if len(steps) != 3:
        raise UserError(f"{key}: a shock's value is written shocks.KIND.PARAMETER=VALUE, for example {_example(*steps[1:2])}")
    kind, name = steps[1:]
    if kind.isdigit():
        raise UserError(f"{key}: shocks are named by their kind and not by a number, for example {_example()}")
    fields = [field.name for field in dataclasses.fields(shelf("shock").get(kind))]
    if name not in fields:
        raise UserError(f"shocks.{kind} has no {name!r}; {nearest(name, fields)}")
    tree = load_scenario(scenario)
    left = in_the_run({**tree, **(months or {})}, tree).get("events")
    given = [tree.get("shocks") if typed is None else typed, left if events is None else events, tree.get("background")]
    if kind not in kinds_of(*given):
        called = scenario if isinstance(scenario, str) else scenario["name"]
        if events is None and kind in kinds_of(tree.get("events")):
            raise UserError(f"{key}: the shocks of kind {kind} of scenario {called} lie outside the months typed; leave one of the two out")
        where = f"scenario {called} has" if typed is None else "the shocks typed hold"
        having = with_shock(kind)
        other = f"; scenarios={having[0]} has one, and" if having and typed is None else ";"
        raise UserError(f"{key}: {where} no shock of kind {kind}{other} shocks=[{{kind:{kind},{name}:VALUE}}] brings one")


def laid_over_shocks(tree: dict[str, Any]) -> dict[str, Any]:
    """Lay the words over the shocks and events of a composed tree."""
    for kind, values in (tree.pop(ROOM, None) or {}).items():
        for name, value in values.items():
            for key in LISTS:
                tree[key] = with_value(tree.get(key), kind, name, value)
    return tree


def with_shock(kind: str) -> list[str]:
    """List the scenarios that have a shock of a kind; one that cannot be loaded has none."""
    found = []
    for name in scenario_names():
        try:
            tree = load_scenario(name)
        except UserError:
            continue
        if kind in kinds_of(*(tree.get(key) for key in LISTS)):
            found.append(name)
    return found


def _example(wanted: str = "") -> str:
    """Return a parameter of a shock as it is typed: of the one wanted, where there is such a kind."""
    kinds = shelf("shock").names()
    for kind in [wanted] if wanted in kinds else kinds:
        for field in dataclasses.fields(shelf("shock").get(kind)):
            return f"shocks.{kind}.{field.name}"
    return "shocks.KIND.PARAMETER"
