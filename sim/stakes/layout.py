"""How what a type says of its issues is laid out for the rules: side by side, with the value of no agreement read on the way."""

from __future__ import annotations

from sim.bargains.worth import loss
from sim.kernels import jit
from sim.state.world import Bools, Floats

W_FLOOR = 1e-8
"""Least salience of a party on an active issue, bp: below any that matters, and enough for one text to be best."""
ALIKE = 1.0 + 1e-9
"""Gains within a billionth of each other are alike: rounding does not decide who takes which role."""


@jit
def lay_out(
    said: Floats, bounds: Floats, named: Bools, apart: Bools, b: Floats, w: Floats, theta: Floats, status_quo: Floats, lo: Floats,
    hi: Floats, d: Floats,
) -> None:  # fmt: skip
    """Fill what was said of the issues named, shape (K, 4, S, n), side by side: (n, S, K); bounds (K, 2, G); zeros for the other issues.

    S is 2 for dyads and 1 for the parties of one table. Saliences are raised to the least there is. ``d``, shape (n, S), is what the
    status quo is worth, less the gain of issues that are set apart: gains and losses are added one by one, issue by issue.
    """
    for g in range(lo.shape[0]):
        for k in range(named.shape[0]):
            lo[g, k], hi[g, k] = (bounds[k, 0, g], bounds[k, 1, g]) if named[k] else (0.0, 0.0)
    for n in range(d.shape[0]):
        for i in range(d.shape[1]):
            d[n, i] = 0.0
        for k in range(named.shape[0]):
            for i in range(d.shape[1]):
                if not named[k]:
                    b[n, i, k], w[n, i, k], theta[n, i, k], status_quo[n, i, k] = 0.0, 0.0, 0.0, 0.0
                    continue
                ideal, salience, gain, x = said[k, 0, i, n], said[k, 1, i, n], said[k, 2, i, n], said[k, 3, i, n]
                salience = W_FLOOR if salience < W_FLOOR else salience
                theta[n, i, k], w[n, i, k], b[n, i, k], status_quo[n, i, k] = ideal, salience, gain, x
                if not apart[k]:
                    d[n, i] += gain * x
                d[n, i] -= loss(salience, ideal, x)
