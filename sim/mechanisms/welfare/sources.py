r"""What an instrument is worth to a party today, cut by source.

.. math:: u_i(x) - d_i = \underbrace{u_i(x^{sq}) - d_i}_{being\ party}
          + \sum_k \underbrace{[ v_{ik}(x_k) - v_{ik}(x^{sq}_k) ]}_{issue\ k}, \qquad v_{ik}(x) = b_{ik} x - w_{ik} (x - \theta_{ik})^2

with ``x`` its text, ``x^{sq}`` the law without it, ``d`` the value of no agreement (:mod:`sim.stakes.stakes`). An issue brings what moving
it from present law is worth; being party brings the rest: what the agreement would be worth if its text changed nothing. An issue on which
the text says nothing stays as it is and brings nothing. Basis points of own GDP a year.

What a bloc gains is shared among the states that its law binds, by GDP: each gets the same share of its own GDP.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.worth import issue_worth
from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints


@jit
def add_sources(
    a: Floats, d: Floats, b: Floats, w: Floats, theta: Floats, today: Floats, together: int, alike: int, text: Floats, size: Floats,
    party: Ints, being: Floats, by_issue: Floats,
) -> None:  # fmt: skip
    """Add what rows of parties, (R,) and (R, K), gain to ``being`` (P,) and ``by_issue`` (K, P).

    Parameters
    ----------
    a, d, b, w, theta : float64
        Stakes.
    today : float64 (S, K)
        Present law; ``alike`` rows of parties share one.
    text : float64 (G, K)
        Texts; ``together`` rows of parties share one.
    size : float64 (G,)
        How many times as large as asked each agreement is: gains and saliences grow with it, the value of being party does not.
    party : int (R,)
        Places on the P axis.
    """
    for r in range(party.shape[0]):
        p, g, s = party[r], r // together, r // alike
        unmoved = -d[r]
        for k in range(text.shape[1]):
            here = issue_worth(b[r, k], w[r, k], theta[r, k], today[s, k])
            unmoved += here
            x = text[g, k]
            if not np.isnan(x):
                by_issue[k, p] += size[g] * (issue_worth(b[r, k], w[r, k], theta[r, k], x) - here)
        being[p] += a[r] + size[g] * unmoved


@jit
def share_out(values: Floats, bound: Bools, gdp: Floats) -> None:
    """Share what blocs gain, in place, among those they bind: ``values`` (S, P) in bp of own GDP, ``bound`` (B, N).

    A bloc then shows what its states gain altogether, in bp of their GDP; one that binds nobody keeps what it gains.
    """
    n = bound.shape[1]
    for b in range(bound.shape[0]):
        whole = 0.0
        for i in range(n):
            if bound[b, i]:
                whole += gdp[i]
        if whole > 0.0:
            for s in range(values.shape[0]):
                each = values[s, n + b] * gdp[n + b] / whole
                for i in range(n):
                    if bound[b, i]:
                        values[s, i] += each
    for b in range(bound.shape[0]):
        whole = 0.0
        for i in range(n):
            if bound[b, i]:
                whole += gdp[i]
        if whole > 0.0:
            for s in range(values.shape[0]):
                total = 0.0
                for i in range(n):
                    if bound[b, i]:
                        total += values[s, i] * gdp[i]
                values[s, n + b] = total / whole
