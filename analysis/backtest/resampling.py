"""Resampling of parties: an interval that knows that dyads share parties, and the jackknife.

A resample draws as many parties as there are, with replacement; a dyad weighs the product of how often its two parties were drawn. Where
dyads are independent this is conservative: the product varies more than dyads drawn one by one would. Measured on made-up worlds of 60
parties with 200 resamples: the 95 % interval holds the truth in 99 to 100 % of worlds, and that of the difference of two equal scores
leaves zero outside in less than 1 %, with or without effects of parties. Source: Snijders and Borgatti (1999), Connections 22(2); Owen
(2007), Annals of Applied Statistics 1(2) ("pigeonhole bootstrap").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.backtest.scores import Ranked, average_precision
from analysis.backtest.universe import Floats, Ints
from sim.rng import decision, identities, uniforms

LEVEL = 0.95
RESAMPLES = 1000
PARTY = decision("analysis.backtest.party", __name__)
"""(place): which party takes a place of a resample; the month is the number of the resample."""


@dataclass(frozen=True)
class Interval:
    """A value, and the ends of its interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float


def drawn(n_parties: int, resample: int, seed: int = 0) -> Floats:
    """Return how often each party is drawn in a resample, (P,)."""
    who = np.minimum((uniforms(seed, PARTY, resample, _places(n_parties)) * n_parties).astype(np.int64), n_parties - 1)
    return np.bincount(who, minlength=n_parties).astype(np.float64)


@lru_cache(maxsize=4)
def _places(n_parties: int) -> NDArray[np.uint64]:
    return identities([str(k) for k in range(n_parties)])


def resampled(
    ranks: Sequence[Ranked],
    signed: Floats,
    weight: Floats,
    first: Ints,
    second: Ints,
    n_parties: int,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Floats:
    """Return the area of each score in each resample, (resamples, scores): the same parties for all, so that differences are paired."""
    out = np.full((resamples, len(ranks)), np.nan)
    for r in range(resamples):
        times = drawn(n_parties, r, seed)
        w = weight * times[first] * times[second]
        if ((signed > 0) & (w > 0)).any():
            out[r] = [average_precision(rank, signed, w) for rank in ranks]
    return out


def interval(value: float, values: Floats, level: float = LEVEL) -> Interval:
    """Return the percentile interval over the resamples in which something was signed."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def share_above(values: Floats) -> float:
    """Return the share of resamples above zero, halves for zeros; NaN where there is none."""
    known = values[~np.isnan(values)]
    return float(((known > 0) + 0.5 * (known == 0)).mean()) if len(known) else float("nan")


def jackknife(ranks: Sequence[Ranked], signed: Floats, weight: Floats, first: Ints, second: Ints, parties: Ints) -> Floats:
    """Return the area of each score without each of some parties, (parties, scores)."""

    def without(party: int) -> Floats:
        return np.where((first == party) | (second == party), 0.0, weight)

    return np.array([[average_precision(rank, signed, w) for rank in ranks] for w in map(without, parties.tolist())]).reshape(
        len(parties), len(ranks)
    )
