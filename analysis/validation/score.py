r"""What the seeds say of one number: median, interval, share in band, and whether the number is met.

The interval of the median is distribution-free. The :math:`r`-th smallest and :math:`r`-th largest of :math:`n` values hold the median
of the law that made them with chance :math:`1 - 2 P(B < r)`, where :math:`B` counts heads in :math:`n` fair tosses. ``r`` is the largest
that keeps at least 0.95. Below six seeds none does, and the whole range is given with the chance that it has.

Source: David and Nagaraja (2003), Order Statistics, section 7.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

ENOUGH = 0.95
"""Least chance of the interval, where there are seeds enough."""
HALF = 0.5
"""Least share of the seeds in band."""


@dataclass(frozen=True)
class Score:
    """One number over seeds.

    Attributes
    ----------
    values : float64 (n,)
        A number a seed; NaN where a run has none.
    median, low, high : float
        Median of those that are there, and its interval; NaN where there is none, the interval also for one seed.
    coverage : float
        Chance of the interval.
    share : float
        Seeds in band, of all seeds: one without a number is not in band.
    met : bool
        Median in band, and at least half of the seeds.
    """

    values: Floats
    median: float
    low: float
    high: float
    coverage: float
    share: float
    met: bool

    @property
    def missing(self) -> int:
        """Seeds without a number."""
        return int(np.isnan(self.values).sum())


def score(values: Floats, low: float, high: float) -> Score:
    """Score one number against its band.

    Parameters
    ----------
    values : float64 (n,)
        A number a seed, at least one seed.
    low, high : float
        The band, both ends inside.

    Examples
    --------
    >>> one = score(np.array([1.0, 2.0, 3.0, 9.0]), 0.0, 3.0)
    >>> one.median, one.share, one.met
    (2.5, 0.75, True)
    """
    there = np.sort(values[~np.isnan(values)])
    share = float(((values >= low) & (values <= high)).mean())
    nan = float("nan")
    if not len(there):
        return Score(values, nan, nan, nan, nan, share, False)
    median = float(np.median(there))
    bottom, top, coverage = interval(there)
    return Score(values, median, bottom, top, coverage, share, bool(low <= median <= high and share >= HALF))


def interval(ordered: Floats) -> tuple[float, float, float]:
    """Return an interval of the median of sorted values, and its chance; NaN of one value alone."""
    n = len(ordered)
    if n < 2:
        return float("nan"), float("nan"), float("nan")
    ranks = np.arange(1, n // 2 + 1)
    chances = 1.0 - 2.0 * stats.binom.cdf(ranks - 1, n, 0.5)
    enough = np.flatnonzero(chances >= ENOUGH)
    at = int(enough[-1]) if len(enough) else 0
    return float(ordered[at]), float(ordered[n - 1 - at]), float(chances[at])
