"""Utilities of one negotiation laid out in rows, so that executives, ratifiers and distances are treated alike.

R rows of ``U_j(x) = a_j + sum_k [b_jk x_k - w_jk (x_k - theta_jk)^2]``; the last is maximised as it stands, the others may have a floor.
``n = K + 1``: K issues and a last coordinate for the margin of a search. ``head`` (5, R): a, base, alpha, floor (minus infinity: none),
size. ``row`` (3, R, n): b, w, theta. ``box`` (2, n): lo, hi; a coordinate is free where hi > lo. ``a``, ``b``, ``w``, base, floor and
size are in basis points; texts and ``theta`` have no unit; ``alpha`` is the weight of ``log(U_j - base_j)`` in what is maximised.
"""

from __future__ import annotations

import math

import numpy as np

from sim.bargains.worth import Floats, issue_worth
from sim.kernels import jit

A, BASE, ALPHA, FLOOR, SIZE = range(5)
B, W, THETA = range(3)


@jit
def blank(n_rows: int, n_issues: int) -> tuple[Floats, Floats, Floats]:
    """Return head, row and box that ask for nothing: no floors, no objective, all issues fixed at 0."""
    head = np.zeros((5, n_rows))
    for j in range(n_rows):
        head[FLOOR, j] = -math.inf
        head[SIZE, j] = 1.0
    return head, np.zeros((3, n_rows, n_issues + 1)), np.zeros((2, n_issues + 1))


@jit
def set_row(head: Floats, row: Floats, box: Floats, j: int, a: float, b: Floats, w: Floats, theta: Floats) -> None:
    """Write the utility a, b (K,), w (K,), theta (K,) into row j; its size is how far it varies over the box, which is set before."""
    for k in range(b.shape[0]):
        row[B, j, k], row[W, j, k], row[THETA, j, k] = b[k], w[k], theta[k]
    head[A, j], head[SIZE, j] = a, size_of(b, w, theta, box[0], box[1])


@jit
def size_of(b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats) -> float:
    """Return a bound on how far a utility varies over the box (basis points); 1 where it does not. b, w and theta are (K,)."""
    size = 0.0
    for k in range(b.shape[0]):
        width = hi[k] - lo[k]
        if width > 0.0:
            far = max(abs(lo[k] - theta[k]), abs(hi[k] - theta[k]))
            size += (abs(b[k]) + 2.0 * w[k] * far) * width
    return size if size > 0.0 else 1.0


@jit
def row_value(head: Floats, row: Floats, j: int, x: Floats) -> float:
    """Return the utility of row j at x, shape (n,), in basis points, by the operations of ``worth.utility_at`` in their order."""
    total: float = head[A, j]
    for k in range(x.shape[0]):
        total += issue_worth(row[B, j, k], row[W, j, k], row[THETA, j, k], x[k])
    return total
