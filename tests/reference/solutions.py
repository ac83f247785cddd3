"""Bargaining solutions by a general optimiser (SLSQP): slow, and knows nothing of the frontier or of interior points."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq, minimize

from reference.optimiser import _TIGHT, _du, _floors, _u, widest_margin


def _climb(p, m, value, slope, more=(), extra=0):
    """Return the point (text, then ``extra`` more numbers) of the largest value inside all floors and ``more`` constraints."""
    k = p.lo.shape[1]
    limits = [
        {
            "type": "ineq",
            "fun": lambda z, v=v, i=i, r=r: _u(v, m, i, z[:k]) - r,
            "jac": lambda z, v=v, i=i: np.append(_du(v, m, i, z[:k]), np.zeros(extra)),
        }
        for v, i, r, _ in _floors(p, m)
    ] + list(more)
    box = [*zip(p.lo[m], p.hi[m], strict=True), *[(None, None)] * extra]
    _, centre = widest_margin(p, m)
    middle, best = 0.5 * (p.lo[m] + p.hi[m]), (-np.inf, None)
    for share in (0.0, 0.02, 0.1):
        z = np.append(centre + share * (middle - centre), np.zeros(extra))
        for _ in range(3):
            found = minimize(lambda z: -value(z), z, jac=lambda z: -slope(z), bounds=box, constraints=limits, options=_TIGHT)
            z = np.append(np.clip(found.x[:k], p.lo[m], p.hi[m]), found.x[k:])
        if min(limit["fun"](z) for limit in limits) > -1e-9 and value(z) > best[0]:
            best = (value(z), z.copy())
    return best


def weighted_text(p, m, share):
    """Return (value, text) of the largest weighted sum of utilities."""
    return _climb(
        p, m, lambda z: sum(share[i] * _u(p, m, i, z) for i in range(2)), lambda z: share[0] * _du(p, m, 0, z) + share[1] * _du(p, m, 1, z)
    )


def proportional_text(p, m, base, share):
    """Return (least share, text) of the text whose least share of gains over ``base`` is largest."""
    k = p.lo.shape[1]
    more = [
        {
            "type": "ineq",
            "fun": lambda z, i=i: (_u(p, m, i, z[:k]) - base[i]) / share[i] - z[k],
            "jac": lambda z, i=i: np.append(_du(p, m, i, z[:k]) / share[i], -1.0),
        }
        for i in range(2)
    ]
    least, z = _climb(p, m, lambda z: z[k], lambda z: np.eye(k + 1)[k], more, extra=1)
    return least, None if z is None else z[:k]


def ideal_values(p, m):
    """Return the most that each party can have."""
    return np.array([weighted_text(p, m, side)[0] for side in ((1.0, 0.0), (0.0, 1.0))])


def rubinstein_gain(p, m, first, q):
    """Return what the first proposer gains, by the two indifferences and a root search."""
    other = 1 - first
    floor = p.r[m] - p.d[m]

    def left(s):
        """Return what the frontier leaves to the other where the first proposer gains at least s."""
        more = [{"type": "ineq", "fun": lambda z: _u(p, m, first, z) - p.d[m, first] - s, "jac": lambda z: _du(p, m, first, z)}]
        value, _ = _climb(p, m, lambda z: _u(p, m, other, z), lambda z: _du(p, m, other, z), more)
        return value - p.d[m, other]

    def excess(s):
        return left(s) - max(floor[other], q[other] * left(max(floor[first], q[first] * s)))

    ideal = ideal_values(p, m)[first] - p.d[m, first]
    most = ideal - 1e-7 * (1.0 + abs(ideal))
    return most if excess(most) >= 0.0 else brentq(excess, max(floor[first], 1e-6 * most), most, xtol=1e-10)
