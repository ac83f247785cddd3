"""Where data lie and what carries them, as a film tells it: who keeps how much where and with whose providers, and which ways are open.

Contracts are renewed once a year, and ways change when a link fails, is repaired or begins: so each is told when it changes, not every
month. All of it is public.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from analysis.app.packing import Panel
from sim.ports import MarketTerms
from sim.state.world import Floats, Ints, Setting, World

LEAST, MOST = 5, 10
"""What is told of a state's load: places and homes that hold so many parts in a thousand, the largest few."""
IN_SERVICE, DAYS = 1, 30
"""A link that carries data, unless it is down for the whole of a month of so many days."""


class Lying:
    """Notes of where data lie, month by month; :attr:`told` may be asked at any time.

    Attributes
    ----------
    flows : list of [int, int, list of int]
        Month, user, then host, home of the provider and share in thousandths, one after another, the largest first.
    ways : list of [int, int, list of int]
        Two states, then for each month in which it changed the month, how many links carry data and how many are in service.
    """

    def __init__(self) -> None:
        self.months = 0
        self.flows: list[list[Any]] = []
        self.ways: list[list[Any]] = []
        self._share: Floats = np.empty(0)
        self._last: dict[int, list[int]] = {}
        self._state: Ints = np.empty((0, 2), dtype=np.int64)
        self._exposed, self._more = Panel(3), Panel(4)

    def add(self, world: World) -> None:
        """Take down the month that has ended."""
        n, terms = world.setting.n_states, world.setting.terms(MarketTerms)
        self._exposed.add(world.exposed_to[:n].astype(np.float64))
        load = world.load[:n]
        self._more.add(np.divide(terms.load_of_users(world), load, out=np.ones(n), where=load > 0.0))
        self._take_flows(world, terms.shares(world))
        self._take_ways(world)
        self.months += 1

    def _take_flows(self, world: World, share: Floats) -> None:
        clouds, n = world.clouds, world.setting.n_states
        moved = np.unique(clouds["user"] if self.months == 0 else clouds["user"][share != self._share])
        self._share = share
        user = np.asarray(clouds["user"])
        for u in moved.tolist():
            rows = slice(*np.searchsorted(user, [u, u + 1]).tolist())
            cell = clouds["host"][rows].astype(np.int64) * n + clouds["home"][rows]
            cells, place = np.unique(cell, return_inverse=True)
            parts = np.rint(1000.0 * np.bincount(place, weights=share[rows])).astype(np.int64)
            kept = np.argsort(-parts, kind="stable")[:MOST]
            kept = kept[parts[kept] >= LEAST]
            told = np.column_stack([cells[kept] // n, cells[kept] % n, parts[kept]]).ravel().tolist()
            if told != self._last.get(u):
                self._last[u] = told
                self.flows.append([self.months, u, told])

    def _take_ways(self, world: World) -> None:
        links, n_ways = world.links, len(world.ways)
        there = links["status"] == IN_SERVICE
        works = there & (links["days_down"] < DAYS) & (world.array("severed") < 1.0)
        # Whatever carries nothing is closed, whyever it is.
        shut = world.ways["open_mbps"] == 0
        state = np.column_stack([np.bincount(links["way"][rows], minlength=n_ways) for rows in (works, there)])
        state[shut, 0] = 0
        old = len(self._state)
        first, second = world.ways["first"][old:], world.ways["second"][old:]
        self.ways += [[a, b, []] for a, b in zip(first.tolist(), second.tolist(), strict=True)]
        before = np.vstack([self._state, np.zeros((n_ways - old, 2), dtype=np.int64)])
        for w in np.flatnonzero((state != before).any(axis=1)).tolist():
            self.ways[w][2] += [self.months, *state[w].tolist()]
        self._state = state

    def told(self) -> dict[str, Any]:
        """Return what the film holds.

        Returns
        -------
        dict
            ``flows`` and ``ways`` (:class:`Lying`; ways that never carried anything are left out), and by state and month as packed rows
            ``exposed_to``, the state in whose reach most of a state's load is (-1 for none), and ``more``, the load of its users over what
            they ask for in an ordinary month.
        """
        return {
            "flows": self.flows,
            "ways": [way for way in self.ways if way[2]],
            "exposed_to": self._exposed.packed,
            "more": self._more.packed,
        }

    def copy(self) -> Lying:
        """Return independent notes of the same months."""
        twin = copy.copy(self)
        twin.flows, twin.ways, twin._last = [*self.flows], [[a, b, [*told]] for a, b, told in self.ways], {**self._last}
        twin._exposed, twin._more = self._exposed.copy(), self._more.copy()
        return twin


def places(setting: Setting) -> list[list[float]]:
    """Return latitude and longitude of each state's capital, for lines that the page bends itself."""
    roster = setting.roster
    return [[round(a, 2), round(b, 2)] for a, b in zip(roster.lat.tolist(), roster.lon.tolist(), strict=True)]
