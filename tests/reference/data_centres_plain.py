"""Data centres, state by state: what is done, what is old, what is wanted, and whose providers build it."""

from __future__ import annotations

from typing import Any


def begin(w: Any) -> None:
    """Nothing is under construction as the run begins."""


def step(w: Any, decide: Any) -> None:
    """Let a month of building pass."""
    part, begun = w.part("data_centres"), {}
    for state in w.states:
        done = w.building[state] / part.months
        load = w.stored[state] * (1.0 + part.growth) ** (part.months / 12.0) / part.fullness
        there = w.base_capacity[state] + w.capacity_gained[state] + w.committed[state] + w.building[state]
        begun[state] = part.pace * (1.0 - w.site_stop[state]) * max(0.0, load - there)
        w.base_capacity[state] = w.base_capacity[state] * (1.0 - part.wear / 12.0) + done
        w.building[state] += begun[state] - done
        w.built[state] += begun[state]
    if not any(begun.values()):
        return
    for state in w.states:
        there = [row for row in w.clouds if row.host == state]
        whole = sum(w.load_renewed[row.user] * row.free for row in there)
        for row in there:
            if row.home != state and whole > 0.0:
                w.built_abroad[row.home] += begun[state] * (w.load_renewed[row.user] * row.free / whole)
