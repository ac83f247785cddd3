"""Points of agreement of n parties by a general optimiser (SLSQP from several starts): slow, and knows nothing of the frontier."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

_TIGHT = {"ftol": 1e-15, "maxiter": 1000}


def u(p, x):
    return p.a + (p.b * x - p.w * (x - p.theta) ** 2).sum(axis=1)


def du(p, x):
    return p.b - 2.0 * p.w * (x - p.theta)


def climb(p, gain, slope, starts):
    """Return the best text that gain (a number) and slope (K,) lead to inside all reservation values."""
    inside = {"type": "ineq", "fun": lambda x: u(p, x) - p.r, "jac": lambda x: du(p, x)}
    best = (-np.inf, tuple(starts[0]))
    for x in starts:
        for _ in range(4):  # restarts clear the stale curvature that ends SLSQP early
            found = minimize(
                lambda x: -gain(x), x, jac=lambda x: -slope(x), bounds=[*zip(p.lo, p.hi, strict=True)], constraints=inside, options=_TIGHT
            )
            x = np.clip(found.x, p.lo, p.hi)
        if (u(p, x) - p.r).min() > -1e-8:
            best = max(best, (gain(x), tuple(x)))
    return np.array(best[1])


def widest(p, base, share):
    """Return (t, text): the largest t with u_i >= base_i + t share_i for all and u_i >= r_i."""
    k = len(p.lo)
    limits = [
        {
            "type": "ineq",
            "fun": lambda z: u(p, z[:k]) - base - z[k] * share,
            "jac": lambda z: np.column_stack([du(p, z[:k]), -share]),
        },
        {"type": "ineq", "fun": lambda z: u(p, z[:k]) - p.r, "jac": lambda z: np.column_stack([du(p, z[:k]), 0 * share])},
    ]
    best = (-np.inf, p.lo)
    for start in np.linspace(p.lo, p.hi, 5):
        z = np.append(start, ((u(p, start) - base) / share).min())
        for _ in range(3):
            z = minimize(
                lambda z: -z[k], z, jac=lambda z: -np.eye(k + 1)[k], bounds=[*zip(p.lo, p.hi, strict=True), (None, None)],
                constraints=limits, options=_TIGHT,
            ).x  # fmt: skip
        x = np.clip(z[:k], p.lo, p.hi)
        if (u(p, x) - p.r).min() > -1e-8:
            best = max(best, (((u(p, x) - base) / share).min(), tuple(x)))
    return best[0], np.array(best[1])


def nash_text(p, starts):
    """Return the text of largest weighted product of gains."""

    def gain(x):
        return float(p.weight @ np.log(np.maximum(u(p, x) - p.d, 1e-13)))

    def slope(x):
        return (p.weight / np.maximum(u(p, x) - p.d, 1e-13)) @ du(p, x)

    return climb(p, gain, slope, starts)


def utilitarian_text(p, starts):
    return climb(p, lambda x: float(p.weight @ u(p, x)), lambda x: p.weight @ du(p, x), starts)
