"""Who can attend the meetings of bodies, and what is passed there, in compiled form."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.data.further.bodies import HYBRID, IN_PERSON, USUAL
from sim.kernels import jit
from sim.rng import philox, uniform_of, unit
from sim.state.world import Bools, Floats

Ints = NDArray[np.int64]
Ids = NDArray[np.uint64]
Places = NDArray[np.int8]
BRIDGE = 0
"""Place of all bridges together among the platforms (:mod:`sim.mechanisms.platforms.equations`)."""


@jit
def attend(
    meets: Ints, inside: Bools, at_home: Bools, host: Ints, closure: Floats, line: Floats, kept: Floats, to_host: Ints,
    platform: Places, width: Floats, out: Floats, bridge_out: Floats, ports: Ints, ids: Ids, identity: Ids, seed: np.uint64,
    key: np.uint64, month: np.uint64, can_come: Bools, can_see: Bools, openness: Floats, met_on: Places,
) -> None:  # fmt: skip
    """Fill which members of some bodies can come to the room and can take part on a screen, how open the ways are, and the platform.

    Both who can (b, N), both others (b,). ``kept`` (b,) is the part of closure that holds for delegates, ``line`` (N,) how well a state's
    line carries a meeting, ``to_host`` (B, N) the edge from each member to the host (-1: the two keep no eye on each other), ``key`` the
    luck of (body, state). A member joins a meeting on a screen by the platform of the two, ``platform`` (E,), over a way whose ``width``,
    (E,), leaves a share of a meeting; who joins over a bridge needs a port of the host's, which has one itself. The platform
    of the meeting is that of most members.
    """
    zero = np.uint64(0)
    joined = np.zeros(out.shape[0], dtype=np.int64)
    for q in range(meets.shape[0]):
        b, members, opened, free = meets[q], 0, 0.0, ports[host[meets[q]]] - 1
        joined[:] = 0
        at_host = 1.0 - kept[q] * closure[host[b]]
        for i in range(inside.shape[1]):
            if not inside[b, i]:
                continue
            way = 1.0 if at_home[b, i] else (1.0 - kept[q] * closure[i]) * at_host
            seen, at, e = line[i], -1, to_host[b, i]
            if e >= 0:
                at, seen = platform[e], min(seen, width[e])
                if at < 0 or (at == BRIDGE and free <= 0):
                    seen = 0.0
                else:
                    seen *= 1.0 - (bridge_out[host[b]] if at == BRIDGE else out[at])
            # Who surely can, or surely cannot, needs no luck.
            drawn = 0.5
            if 0.0 < way < 1.0 or 0.0 < seen < 1.0:
                drawn = uniform_of(seed, key, month, ids[b], identity[i], zero)
            members += 1
            opened += way
            can_come[q, i], can_see[q, i] = drawn < way, drawn < seen
            if can_see[q, i] and at >= 0:
                joined[at] += 1
                free -= 1 if at == BRIDGE else 0
        openness[q] = opened / members
        most = 0
        for at in range(joined.shape[0]):
            if joined[at] > most:
                most, met_on[q] = joined[at], at


@jit
def hold(
    meets: Ints, n: Ints, in_room: Floats, come: Floats, see: Floats, quorum: float, acts: Floats, carried: Floats, ids: Ids,
    seed: np.uint64, key: np.uint64, month: np.uint64, body: Ints, room: Bools, held: Bools, passed: Ints,
) -> None:  # fmt: skip
    """Fill the meetings of some bodies, (M,) each: of which body, whether in the room, whether held, and the acts that it passes.

    ``acts`` (B,) is the mean of a meeting in the room, ``carried`` (b,) the part of it that a screen carries.
    """
    m, zero = 0, np.uint64(0)
    for q in range(meets.shape[0]):
        b = meets[q]
        for at in range(n[q]):
            words = philox(month, ids[b], np.uint64(at), zero, seed, key)
            body[m], room[m] = b, unit(words[0]) < in_room[q]
            held[m] = (come[q] if room[m] else see[q]) >= quorum
            passed[m] = poisson(unit(words[1]), acts[b] * (1.0 if room[m] else carried[q])) if held[m] else 0
            m += 1


@jit
def plan_hours(
    some: Ints, a_month: Floats, rule: Ints, share: Floats, kept: Floats, quorum: float, inside: Bools, at_home: Bools, host: Ints,
    far: Floats, closure: Floats, line: Floats, visit: float, video: float, speed: float, hours: Floats,
) -> None:  # fmt: skip
    """Add to the hours of each state, (N,), what meetings of some bodies take of it in a usual month, as borders and lines stand.

    ``some`` (b,) are the places of the bodies; of each, (b,): how often it meets, its rule, the share in the room that a hybrid rule tells,
    and what part of closure holds for delegates.
    """
    for q in range(some.shape[0]):
        b, members, opened = some[q], 0, 0.0
        at_host = 1.0 - kept[q] * closure[host[b]]
        for i in range(inside.shape[1]):
            if inside[b, i]:
                members += 1
                opened += 1.0 if at_home[b, i] else (1.0 - kept[q] * closure[i]) * at_host
        if members < 2:
            continue
        in_room = 0.0
        if rule[q] == USUAL:
            in_room = 1.0 if opened >= quorum * members else 0.0
        elif rule[q] == IN_PERSON:
            in_room = 1.0
        elif rule[q] == HYBRID:
            in_room = share[q] if share[q] >= 0.0 else opened / members
        for i in range(inside.shape[1]):
            if inside[b, i]:
                way = 1.0 if at_home[b, i] else (1.0 - kept[q] * closure[i]) * at_host
                room = in_room * way * (visit + 2.0 * far[b, i] / speed)
                hours[i] += a_month[q] * (room + (1.0 - in_room) * line[i] * video)


@jit
def poisson(drawn: float, rate: float) -> int:
    """Return the count of a Poisson distribution of mean ``rate`` at a uniform draw, by the inverse distribution function."""
    k, term = 0, math.exp(-rate)
    below = term
    while drawn >= below and term > 0.0:
        k += 1
        term *= rate / k
        below += term
    return k
