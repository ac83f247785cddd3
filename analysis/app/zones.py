"""The zone of agreement of a table, cut off at both walls; where there is none, what stood in its way.

Both are the model's own: the edge of the zone is walked by :func:`sim.bargains.splits.weighted_best`, which keeps every text at or above
both reservation values, so a zone thinner than the steps of a drawn frontier is found too. What stands in the way is the most that each
side could have once the other has its reservation value.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from analysis.app.packing import short, shorts
from sim.bargains.frontier import best_texts
from sim.bargains.problems import Floats, Problems
from sim.bargains.splits import ideal_values, weighted_best
from sim.bargains.worth import issue_by_issue
from sim.types import Status

STEPS = 12
"""Pieces of a zone's edge."""
DIGITS = 12
"""Digits of a utility: a gain is a small difference of two of them."""
_FREE = -1e12
"""A reservation value that binds nobody (basis points)."""


def zones(bare: Problems) -> tuple[Floats, Floats]:
    """Return texts (M, STEPS + 1, K) and utilities (M, STEPS + 1, 2) along the edge of each zone, from the second party's end.

    Parameters
    ----------
    bare : Problems
        M problems without ratifiers.

    Returns
    -------
    tuple of arrays
        NaN where no text is better for both than their reservation values.
    """
    ideal, _ = ideal_values(bare)
    room = np.where(np.isfinite(ideal), np.maximum(ideal - bare.r, 1e-300), 1.0)
    text = np.full((len(bare), STEPS + 1, bare.n_issues), np.nan)
    utility = np.full((len(bare), STEPS + 1, 2), np.nan)
    for step in range(STEPS + 1):
        share = 0.5 - 0.5 * np.cos(np.pi * step / STEPS)
        found = weighted_best(bare, np.array([share, 1.0 - share]) / room)
        there_is = found.status == Status.AGREED
        text[there_is, step], utility[there_is, step] = found.text[there_is], found.utility[there_is]
    gone = np.isnan(utility).any(axis=(1, 2))
    text[gone], utility[gone] = np.nan, np.nan
    return text, utility


def obstacles(bare: Problems) -> list[dict[str, Any] | None]:
    """Say of each table without a zone what stood in the way; None where there is a zone, or no text at all.

    Returns
    -------
    list of dict
        ``most``: the most each side could have whatever the other thinks; ``beside``: the most it could have once the other has its
        reservation value (None where nothing gives the other that). ``side`` and ``issue``: who falls short there by the larger share
        of what it hoped for, and the place of the issue that costs this side most, None where no issue costs it anything; ``cost`` of
        it in basis points.
    """
    m = len(bare)
    best, most = best_texts(bare)
    beside, texts = np.full((m, 2), np.nan), np.full((m, 2, bare.n_issues), np.nan)
    for side in range(2):
        r = bare.r.copy()
        r[:, side] = _FREE
        found = weighted_best(dataclasses.replace(bare, r=r), np.eye(2)[side])
        reached = found.status == Status.AGREED
        beside[reached, side], texts[reached, side] = found.utility[reached, side], found.text[reached]
    return [None if np.isnan(most[at]).any() else _obstacle(bare, at, best[at], most[at], beside[at], texts[at]) for at in range(m)]


def _obstacle(bare: Problems, at: int, best: Floats, most: Floats, beside: Floats, texts: Floats) -> dict[str, Any] | None:
    short_of = bare.r[at] - beside
    if (short_of < 0.0).any():
        return None
    hoped = np.maximum(np.abs(most - bare.r[at]), 1e-12)
    side = int(np.nanargmax(short_of / hoped)) if np.isfinite(short_of).any() else int(np.argmax(bare.r[at] - most))
    issue, cost = None, 0.0
    if np.isfinite(short_of[side]):
        lost = _worth(bare, at, side, best[side]) - _worth(bare, at, side, texts[side])
        if lost.max() > 1e-9:
            issue, cost = int(lost.argmax()), float(lost.max())
    told = {"most": shorts(most, DIGITS), "beside": shorts(beside, DIGITS), "side": side, "issue": issue, "cost": short(cost)}
    return told


def _worth(bare: Problems, at: int, side: int, text: Floats) -> Floats:
    """Return what each issue of a text, (K,), brings a side (basis points)."""
    return np.asarray(issue_by_issue(bare.b[at, side], bare.w[at, side], bare.theta[at, side], text))
