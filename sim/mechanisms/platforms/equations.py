r"""Platforms in compiled form: Erlang's B formula, what delay leaves of a meeting, the best platform for two, and a month's meetings.

A bridge that :math:`A` Erlangs of meetings are offered to, and that holds :math:`N` of them at once, turns away the share

.. math:: B(A, 0) = 1, \qquad B(A, n) = \frac{A \, B(A, n - 1)}{n + A \, B(A, n - 1)}

of them (Erlang 1917; the recursion is Jagerman 1974, Bell System Technical Journal 53(3)). A meeting of two takes two ports.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.rng import uniform_of
from sim.state.world import Bools, Floats, Ints

MS = 1e-6
"""Milliseconds of a nanosecond."""
BRIDGE = 0
"""Place of all bridges together among the platforms."""


@jit
def erlang_b(load: float, servers: int) -> float:
    """Return the share of calls that is turned away where ``load`` Erlangs meet ``servers`` of them (Erlang's B formula)."""
    turned = 1.0
    for n in range(1, servers + 1):
        turned = load * turned / (n + load * turned)
    return turned


@jit
def turned_away(load: Floats, servers: Ints, out: Floats) -> None:
    """Fill the share of meetings that each bridge turns away, (P,)."""
    for i in range(out.shape[0]):
        out[i] = erlang_b(load[i], servers[i])


@jit
def heard_well(delay: float, good: float, limit: float, lost: float) -> float:
    """Return what a one-way delay in ms leaves of a meeting: all up to ``good``, ``lost`` less at ``limit``, and straight on from there."""
    return max(0.0, 1.0 - lost * max(0.0, delay - good) / (limit - good))


@jit
def own_system(
    there: Bools, may: Bools, shut: Bools, hears: Floats, dear: Floats, delay: Floats, site_start: Ints,
    site_ns: Floats, servers: int, turned: float, good: float, limit: float, lost: float, price: float, fear: float,
) -> bool:  # fmt: skip
    """Say whether a party would rather meet on a cloud than on a bridge of its own, whoever the partner is; arrays are its rows."""
    bridge, cloud = -1.0, -1.0
    if there[BRIDGE] and servers > 0:
        bridge = heard_well(delay[BRIDGE], good, limit, lost) * (1.0 - turned) - price * dear[BRIDGE]
    for k in range(1, there.shape[0]):
        if not there[k] or shut[k] or not may[k]:
            continue
        near = np.inf
        for s in range(site_start[k], site_start[k + 1]):
            near = min(near, site_ns[s])
        if near == np.inf:
            continue
        worth = heard_well(delay[k] + 2.0 * near * MS, good, limit, lost) - price * dear[k] - fear * hears[k]
        cloud = max(cloud, worth)
    return cloud > bridge


@jit
def own_systems(
    moved: Bools, there: Bools, may: Bools, shut: Bools, hears: Floats, dear: Floats, delay: Floats, site_start: Ints, site_ns: Floats,
    servers: Ints, turned: Floats, good: float, limit: float, lost: float, price: float, fear: float,
    on_cloud: Bools,
) -> None:  # fmt: skip
    """Fill whether each party that has ``moved`` would rather meet on a cloud, (P,); see :func:`own_system`."""
    for i in range(moved.shape[0]):
        if moved[i]:
            on_cloud[i] = own_system(
                there, may[i], shut[i], hears[i], dear[i], delay, site_start, site_ns[i], servers[i], turned[i], good,
                limit, lost, price, fear,
            )  # fmt: skip


@jit
def choose(
    moved: Bools, start: Ints, col: Ints, rev: Ints, way: Floats, there: Bools, may: Bools, shut: Bools, own: Bools, hears: Floats,
    dear: Floats, delay: Floats, site_start: Ints, site_ns: Floats, servers: Ints, turned: Floats, on_cloud: Bools, good: float,
    limit: float, lost: float, joined: float, price: float, fear: float, ordinary: float, carries: Floats, platform: NDArray[np.int8],
    bridge: Ints,
) -> None:  # fmt: skip
    """Choose the best platform for every two parties of which one has ``moved``, (P,).

    Fills for both directions what it leaves of an ordinary meeting (``carries``, at most 1), its place (-1: nothing joins the two) and
    whose bridge it is. ``way`` (E,) and ``site_ns`` (P, S) are delays in ns, of :mod:`sim.mechanisms.platforms.ways`. ``may``, ``shut``,
    ``own``, ``hears`` and ``dear`` are (P, platforms): where a party may open a meeting, what it bars, what its own law binds, the chance
    that the host listens to it, what an hour costs it as a share. ``joined`` is what a gateway takes, ``ordinary`` the worth of an ordinary
    platform.
    """
    through = np.empty(3)
    through[0], through[1], through[2] = 1.0, 1.0 - joined, (1.0 - joined) * (1.0 - joined)
    for one in range(moved.shape[0]):
        if not moved[one]:
            continue
        for at in range(start[one], start[one + 1]):
            other = col[at]
            if other < one and moved[other]:
                continue
            e = at if one < other else rev[at]
            i, j = min(one, other), max(one, other)
            best, platform_of, whose = 0.0, -1, -1
            clouds = (1 if on_cloud[i] else 0) + (1 if on_cloud[j] else 0)
            if there[BRIDGE] and way[e] < np.inf:
                well = heard_well(delay[BRIDGE] + way[e] * MS, good, limit, lost) * through[clouds]
                cost = price * (0.5 * (dear[i, BRIDGE] + dear[j, BRIDGE]))
                for side in range(2):
                    b = i if side == 0 else j
                    worth = well * (1.0 - turned[b]) - cost
                    if servers[b] > 0 and worth > best:
                        best, platform_of, whose = worth, BRIDGE, b
            for k in range(1, there.shape[0]):
                if not there[k] or shut[i, k] or shut[j, k] or not (may[i, k] or may[j, k]):
                    continue
                by_host = np.inf
                for s in range(site_start[k], site_start[k + 1]):
                    by_host = min(by_host, site_ns[i, s] + site_ns[j, s])
                if by_host == np.inf:
                    continue
                well = heard_well(delay[k] + by_host * MS, good, limit, lost) * through[2 - clouds]
                # Who sits at the table need not listen in.
                risk = 0.0 if own[i, k] or own[j, k] else fear * (0.5 * (hears[i, k] + hears[j, k]))
                worth = well - price * (0.5 * (dear[i, k] + dear[j, k])) - risk
                if worth > best:
                    best, platform_of, whose = worth, k, -1
            carries[e] = carries[rev[e]] = min(best / ordinary, 1.0)
            platform[e] = platform[rev[e]] = platform_of
            bridge[e] = bridge[rev[e]] = whose


@jit
def hold(
    edge: Ints, rank: Ints, on_screen: Bools, row: Ints, col: Ints, identity: NDArray[np.uint64], seed: np.uint64, key: np.uint64,
    month: np.uint64, between: NDArray[np.int8], whose: Ints, servers: Ints, erlangs: float, out: Floats, out_bridge: Floats,
    platform: NDArray[np.int8], bridge: Ints, lost: Bools,
) -> None:  # fmt: skip
    """Fill what becomes of a month's contacts, (n,) each; see :class:`sim.ports.platforms.Held`.

    ``erlangs`` is what one meeting offers, ``out`` and ``out_bridge`` the share of the month for which each platform and bridge fails. A
    bridge carries no more than it has ports for, in the order of the contacts, whatever luck says.
    """
    offered, carried = np.zeros(servers.shape[0]), np.zeros(servers.shape[0])
    for c in range(edge.shape[0]):
        if on_screen[c] and between[edge[c]] == BRIDGE:
            offered[whose[edge[c]]] += erlangs
    turned = np.zeros(servers.shape[0])
    for i in range(servers.shape[0]):
        if offered[i] > 0.0:
            turned[i] = erlang_b(offered[i], servers[i])
    for c in range(edge.shape[0]):
        if not on_screen[c]:
            continue
        e = edge[c]
        platform[c], bridge[c] = between[e], whose[e]
        if platform[c] < 0:
            lost[c] = True
            continue
        b = bridge[c]
        finds = 1.0 - out[platform[c]] if b < 0 else (1.0 - turned[b]) * (1.0 - out_bridge[b])
        lost[c] = uniform_of(seed, key, month, identity[row[e]], identity[col[e]], np.uint64(rank[c])) >= finds
        if b >= 0 and not lost[c]:
            if carried[b] + erlangs > servers[b]:
                lost[c] = True
            else:
                carried[b] += erlangs
