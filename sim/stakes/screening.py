"""Screening: how long a judge looks at a law, whether its tests still hold when the time is up, and what both sides then say."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import luck
from sim.arrays import by_role
from sim.bargains.problems import Outcomes
from sim.bargains.worth import worth
from sim.contracts import is_screened
from sim.rng import identity, uniform
from sim.stakes.packages import Worked, tabled
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Bools, Ints, World
from sim.types import Status


def screenings(world: World) -> Bools:
    """Say which talks are screenings, bool (M,): the judge looks at a law, and nothing is bargained."""
    return np.asarray(world.setting.screened[world.talks["type"]])


def screening_months(world: World, row: int) -> int:
    """Return how many months the screening in some talks takes: from the shortest to the longest of its type, by luck of the talks."""
    return lasting(world, *(int(world.talks[key][row]) for key in ("type", "first", "second", "opened")))


def lasting(world: World, t: int, first: int, second: int, opened: int) -> int:
    """Return how many months a screening on a type takes that two parties, by role, open in some month."""
    kind, talks = world.setting.types[t], (t, first, second, opened)
    drawn = world.screening_luck.get(talks)
    if drawn is None:
        drawn = uniform(world.seed, luck.SCREENING, opened, identity(world.identity_of(t, (first, second), opened)))
        world.screening_luck[talks] = drawn
    return int(kind.screening_least + drawn * (kind.screening_most + 1 - kind.screening_least))


def passes(world: World, row: int) -> bool:
    """Say whether the type still lets the two have their roles in some talks."""
    talks, edges = world.talks, world.setting.edges
    first, second, edge = (talks[key][[row]] for key in ("first", "second", "edge"))
    groups = Groups(first, second, edge, edges.rev[edge], issues_of(world.setting))
    return bool(np.asarray(world.setting.types[int(talks["type"][row])].eligible(world, groups))[0])


def time_is_up(world: World, rows: Ints) -> Ints:
    """Return those of some screenings whose time is up."""
    # No luck makes a screening shorter than the shortest of its type: younger ones are not asked for theirs.
    shortest = np.array([_shortest(kind) for kind in world.setting.types])
    old = rows[world.month - world.talks["opened"][rows] >= shortest[world.talks["type"][rows]]] if len(rows) else rows
    over = [world.month - int(world.talks["opened"][row]) >= screening_months(world, int(row)) for row in old]
    return old[np.array(over, dtype=np.bool_)]


def _shortest(kind: Any) -> int:
    return min(int(kind.screening_least), int(kind.screening_most)) if is_screened(kind) else 0


def judged(world: World, decide: Any, rows: Ints) -> Worked:
    """Ask both sides of the text of the law in screenings whose tests hold, ``rows`` (M,) with M at least 1."""
    halves, problems, _ = tabled(world, rows)
    # Floor and ceiling are one: what the judged gives by its law, raised as far as the judge asks.
    text, status = problems.lo.copy(), np.full(len(rows), Status.AGREED, dtype=np.int8)
    outcomes = Outcomes(text, worth(problems, text), status, np.zeros(len(rows), dtype=np.int32))
    accepted = np.asarray(decide.accept(world, rows, problems, outcomes).all(axis=1))
    worked = Worked(rows, halves, None, problems, outcomes, accepted)
    worked.measure(world, by_role(world.gdp[world.talks["first"][rows]], world.gdp[world.talks["second"][rows]]))
    return worked
