"""Screening: how long a judge looks at a law, and whether its tests still hold when the time is up."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.rng import identity, uniform
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import World


def screening_months(world: World, row: int) -> int:
    """Return how many months the screening in some talks takes: from the shortest to the longest of its type, by luck of the talks."""
    kind = world.setting.types[int(world.talks["type"][row])]
    drawn = uniform(world.seed, luck.SCREENING, int(world.talks["opened"][row]), identity(world.talk_identity(row)))
    return int(kind.screening_least + drawn * (kind.screening_most + 1 - kind.screening_least))


def passes(world: World, row: int) -> bool:
    """Say whether the type still lets the two have their roles in some talks."""
    talks, edges = world.talks, world.setting.edges
    first, second, edge = (talks[key][[row]] for key in ("first", "second", "edge"))
    groups = Groups(first, second, edge, edges.rev[edge], issues_of(world.setting))
    return bool(np.asarray(world.setting.types[int(talks["type"][row])].eligible(world, groups))[0])
