"""Whom a party would meet and how much it can carry, in compiled form; :mod:`sim.agents.party` tells the same rules in words.

A party runs one race a month: each partner arrives after an exponential time over its weight, and the first to arrive are met. The
weight and its symbols are those of :mod:`sim.mechanisms.contacts`. Capacity at a rank is ``mean (GDP / reference)^eta`` rounded by
luck; desks are ``max(1, floor(desks (GDP / reference)^eta))``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.rng import philox, uniforms_of, unit
from sim.state.world import Bools, Floats, Ints


@jit
def draw_capacities(
    seed: np.uint64, key: np.uint64, month: np.uint64, identity: NDArray[np.uint64], gdp: Floats, reference: float, elasticity: float,
    heads: float, ministers: float, officials: float, out: Ints,
) -> None:  # fmt: skip
    """Fill how many contacts each party opens at each rank, shape (P, 3): a mean by size (GDP in USD), rounded by luck."""
    zero = np.uint64(0)
    for i in range(out.shape[0]):
        scale = math.exp(elasticity * math.log(gdp[i] / reference))
        # One block of luck has a word for each rank.
        words = philox(month, identity[i], zero, zero, seed, key)
        out[i, 0] = math.floor(heads * scale + unit(words[0]))
        out[i, 1] = math.floor(ministers * scale + unit(words[1]))
        out[i, 2] = math.floor(officials * scale + unit(words[2]))


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
    size_elasticity: float, distance_elasticity: float, graph_weight: float, border_weight: float, out: Floats,
) -> None:  # fmt: skip
    """Fill the standing part of the weight of a partner, shape (E,); distance in 1,000 km, GDP in USD a year.

    ``closeness`` is the weight of the alliance graph, -1 to 1.
    """
    pull = np.empty(gdp.shape[0])
    for j in range(gdp.shape[0]):
        pull[j] = size_elasticity * math.log(gdp[j] / 1e9)
    for e in range(out.shape[0]):
        pulled = pull[col[e]] - distance_elasticity * log_distance[e] + graph_weight * closeness[e]
        out[e] = math.exp(pulled) * (1.0 + border_weight * border[e])


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


@jit
def heaviest_first(start: NDArray[np.int64], weight: Floats, order: Ints) -> None:
    """Fill an order of each party's edges, shape (E,), by their places from its first: heavier by a factor of two come earlier."""
    step = np.empty(weight.shape[0], dtype=np.int64)
    for i in range(start.shape[0] - 1):
        first, last = start[i], start[i + 1]
        least, most = 0, 0
        for e in range(first, last):
            step[e] = -math.frexp(weight[e])[1]
            least, most = (step[e], step[e]) if e == first else (min(least, step[e]), max(most, step[e]))
        place = np.zeros(most - least + 2, dtype=np.int64)
        for e in range(first, last):
            place[step[e] - least + 1] += 1
        for s in range(1, place.shape[0]):
            place[s] += place[s - 1]
        for e in range(first, last):
            order[first + place[step[e] - least]] = e - first
            place[step[e] - least] += 1


@jit
def race(
    start: NDArray[np.int64], col: Ints, order: Ints, identity: NDArray[np.uint64], numbers: Ints, seed: np.uint64,
    key: np.uint64, month: np.uint64,
    types: Ints, standing: Floats, trust: Floats, prospect: Floats, open_talk: Ints, summit: Bools, elected: Bools, blocked: Bools,
    gdp: Floats, trust_weight: float, prospect_weight: float, hope_half: float, talk_weight: float, summit_weight: float,
    election_weight: float,
    edge: Ints, rank: NDArray[np.int8],
) -> int:  # fmt: skip
    """Hold one exponential race per party and return how many contacts were chosen.

    Fills ``edge`` (by owner, then in the order of arrival) and ``rank`` (0 head, 1 minister, 2 official); ``numbers`` (P, 3) says how many
    of each a party holds. ``types`` are those that may be negotiated: nothing is hoped from others. ``order`` is that in which a party's
    edges are looked at, by their places from its first: any gives the same, and one that has the likely first spares work. The other
    arrays are those of the world, on edges (E,) or types and edges (T, E).
    """
    total, widest = 0, 0
    for i in range(numbers.shape[0]):
        widest = max(widest, start[i + 1] - start[i])
    called = np.empty(numbers.shape[0])
    for j in range(numbers.shape[0]):
        called[j] = 1.0 + election_weight * elected[j]
    hope, talking, weight, draw = np.empty(widest), np.empty(widest), np.empty(widest), np.empty(widest)
    who = np.empty(widest, dtype=np.uint64)
    for i in range(numbers.shape[0]):
        k = numbers[i, 0] + numbers[i, 1] + numbers[i, 2]
        if k == 0:
            continue
        first, last = start[i], start[i + 1]
        n, dollars = last - first, gdp[i] / 1e4
        # Short loops over one party's row: each does one thing, so that the machine does several partners at a time.
        to, kept, believed, met = col[first:last], standing[first:last], trust[first:last], summit[first:last]
        for c in range(n):
            hope[c], talking[c] = 0.0, 0.0
        for q in range(types.shape[0]):
            hoped, talks = prospect[types[q], first:last], open_talk[types[q], first:last]
            for c in range(n):
                hope[c] += hoped[c]
                talking[c] = 1.0 if talks[c] >= 0 else talking[c]
        for c in range(n):
            better = (
                kept[c]
                * (1.0 + trust_weight * believed[c])
                * (1.0 + prospect_weight * (hope[c] * dollars / (hope[c] * dollars + hope_half)))
            )
            weight[c] = better * (1.0 + talk_weight * talking[c]) * (1.0 + summit_weight * met[c])
        for c in range(n):
            weight[c] *= called[np.uint32(to[c])]  # unsigned: no place counts from the end
        for c in range(n):
            who[c] = identity[np.uint32(to[c])]
        uniforms_of(seed, key, month, identity[i], who, n, draw)
        best = np.full(k, np.inf)
        held, last_in = 0, np.inf
        for q in range(n):
            c = order[first + q]
            # -log(u) >= 1 - u spares the logarithm of most who come too late; the margin is wider than any rounding.
            if (1.0 - draw[c]) * 0.999999 > last_in * weight[c] or blocked[first + c]:
                continue
            time = -math.log(draw[c]) / weight[c]
            # Of two who arrive at once the earlier edge comes first.
            if held == k and (time > last_in or (time == last_in and first + c > edge[total + k - 1])):
                continue
            if held < k:
                held += 1
            at = held - 1
            while at > 0 and (best[at - 1] > time or (best[at - 1] == time and edge[total + at - 1] > first + c)):
                best[at] = best[at - 1]
                edge[total + at] = edge[total + at - 1]
                at -= 1
            best[at] = time
            edge[total + at] = first + c
            last_in = best[k - 1]
        for at in range(held):
            rank[total + at] = 0 if at < numbers[i, 0] else (1 if at < numbers[i, 0] + numbers[i, 1] else 2)
        total += held
    return total
