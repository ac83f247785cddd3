"""The Nash point by a general optimiser (SLSQP from several starts): slow, and knows nothing of the frontier."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

_TIGHT = {"ftol": 1e-15, "maxiter": 500}


def _u(p, m, i, x):
    return p.a[m, i] + np.sum(p.b[m, i] * x - p.w[m, i] * (x - p.theta[m, i]) ** 2)


def _du(p, m, i, x):
    return p.b[m, i] - 2.0 * p.w[m, i] * (x - p.theta[m, i])


def _floors(p, m):
    """List what a text must reach: (coefficients, party, floor, size) of both executives and of the ratifiers with a say."""
    floors = [(p, i, p.r[m, i], 1.0 + abs(p.r[m, i] - p.d[m, i])) for i in range(2)]
    if p.pivot is not None:
        floors += [(p.pivot, i, p.pivot.d[m, i], 1.0) for i in range(2) if p.pivot.active[m, i]]
    return floors


def widest_margin(p, m):
    """Return (margin, text): the largest margin t with u_i >= r_i + t s_i for all, s_i the size of party i's gains."""
    k = p.lo.shape[1]
    floors = _floors(p, m)
    limits = [
        {
            "type": "ineq",
            "fun": lambda z, v=v, i=i, r=r, size=size: _u(v, m, i, z[:k]) - r - z[k] * size,
            "jac": lambda z, v=v, i=i, size=size: np.append(_du(v, m, i, z[:k]), -size),
        }
        for v, i, r, size in floors
    ]
    box = [*zip(p.lo[m], p.hi[m], strict=True), (None, None)]
    best = (-np.inf, p.lo[m])
    for start in np.linspace(p.lo[m], p.hi[m], 3):
        t = min((_u(v, m, i, start) - r) / size for v, i, r, size in floors)
        found = minimize(
            lambda z: -z[k], np.append(start, t), jac=lambda z: -np.eye(k + 1)[k], bounds=box, constraints=limits, options=_TIGHT
        )
        x = np.clip(found.x[:k], p.lo[m], p.hi[m])
        best = max(best, (min((_u(v, m, i, x) - r) / size for v, i, r, size in floors), tuple(x)))
    return best[0], np.array(best[1])


def nash_objective(p, m, x):
    """Return the weighted log gains at text x; minus infinity outside the gains."""
    gain = [_u(p, m, i, x) - p.d[m, i] for i in range(2)]
    return -np.inf if min(gain) <= 0 else float(sum(p.weight[m, i] * np.log(gain[i]) for i in range(2)))


def nash_text(p, m):
    """Return the text that a general optimiser finds for problem m, from the widest margin and from points near it."""
    k = p.lo.shape[1]
    _, centre = widest_margin(p, m)
    floors = _floors(p, m)
    limits = [
        {"type": "ineq", "fun": lambda x, v=v, i=i, r=r: _u(v, m, i, x) - r, "jac": lambda x, v=v, i=i: _du(v, m, i, x)}
        for v, i, r, _ in floors
    ]

    def loss(x):
        gains = [max(_u(p, m, i, x) - p.d[m, i], 1e-12) for i in range(2)]
        return -sum(p.weight[m, i] * np.log(gains[i]) for i in range(2))

    def slope(x):
        return -sum(p.weight[m, i] * _du(p, m, i, x) / max(_u(p, m, i, x) - p.d[m, i], 1e-12) for i in range(2))

    best = (-np.inf, tuple(centre))
    middle = 0.5 * (p.lo[m] + p.hi[m])
    for share in (0.0, 0.02, 0.1):
        x = centre + share * (middle - centre)
        for _ in range(3):  # restarts clear the stale curvature that ends SLSQP early
            found = minimize(loss, x, jac=slope, bounds=list(zip(p.lo[m], p.hi[m], strict=True)), constraints=limits, options=_TIGHT)
            x = np.clip(found.x, p.lo[m], p.hi[m])
        short = min(_u(v, m, i, x) - r for v, i, r, _ in floors)
        if short > -1e-9:
            best = max(best, (nash_objective(p, m, x), tuple(x)))
    return np.array(best[1]).reshape(k)
