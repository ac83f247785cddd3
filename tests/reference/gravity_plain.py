"""Gravity told a second time, over dense matrices in plain NumPy: the twin that ``sim.mechanisms.effects.gravity`` is held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def freeness(km: Floats, border: Floats, effect: Floats, elasticity: float, contiguity: float) -> Floats:
    """Return freeness of trade, shape (N, N), zero where no pair is kept (distance NaN)."""
    phi = (km / 1000.0) ** -elasticity * np.exp(contiguity * border) * (1.0 + effect)
    return np.nan_to_num(phi)


def equations(p: Floats, phi: Floats, home: float, rest: float, output: Floats, outside: Floats, world: float) -> Floats:
    """Return the right-hand side of ``P_i = sum_j theta_j phi_ij / P_j``, the rest of the world at resistance 1."""
    theta = output / world
    return phi @ (theta / p) + home * theta / p + rest * outside / world


def resistance(phi: Floats, home: float, rest: float, output: Floats, outside: Floats, world: float) -> Floats:
    """Solve the equations by Newton's method in logarithms, far past the accuracy that is compared."""
    log_p = np.zeros(len(output))
    theta = output / world
    for _ in range(100):
        p = np.exp(log_p)
        right = equations(p, phi, home, rest, output, outside, world)
        slope = -(phi * (theta / p) + np.diag(home * theta / p)) / right[:, None]
        step = np.linalg.solve(np.eye(len(p)) - slope, np.log(right) - log_p)
        log_p = log_p + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-15:
            break
    return np.asarray(np.exp(log_p))


def flows(p: Floats, phi: Floats, output: Floats, world: float) -> Floats:
    """Return trade of each pair, shape (N, N)."""
    return np.outer(output, output) / world * phi / np.outer(p, p)
