r"""Flows of pairs from margins: doubly constrained gravity, by proportional fitting of rows and columns in turn (RAS).

.. math:: X_{ij} = a_i \, b_j \, s_{ij}, \qquad \sum_j X_{ij} = R_i, \qquad \sum_i X_{ij} = C_j

with ``s`` the structure of pairs (``seed``: how freely i sells to j, any scale), ``R`` exports and ``C`` imports, USD a year. Only ratios
of ratios of ``s`` count: a row or column times a number gives the same flows. So the *rest* (what lies outside the states, and imports
that nobody reports) may have a seed of 1 throughout, and needs no number of its own. What lies outside does not trade with itself.

Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11; Wilson (1967), Transportation Research 1 (doubly constrained
gravity).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.types import ModelFault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 2000
TOLERANCE = 1e-10
"""Largest difference from a margin, as a share of it, at which fitting stops."""


def balanced(seed: Floats, rows: Floats, columns: Floats) -> Floats:
    """Return flows with the structure of the seed and the margins given, shape (R, C).

    Parameters
    ----------
    seed : array, shape (R, C)
        Not negative; 0 where two do not trade.
    rows, columns : array, shape (R,), (C,)
        Sums of rows and columns, not negative, of one total.

    Raises
    ------
    ModelFault
        If the totals differ, a number is negative, or no flows with these zeros have these margins.
    """
    if not ((seed >= 0.0).all() and (rows >= 0.0).all() and (columns >= 0.0).all()):
        raise ModelFault("a seed or a margin is negative or not a number")
    if not np.isclose(rows.sum(), columns.sum(), rtol=TOLERANCE, atol=0.0):
        raise ModelFault(f"rows sum to {rows.sum():g} and columns to {columns.sum():g}; one total was expected")
    flow = seed.copy()
    off = balance(rows, columns, ROUNDS, TOLERANCE, flow)
    if off > TOLERANCE:
        raise ModelFault(f"no flows fit the margins: after {ROUNDS} rounds one is off by {off:.2g} of itself")
    return flow


@jit
def balance(rows: Floats, columns: Floats, rounds: int, tolerance: float, flow: Floats) -> float:
    """Scale columns and rows of a flow (R, C) in turn, in place; return the largest difference left, as a share of its margin."""
    off = 0.0
    for _ in range(rounds):
        for j in range(columns.shape[0]):
            total = 0.0
            for i in range(rows.shape[0]):
                total += flow[i, j]
            by = columns[j] / total if total > 0.0 else 0.0
            for i in range(rows.shape[0]):
                flow[i, j] *= by
        off = 0.0
        for i in range(rows.shape[0]):
            total = 0.0
            for j in range(columns.shape[0]):
                total += flow[i, j]
            by = rows[i] / total if total > 0.0 else 0.0
            for j in range(columns.shape[0]):
                flow[i, j] *= by
            # What is missing of a row before it is scaled says how far the columns are off after it.
            if rows[i] > 0.0:
                off = max(off, abs(total - rows[i]) / rows[i])
        if off <= tolerance:
            break
    for j in range(columns.shape[0]):
        total = 0.0
        for i in range(rows.shape[0]):
            total += flow[i, j]
        if columns[j] > 0.0:
            off = max(off, abs(total - columns[j]) / columns[j])
    return off


def pair_flows(
    seed: Floats, exports: Floats, imports: Floats, outside_exports: float, outside_imports: float, discrepancy: float
) -> tuple[Floats, Floats, Floats]:
    """Return flows of states in USD a year: with each other, to the rest, and from outside.

    The first is (N, N), seller by buyer. The second, (N, 2), is what each sells outside and to importers that do not report it. The third,
    (N,), is what each buys from outside.

    Parameters
    ----------
    seed : array, shape (N, N)
        Structure of pairs; its diagonal is not read.
    exports, imports : array, shape (N,)
        Margins of the states.
    outside_exports, outside_imports, discrepancy : float
        Margins of the rest, so that both sides have one sum.

    Raises
    ------
    ModelFault
        As :func:`balanced`.
    """
    n = len(exports)
    whole = np.ones((n + 1, n + 2))
    whole[:n, :n] = seed
    np.fill_diagonal(whole[:n, :n], 0.0)
    whole[n, n] = 0.0
    flow = balanced(whole, np.append(exports, outside_exports), np.concatenate([imports, [outside_imports, discrepancy]]))
    return flow[:n, :n], flow[:n, n:], flow[n, :n]


def fitted(exporter: Ints, importer: Ints, value: Floats, traits: Floats) -> tuple[Floats, float]:
    """Fit ``ln value = exporter + importer + traits @ coefficients`` by least squares; return coefficients (T,) and R squared.

    Parameters
    ----------
    exporter, importer : array, shape (R,)
        Who sells and who buys; each has an effect of its own, so sizes play no part.
    value : array, shape (R,)
        Above 0, any unit.
    traits : array, shape (R, T)
        Of the pair: log distance, language, border.

    Raises
    ------
    ModelFault
        If a value is not above 0, or the pairs cannot tell the traits apart.
    """
    if not (value > 0.0).all():
        raise ModelFault("a value to fit is not above 0")
    sells, buys = (np.equal.outer(who, np.unique(who)).astype(np.float64) for who in (exporter, importer))
    # One importer is left out: its effect cannot be told from the mean of the exporters'.
    design = np.hstack([traits, sells, buys[:, 1:]])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ModelFault("the pairs cannot tell the traits apart")
    log = np.log(value)
    answer = np.linalg.lstsq(design, log, rcond=None)[0]
    left = log - design @ answer
    return answer[: traits.shape[1]], float(1.0 - (left @ left) / ((log - log.mean()) @ (log - log.mean())))
