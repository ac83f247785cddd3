"""Whether a text can be signed: it lies inside its bounds, leaves no side below its reservation value, and passes at home.

Every room asks here: protocols and payments, the fast decisions, the played seat, the page. Kernels ask the same of one text by
:func:`sim.bargains.worth.box_is_empty`, :func:`sim.bargains.worth.utility_at` and :func:`passes_at_home`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.bargains.winset import Bools, Floats, Pivots
from sim.bargains.worth import gain, possible, utility_at, worth
from sim.kernels import jit

PivotArrays = tuple[Floats, Floats, Floats, Floats, Floats, Bools]
"""Arrays of :class:`sim.bargains.winset.Pivots` in its order, but for kernels: a, b, w, theta, d, active."""


@dataclass(frozen=True)
class Feasible:
    """What stands in the way of texts, negotiation by negotiation.

    Attributes
    ----------
    possible : bool (M,)
        Bounds leave a text.
    zone : bool (M, 2), or (n,) for one table of many
        The text is worth no less than the reservation value.
    win_set : bool, of the same shape
        No ratifier with a say is worse off than without an agreement.
    """

    possible: Bools
    zone: Bools
    win_set: Bools

    @property
    def signs(self) -> Bools:
        """Who could sign: inside its own zone and its own win-set."""
        return np.asarray(self.zone & self.win_set)

    @property
    def all_sign(self) -> Bools:
        """Where a text is possible and everybody could sign it, (M,)."""
        return np.asarray(self.possible & self.signs.all(axis=-1))


def feasible(problem: Any, text: Floats, utility: Floats | None = None, money: Floats | None = None) -> Feasible:
    """Say of texts who could sign them, on what each side believes of its own ratifiers.

    Parameters
    ----------
    problem : Problems or GroupProblem
        With ``r``, bounds and, of two parties, ``pivot``.
    text : ndarray, shape (M, K), or (K,) for one table of many
    utility : ndarray, optional
        What the texts are worth, money included, where it is known.
    money : ndarray, optional
        Side payments (basis points of own GDP a year), which ratifiers weigh too.
    """
    value = worth(problem, text) if utility is None else utility
    zone = np.asarray(value >= problem.r)
    pivot = getattr(problem, "pivot", None)
    win_set = np.ones(zone.shape, dtype=np.bool_) if pivot is None else at_home(pivot, text, money) >= 0.0
    return Feasible(np.asarray(possible(problem.lo, problem.hi)), zone, np.asarray(win_set))


def gains(p: Pivots, text: Floats) -> Floats:
    """Return what each side's ratifier gains by a text over no agreement, shape (M, 2) or (n,); infinite where none has a say.

    Parameters
    ----------
    p : Pivots
        Of M negotiations, or of n parties to one table.
    text : float64 (M, K), or (K,)
    """
    return np.where(p.active, gain(p, text), np.inf)


def at_home(p: Pivots | None, text: Floats, money: Floats | None = None) -> Floats:
    """Return what each side's ratifiers gain by text and money, shape (M, 2); infinite where none has a say."""
    if p is None:
        return np.full((len(text), 2), np.inf)
    return gains(p, text) + (0.0 if money is None else money)


@jit
def passes_at_home(pivot: PivotArrays, m: int, i: int, x: Floats) -> bool:
    """Tell whether party i of negotiation m has no ratifier with a say, or one that likes x, shape (K,), no less than no agreement."""
    a, b, w, theta, d, active = pivot
    if not active[m, i]:
        return True
    accepted: bool = utility_at(a, b, w, theta, m, i, x) >= d[m, i]
    return accepted
