r"""Over what way two parties see each other on a screen, or one the servers of a cloud: its delay, and what its width leaves of a meeting.

Two states that a path of open links joins (:mod:`sim.mechanisms.links`) see each other over the shortest one. Its latency is the delay,
and the widest one leaves of a meeting

.. math:: \min(1, B / (v m))

with ``B`` the width of the widest path, ``v`` what a meeting needs, Mbit/s, and ``m`` how many a state holds at once. Two that no path
joins see each other if satellites serve each of the two that stands apart from most others. Then the delay is that of the way over ground,
at 200 km a millisecond, and of a way over satellites for each such state; the width is that of satellites. Else there is no way.

A bloc sees others as its members at the start do on average: of those that have a way. Servers of a cloud stand in the state whose capital
is nearest to them. Delays are whole nanoseconds, since every server on the shortest path is as near as any other, and rounding must not
choose between them. Where a run has no links, or none are felt, all see each other with the delay of the way over ground.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from sim.data.roster import Roster
from sim.data.ties import great_circle
from sim.ground.paths import NO_PATH
from sim.ground.widths import between
from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints

Net = tuple[bool, Ints, Ints, Floats, Ints, Ints, float, float, float]
"""What joins states, in the order of :func:`between_states`: felt, latency, joined, way out, forest of widest paths, and three numbers."""


@dataclass(frozen=True)
class Sites:
    """Where servers stand, and who sits in blocs at the start.

    Attributes
    ----------
    start : array, shape (platforms + 1,)
        Where the servers of each platform begin.
    km : array, shape (N, S)
        From each state to each server.
    gate, beyond : array, shape (S,)
        State whose capital is nearest to each server, and km from there; 0 where it stands there.
    first, member : array, shape (B + 1,), (M,)
        Where the members of each bloc begin, and they.
    """

    start: Ints
    km: Floats
    gate: Ints
    beyond: Floats
    first: Ints
    member: Ints


BY_LINKS = 2
"""What ``joined`` says of a state that open links join with most others."""
_SAME_PLACE = 1.0
"""Km within which servers stand in the capital itself."""


@jit
def ways_out(most: int, joined: Ints, up: Ints, wide: Ints, enough: float, by_satellite: float, out: Floats) -> None:
    """Fill what the way to the state that reaches ``most`` others leaves of a meeting of each state, (N,); 0 where it has none."""
    for i in range(out.shape[0]):
        if joined[i] == BY_LINKS:
            # That state itself has a way of no width.
            width = between(up, wide, i, most)
            out[i] = min(1.0, width / enough) if width > 0 else 1.0
        else:
            out[i] = by_satellite if joined[i] > 0 else 0.0


@jit
def between_states(
    i: int, j: int, km: float, felt: bool, latency: Ints, joined: Ints, out: Floats, up: Ints, wide: Ints, enough: float,
    satellite: float, per_km: float,
) -> tuple[float, float]:  # fmt: skip
    """Return the delay of the way between two states, ns, infinite where there is none, and what its width leaves of a meeting."""
    if not felt:
        return math.floor(km * per_km), 1.0
    if latency[i, j] != NO_PATH:
        # Over the state that reaches most it is wide enough, or it is no way at all: so the widest is.
        if i == j or (joined[i] == BY_LINKS and min(out[i], out[j]) == 1.0):
            return float(latency[i, j]), 1.0
        return float(latency[i, j]), min(1.0, between(up, wide, i, j) / enough)
    if joined[i] == 0 or joined[j] == 0:
        return np.inf, 0.0
    apart = (1.0 if joined[i] < BY_LINKS else 0.0) + (1.0 if joined[j] < BY_LINKS else 0.0)
    return math.floor(km * per_km + apart * satellite), min(out[i], out[j])


@jit
def between_parties(
    i: int, j: int, km: float, first: Ints, member: Ints, felt: bool, latency: Ints, joined: Ints, out: Floats, up: Ints, wide: Ints,
    enough: float, satellite: float, per_km: float,
) -> tuple[float, float]:  # fmt: skip
    """Return the same of two parties; blocs come after states, and ``first`` and ``member`` are of :class:`Sites`."""
    n = joined.shape[0]
    if not felt or (i < n and j < n):
        return between_states(i, j, km, felt, latency, joined, out, up, wide, enough, satellite, per_km)
    delay, left, ways = 0.0, 0.0, 0
    for p in range(first[i - n] if i >= n else 0, first[i - n + 1] if i >= n else 1):
        a = member[p] if i >= n else i
        for q in range(first[j - n] if j >= n else 0, first[j - n + 1] if j >= n else 1):
            b = member[q] if j >= n else j
            if a == b:
                continue
            # A call for each would take most of the time: nearly all are joined with most others.
            ns, share = float(latency[a, b]), 1.0
            if joined[a] < BY_LINKS or joined[b] < BY_LINKS or min(out[a], out[b]) < 1.0:
                ns, share = between_states(a, b, km, felt, latency, joined, out, up, wide, enough, satellite, per_km)
            if ns < np.inf:
                delay, left, ways = delay + ns, left + share, ways + 1
    return (math.floor(delay / ways), left / ways) if ways > 0 else (np.inf, 0.0)


@jit
def between_all(
    moved: Bools, start: Ints, col: Ints, rev: Ints, km: Floats, first: Ints, member: Ints, felt: bool, latency: Ints, joined: Ints,
    out: Floats, up: Ints, wide: Ints, enough: float, satellite: float, per_km: float, way: Floats, left: Floats,
) -> None:  # fmt: skip
    """Fill the delay of the way, ns, and what its width leaves, (E,), for every two parties of which one has ``moved``, (P,).

    The delay is filled in for the earlier of the two parties alone.
    """
    n = joined.shape[0]
    wide_enough = np.zeros(moved.shape[0], dtype=np.bool_)
    for i in range(n):
        wide_enough[i] = felt and joined[i] == BY_LINKS and out[i] == 1.0
    for one in range(moved.shape[0]):
        if not moved[one]:
            continue
        for at in range(start[one], start[one + 1]):
            other = col[at]
            if other < one and moved[other]:
                continue
            e = at if one < other else rev[at]
            if wide_enough[one] and wide_enough[other]:
                way[e], left[at], left[rev[at]] = latency[one, other], 1.0, 1.0
                continue
            way[e], share = between_parties(
                min(one, other), max(one, other), km[e], first, member, felt, latency, joined, out, up, wide, enough, satellite, per_km
            )  # fmt: skip
            left[at] = left[rev[at]] = share


@jit
def to_sites(
    km: Floats, gate: Ints, beyond: Floats, first: Ints, member: Ints, felt: bool, latency: Ints, joined: Ints, out: Floats, up: Ints,
    wide: Ints, enough: float, satellite: float, per_km: float, found: Floats,
) -> None:  # fmt: skip
    """Fill the delay of the way from each party to each server, (P, S), ns; a bloc without members is everywhere."""
    n = joined.shape[0]
    for i in range(n):
        for s in range(gate.shape[0]):
            if felt and joined[i] == BY_LINKS and joined[gate[s]] == BY_LINKS:
                found[i, s] = latency[i, gate[s]] + math.floor(beyond[s] * per_km)
            else:
                ns, _ = between_states(i, gate[s], km[i, s], felt, latency, joined, out, up, wide, enough, satellite, per_km)
                found[i, s] = ns + math.floor(beyond[s] * per_km) if felt else ns
    for b in range(first.shape[0] - 1):
        for s in range(gate.shape[0]):
            whole, ways = 0.0, 0
            for p in range(first[b], first[b + 1]):
                if found[member[p], s] < np.inf:
                    whole, ways = whole + found[member[p], s], ways + 1
            found[n + b, s] = math.floor(whole / ways) if ways > 0 else (0.0 if first[b] == first[b + 1] else np.inf)


@jit
def rerouted(
    joined: Ints, out: Floats, before: Floats, mean: Floats, then: Floats, noticed: float, gate: Ints, first: Ints, member: Ints,
    moved: Bools,
) -> bool:  # fmt: skip
    """Fill whose ways have changed since they were last looked at, (P,), and say whether anybody's have.

    A state's have if it has another way to most others (``before``, (N,)), or its ``mean`` latency is no longer as ``then``: at all where
    it stands apart, and else by more than ``noticed`` ms. A bloc's have with any member's, and everybody's if those of a server have.
    """
    n, found = joined.shape[0], False
    for i in range(n):
        change = abs(mean[i] - then[i])
        moved[i] = out[i] != before[i] or change > noticed or (joined[i] < BY_LINKS and change > 0.0)
        found = found or moved[i]
    if not found:
        return False
    for s in range(gate.shape[0]):
        if out[gate[s]] != before[gate[s]]:
            moved[:] = True
    for b in range(first.shape[0] - 1):
        for p in range(first[b], first[b + 1]):
            if moved[member[p]]:
                moved[n + b] = True
                break
    return True


@functools.lru_cache(maxsize=8)
def sites_of(roster: Roster, month: int) -> Sites:
    """Return where servers stand, seen from the states of a roster, and the members of its blocs in a month."""
    clouds, n = roster.video.clouds, roster.n
    order = np.argsort(clouds.site_of, kind="stable")
    lat, lon = (np.concatenate((own, far[order])) for own, far in ((roster.lat, clouds.site_lat), (roster.lon, clouds.site_lon)))
    states, sites = np.arange(n)[:, None], np.arange(n, len(lat))[None, :]
    near = great_circle(lat, lon, states, sites, 0.0)
    gate = near.argmin(axis=0)
    beyond = near[gate, np.arange(len(order))]
    count = np.bincount(clouds.site_of, minlength=len(clouds.home)) if len(order) else np.zeros(len(clouds.home), dtype=np.int64)
    starts = np.concatenate(([0, 0], np.cumsum(count))).astype(np.int64)
    inside = [np.flatnonzero(roster.members(bloc, month)) for bloc in roster.blocs]
    first = np.cumsum([0, *map(len, inside)])
    member = np.concatenate([np.zeros(0, dtype=np.int64), *inside])
    return Sites(starts, np.maximum(near, 50.0), gate, np.where(beyond < _SAME_PLACE, 0.0, beyond), first, member)
