r"""Payoffs compile to coefficients: what an agreement type hands to bargaining, and a plain reading of it.

.. math:: u_i(x) = a_i + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ], \qquad d_i = u_i(x^{sq}) - a_i

Unit: basis points of the party's own GDP a year, the annuity that has the same present value over the expected life. ``d`` is the
same function at the status-quo text, without the value ``a`` of being a party and without the gains of issues that a type sets apart
(``Draft.done(apart=...)``). Axes: G groups asked for (a dyad is a group of two), two roles, K issues.
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
        """Make room for n dyads."""
        self.a, self.commitment = np.zeros((self.n, 2)), np.zeros(self.n)
        # What is said of an issue lies together until it is laid out dyad by dyad: ideal, salience and gain of both roles, then the text's.
        self._said, self._named = np.empty((K, 9, self.n)), np.zeros(K, dtype=np.bool_)

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
        said = self._said[k]
        said[0], said[1] = ideal
        said[2], said[3] = salience
        said[4], said[5] = gain
        said[6], said[7], said[8] = status_quo, floor, ceiling
        self._named[k] = True

    def done(self, apart: tuple[str, ...] = ()) -> Coefficients:
        """Return the coefficients, with the value of no agreement read at the status-quo text.

        Parameters
        ----------
        apart : tuple of str
            Issues whose gain belongs to being party, like ``a``, and is left out of the value of no agreement.
        """
        n = self.n
        b, w, theta, d = np.empty((n, 2, K)), np.empty((n, 2, K)), np.empty((n, 2, K)), np.empty((n, 2))
        status_quo, lo, hi = np.empty((n, K)), np.empty((n, K)), np.empty((n, K))
        _lay_out(self._said, self._named, np.array([name in apart for name in ISSUES]), b, w, theta, status_quo, lo, hi, d)
        return Coefficients(self.a, b, w, theta, d, lo, hi, self.commitment, status_quo)


def take(c: Coefficients, rows: Ints) -> Coefficients:
    """Return the coefficients of some dyads, in the order given."""
    return Coefficients(**{field.name: getattr(c, field.name)[rows] for field in dataclasses.fields(Coefficients)})


def joined(parts: Sequence[Coefficients]) -> Coefficients:
    """Put coefficients of several agreement types under one another."""
    names = [field.name for field in dataclasses.fields(Coefficients)]
    return Coefficients(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


@jit
def _lay_out(
    said: Floats, named: Bools, apart: Bools, b: Floats, w: Floats, theta: Floats, status_quo: Floats, lo: Floats, hi: Floats, d: Floats
) -> None:
    """Fill what was said of the issues named, shape (K, 9, G), dyad by dyad: (G, 2, K) and (G, K); zeros for the others.

    Saliences are raised to the least there is. ``d``, shape (G, 2), is what the status-quo text is worth, less the gain of issues that are
    set apart.
    """
    for g in range(d.shape[0]):
        d[g, 0], d[g, 1] = 0.0, 0.0
        for k in range(named.shape[0]):
            if not named[k]:
                status_quo[g, k], lo[g, k], hi[g, k] = 0.0, 0.0, 0.0
                for i in range(2):
                    b[g, i, k], w[g, i, k], theta[g, i, k] = 0.0, 0.0, 0.0
                continue
            x = said[k, 6, g]
            status_quo[g, k], lo[g, k], hi[g, k] = x, said[k, 7, g], said[k, 8, g]
            for i in range(2):
                ideal, salience, gain = said[k, i, g], said[k, 2 + i, g], said[k, 4 + i, g]
                salience = W_FLOOR if salience < W_FLOOR else salience
                theta[g, i, k], w[g, i, k], b[g, i, k] = ideal, salience, gain
                gap = x - ideal
                if not apart[k]:
                    d[g, i] += gain * x
                d[g, i] -= salience * (gap * gap)


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
