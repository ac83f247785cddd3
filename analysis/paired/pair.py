"""A run folder and its twin: the same seeds and months, so that every run is compared with itself.

The difference of a series is treated minus twin, seed by seed. A mean difference comes with Student's interval over the pairs,
``mean +- t(0.975, n - 1) s / sqrt(n)``, which is over luck alone: it says nothing of parameters that are assumed.

Source: Student (1908), "The probable error of a mean", Biometrika 6(1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.paired.forcing import Forcing, forcing
from analysis.store import Floats, Ints, StoredRun
from sim.types import UserError, month_label

CONFIDENCE = 0.95
FORCING = "closure"
"""The series that is the shock itself: it differs by construction, and is no result."""
TRAVEL = "travel_closure"


@dataclass(frozen=True)
class Estimate:
    """A mean over pairs, ends of its interval (NaN where there is but one pair), and the twin's mean it is measured from."""

    mean: float
    low: float
    high: float
    base: float

    @property
    def clear(self) -> bool:
        """Whether zero lies outside the interval."""
        return bool(self.low > 0.0 or self.high < 0.0)

    @property
    def relative(self) -> float:
        """The mean difference as a share of the twin's; NaN where that is zero."""
        return self.mean / self.base if self.base else float("nan")


class Pair:
    """Two run folders with the same seeds and months."""

    def __init__(self, treated: StoredRun, twin: StoredRun) -> None:
        self.treated, self.twin = treated, twin

    @property
    def months(self) -> Ints:
        """Months recorded, (T,)."""
        return self.treated.months

    @property
    def n_runs(self) -> int:
        """How many pairs there are."""
        return self.treated.n_runs

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Series that both folders have."""
        return tuple(name for name in self.treated.columns if name in self.twin.columns)

    @cached_property
    def closed_borders(self) -> bool:
        """Whether what sets the two apart is that borders close in the first."""
        return TRAVEL in self.treated.shocks and TRAVEL not in self.twin.shocks

    @cached_property
    def forced(self) -> Forcing | None:
        """The closure given to the first world; None where none sets the two apart, or its table is gone or has changed."""
        return forcing(self.treated) if self.closed_borders else None

    @property
    def assumed_from(self) -> int | None:
        """First month from which on most of that closure is assumed; None if that never comes in these months."""
        first = self.forced.assumed_from if self.forced is not None else None
        return None if first is None or first > int(self.months[-1]) else first

    @property
    def against(self) -> str:
        """Say what the first world is measured against."""
        return "with open borders" if self.closed_borders else f"in {self.twin.id}"

    def starting_with(self, prefix: str) -> list[str]:
        """Return the shared series whose name begins so, with that beginning taken off."""
        return [name.removeprefix(prefix) for name in self.columns if name.startswith(prefix)]

    def difference(self, name: str) -> Floats:
        """Return treated minus twin, (pairs, T), in the metric's unit."""
        return self.treated.series(name) - self.twin.series(name)

    def is_stock(self, name: str) -> bool:
        """Whether a metric is a stock, told by its value at the end of a year, rather than a flow, told by its sum."""
        return self.treated.about(name).get("over_months", "sum") == "last"

    def estimate(self, name: str, inside: NDArray[np.bool_]) -> Estimate:
        """Return the mean difference over some months, (T,): of the sums of a flow, or of a stock at the last of them."""
        chosen = np.flatnonzero(inside)
        columns = chosen[-1:] if self.is_stock(name) else chosen
        first, second = (run.series(name)[:, columns].sum(axis=1) for run in (self.treated, self.twin))
        return estimate(first, second)

    @cached_property
    def parting(self) -> int | None:
        """First month in which any shared series but the forcing differs in any pair; None if none ever does."""
        apart = np.zeros(len(self.months), dtype=np.bool_)
        for name in self.columns:
            if name != FORCING:
                one, other = self.treated.series(name), self.twin.series(name)
                # A value that only one of the two worlds has sets them apart, too.
                apart |= np.any((one != other) & ~(np.isnan(one) & np.isnan(other)), axis=0)
        return int(self.months[np.flatnonzero(apart)[0]]) if apart.any() else None


def pair(treated: StoredRun, twin: StoredRun) -> Pair:
    """Set a run folder against its twin.

    Raises
    ------
    UserError
        If seeds or months differ, or both folders hold the same configuration.
    """
    if treated.seeds != twin.seeds:
        raise UserError(
            f"{treated.folder} has seeds {said(treated.seeds)}, but {twin.folder} {said(twin.seeds)}: runs are compared with the same luck"
        )
    if not np.array_equal(treated.months, twin.months):
        spans = [f"{month_label(int(run.months[0]))} to {month_label(int(run.months[-1]))}" for run in (treated, twin)]
        raise UserError(f"{treated.folder} holds {spans[0]}, but {twin.folder} {spans[1]}: runs are compared over the same months")
    digest = treated.manifest.get("config_digest")
    if digest is not None and digest == twin.manifest.get("config_digest"):
        raise UserError(f"{treated.folder} and {twin.folder} hold the same configuration: there is nothing to compare")
    return Pair(treated, twin)


def estimate(treated: Floats, twin: Floats) -> Estimate:
    """Return the mean paired difference with its interval; ``treated`` and ``twin`` are (pairs,), in one unit.

    Pairs in which either world has no value are left out; all is NaN where none is left.
    """
    known = ~(np.isnan(treated) | np.isnan(twin))
    if not known.any():
        return Estimate(float("nan"), float("nan"), float("nan"), float("nan"))
    treated, twin = treated[known], twin[known]
    apart = treated - twin
    mean, n = float(apart.mean()), len(apart)
    if n < 2:
        return Estimate(mean, float("nan"), float("nan"), float(twin.mean()))
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1) * apart.std(ddof=1) / np.sqrt(n))
    return Estimate(mean, mean - reach, mean + reach, float(twin.mean()))


def said(seeds: Sequence[int]) -> str:
    """Say a list of seeds: as a range where it is one."""
    run_on = len(seeds) > 1 and tuple(seeds) == tuple(range(seeds[0], seeds[0] + len(seeds)))
    return f"{seeds[0]} to {seeds[-1]}" if run_on else ", ".join(map(str, seeds))
