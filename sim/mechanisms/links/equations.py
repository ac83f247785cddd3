r"""Links in compiled form: what fails and for how long, what ways carry this month, and how strongly a new link is wanted.

A repair takes :math:`m (u / (1 - u))^{1/s}` days, a log-logistic time of median ``m`` and shape ``s`` (``u`` uniform): its quartiles lie at
:math:`m \, 3^{\mp 1/s}`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.ground.paths import NO_PATH
from sim.ground.widths import between
from sim.kernels import jit
from sim.mechanisms.links.words import IN_SERVICE
from sim.rng import philox, uniform_of, unit
from sim.state.world import Bools, Floats, Ints

DAYS = 30
"""Days of a month."""
LONGEST = 720
"""Days after which the longest repair is done."""


@jit
def lasts(u: float, median: float, shape: float) -> float:
    """Return a log-logistic time from a uniform number."""
    return median * math.exp(math.log(u / (1.0 - u)) / shape)


@jit
def fail(
    seed: np.uint64, key: np.uint64, month: np.uint64, ids: NDArray[np.uint64], status: NDArray[np.int8], land: Bools, stands: Bools,
    km: Floats, sea_rate: float, land_rate: float, sea_days: float, land_days: float, shape: float, down: Ints, failed: Bools,
) -> None:  # fmt: skip
    """Let links that work fail, (R,): fill in ``down`` the days of their repair, and in ``failed`` which ones.

    Rates are faults per 1,000 km a year.
    """
    for r in range(ids.shape[0]):
        failed[r] = False
        if status[r] != IN_SERVICE or down[r] > 0 or stands[r]:
            continue
        rate = land_rate if land[r] else sea_rate
        words = philox(month, ids[r], np.uint64(0), np.uint64(0), seed, key)
        if unit(words[0]) < 1.0 - math.exp(-rate * km[r] / 12000.0):
            days = math.ceil(lasts(unit(words[1]), land_days if land[r] else sea_days, shape))
            down[r] = min(days, LONGEST)
            failed[r] = True


@jit
def supply(
    status: NDArray[np.int8], way: Ints, first: Ints, second: Ints, ns: Ints, mbps: Ints, down: Ints, severed: Floats, length: Ints,
    carried: Ints, links_open: Ints,
) -> None:  # fmt: skip
    """Fill what ways are this month, (W,): the length of the shortest open link and what all carry; and how many are open by state.

    A link that is down for a part of the month carries the rest of it, in whole Mbit/s; one that carries nothing is closed.
    """
    length[:] = NO_PATH
    carried[:] = 0
    links_open[:] = 0
    for r in range(way.shape[0]):
        if status[r] != IN_SERVICE or down[r] >= DAYS or severed[r] >= 1.0:
            continue
        left = mbps[r]
        if severed[r] > 0.0:
            left = np.int64(left * (1.0 - severed[r]))
        left = left * (DAYS - down[r]) // DAYS
        if left > 0:
            carried[way[r]] += left
            length[way[r]] = min(length[way[r]], ns[r])
            links_open[first[r]] += 1
            links_open[second[r]] += 1


@jit
def pull(
    start: Ints, col: Ints, rev: Ints, distance: Floats, border: Floats, joined: Bools, coast: Bools, trade: Floats, up: Ints,
    width: Ints, demand: float, least: int, by_cost: float, sea_route: float, land_route: float, out: Floats, whole: Floats,
) -> None:  # fmt: skip
    """Fill how strongly a link is wanted on each edge between states, (E,), and in all by each state, (N,).

    ``joined`` says which a line joins, or will, ``up`` and ``width`` are the forest of widest paths once all is built, ``demand`` is what
    all states ask for and ``least`` what a new link carries, Mbit/s. See :mod:`sim.mechanisms.links.rule`.
    """
    n, total = coast.shape[0], 0.0
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            if col[e] < n:
                total += trade[e]
    for i in range(n):
        whole[i] = 0.0
        for e in range(start[i], start[i + 1]):
            j = col[e]
            out[e] = 0.0
            if j >= n:
                continue
            by_sea = coast[i] and coast[j]
            traded = trade[e] + trade[rev[e]]
            if traded <= 0.0 or not (by_sea or (border[e] > 0.0 and not joined[e])):
                continue
            asked = demand * (traded / total)
            km = distance[e] * (sea_route if by_sea else land_route)
            out[e] = math.exp(-by_cost * math.log(km)) * (asked / (asked + max(between(up, width, i, j), least)))
            whole[i] += out[e]


@jit
def chances(whole: Floats, rate: float, most: float, out: Floats) -> None:
    """Share out so many announcements a month among states by what each wants, (N,), each at most at a chance of ``most``."""
    total = 0.0
    for i in range(whole.shape[0]):
        total += whole[i]
    for i in range(whole.shape[0]):
        out[i] = min(most, rate * whole[i] / total) if total > 0.0 else 0.0


@jit
def drawn_below(seed: np.uint64, key: np.uint64, month: np.uint64, ids: NDArray[np.uint64], chance: Floats, out: Bools) -> None:
    """Say for whom luck falls below a chance this month, (n,)."""
    for i in range(ids.shape[0]):
        out[i] = chance[i] > 0.0 and uniform_of(seed, key, month, ids[i], np.uint64(0), np.uint64(0)) < chance[i]


@jit
def partners(
    seed: np.uint64, key: np.uint64, month: np.uint64, who: Ints, start: Ints, col: Ints, identity: NDArray[np.uint64], weight: Floats,
    out: Ints,
) -> None:  # fmt: skip
    """Choose with whom each of some states lays a link, as an edge, (n,): the first in a race of exponentials by weight, (E,)."""
    for k in range(who.shape[0]):
        best, i = np.inf, who[k]
        for e in range(start[i], start[i + 1]):
            if weight[e] > 0.0:
                time = -math.log(uniform_of(seed, key, month, identity[i], identity[col[e]], np.uint64(0))) / weight[e]
                if time < best:
                    best, out[k] = time, e


@jit
def find_ways(first: Ints, second: Ints, one: Ints, other: Ints, out: Ints) -> None:
    """Fill which way joins each of some pairs of states, (n,), of ways (W,); -1 where none does."""
    for k in range(out.shape[0]):
        out[k] = -1
        for w in range(first.shape[0]):
            if first[w] == one[k] and second[w] == other[k]:
                out[k] = w
                break
