r"""What a part moves: its own observable, and who signs with whom, each beside what seeds alone would move.

Two worlds are lived on the same seeds. Of an observable the mean paired difference is told, with the interval of Student's t.
Of signatures, with ``d_su`` the difference in seed ``s`` of whether unit ``u`` (a type and a dyad) signed, the share that moved is

.. math:: M = \sum_u \left| \sum_s d_{su} \right| \Big/ \sum_u \sum_s (x_{su} + y_{su})

It is 0 where each unit signs in as many seeds of either world, and 1 where no unit signs in both. Seeds alone give more than 0. So both
tests flip the signs of seeds: were the part worth nothing, either world of a seed could be the one with it. A flip is drawn ``FLIPS``
times; the chance is (1 + flips at least as far) / (1 + flips), Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular
Biology 9(1), 39. Chances of all parts together are held to ``LEVEL`` by Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.backtest.scores import average_precision, ranked
from analysis.backtest.target import Target
from analysis.backtest.universe import Universe
from analysis.paired.pair import Estimate, estimate
from analysis.worlds import Kept
from sim.rng import decision, identities, uniforms

Floats = NDArray[np.float64]

LEVEL = 0.05
FLIPS = 9999
RESAMPLES = 500
FEWEST = 2
"""Seeds below which nothing can be told of luck."""
_FLIP = decision("analysis.ablation.flip", __name__)
"""(seed): whether a seed changes sides; the month is the number of the flip."""
_SEED = decision("analysis.ablation.seed", __name__)
"""(place): which seed takes a place of a resample; the month is the number of the resample."""


@dataclass(frozen=True)
class Moved:
    """How much of what was signed moved to others.

    Attributes
    ----------
    share : float
        0 to 1; NaN where neither world signed anything.
    noise : float
        Its mean over flips: what seeds alone move.
    high : float
        What seeds alone exceed with chance ``LEVEL``.
    chance : float
        That seeds alone move as much.
    more : Estimate
        Signatures a run with the part, less those without it.
    """

    share: float
    noise: float
    high: float
    chance: float
    more: Estimate


@lru_cache(maxsize=4)
def flips(seeds: int, many: int = FLIPS) -> Floats:
    """Return sides drawn for each seed, -1 or 1, (many, seeds)."""
    who = identities([str(seed) for seed in range(seeds)])
    return np.array([np.where(uniforms(0, _FLIP, k, who) < 0.5, -1.0, 1.0) for k in range(many)])


def chance_of(apart: Floats, many: int = FLIPS) -> float:
    """Return the chance that seeds alone part two worlds as far: ``apart`` holds a paired difference a seed, (S,); NaN is left out."""
    apart = apart[~np.isnan(apart)]
    if len(apart) < FEWEST:
        return float("nan")
    far = abs(float(apart.sum()))
    return _chance(np.abs(flips(len(apart), many) @ apart), far)


def moved(on: Kept, off: Kept, many: int = FLIPS) -> Moved:
    """Return how much of what was signed moved; the worlds are of the same seeds."""
    units = sorted({unit[1:] for unit in on.signed | off.signed})
    place = {unit: k for k, unit in enumerate(units)}
    counts = np.zeros((2, on.seeds, len(units)))
    for k, kept in enumerate((on, off)):
        for seed, kind, one, two in kept.signed:
            counts[k, seed, place[kind, one, two]] = 1.0
    total = float(counts.sum())
    more = estimate(counts[0].sum(axis=1), counts[1].sum(axis=1))
    if not total:
        return Moved(float("nan"), float("nan"), float("nan"), float("nan"), more)
    apart = counts[0] - counts[1]
    apart = apart[:, np.any(apart != 0.0, axis=0)]
    share = float(np.abs(apart.sum(axis=0)).sum()) / total
    if on.seeds < FEWEST:
        return Moved(share, float("nan"), float("nan"), float("nan"), more)
    by_luck = np.concatenate([np.abs(some @ apart).sum(axis=1) for some in np.array_split(flips(on.seeds, many), 50)]) / total
    return Moved(share, float(by_luck.mean()), float(np.quantile(by_luck, 1 - LEVEL)), _chance(by_luck, share), more)


def precision(on: Kept, off: Kept, seen: Target, universe: Universe, groups: dict[str, str], resamples: int = RESAMPLES) -> Estimate:
    """Return the area under precision-recall of the world with the part less that without it, with its interval over seeds.

    Seeds are resampled together for both. ``base`` is the area without the part. NaN where neither world signed anything.
    """
    with_it, without = _by_seed(on, seen, universe, groups), _by_seed(off, seen, universe, groups)
    if not with_it.any() and not without.any():
        return Estimate(float("nan"), float("nan"), float("nan"), float("nan"))
    signed, weight = seen.signed.astype(np.float64), np.where(seen.signed, seen.weight, 1.0)

    def area(of: Floats) -> float:
        return average_precision(ranked(of.mean(axis=0)), signed, weight)

    value, bare = area(with_it), area(without)
    if on.seeds < FEWEST:
        return Estimate(value - bare, float("nan"), float("nan"), bare)
    places = identities([str(k) for k in range(on.seeds)])
    again = []
    for k in range(resamples):
        who = np.minimum((uniforms(0, _SEED, k, places) * on.seeds).astype(np.int64), on.seeds - 1)
        again.append(area(with_it[who]) - area(without[who]))
    low, high = np.quantile(again, [LEVEL / 2, 1 - LEVEL / 2])
    return Estimate(value - bare, float(low), float(high), bare)


def _by_seed(kept: Kept, seen: Target, universe: Universe, groups: dict[str, str]) -> Floats:
    """Return whether each unit of the target signed in each seed, (S, U): a dyad counts once, however many types it signed."""
    place = {int(dyad): k for k, dyad in enumerate(seen.dyad)}
    out = np.zeros((kept.seeds, len(seen.dyad)))
    for seed, kind, one, two in kept.signed:
        a, b = universe.party(one), universe.party(two)
        if groups.get(kind) and a is not None and b is not None and a != b:
            at = place.get(universe.dyad(universe.place[a], universe.place[b]))
            if at is not None:
                out[seed, at] = 1.0
    return out


def holm(chances: Sequence[float]) -> list[float]:
    """Return each chance held for all that were looked at together; NaN stays, and does not count.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted((value, k) for k, value in enumerate(chances) if value == value)
    out, least = [float("nan")] * len(chances), 0.0
    for rank, (value, k) in enumerate(order):
        least = max(least, min(1.0, value * (len(order) - rank)))
        out[k] = least
    return out


def _chance(by_luck: Floats, found: float) -> float:
    return float((1 + np.count_nonzero(by_luck >= found - 1e-12)) / (1 + len(by_luck)))
