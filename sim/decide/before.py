"""What is under way as a run begins: screenings that parties asked for in the years before, so that the first years are like the others.

Each pair met once in every one of these years, on a visit. Who would be judged asks by the rule of any month, with the hopes and the
staff of the first month. The request was made in a month of that year, by luck. One whose screening would be over by the start is left
out: what came of it the record says. The ledger tells of these talks in the first month. Other talks are short, and begin with the run.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.contracts import is_screened
from sim.decide.contacts import Contacts
from sim.ledger.talks import open_talk
from sim.rng import identity, uniform
from sim.stakes.screening import lasting
from sim.state.world import Ints, World
from sim.types import Channel, Rank


def ask_before(world: World, decide: Any, years: int) -> None:
    """Open the screenings that were asked for in some years before this month."""
    kinds = [int(t) for t in where_true(world.setting.negotiated) if is_screened(world.setting.types[t])]
    for back in range(years, 0, -1) if kinds else ():
        _ask(world, decide, kinds, back)


def _ask(world: World, decide: Any, kinds: list[int], back: int) -> None:
    edges, start = world.setting.edges, world.month
    edge = _asking(world, kinds)
    n = len(edge)
    try:
        # Luck of proposals goes by the month: each year has its own.
        world.month = start - 12 * back
        proposed = decide.propose(world, Contacts(edge, np.full(n, Channel.VISIT, np.int8), np.full(n, Rank.OFFICIAL, np.int8)))
    finally:
        world.month = start
    for c in where_true((proposed >= 0) & np.isin(proposed, kinds)):
        t, e = int(proposed[c]), int(edge[c])
        judged, judge = int(edges.row[e]), int(edges.col[e])
        first, second = (judge, judged) if world.role[t, e] == 1 else (judged, judge)
        whose = identity(world.identity_of(t, (first, second), start))
        opened = start - 12 * back + int(12.0 * uniform(world.seed, luck.ASKED_BEFORE, start - 12 * back, whose))
        if start - opened < lasting(world, t, first, second, opened):
            row = open_talk(world, t, first, second, judged)
            world.talks["opened"][row] = opened


def _asking(world: World, kinds: list[int]) -> Ints:
    """Return the edges of those who hope to be judged, whose pair hopes for most first."""
    edges = world.setting.edges
    usd = world.prospect[kinds] * world.gdp[edges.row]
    mine = np.where((world.role[kinds] == 1) & (usd > 0.0), usd + usd[:, edges.rev], 0.0).max(axis=0)
    there = where_true(mine > 0.0)
    return np.asarray(there[np.argsort(-mine[there], kind="stable")], dtype=np.int32)
