r"""Stakes in a treaty of many parties: what an agreement type hands to a conference.

.. math:: u_i(x, S) = a_i(S) + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ], \qquad d_i = u_i(x_i^{sq}) - a_i(S)

for each party i asked about, as if it were party together with the members S (itself or not among them): the same call serves those
seated and those who think of joining. ``x_i^{sq}`` is the party's own present law. Gains of issues that a type
sets apart are left out of ``d_i``, like ``a_i``. Unit: basis points of own GDP a year. Axes: n parties asked, K issues.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.theory.payoffs import ISSUE, W_FLOOR
from sim.types import ISSUES, K
from sim.world import Bools, Floats, Ints, World


@dataclass(frozen=True)
class Stakes:
    """Payoffs of n parties.

    Attributes
    ----------
    a, d : float64 (n,)
        Value of being party with the members; value of no agreement (bp of own GDP a year).
    b, w, theta, status_quo : float64 (n, K)
        Linear gain (bp), salience (bp), ideal point and own present law.
    lo, hi : float64 (K,)
        Floors and ceilings of the text; both 0 on issues the type leaves out.
    """

    a: Floats
    d: Floats
    b: Floats
    w: Floats
    theta: Floats
    status_quo: Floats
    lo: Floats
    hi: Floats

    def take(self, rows: Ints) -> Stakes:
        """Return the stakes of some of the parties, in the order given."""
        bounds = ("lo", "hi")
        return Stakes(**{f.name: getattr(self, f.name) if f.name in bounds else getattr(self, f.name)[rows] for f in fields(self)})


def worth(stakes: Stakes, text: Floats) -> Floats:
    """Return each party's utility, shape (n,), of a text, shape (K,)."""
    total = stakes.a.copy()
    for k in range(K):
        gap = text[k] - stakes.theta[:, k]
        total += stakes.b[:, k] * text[k] - stakes.w[:, k] * (gap * gap)
    return total


@dataclass
class StakesDraft:
    """Stakes under construction: every issue is left out until :meth:`issue` names it."""

    n: int

    def __post_init__(self) -> None:
        """Make zero arrays for n parties."""
        self.a = np.zeros(self.n)
        self.b, self.w, self.theta, self.status_quo = (np.zeros((self.n, K)) for _ in range(4))
        self.lo, self.hi = np.zeros(K), np.zeros(K)

    def issue(
        self,
        name: str,
        *,
        ideal: Floats | float,
        salience: Floats | float,
        gain: Floats | float = 0.0,
        today: Floats | float = 0.0,
    ) -> None:
        """Put one issue on the table; each value is a number or an array (n,), ``today`` the level of each party's own present law."""
        k = ISSUE[name]
        self.theta[:, k] = ideal
        self.w[:, k] = np.maximum(salience, W_FLOOR)
        self.b[:, k] = gain
        self.status_quo[:, k] = today
        self.hi[k] = 1.0

    def done(self, apart: tuple[str, ...] = ()) -> Stakes:
        """Return the stakes, with the value of no agreement read at each party's present law.

        Parameters
        ----------
        apart : tuple of str
            Issues whose gain belongs to being party, like ``a``, and is left out of the value of no agreement.
        """
        x, d = self.status_quo, np.zeros(self.n)
        for k, name in enumerate(ISSUES):
            if name not in apart:
                d += self.b[:, k] * x[:, k]
            d -= self.w[:, k] * (x[:, k] - self.theta[:, k]) ** 2
        return Stakes(self.a, d, self.b, self.w, self.theta, self.status_quo, self.lo, self.hi)


def over_members(view: World, members: Bools, on_edge: Floats, parties: Ints) -> Floats:
    """Add a quantity up over the edges from each party to the members, shape (n,).

    Parameters
    ----------
    members : bool (P,)
    on_edge : float64 (E,)
    parties : int (n,)
        Places on the P axis; a party is never its own partner, and a bloc not its members'.
    """
    edges = view.setting.edges
    counted = np.where(members[edges.col] & ~view.blocked, on_edge, 0.0)
    return np.asarray(np.bincount(edges.row, weights=counted, minlength=view.setting.n_parties)[parties], dtype=np.float64)
