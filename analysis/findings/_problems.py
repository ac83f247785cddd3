"""Bargaining problems drawn by name: the same for everybody who makes the page, on any machine and with any version of NumPy."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.bargains.problems import Problems
from sim.bargains.winset import Pivots
from sim.bargains.worth import issue_by_issue
from sim.protocols.nash import Nash
from sim.rng import decision, identities, uniforms

Floats = NDArray[np.float64]
DRAWN = decision("finding_problem", __name__)
ISSUES = 8


class _Draws:
    """Gives arrays of even draws, each under a number of its own."""

    def __init__(self, n: int) -> None:
        self._ids, self._index = identities([f"problem {m}" for m in range(n)]), 0

    def even(self, low: float, high: float, *more: int) -> Floats:
        """Return draws between two bounds, shape (n, *more)."""
        columns = []
        for _ in range(int(np.prod(more, dtype=np.int64)) if more else 1):
            columns.append(uniforms(0, DRAWN, 0, self._ids, None, self._index))
            self._index += 1
        return low + (high - low) * np.stack(columns, axis=1).reshape(len(self._ids), *more)


def drawn(n: int, *, careless: float = 0.0, ratified: bool = False) -> Problems:
    """Return problems of two parties and eight issues in which some text is better for both.

    Parameters
    ----------
    n : int
    careless : float
        Share of issues that one of the sides does not care about.
    ratified : bool
        Whether each side has a ratifier with other ideal points. Some text passes both.

    Returns
    -------
    Problems
        Saliences 0.1 to 3, ideal points -0.3 to 1.3, gains -0.5 to 0.5 (basis points), bounds inside 0 to 1.
    """
    draw = _Draws(n)
    w = draw.even(0.1, 3.0, 2, ISSUES)
    w = np.where(_sides(draw, careless), 0.0, w)
    theta, b = draw.even(-0.3, 1.3, 2, ISSUES), draw.even(-0.5, 0.5, 2, ISSUES)
    lo, hi = draw.even(0.0, 0.4, ISSUES), draw.even(0.6, 1.0, ISSUES)
    a = draw.even(-1.0, 1.0, 2)
    some = lo + (hi - lo) * draw.even(0.0, 1.0, ISSUES)
    reached = _value(a, b, w, theta, some)
    d = reached - draw.even(0.05, 1.0, 2)
    r = d + (reached - d) * draw.even(0.0, 0.95, 2) * (draw.even(0.0, 1.0, 2) < 0.5)
    problems = Problems(a=a, b=b, w=w, theta=theta, d=d, r=r, lo=lo, hi=hi, weight=np.full((n, 2), 0.5))
    return _with_ratifiers(problems, draw) if ratified else problems


def _sides(draw: _Draws, careless: float) -> Any:
    """Say which side does not care about which issue, shape (n, 2, K)."""
    which = draw.even(0.0, 1.0, ISSUES)
    second = draw.even(0.0, 1.0, ISSUES) < 0.5
    return np.stack([(which < careless) & ~second, (which < careless) & second], axis=1)


def _with_ratifiers(problems: Problems, draw: _Draws) -> Problems:
    """Give each side a ratifier who would accept a text up to 0.3 of the way from the Nash text to a drawn one."""
    p = problems
    theta = p.theta + draw.even(-0.7, 0.7, 2, ISSUES)
    other = p.lo + (p.hi - p.lo) * draw.even(0.0, 1.0, ISSUES)
    text = Nash().solve(p).text
    inside = text + 0.3 * draw.even(0.0, 1.0, 1) * (other - text)
    d = _value(p.a, p.b, p.w, theta, inside) - 0.02 * draw.even(0.0, 1.0, 2)
    return dataclasses.replace(p, pivot=Pivots(p.a, p.b, p.w, theta, d, np.ones((len(p), 2), dtype=np.bool_)))


def _value(a: Floats, b: Floats, w: Floats, theta: Floats, text: Floats) -> Floats:
    x = text[:, None]
    value: Floats = a + issue_by_issue(b, w, theta, x).sum(axis=2)
    return value
