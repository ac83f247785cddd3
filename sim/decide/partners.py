"""How much a party would like to meet each partner, and with whom it may talk, in compiled form.

The weight and its symbols are those of :mod:`sim.mechanisms.contacts.rule`. Desks are ``max(1, floor(desks (GDP / reference)^eta))``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints


@jit
def room_for_talks(
    gdp: Floats, desks: float, reference: float, elasticity: float, stage: NDArray[np.int8], is_open: int, first: Ints, second: Ints,
    package: Ints, out: Ints,
) -> None:  # fmt: skip
    """Fill how many more talks each party can carry, shape (P,): what its GDP (USD a year) has room for less what is open.

    ``stage``, ``first``, ``second`` and ``package`` are columns of the table of talks; of a package only the talks that lead it count.
    """
    for i in range(out.shape[0]):
        out[i] = max(1, math.floor(desks * math.exp(elasticity * math.log(gdp[i] / reference))))
    for row in range(stage.shape[0]):
        if stage[row] == is_open and (package[row] < 0 or package[row] == row):
            out[first[row]] -= 1
            out[second[row]] -= 1


@jit
def standing_weight(
    col: Ints, log_distance: Floats, closeness: Floats, border: Floats, gdp: Floats,
    size_elasticity: float, distance_elasticity: float, graph_weight: float, border_weight: float, start: NDArray[np.int64],
    blocked: Bools, image: Floats, image_weight: float, out: Floats,
) -> None:  # fmt: skip
    """Fill the standing part of the weight of a partner over the mean of all, shape (E,); distance in 1,000 km, GDP in USD a year.

    ``closeness`` is the weight of the alliance graph, -1 to 1; ``image`` (P,) how well each is seen abroad, 0 to 1.
    """
    pull = np.empty(gdp.shape[0])
    for j in range(gdp.shape[0]):
        pull[j] = size_elasticity * math.log(gdp[j] / 1e9) + math.log(1.0 + image_weight * image[j])
    for e in range(out.shape[0]):
        pulled = pull[col[e]] - distance_elasticity * log_distance[e] + graph_weight * closeness[e]
        out[e] = math.exp(pulled) * (1.0 + border_weight * border[e])
    for i in range(start.shape[0] - 1):
        total, n = 0.0, 0
        for e in range(start[i], start[i + 1]):
            if not blocked[e]:
                total += out[e]
                n += 1
        for e in range(start[i], start[i + 1]):
            out[e] = out[e] * n / total if n > 0 else 0.0


@jit
def who_may_talk(
    now: int, row: Ints, col: Ints, rev: Ints, principal: Ints, blocked: Bools, in_force: Bools, rivals: Ints, cooldown: Ints, out: Ints
) -> int:
    """List who might talk on a type, shape (4, n): owner, partner, edge and its reverse.

    What is settled between two parties, by the type or one of its ``rivals``, or rests after a failure, promises nothing.
    """
    n = 0
    for e in range(row.shape[0]):
        i, j = row[e], col[e]
        if principal[i] != i or principal[j] != j or blocked[e] or cooldown[e] > now:
            continue
        settled = False
        for q in range(rivals.shape[0]):
            settled = settled or in_force[rivals[q], e]
        if not settled:
            out[0, n], out[1, n], out[2, n], out[3, n] = i, j, e, rev[e]
            n += 1
    return n
