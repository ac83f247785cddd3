"""Every scorer under every reading: area with its interval, the paired difference to the model, jackknife, hits and partners' ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.backtest import resampling
from analysis.backtest.comparators import COMPARATORS, Rivals, over_units
from analysis.backtest.labels import Instrument
from analysis.backtest.model_scores import ModelScores
from analysis.backtest.resampling import Interval
from analysis.backtest.scores import area_under_roc, average_precision, hits, partner_ranks, ranked
from analysis.backtest.target import DIRECTED, LAST_LOOK, NINETEEN, READINGS, Reading, Target, target
from analysis.backtest.universe import Floats, Ints, Universe

FEW = 30
"""Instruments below which no level is claimed."""
LEAST_SIGNED = 3
"""Units that signed, below which resampling tells nothing: no interval is given."""
MODEL, KNOWN, FROZEN = "model", "known", "frozen"
UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))
WINDOW_OF_NINETEEN = (12 * 2019, LAST_LOOK - 1)


@dataclass(frozen=True)
class Line:
    """What one scorer gets under one reading.

    Attributes
    ----------
    reading, scorer, title, inputs : str
        ``inputs`` is ``known`` or ``frozen``.
    n_dyads, n_signed : int
        Units scored, and those of them that signed.
    weight : float
        Instruments: what those weigh together.
    area : Interval
        Area under precision-recall.
    random : float
        The area of a score that is the same for all.
    roc : float
    hits : float
        Units that signed among the first 60.
    partner : float
        Median rank of the partner given the signer.
    difference : Interval
        The area of the model with the same inputs, where it has such runs, less this one's, over the same resamples; NaN for the model.
    better : float
        Share of resamples in which the model's is larger.
    least, most : float
        Area over the jackknife.
    without : str
        The party without which the area is least.
    least_difference : float
        Smallest difference of the model to it over the jackknife.
    """

    reading: str
    scorer: str
    title: str
    inputs: str
    n_dyads: int
    n_signed: int
    weight: float
    area: Interval
    random: float
    roc: float
    hits: float
    partner: float
    difference: Interval
    better: float
    least: float
    most: float
    without: str
    least_difference: float

    @property
    def few(self) -> bool:
        """Whether there are too few instruments for a level to be claimed."""
        return self.weight < FEW


@dataclass(frozen=True)
class Scored:
    """One reading, cut to the units that count, with the score of each scorer, (U,), by name and inputs."""

    seen: Target
    scores: Mapping[tuple[str, str], Floats]


class Evaluation:
    """A window, its labels and rivals, and the model's scores; ``forecast`` are those with frozen inputs, where there are such runs."""

    def __init__(
        self,
        universe: Universe,
        instruments: Sequence[Instrument],
        first: int,
        last: int,
        model: ModelScores,
        resamples: int = resampling.RESAMPLES,
        forecast: ModelScores | None = None,
    ) -> None:
        self.universe, self.instruments, self.model, self.forecast = universe, instruments, model, forecast
        self.first, self.last, self.resamples = first, last, resamples
        self.rivals = Rivals(universe, instruments, first, last)
        self.frozen = self.rivals.frozen()
        self.pooled = target(universe, instruments, first, last, READINGS[0])
        self.known = self.rivals.known(self.pooled.month)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of this window."""
        return (*READINGS, NINETEEN) if (self.first, self.last) == WINDOW_OF_NINETEEN else READINGS

    def scored(self, reading: Reading) -> Scored:
        """Cut a reading to its units, those of parties outside the runs left out, and score them."""
        seen = target(self.universe, self.instruments, self.first, self.last, reading)
        seen.kept[:] &= self.model.inside[seen.first] & self.model.inside[seen.second]
        seen = seen.cut()
        scores: dict[tuple[str, str], Floats] = {(MODEL, KNOWN): self.model.over(seen)}
        if self.forecast is not None:
            scores[MODEL, FROZEN] = self.forecast.over(seen)
        for inputs, given in ((KNOWN, self.known), (FROZEN, self.frozen)):
            scores |= {(name, inputs): values for name, values in over_units(given, seen).items()}
        return Scored(seen, scores)

    def lines(self, reading: Reading) -> list[Line]:
        """Return a line a scorer: the model first, then comparators by known and by frozen inputs; none where nothing was signed."""
        titles = {MODEL: "The model", **{one.name: one.title for one in COMPARATORS}}
        return compared(self.scored(reading), self.universe, titles, self.resamples)


def compared(scored: Scored, universe: Universe, titles: Mapping[str, str], resamples: int = resampling.RESAMPLES) -> list[Line]:
    """Return a line a scorer; none where nothing was signed.

    The others are compared with the first, or with what has the name of the first and their own inputs.

    Parameters
    ----------
    scored : Scored
    universe : Universe
    titles : mapping of str to str
        Of each scorer by its name.
    resamples : int
        Of parties, the same for all scorers.
    """
    seen = scored.seen
    if not seen.n_signed:
        return []
    signed = seen.signed.astype(np.float64)
    weight = np.where(seen.signed, seen.weight, 1.0)
    keys = list(scored.scores)
    ranks = [ranked(scored.scores[key]) for key in keys]
    areas = np.array([average_precision(rank, signed, weight) for rank in ranks])
    n = len(universe.codes)
    again = resampling.resampled(ranks, signed, weight, seen.first, seen.second, n, resamples)
    if seen.n_signed < LEAST_SIGNED:
        again[:] = np.nan
    parties = _parties(seen)
    without = resampling.jackknife(ranks, signed, weight, seen.first, seen.second, parties)
    random = average_precision(ranked(np.zeros(len(signed))), signed, weight)
    found = []
    for k, key in enumerate(keys):
        name, inputs = key
        at = keys.index((keys[0][0], inputs)) if (keys[0][0], inputs) in keys else 0
        apart, itself = again[:, at] - again[:, k], at == k
        score = scored.scores[key]
        left = without[:, k]
        found.append(
            Line(
                reading=seen.reading.name,
                scorer=name,
                title=titles[name],
                inputs=inputs,
                n_dyads=len(signed),
                n_signed=seen.n_signed,
                weight=float(seen.weight.sum()),
                area=resampling.interval(float(areas[k]), again[:, k]),
                random=random,
                roc=area_under_roc(score, signed, weight),
                hits=hits(ranks[k], signed),
                partner=float(np.median(partner_ranks(score, signed, seen.first, seen.second, directed=seen.reading.group in DIRECTED))),
                difference=UNKNOWN if itself else resampling.interval(float(areas[at] - areas[k]), apart),
                better=float("nan") if itself else resampling.share_above(apart),
                least=_least(left, np.nanmin),
                most=_least(left, np.nanmax),
                without="" if np.isnan(left).all() else universe.codes[parties[int(np.nanargmin(left))]],
                least_difference=float("nan") if itself else _least(without[:, at] - left, np.nanmin),
            )
        )
    return found


def _parties(seen: Target) -> Ints:
    """Return the parties that signed: leaving out any other moves an area by next to nothing."""
    signed = seen.signed
    return np.unique(np.concatenate([seen.first[signed], seen.second[signed]]))


def _least(values: Floats, of: Callable[[Floats], float]) -> float:
    """Return the least or the most of some values, NaN where there are none."""
    return float("nan") if np.isnan(values).all() else float(of(values))
