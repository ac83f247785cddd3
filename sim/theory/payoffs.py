r"""Payoffs compile to coefficients: what an agreement type hands to bargaining, and a plain reading of it.

.. math:: u_i(x) = a_i + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ], \qquad d_i = u_i(x^{sq}) - a_i

Unit: basis points of the party's own GDP a year, the annuity that has the same present value over the expected life. ``d`` is the
same function at the status-quo text, without the value ``a`` of being a party. Axes: G groups asked for (a dyad is a group of
two), two roles, K issues.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.kernels import jit
from sim.theory.problems import Problems
from sim.theory.winset import values
from sim.types import ISSUES, K
from sim.world import Bools, Floats, Ints

W_FLOOR = 1e-8
"""Least salience of a party on an active issue, bp: below any that matters, and enough for one text to be best."""
BP = 1e4
ISSUE = {name: k for k, name in enumerate(ISSUES)}


@dataclass(frozen=True)
class Groups:
    """Dyads asked about, by role.

    Attributes
    ----------
    first, second : int (G,)
        Places on the P axis of the parties in role 0 and role 1.
    edge, back : int (G,)
        Edges first -> second and second -> first.
    """

    first: Ints
    second: Ints
    edge: Ints
    back: Ints

    @property
    def n(self) -> int:
        """G."""
        return len(self.first)


@dataclass(frozen=True)
class Coefficients:
    """Payoffs of G dyads on one agreement type.

    Attributes
    ----------
    a, d : float64 (G, 2)
        Value of being party; value of no agreement (bp of own GDP a year).
    b, w, theta : float64 (G, 2, K)
        Linear gain (bp), salience (bp), ideal point.
    lo, hi : float64 (G, K)
        Floors and ceilings of the text; both 0 on issues the type leaves out.
    commitment : float64 (G,)
        USD committed when the issue ``infrastructure`` is 1; 0 where the type moves no money.
    status_quo : float64 (G, K)
        The text of no agreement.
    """

    a: Floats
    b: Floats
    w: Floats
    theta: Floats
    d: Floats
    lo: Floats
    hi: Floats
    commitment: Floats
    status_quo: Floats


@dataclass
class Draft:
    """Coefficients under construction: every issue is left out until :meth:`issue` names it."""

    n: int

    def __post_init__(self) -> None:
        """Make zero arrays for n dyads."""
        self.a = np.zeros((self.n, 2))
        self.b = np.zeros((self.n, 2, K))
        self.w = np.zeros((self.n, 2, K))
        self.theta = np.zeros((self.n, 2, K))
        self.lo = np.zeros((self.n, K))
        self.hi = np.zeros((self.n, K))
        self.status_quo = np.zeros((self.n, K))
        self.commitment = np.zeros(self.n)
        self._named = np.zeros(K, dtype=np.bool_)

    def issue(
        self,
        name: str,
        *,
        ideal: tuple[Floats | float, Floats | float],
        salience: tuple[Floats | float, Floats | float],
        gain: tuple[Floats | float, Floats | float] = (0.0, 0.0),
        status_quo: Floats | float = 0.0,
        floor: Floats | float = 0.0,
        ceiling: Floats | float = 1.0,
    ) -> None:
        """Put one issue on the table; pairs are (role 0, role 1), each a number or an array (G,)."""
        k = ISSUE[name]
        for role in (0, 1):
            self.theta[:, role, k] = ideal[role]
            self.w[:, role, k] = salience[role]
            self.b[:, role, k] = gain[role]
        self._named[k] = True
        self.status_quo[:, k] = status_quo
        self.lo[:, k] = floor
        self.hi[:, k] = ceiling

    def done(self, apart: tuple[str, ...] = ()) -> Coefficients:
        """Return the coefficients, with the value of no agreement read at the status-quo text.

        Parameters
        ----------
        apart : tuple of str
            Issues whose gain belongs to being party, like ``a``, and is left out of the value of no agreement.
        """
        d = np.empty((self.n, 2))
        _finish(self.b, self.w, self.theta, self.status_quo, self._named, np.array([name in apart for name in ISSUES]), d)
        return Coefficients(self.a, self.b, self.w, self.theta, d, self.lo, self.hi, self.commitment, self.status_quo)


def take(c: Coefficients, rows: Ints) -> Coefficients:
    """Return the coefficients of some dyads, in the order given."""
    return Coefficients(**{field.name: getattr(c, field.name)[rows] for field in dataclasses.fields(Coefficients)})


def joined(parts: Sequence[Coefficients]) -> Coefficients:
    """Put coefficients of several agreement types under one another."""
    names = [field.name for field in dataclasses.fields(Coefficients)]
    return Coefficients(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


@jit
def _finish(b: Floats, w: Floats, theta: Floats, x: Floats, named: Bools, apart: Bools, d: Floats) -> None:
    """Raise saliences of the issues named to the least there is, and fill what the status-quo texts x (G, K) are worth, shape (G, 2).

    The gain of issues that are set apart is left out.
    """
    for g in range(d.shape[0]):
        for i in range(2):
            total = 0.0
            for k in range(x.shape[1]):
                if not named[k]:
                    continue
                if w[g, i, k] < W_FLOOR:
                    w[g, i, k] = W_FLOOR
                gap = x[g, k] - theta[g, i, k]
                if not apart[k]:
                    total += b[g, i, k] * x[g, k]
                total -= w[g, i, k] * (gap * gap)
            d[g, i] = total


def utility(c: Coefficients, x: Floats) -> Floats:
    """Return both parties' utility, shape (G, 2), at texts x, shape (G, K)."""
    return values(c, x)


def midway(c: Coefficients) -> Floats:
    """Return the text halfway between the two sides' own best texts, shape (G, K): what a party reckons with before talks begin."""
    w = np.maximum(c.w, W_FLOOR)
    best = np.clip(c.theta + c.b / (2.0 * w), c.lo[:, None, :], c.hi[:, None, :])
    return 0.5 * (best[:, 0, :] + best[:, 1, :])


def prospects(c: Coefficients) -> Floats:
    """Return each side's gain at the midway text, shape (G, 2), bp; zero for both where either would lose or no text is allowed."""
    return promising(midway_gains(c))


def promising(gain: Floats) -> Floats:
    """Return gains (G, 2) where both sides have one, and zero for both elsewhere."""
    return np.where((gain[:, :1] > 0.0) & (gain[:, 1:] > 0.0), gain, 0.0)


def midway_gains(c: Coefficients) -> Floats:
    """Return each side's gain at the midway text, shape (G, 2), bp: negative for who would lose, NaN where no text is allowed."""
    gain = np.empty((len(c.a), 2))
    _midway_gains(c.a, c.b, c.w, c.theta, c.d, c.lo, c.hi, gain)
    return gain


@jit
def _midway_gains(a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, lo: Floats, hi: Floats, gain: Floats) -> None:
    """Fill utility at the midway text less the value of no agreement: what :func:`midway` and :func:`utility` give, a dyad at a time."""
    for g in range(gain.shape[0]):
        mine, theirs, hopeless = a[g, 0], a[g, 1], False
        for k in range(lo.shape[1]):
            best = min(max(theta[g, 0, k] + b[g, 0, k] / (2.0 * max(w[g, 0, k], W_FLOOR)), lo[g, k]), hi[g, k])
            other = min(max(theta[g, 1, k] + b[g, 1, k] / (2.0 * max(w[g, 1, k], W_FLOOR)), lo[g, k]), hi[g, k])
            x = 0.5 * (best + other)
            mine += b[g, 0, k] * x - w[g, 0, k] * ((x - theta[g, 0, k]) * (x - theta[g, 0, k]))
            theirs += b[g, 1, k] * x - w[g, 1, k] * ((x - theta[g, 1, k]) * (x - theta[g, 1, k]))
            hopeless = hopeless or lo[g, k] > hi[g, k]
        gain[g, 0], gain[g, 1] = (np.nan, np.nan) if hopeless else (mine - d[g, 0], theirs - d[g, 1])


def to_problems(c: Coefficients) -> Problems:
    """Hand coefficients to a protocol: the reservation value is the value of no agreement, and both sides weigh the same.

    Outside options, bargaining weights, pivots and groups have their places in :class:`Problems` and are filled by later rules.
    """
    return Problems(a=c.a, b=c.b, w=c.w, theta=c.theta, d=c.d, r=c.d.copy(), lo=c.lo, hi=c.hi, weight=np.full((len(c.a), 2), 0.5))
