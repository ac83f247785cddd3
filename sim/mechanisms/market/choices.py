"""What each state may choose for its load: offers of the start and those that may come, and the best of them for each user."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.ground.paths import NO_PATH
from sim.mechanisms.market.words import HYBRID, PRIVATE, PUBLIC, SOVEREIGN
from sim.state.world import Floats, Ints, World

ABROAD = 3
"""Regions abroad from which on providers of a home may come to any state."""


def large_homes(world: World) -> NDArray[np.int64]:
    """Return the homes whose providers have regions in several other states, or several in one, as the run begins."""
    host, home, count = world.setting.roster.clouds.pairs(world.month)
    abroad = np.bincount(home[host != home], weights=count[host != home], minlength=world.setting.n_states)
    return np.flatnonzero(abroad >= ABROAD)


def offers(world: World) -> tuple[Ints, Ints, Ints]:
    """Return hosts, homes and regions of the start of all offers, sorted by host and home, (F,) each."""
    n = world.setting.n_states
    host, home, count = world.setting.roster.clouds.pairs(world.month)
    found = {(int(h), int(p)): int(c) for h, p, c in zip(host, home, count, strict=True)}
    for s in range(n):
        found.setdefault((s, s), 0)
    for p in large_homes(world).tolist():
        for s in range(n):
            found.setdefault((s, p), 0)
    rows = np.array([(h, p, c) for (h, p), c in sorted(found.items())], dtype=np.int64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]


def choices(world: World, most: int, worth: Floats) -> dict[str, Any]:
    """Return the columns of all choices, users in order: offers by host and home, own machines, a sovereign cloud, hybrid ones.

    Parameters
    ----------
    most : int
        How many offers in other states a user looks at.
    worth : array, shape (F, N)
        What each offer would be worth to each user at equal prices; those that no path leads to are left out.
    """
    setting, n = world.setting, world.setting.n_states
    host, home = world.cloud_offers["host"], world.cloud_offers["home"]
    foreign, rows = large_homes(world), []
    for u in range(n):
        away = where_true((host != u) & (world.latency[u, host] < NO_PATH))
        best = away[np.argsort(-worth[away, u], kind="stable")[:most]]
        seen = np.sort(np.concatenate([where_true(host == u), best]))
        rows += [(u, int(host[k]), int(home[k]), PUBLIC, int(k)) for k in seen]
        rows += [(u, u, u, PRIVATE, -1), (u, u, u, SOVEREIGN, -1)]
        rows += [(u, u, int(p), HYBRID, -1) for p in foreign if p != u]
    user, lies, whose, mode, offer = (np.ascontiguousarray(column) for column in np.array(rows, dtype=np.int64).T)
    to_host, to_home = setting.edges.find_all(user, lies), setting.edges.find_all(user, whose)
    return {
        "user": user, "host": lies, "home": whose, "mode": mode, "offer": offer,
        "to_host": np.where(lies == user, -1, to_host), "to_home": np.where(whose == user, -1, to_home),
    }  # fmt: skip
