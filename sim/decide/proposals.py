"""What each contact of a month is used to propose: the type, or the package of two, that brings most for the time of staff it takes.

Who asks for it is :meth:`sim.decide.decisions.Compiled.propose`; contacts are worked through one after another, and each sees what
earlier ones will open.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.rng import uniform_of
from sim.state.world import Bools, Floats, Ints


@jit
def propose(
    edge: Ints, channel: NDArray[np.int8], row: Ints, col: Ints, rev: Ints, identity: NDArray[np.uint64], types: Ints, rules_out: Bools,
    seed: np.uint64, key: np.uint64, month: np.uint64, now: int, prospect: Floats, role: NDArray[np.int8],
    linked_roles: NDArray[np.int8], principal: Ints, open_talk: Ints, in_force: Bools, cooldown: Ints, blocked: Bools, rate: float,
    starts: Floats, gdp: Floats, used: Ints, staff: Floats, months: Floats, full: float, elasticity: float, meetings: Floats, links: Ints,
    linked: Floats, hostile: Bools, barred: Floats, out: Ints,
) -> None:  # fmt: skip
    """Fill what is proposed on each contact, (n,): a type, the number of types and a package's place, or -1 for nothing.

    Talks are pencilled into ``open_talk`` (T, E) for later contacts and taken out again; ``used`` (P,), the talks of each, are added to.
    """
    zero, n_types = np.uint64(0), prospect.shape[0]
    for c in range(edge.shape[0]):
        e = edge[c]
        if not _promises(role, types, linked_roles, e):
            continue
        if blocked[e] or hostile[e] or barred[e] > 0.0 or barred[rev[e]] > 0.0:
            continue
        i, j = row[e], col[e]
        mine, theirs = gdp[i] / 1e4, gdp[j] / 1e4
        # Few contacts promise anything: what staff costs is asked for those.
        asked, also, chosen, hope = -1.0, -1.0, -1, 0.0
        for q in range(types.shape[0]):
            t = types[q]
            side = role[t, e]
            if side < 0:
                continue
            worth = prospect[t, e] * mine / months[t, side]
            if worth <= hope:
                continue
            if asked < 0.0:
                asked = _price(used[i], staff[i], full, elasticity, meetings[i])
                also = _price(used[j], staff[j], full, elasticity, meetings[j])
            pays = worth >= asked and prospect[t, rev[e]] * theirs / months[t, 1 - side] >= also
            if pays and _may(t, e, i, j, principal, open_talk, cooldown, now, in_force, rules_out):
                chosen, hope = t, worth
        for at in range(links.shape[0]):
            one, two, sides = links[at, 0], links[at, 1], linked_roles[at, e]
            # What stands on its own feet is negotiated on its own.
            if sides < 0 or (prospect[one, e] > 0.0 and prospect[two, e] > 0.0):
                continue
            here, there = sides // 2, sides % 2
            worth = linked[at, e] * mine / max(months[one, here], months[two, there])
            longest = max(months[one, 1 - here], months[two, 1 - there])
            if worth <= hope:
                continue
            if asked < 0.0:
                asked = _price(used[i], staff[i], full, elasticity, meetings[i])
                also = _price(used[j], staff[j], full, elasticity, meetings[j])
            if worth < asked or linked[at, rev[e]] * theirs / longest < also:
                continue
            may = _may(one, e, i, j, principal, open_talk, cooldown, now, in_force, rules_out)
            if may and _may(two, e, i, j, principal, open_talk, cooldown, now, in_force, rules_out):
                chosen, hope = n_types + at, worth
        if chosen >= 0 and uniform_of(seed, key, month, identity[i], identity[j], zero) < rate * starts[channel[c]]:
            out[c] = chosen
            used[i] += 1
            used[j] += 1
            _pencil(open_talk, links, chosen, e, rev[e], 0)
    # Talks of this month were pencilled in so that a later contact saw them; whoever asked opens them.
    for c in range(edge.shape[0]):
        if out[c] >= 0:
            _pencil(open_talk, links, out[c], edge[c], rev[edge[c]], -1)


@jit
def _promises(role: NDArray[np.int8], types: Ints, linked_roles: NDArray[np.int8], e: int) -> bool:
    """Say whether any type or package promises something on an edge: few do."""
    for q in range(types.shape[0]):
        if role[types[q], e] >= 0:
            return True
    for at in range(linked_roles.shape[0]):
        if linked_roles[at, e] >= 0:
            return True
    return False


@jit
def _price(used: int, staff: float, full: float, elasticity: float, meetings: float) -> float:
    """Return what a month of one more talk costs, USD of gain a year: more, the more of the staff is at work."""
    price: float = full * math.exp(elasticity * math.log(meetings + (used + 1.0) / staff))
    return price


@jit
def _may(
    t: int, e: int, i: int, j: int, principal: Ints, open_talk: Ints, cooldown: Ints, now: int, in_force: Bools, rules_out: Bools
) -> bool:
    """Say whether two parties speak for themselves on a type, and neither talks, a rest nor what is in force stands in its way."""
    if principal[t, i] != i or principal[t, j] != j or open_talk[t, e] >= 0 or cooldown[t, e] > now:
        return False
    for s in range(in_force.shape[0]):
        if rules_out[t, s] and in_force[s, e]:
            return False
    return True


@jit
def _pencil(open_talk: Ints, links: Ints, chosen: int, e: int, back: int, row: int) -> None:
    n_types = open_talk.shape[0]
    for half in range(2 if chosen >= n_types else 1):
        t = links[chosen - n_types, half] if chosen >= n_types else chosen
        open_talk[t, e], open_talk[t, back] = row, row
