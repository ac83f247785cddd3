"""The most that an hour with each partner could bring, in compiled form: what spares :mod:`sim.decide.hours` most of its work.

No number here decides anything but which partners are looked at: what is left out could not have been worth its hours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints
from sim.types import Channel

_VIDEO = int(Channel.VIDEO)


@jit
def who_talks(
    stage: NDArray[np.int8], is_open: int, kind: Ints, edge: Ints, negotiated: Bools, open_talk: Ints, rev: Ints, talking: Bools
) -> None:  # fmt: skip
    """Set the flags of the edges, (E,), with open talks on a type that is negotiated; the table of talks says where to look for them."""
    for row in range(stage.shape[0]):
        if stage[row] == is_open and negotiated[kind[row]]:
            for e in (np.int64(edge[row]), np.int64(rev[edge[row]])):
                talking[e] |= open_talk[kind[row], e] >= 0


@jit
def most_an_hour(needs: Bools, hours: Floats, yields: Floats, kept: Floats, gathering: float, at_summit: float, most: Floats) -> None:
    """Fill the most that an hour could bring of each kind, wherever the partner is: without a shared summit, and with one, (2, 4)."""
    for k in range(hours.shape[0]):
        for met in range(1 if needs[k, 1] else 0, 2):
            least = min(hours[k], at_summit) if k == _VIDEO and met else hours[k]
            more_so = (1.0 + gathering) / least if met and (k == _VIDEO or needs[k, 1]) else 1.0 / least
            most[met, 0] = max(most[met, 0], kept[k] * more_so)
            most[met, 1] = max(most[met, 1], yields[k, 2] * more_so)
            most[met, 2] = max(most[met, 2], yields[k, 3] * more_so)
            most[met, 3] = max(most[met, 3], more_so)


@jit
def _add_hopes(hoped: Floats, hopes: Floats) -> None:
    for e in range(hopes.shape[0]):
        hopes[e] += hoped[e]


@jit
def _worth_of_hopes(dollars: float, s_hope: float, hope_half: float, hopes: Floats) -> None:
    for c in range(hopes.shape[0]):
        # Of most partners nothing is hoped: no division for them.
        if hopes[c] != 0.0:
            gained = hopes[c] * dollars
            hopes[c] = s_hope * (gained / (gained + hope_half))


@jit
def _weigh(weight: Floats, trust: Floats, blocked: Bools, t_trust: float, base: Floats) -> None:
    for e in range(base.shape[0]):
        base[e] = 0.0 if blocked[e] else weight[e] * (1.0 + t_trust * trust[e])


@jit
def _bound(base: Floats, begins: Floats, talking: Bools, n_talk: float, summit: Bools, most: Floats, bound: Floats) -> None:
    keep, begin, carry = most[0, 0], most[0, 1], n_talk * most[0, 2]
    met_keep, met_begin, met_carry = most[1, 0], most[1, 1], n_talk * most[1, 2]
    for e in range(bound.shape[0]):
        k, b, c = (met_keep, met_begin, met_carry) if summit[e] else (keep, begin, carry)
        bound[e] = base[e] * (k + begins[e] * b + (c if talking[e] else 0.0))


@jit
def what_edges_bring(
    start: NDArray[np.int64], rev: Ints, types: Ints, weight: Floats, trust: Floats, prospect: Floats, talking: Bools, summit: Bools,
    elected: Bools, blocked: Bools, gdp: Floats, sought: Floats, hope_half: float, most: Floats, begins: Floats, base: Floats,
    bound: Floats,
) -> None:  # fmt: skip
    """Fill what beginning talks is worth, the weight before luck, and the most that an hour could bring at E = 1, (E,) each.

    ``begins`` comes in as zeros. Short loops in functions of their own: a compiler works on several edges of each at once.
    """
    e_vote = sought[6]
    for q in range(types.shape[0]):
        _add_hopes(prospect[types[q]], begins)
    for i in range(start.shape[0] - 1):
        _worth_of_hopes(gdp[i] / 1e4, sought[3], hope_half, begins[start[i] : start[i + 1]])
    _weigh(weight, trust, blocked, sought[0], base)
    _bound(base, begins, talking, sought[4], summit, most, bound)
    # Few vote in a month: their edges, both ways, are looked at again.
    for i in range(start.shape[0] - 1):
        if elected[i]:
            for there in range(start[i], start[i + 1]):
                for e in (there, np.int64(rev[there])):
                    at = 1 if summit[e] else 0
                    kinds = most[at, 0] + begins[e] * most[at, 1] + (sought[4] if talking[e] else 0.0) * most[at, 2]
                    bound[e] = base[e] * (kinds + e_vote * most[at, 3])
