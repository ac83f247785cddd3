"""Simple rivals of the model: each gives a score to every dyad, and what is fitted is fitted on years before the window alone.

Inputs come twice. *Frozen*: what was known a year before the window begins. *Known*: the score of each year of the window from what was
known then, averaged over the years in which the dyad had not yet signed.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.backtest.inputs import TRADE_YEARS, Inputs
from analysis.backtest.labels import Instrument
from analysis.backtest.target import READINGS, Target, target
from analysis.backtest.universe import Floats, Ints, Universe

FIRST_FIT = 2001
"""The first year with all of GDP, votes and hostility known from the year before."""
RIDGE = 1e-4
"""Penalty on squared standardised coefficients of the full logit, per dyad: few signed, and some inputs would separate them."""
LEAST_SIGNED = 2
"""Dyads that signed before the window, below which nothing is fitted."""
FLOOR = 1.0
"""Million USD added to trade before its logarithm is taken: pairs below the largest are blank."""
GRAVITY = ("gdp", "distance", "language", "colony", "border")
FULL = (*GRAVITY, "trade", "affinity", "hostility", "alliance", "privacy", "degree")
NEEDS_TRADE = ("trade", "alliance")


@dataclass(frozen=True)
class Comparator:
    """A rival's name, its words, and whether it is fitted."""

    name: str
    title: str
    fitted: bool = False


COMPARATORS = (
    Comparator("trade", "Digital trade alone"),
    Comparator("trade_law", "Digital trade x rule of law"),
    Comparator("gravity", "Gravity (PPML)", True),
    Comparator("logit", "Full logit", True),
    Comparator("persistence", "Persistence: signed before"),
    Comparator("neighbours", "Common neighbours"),
    Comparator("affinity", "Affinity: votes at the UN"),
    Comparator("random", "Random"),
)


@dataclass
class Fitted:
    """Coefficients of a fitted rival, on standardised inputs, and what they were fitted on."""

    names: tuple[str, ...]
    coefficients: Floats
    mean: Floats
    scale: Floats
    years: tuple[int, int]
    n_signed: int
    notes: list[str] = field(default_factory=list)

    def score(self, columns: dict[str, Floats]) -> Floats:
        """Return the linear index of each dyad, (D,)."""
        x = np.column_stack([columns[name] for name in self.names])
        return np.asarray((x - self.mean) / self.scale @ self.coefficients[1:] + self.coefficients[0])


class Rivals:
    """All comparators of one window."""

    def __init__(self, universe: Universe, instruments: Sequence[Instrument], first: int, last: int) -> None:
        self.universe, self.inputs, self.instruments = universe, Inputs(universe), instruments
        self.first, self.last = first, last
        self.years = range(first // 12, last // 12 + 1)
        self._columns: dict[int, dict[str, Floats]] = {}
        self.fits = {"gravity": self._fit(GRAVITY, poisson=True), "logit": self._fit(self._full(), poisson=False)}

    def frozen(self) -> dict[str, Floats]:
        """Return each comparator's score of every dyad from what was known a year before the window, (D,)."""
        return self._scores(self.years[0] - 1)

    def known(self, unsigned_until: Ints) -> dict[str, Floats]:
        """Return the scores from what was known year by year, (D,).

        Parameters
        ----------
        unsigned_until : int (D,)
            Month of the dyad's first signature in the window, or one after the window.
        """
        total: dict[str, Floats] = {}
        n = np.zeros(len(self.universe.first))
        for year in self.years:
            open_ = (unsigned_until >= 12 * year).astype(np.float64)
            n += open_
            for name, score in self._scores(year).items():
                total[name] = total.get(name, 0.0) + open_ * score
        return {name: values / n for name, values in total.items()}

    def _scores(self, year: int) -> dict[str, Floats]:
        columns, inputs = self.columns(year), self.inputs
        trade = inputs.trade(year)
        # A share of the total, so that a mean over years does not rank a dyad by which of its years count.
        share = trade / trade.sum()
        return {
            "trade": share,
            "trade_law": share * inputs.rule_of_law,
            "gravity": np.exp(np.minimum(self.fits["gravity"].score(columns), 50.0)),
            "logit": 1.0 / (1.0 + np.exp(-self.fits["logit"].score(columns))),
            "persistence": self._before(year),
            "neighbours": self._neighbours(year),
            "affinity": columns["affinity"],
            "random": np.zeros(len(trade)),
        }

    def columns(self, year: int) -> dict[str, Floats]:
        """Return every input of the fitted rivals as known in a year, (D,) each."""
        if year not in self._columns:
            inputs = self.inputs
            degree = self._ties(year).sum(axis=1)
            self._columns[year] = {
                "gdp": inputs.gdp(year),
                "distance": inputs.distance,
                **inputs.ties,
                "trade": np.log(inputs.trade(year) + FLOOR),
                "affinity": inputs.affinity(year),
                "hostility": inputs.hostility(year),
                "alliance": inputs.alliance(year),
                "privacy": inputs.privacy(year),
                "degree": np.log1p(degree)[self.universe.first] + np.log1p(degree)[self.universe.second],
            }
        return self._columns[year]

    def _full(self) -> tuple[str, ...]:
        """Return the inputs of the full logit: without trade and alliances where the years to fit on have none."""
        late = self.years[0] - 1 < TRADE_YEARS[0]
        return tuple(name for name in FULL if not (late and name in NEEDS_TRADE))

    def _fit(self, names: tuple[str, ...], *, poisson: bool) -> Fitted:
        """Fit who signed in the years before the window on what was known as those years began: a forecast like the one it is to make."""
        import statsmodels.api as sm

        start = self.years[0]
        first = TRADE_YEARS[0] if start > TRADE_YEARS[0] else FIRST_FIT
        seen = target(self.universe, self.instruments, 12 * first, 12 * start - 1, READINGS[0])
        columns = self.columns(first)
        x = np.column_stack([columns[name][seen.kept] for name in names])
        y = seen.signed[seen.kept].astype(np.float64)
        w = np.where(seen.signed, seen.weight, 1.0)[seen.kept]
        if y.sum() < LEAST_SIGNED:
            # One score for all: nothing can be learnt, and the limits say so.
            return Fitted(names, np.zeros(len(names) + 1), np.zeros(len(names)), np.ones(len(names)), (first, start - 1), int(y.sum()))
        mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
        design = np.column_stack([np.ones(len(x)), (x - mean) / scale])
        family = sm.families.Poisson() if poisson else sm.families.Binomial()
        model = sm.GLM(y, design, family=family, freq_weights=w)
        penalty = np.r_[0.0, np.full(len(names), RIDGE)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = model.fit(maxiter=200) if poisson else model.fit_regularized(alpha=penalty, L1_wt=0.0)
        return Fitted(names, np.asarray(fit.params), mean, scale, (first, start - 1), int(y.sum()))

    def _ties(self, year: int) -> Floats:
        """Return 1 for parties that signed anything of depth 1 or more before a year, (P, P)."""
        n = len(self.universe.codes)
        out = np.zeros((n, n))
        for row in self.instruments:
            if row.signed < 12 * year and row.depth > 0:
                for a, b in row.pairs:
                    i, j = self.universe.place[a], self.universe.place[b]
                    out[i, j] = out[j, i] = 1.0
        return out

    def _before(self, year: int) -> Floats:
        """Return how many instruments of depth 1 or more each dyad signed before a year, those of many by their weight."""
        out = np.zeros(len(self.universe.first))
        for row in self.instruments:
            if row.signed < 12 * year and row.depth > 0:
                for a, b in row.pairs:
                    out[self.universe.dyad(self.universe.place[a], self.universe.place[b])] += row.weight
        return out

    def _neighbours(self, year: int) -> Floats:
        """Return how many third parties both have signed with before a year."""
        ties = self._ties(year)
        return np.asarray((ties @ ties)[self.universe.first, self.universe.second])


def over_units(scores: dict[str, Floats], seen: Target) -> dict[str, Floats]:
    """Lay scores of dyads out over the units of a target: comparators do not tell who decides about whom."""
    return {name: values[seen.dyad] for name, values in scores.items()}
