r"""Find the best text that leaves every party to please strictly above its floor: a primal-dual interior point method.

.. math:: \max_x \; \sum_j \alpha_j \log(U_j(x) - base_j) + U_R(x) / size_R \quad \text{s.t.} \; U_j(x) \ge floor_j, \; lo \le x \le hi

Each row ``U_j(x) = a_j + sum_k [b_jk x_k - w_jk (x_k - theta_jk)^2]`` is the utility of an executive or of a pivotal ratifier, or (the last
row R) what is to be maximised as it stands. With ``p_j`` the weight that the optimum puts on row j, its text is the closed form

.. math:: x_k = \mathrm{clip}\left( \sum_j p_j (w_{jk} \theta_{jk} + b_{jk}/2) / \sum_j p_j w_{jk}, \; lo_k, hi_k \right)

over the rows (two executives and two pivots, or n parties). The weights are found by Newton steps on the optimality conditions with all
slacks and multipliers kept positive, each step halved until the residual falls. A first search for the text of widest margin
``max_x min_j (U_j - floor_j) / size_j`` decides whether there is any text inside and where to start. Every text accepted is strictly inside
every floor as evaluated in floating point, so the one returned needs no repair.

Arrays ``head``, ``row`` and ``box``: :mod:`sim.bargains.rows`.

Source: Boyd and Vandenberghe (2004), "Convex Optimization", section 11.7 (primal-dual) and 11.4 (the first search).
Departs from it in the counts, which are fixed: at most ``N_NEWTON`` steps (four times as many for more than two parties) of at most
``N_HALVE`` halvings, and in a step that centres after a short one where rows are many.

Limits. A zone thinner than the rounding of the utilities is no zone. The text is exact to about 1e-8 of the box.
"""

from __future__ import annotations

import math

import numpy as np

from sim.bargains.rows import ALPHA, BASE, FLOOR, SIZE, THETA, A, B, W, row_value
from sim.bargains.winset import Floats
from sim.kernels import jit

N_NEWTON = 80
N_HALVE = 40

_SHRINK = 0.1
_CENTRE = 0.8
_SHORT = 0.3
_FEW = 5
_NEAR = 0.99
_GAP_END = 1e-15
_REST_END = 1e-22
_SNAP = 1e-10


@jit
def best_inside(head: Floats, row: Floats, box: Floats, x: Floats, bound: Floats) -> bool:
    """Write the best text strictly inside all floors into x, shape (n,), and say whether there is one.

    bound (R,) is set to 1 where a floor holds the text back (or, where there is no text, stands in the way), else 0.
    """
    n, n_rows = x.shape[0], head.shape[1]
    head1, row1, box1 = head.copy(), row.copy(), box.copy()
    least = math.inf
    for k in range(n):
        x[k] = 0.5 * (box[0, k] + box[1, k]) if box[1, k] > box[0, k] else box[0, k]
    for j in range(n_rows):
        head1[ALPHA, j] = 0.0
        if head[FLOOR, j] > -math.inf:
            least = min(least, (row_value(head, row, j, x) - head[FLOOR, j]) / head[SIZE, j])
            row1[B, j, n - 1] = -head[SIZE, j]
    last = n_rows - 1
    for k in range(n):
        row1[B, last, k], row1[W, last, k] = 0.0, 0.0
    row1[B, last, n - 1] = 1.0
    head1[A, last], head1[SIZE, last] = 0.0, 1.0
    middle = x.copy()
    x[n - 1] = min(least, 0.0) - 1.0
    box1[0, n - 1], box1[1, n - 1] = x[n - 1] - 1.0, 1.0
    _climb(head1, row1, box1, x, bound, 0.1)
    x[n - 1] = 0.0
    margin = _margin(head, row, x)
    if not margin > 0.0:
        return False
    # Start well inside the box too: as far towards its middle as half of the margin allows.
    share = 0.5
    start = x.copy()
    for _ in range(N_HALVE):
        for k in range(n):
            start[k] = x[k] + share * (middle[k] - x[k])
        if _margin(head, row, start) >= 0.5 * margin:
            for k in range(n):
                x[k] = start[k]
            break
        share *= 0.5
    _climb(head, row, box, x, bound, 0.0)
    _snap(head, row, box, x)
    return True


@jit
def _margin(head: Floats, row: Floats, x: Floats) -> float:
    """Return the least (U_j - floor_j) / size_j at x."""
    least = math.inf
    for j in range(head.shape[1]):
        if head[FLOOR, j] > -math.inf:
            least = min(least, (row_value(head, row, j, x) - head[FLOOR, j]) / head[SIZE, j])
    return least


@jit
def _snap(head: Floats, row: Floats, box: Floats, x: Floats) -> None:
    """Put an issue that a bound holds exactly on it, where the floors allow."""
    for k in range(x.shape[0]):
        width = box[1, k] - box[0, k]
        for end in range(2):
            if width > 0.0 and abs(x[k] - box[end, k]) <= _SNAP * width:
                here = x[k]
                x[k] = box[end, k]
                if not _margin(head, row, x) > 0.0:
                    x[k] = here


@jit
def _climb(head: Floats, row: Floats, box: Floats, x: Floats, bound: Floats, enough: float) -> None:
    """Move x, shape (n,), from strictly inside all floors and bounds to the optimum; set bound (R,) to 1 where a floor holds it.

    ``enough`` > 0 stops the first search once its margin is positive and the gap below this share of it.
    """
    n, n_rows = x.shape[0], head.shape[1]
    z, slack, pull, rank, dz = np.zeros(n_rows), np.ones(n_rows), np.zeros(n_rows), np.zeros(n_rows), np.zeros(n_rows)
    zb, dzb = np.zeros((2, n)), np.zeros((2, n))
    slope, total, dx = np.zeros((n_rows, n)), np.zeros(n), np.zeros(n)
    matrix = np.zeros((n, n))
    new_x, new_z, new_zb = x.copy(), z.copy(), zb.copy()
    count = 0
    for j in range(n_rows):
        if head[FLOOR, j] > -math.inf:
            count += 1
            z[j] = _SHRINK * head[SIZE, j] / (row_value(head, row, j, x) - head[FLOOR, j])
    for k in range(n):
        if box[1, k] > box[0, k]:
            count += 2
            zb[0, k], zb[1, k] = _SHRINK / (x[k] - box[0, k]), _SHRINK / (box[1, k] - x[k])
    _look(head, row, box, x, z, zb, slack, slope, pull, rank, total)
    step = 1.0
    for _ in range(N_NEWTON if n_rows <= _FEW else 4 * N_NEWTON):
        gap = _gap(head, box, x, z, zb, slack) / max(count, 1)
        if gap < _GAP_END and _squares(total) < _REST_END:
            break
        if gap < enough * x[n - 1]:
            break
        # Many rows lose their balance when steps are short: then the next step restores it and aims less far.
        mu = (_SHRINK if n_rows <= _FEW or step >= _SHORT else _CENTRE) * gap
        norm = _residual(head, box, x, z, zb, mu, slack, total)
        _newton(head, row, box, x, z, zb, mu, slack, slope, pull, rank, total, matrix, dx, dz, dzb)
        step = _longest(box, x, z, zb, dx, dz, dzb)
        better = False
        for _ in range(N_HALVE):
            for k in range(n):
                new_x[k] = x[k] + step * dx[k]
                new_zb[0, k], new_zb[1, k] = zb[0, k] + step * dzb[0, k], zb[1, k] + step * dzb[1, k]
            for j in range(n_rows):
                new_z[j] = z[j] + step * dz[j]
            if _look(head, row, box, new_x, new_z, new_zb, slack, slope, pull, rank, total):
                keep = 1.0 - 0.01 * step
                better = _residual(head, box, new_x, new_z, new_zb, mu, slack, total) <= (keep * keep) * norm
            if better:
                break
            step *= 0.5
        if not better:
            break
        for k in range(n):
            x[k], zb[0, k], zb[1, k] = new_x[k], new_zb[0, k], new_zb[1, k]
        for j in range(n_rows):
            z[j] = new_z[j]
    for j in range(n_rows):
        held = head[FLOOR, j] > -math.inf
        bound[j] = 1.0 if held and z[j] > (row_value(head, row, j, x) - head[FLOOR, j]) / head[SIZE, j] else 0.0


@jit
def _gap(head: Floats, box: Floats, x: Floats, z: Floats, zb: Floats, slack: Floats) -> float:
    """Return the sum over floors and bounds of multiplier times slack: how far the text may be from the best."""
    gap = 0.0
    for j in range(z.shape[0]):
        if head[FLOOR, j] > -math.inf:
            gap += z[j] * slack[j]
    for k in range(x.shape[0]):
        if box[1, k] > box[0, k]:
            gap += zb[0, k] * (x[k] - box[0, k]) + zb[1, k] * (box[1, k] - x[k])
    return gap


@jit
def _squares(total: Floats) -> float:
    """Return the sum of squares."""
    sum_of = 0.0
    for k in range(total.shape[0]):
        sum_of += total[k] * total[k]
    return sum_of


@jit
def _residual(head: Floats, box: Floats, x: Floats, z: Floats, zb: Floats, mu: float, slack: Floats, total: Floats) -> float:
    """Return the squared residual of the optimality conditions at gap mu, given the slacks (R,) and slopes total (n,) there."""
    norm = _squares(total)
    for j in range(z.shape[0]):
        if head[FLOOR, j] > -math.inf:
            short = z[j] * slack[j] - mu
            norm += short * short
    for k in range(x.shape[0]):
        if box[1, k] > box[0, k]:
            low, high = zb[0, k] * (x[k] - box[0, k]) - mu, zb[1, k] * (box[1, k] - x[k]) - mu
            norm += low * low + high * high
    return norm


@jit
def _look(
    head: Floats, row: Floats, box: Floats, x: Floats, z: Floats, zb: Floats,
    slack: Floats, slope: Floats, pull: Floats, rank: Floats, total: Floats,
) -> bool:  # fmt: skip
    """Tell whether x is strictly inside all floors, bounds and gains, and describe the objective there.

    Fills slack (R,), slope (R, n), the weight pull (R,) of each row, its weight rank (R,) in the curvature, and the slope of the
    Lagrangian total (n,); only in part where x is not inside.
    """
    for k in range(x.shape[0]):
        total[k] = 0.0
        if box[1, k] > box[0, k]:
            if x[k] <= box[0, k] or x[k] >= box[1, k]:
                return False
            total[k] = zb[1, k] - zb[0, k]
    for j in range(z.shape[0]):
        value = row_value(head, row, j, x)
        pull[j], rank[j] = 0.0, 0.0
        if head[FLOOR, j] > -math.inf:
            slack[j] = (value - head[FLOOR, j]) / head[SIZE, j]
            if slack[j] <= 0.0:
                return False
            pull[j] += z[j] / head[SIZE, j]
            rank[j] += z[j] / slack[j] / head[SIZE, j] / head[SIZE, j]
        if head[ALPHA, j] > 0.0:
            gain = value - head[BASE, j]
            if gain <= 0.0:
                return False
            pull[j] += head[ALPHA, j] / gain
            rank[j] += head[ALPHA, j] / gain / gain
        if j == z.shape[0] - 1:
            pull[j] += 1.0 / head[SIZE, j]
        for k in range(x.shape[0]):
            if box[1, k] > box[0, k]:
                slope[j, k] = row[B, j, k] - 2.0 * row[W, j, k] * (x[k] - row[THETA, j, k])
                total[k] -= pull[j] * slope[j, k]
    return True


@jit
def _newton(
    head: Floats, row: Floats, box: Floats, x: Floats, z: Floats, zb: Floats, mu: float, slack: Floats, slope: Floats, pull: Floats,
    rank: Floats, total: Floats, matrix: Floats, dx: Floats, dz: Floats, dzb: Floats,
) -> None:  # fmt: skip
    """Write the Newton step of text dx (n,) and multipliers dz (R,), dzb (2, n), by Cholesky's factors of the reduced curvature."""
    n, n_rows = x.shape[0], z.shape[0]
    for k in range(n):
        dx[k] = 0.0
        for i in range(n):
            matrix[k, i] = 0.0
        matrix[k, k] = 1.0
        if box[1, k] > box[0, k]:
            below, above = x[k] - box[0, k], box[1, k] - x[k]
            matrix[k, k] = zb[0, k] / below + zb[1, k] / above
            dx[k] = -total[k] - (zb[0, k] - mu / below) + (zb[1, k] - mu / above)
    for j in range(n_rows):
        off = (z[j] - mu / slack[j]) / head[SIZE, j] if head[FLOOR, j] > -math.inf else 0.0
        for k in range(n):
            if box[1, k] > box[0, k]:
                matrix[k, k] += 2.0 * pull[j] * row[W, j, k]
                dx[k] -= off * slope[j, k]
                for i in range(n):
                    if box[1, i] > box[0, i]:
                        matrix[k, i] += rank[j] * slope[j, k] * slope[j, i]
    _solve(matrix, dx)
    for k in range(n):
        if box[1, k] > box[0, k]:
            below, above = x[k] - box[0, k], box[1, k] - x[k]
            dzb[0, k] = mu / below - zb[0, k] - zb[0, k] / below * dx[k]
            dzb[1, k] = mu / above - zb[1, k] + zb[1, k] / above * dx[k]
    for j in range(n_rows):
        if head[FLOOR, j] > -math.inf:
            along = 0.0
            for k in range(n):
                along += slope[j, k] * dx[k]
            dz[j] = mu / slack[j] - z[j] - z[j] / slack[j] * (along / head[SIZE, j])


@jit
def _solve(matrix: Floats, x: Floats) -> None:
    """Solve matrix y = x, positive definite of shape (n, n), in place: x becomes y and matrix its factor."""
    n = x.shape[0]
    for i in range(n):
        for j in range(i + 1):
            left = matrix[i, j]
            for k in range(j):
                left -= matrix[i, k] * matrix[j, k]
            matrix[i, j] = math.sqrt(max(left, 1e-300)) if i == j else left / matrix[j, j]
    for i in range(n):
        for k in range(i):
            x[i] -= matrix[i, k] * x[k]
        x[i] /= matrix[i, i]
    for back in range(n):
        i = n - 1 - back
        for k in range(i + 1, n):
            x[i] -= matrix[k, i] * x[k]
        x[i] /= matrix[i, i]


@jit
def _longest(box: Floats, x: Floats, z: Floats, zb: Floats, dx: Floats, dz: Floats, dzb: Floats) -> float:
    """Return the longest step, at most 1, that keeps bounds and multipliers clear of zero."""
    step = 1.0
    for k in range(x.shape[0]):
        if box[1, k] > box[0, k]:
            if dx[k] < 0.0:
                step = min(step, _NEAR * (box[0, k] - x[k]) / dx[k])
            if dx[k] > 0.0:
                step = min(step, _NEAR * (box[1, k] - x[k]) / dx[k])
            for end in range(2):
                if dzb[end, k] < 0.0:
                    step = min(step, -_NEAR * zb[end, k] / dzb[end, k])
    for j in range(z.shape[0]):
        if dz[j] < 0.0:
            step = min(step, -_NEAR * z[j] / dz[j])
    return step
