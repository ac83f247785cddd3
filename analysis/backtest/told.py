"""The sentences of a backtest, for its page and its finding alike: what was scored, what limits it, and what came out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.backtest.comparators import LEAST_SIGNED, Rivals
from analysis.backtest.evaluation import FEW, FROZEN, MODEL, Evaluation, Line
from analysis.backtest.inputs import flags
from analysis.backtest.target import READINGS
from sim.types import month_label

AGAINST = "trade"
LEVEL_OF_AIM = 0.9
KNOWN_ONLY = "the inputs of stored runs are taken as known month by month: a comparator on frozen inputs knows less than the model"
"""Where there are no runs with frozen inputs."""


def window_of(evaluation: Evaluation) -> str:
    """Say the window."""
    return f"{month_label(evaluation.first)} to {month_label(evaluation.last)}"


def verdict(lines: Sequence[Line]) -> str:
    """Say whether the model beats digital trade alone, the aim, under the first reading."""
    mine = [line for line in lines if line.reading == READINGS[0].name]
    rival = next((line for line in mine if line.scorer == AGAINST and line.inputs != FROZEN), None)
    model = next((line for line in mine if line.scorer == MODEL), None)
    if rival is None or model is None:
        return "Nothing was signed in this window, so there is nothing to compare."
    if np.isnan(rival.better):
        return (
            f"The model scores {model.area.value:.3f} and digital trade alone {rival.area.value:.3f}; with {model.n_signed} dyads that "
            "signed nothing more can be said."
        )
    met = rival.better >= LEVEL_OF_AIM and rival.least_difference > 0
    low, high = rival.difference.low, rival.difference.high
    return (
        f"The model {'beats' if met else 'does not beat'} digital trade alone: it scores {model.area.value:.3f} against "
        f"{rival.area.value:.3f}, and is better in {100 * rival.better:.0f} % of the resamples (the aim: in {100 * LEVEL_OF_AIM:.0f} %, "
        f"and without any one party). The difference is {rival.difference.value:+.3f}, with {low:+.3f} to {high:+.3f} over resampled "
        "parties."
    )


def level(lines: Sequence[Line]) -> str:
    """Say that no level is claimed where little was signed."""
    few = sorted({line.reading for line in lines if line.few})
    if not few:
        return ""
    which = "every reading" if {line.reading for line in lines} == set(few) else f"these readings: {', '.join(few)}"
    return (
        f"Fewer than {FEW} instruments stand behind {which}. There the interval and the paired difference are the result, "
        "and no level is claimed."
    )


def limits(evaluation: Evaluation) -> list[str]:
    """List what limits the scores: of the runs, of the inputs, of the fits, of the labels."""
    rivals: Rivals = evaluation.rivals
    found = [
        *evaluation.model.notes,
        *([] if evaluation.forecast is not None else [KNOWN_ONLY]),
        *flags(np.array([rivals.years[0] - 1])),
    ]
    for name, fit in rivals.fits.items():
        if fit.n_signed < LEAST_SIGNED:
            found.append(
                f"{name} is not fitted, since {fit.n_signed} dyads signed in {fit.years[0]} to {fit.years[1]}: it scores all alike"
            )
            continue
        found.append(f"{name} is fitted on {fit.years[0]} to {fit.years[1]}, on {fit.n_signed} dyads that signed: {', '.join(fit.names)}")
    if rivals.fits["logit"].n_signed < FEW:
        found.append("so few signed before this window that the fitted rivals rest on next to nothing")
    found.append("the table of labels is no census: that an instrument is absent is no proof that there is none")
    return found
