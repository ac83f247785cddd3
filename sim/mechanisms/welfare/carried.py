r"""What instruments of two carry: the digital trade between their parties while they are in force, and what of it they added.

.. math:: C \mathrel{+}= \frac{X_{ij} + X_{ji}}{12}, \qquad A \mathrel{+}= \frac{X_{ij} + X_{ji}}{12} \, \frac{e f}{1 + e f}

a month, with ``X`` the digital trade from one to the other (USD a year), ``e`` the trade that the type adds where all data move, and
``f`` the share of data that the text lets move. ``A`` is what the pair would lose without it if nothing else freed its trade: what two
instruments of one pair add is told of each, and what their prices change for others is left out. As with trade itself, a month counts
from the one after entry into force.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import find_edge
from sim.consequences import TRADE
from sim.kernels import jit
from sim.ledger import made_by_many
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Stage


def carry(world: World) -> None:
    """Add a month of trade to what instruments of two in force have carried and added, in place, USD."""
    instruments, edges = world.instruments, world.setting.edges
    live = (instruments["stage"] == Stage.IN_FORCE) & (instruments["in_force"] < world.month) & ~made_by_many(world)
    if not live.any():
        return
    moving = world.array("moving") if "moving" in world.setting.schema.on_rows else np.zeros(len(instruments))
    _carry(
        live, instruments["type"], instruments["first"], instruments["second"], moving, world.setting.doings.rate(TRADE), edges.start,
        edges.col, edges.rev, world.trade, world.array("trade_carried"), world.array("trade_added"),
    )  # fmt: skip


@jit
def _carry(
    live: Bools, kind: NDArray[np.int8], first: Ints, second: Ints, moving: Floats, rate: Floats, start: Ints, col: Ints, rev: Ints,
    trade: Floats, carried: Floats, added: Floats,
) -> None:  # fmt: skip
    for row in range(live.shape[0]):
        if not live[row]:
            continue
        edge = find_edge(start, col, first[row], second[row])
        if edge < 0:
            continue
        month, effect = (trade[edge] + trade[rev[edge]]) / 12.0, rate[kind[row]] * moving[row]
        carried[row] += month
        added[row] += month * effect / (1.0 + effect)
