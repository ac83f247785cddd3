"""Who can attend the meetings of bodies, and what is passed there, in compiled form."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.rng import philox, uniform_of, unit
from sim.state.world import Bools, Floats

Ints = NDArray[np.int64]
Ids = NDArray[np.uint64]


@jit
def attend(
    meets: Ints, inside: Bools, at_home: Bools, host: Ints, closure: Floats, line: Floats, kept: Floats, ids: Ids, identity: Ids,
    seed: np.uint64, key: np.uint64, month: np.uint64, come: Floats, see: Floats, openness: Floats,
) -> None:  # fmt: skip
    """Fill which share of the members of some bodies can come to the room and can take part on a screen, and how open the ways are.

    All three (b,). ``kept`` (b,) is the part of closure that holds for delegates, ``line`` (N,) how well a state's line carries a meeting,
    ``key`` the luck of (body, state).
    """
    zero = np.uint64(0)
    for q in range(meets.shape[0]):
        b, members, here, there, opened = meets[q], 0, 0, 0, 0.0
        at_host = 1.0 - kept[q] * closure[host[b]]
        for i in range(inside.shape[1]):
            if not inside[b, i]:
                continue
            way = 1.0 if at_home[b, i] else (1.0 - kept[q] * closure[i]) * at_host
            # Who surely can, or surely cannot, needs no luck.
            drawn = 0.5
            if 0.0 < way < 1.0 or 0.0 < line[i] < 1.0:
                drawn = uniform_of(seed, key, month, ids[b], identity[i], zero)
            members += 1
            here += 1 if drawn < way else 0
            there += 1 if drawn < line[i] else 0
            opened += way
        come[q], see[q], openness[q] = here / members, there / members, opened / members


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
def poisson(drawn: float, rate: float) -> int:
    """Return the count of a Poisson distribution of mean ``rate`` at a uniform draw, by the inverse distribution function."""
    k, term = 0, math.exp(-rate)
    below = term
    while drawn >= below and term > 0.0:
        k += 1
        term *= rate / k
        below += term
    return k
