"""How two parties stand to each other: hostility, hostility without rivalry, and strength of alliance, 0 to 1 each.

An array of the world by that name on directed dyads is read where one is declared. Otherwise the dated values of the roster are; a bloc
stands as its members do, weighed by their people.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.stakes.stakes import Groups
from sim.state.world import Floats, World

_TABLES = {"hostility": "hostility", "without_rivalry": "without_rivalry", "alliance": "alliances"}


def standing(view: World, name: str, groups: Groups) -> Floats:
    """Return ``"hostility"``, ``"without_rivalry"`` or ``"alliance"`` of some dyads, shape (G,), 0 to 1."""
    declared: Any = getattr(view, name, None)
    if declared is not None:
        return np.asarray(declared[groups.edge])
    first, second, value = view.setting.roster.spells[_TABLES[name]].at(view.month)
    n, people = view.setting.n_states, view.population
    low, high = np.minimum(first, second), np.maximum(first, second)
    code = low * n + high
    order = np.lexsort((value, code))
    # Where rows overlap the largest value counts: the last of its pair.
    code, value = code[order], value[order]
    last = np.append(code[1:] != code[:-1], True) if len(code) else np.zeros(0, dtype=np.bool_)
    code, value = code[last], value[last]

    def among(one: Any, two: Any) -> Floats:
        asked = np.minimum(one, two).astype(np.int64) * n + np.maximum(one, two)
        if not len(code):
            return np.zeros(len(asked))
        at = np.minimum(np.searchsorted(code, asked), len(code) - 1)
        return np.where(code[at] == asked, value[at], 0.0)

    found = np.zeros(groups.n)
    states = (groups.first < n) & (groups.second < n)
    found[states] = among(groups.first[states], groups.second[states])
    for g in np.flatnonzero(~states):
        one, two = (_states(view, int(party)) for party in (groups.first[g], groups.second[g]))
        if len(one) and len(two):
            weight = np.outer(people[one], people[two]).ravel()
            found[g] = float(np.sum(among(np.repeat(one, len(two)), np.tile(two, len(one))) * weight) / np.sum(weight))
    return found


def _states(view: World, party: int) -> Any:
    n = view.setting.n_states
    return np.array([party]) if party < n else np.flatnonzero(view.member[party - n])
