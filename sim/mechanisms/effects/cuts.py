r"""What a cut takes of digital trade: two states that links joined, and join no more, trade less until links join them again.

.. math:: X'_{ij} = X_{ij} \, k_i \, k_j

for two states that no path of open links joins this month (:mod:`sim.mechanisms.links`), although links have joined each with most others
before. ``k`` is 1 of a state that links join with most others now, ``satellite_keeps`` of one that only satellites do, and ``cut_keeps`` of
one that nothing does. Trade of states that links never joined is as published, since that is how it was measured.

It is a flow of the month: margins of the year, what parties know of trade, and what instruments are worth, rest on trade without cuts. Who
cannot buy of one does not buy more of another, so that all other pairs trade as before; and imports of both sides fall by what is lost.

Departs from the world in that a cut of some weeks within a month takes nothing: a link that is down for a part of the month still carries.
"""

from __future__ import annotations

import numpy as np

from sim.ground.paths import NO_PATH
from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints, World

BY_LINKS = 2
"""What ``joined`` says of a state that open links join with most others."""


def mend(world: World) -> bool:
    """Give back what last month's cuts took of trade between states, and of their imports, and say whether they took any."""
    whole = world.imports_halted
    if not whole.any():
        return False
    cut, n = whole > 0.0, world.setting.n_states
    world.imports[:n][cut] = whole[cut]
    whole[:] = 0.0
    edges = world.trade_halted > 0.0
    world.trade[edges] = world.trade_halted[edges]
    world.trade_halted[:] = 0.0
    return True


def cut(world: World, by_satellite: float, by_nothing: float) -> bool:
    """Take from trade between states, and from their imports, what this month's cuts do, and say whether there are any."""
    joined, edges, n = world.joined, world.setting.edges, world.setting.n_states
    apart = world.linked & (joined < BY_LINKS)
    if not apart.any():
        return False
    keeps, lost = np.array((by_nothing, by_satellite, 1.0)), np.zeros(n)
    halt(
        edges.start, edges.col, edges.rev, apart, world.linked, joined, world.latency, keeps, world.trade, world.trade_halted, lost
    )  # fmt: skip
    less = lost > 0.0
    world.imports_halted[less] = world.imports[:n][less]
    world.imports[:n][less] = np.maximum(1.0, world.imports[:n][less] - lost[less])
    return True


@jit
def halt(
    start: Ints, col: Ints, rev: Ints, apart: Bools, linked: Bools, joined: Ints, latency: Ints, keeps: Floats, trade: Floats,
    whole: Floats, lost: Floats,
) -> None:  # fmt: skip
    """Cut the trade of states that are ``apart``, (N,), and fill what it would be, (E,), and what each importer loses, (N,).

    ``keeps`` (3,) is what goes on of the trade of a state that nothing, satellites alone, or links join with most others.
    """
    for i in range(apart.shape[0]):
        if not apart[i]:
            continue
        for e in range(start[i], start[i + 1]):
            j = col[e]
            if j >= apart.shape[0]:
                break
            if not linked[j] or latency[i, j] != NO_PATH or (apart[j] and j < i):
                continue
            left, back = keeps[joined[i]] * keeps[joined[j]], rev[e]
            whole[e], whole[back] = trade[e], trade[back]
            trade[e], trade[back] = left * trade[e], left * trade[back]
            lost[j] += whole[e] - trade[e]
            lost[i] += whole[back] - trade[back]
