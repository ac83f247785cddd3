"""Where a study looks: points of the unit cube, one row a draw, one column a factor.

``random`` and ``sobol`` are sequences, so that a larger size keeps the points of a smaller one; so is ``saltelli``, in blocks. Rows of
``saltelli`` and ``morris`` stand in the order that SALib's ``sobol.analyze`` and ``morris.analyze`` take. All luck is drawn by name from
:mod:`sim.rng`: the seed of the sampler, the factor's path and the number of the point.

Sources: Sobol' sequence (Joe & Kuo 2008, through SciPy) under a random digital shift (L'Ecuyer & Lemieux 2002); radial design of
Saltelli et al. 2010, Computer Physics Communications 181; trajectories of Morris 1991, Technometrics 33, with steps of p / (2 (p - 1))
for p levels.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.rng import Decision, decision, identity, uniforms

Cube = NDArray[np.float64]
KINDS = ("grid", "random", "latin_hypercube", "sobol", "saltelli", "morris")
GROWING = ("random", "sobol", "saltelli")
FIXED = {
    "grid": "a grid already holds every combination of its values",
    "latin_hypercube": "a Latin hypercube has one point in each of its strata, and more strata would be another hypercube",
    "morris": "Morris's trajectories start balanced over all of them, and more of them would start elsewhere",
}
"""Why a size cannot grow."""
_BITS = 30

_POINT = decision("study.point", __name__)
_ORDER = decision("study.order", __name__)
_SHIFT = decision("study.shift", __name__)
_START = decision("study.start", __name__)
_SIDE = decision("study.side", __name__)


def points(kind: str, paths: Sequence[str], size: int, seed: int, *, levels: int = 4, second_order: bool = False) -> Cube:
    """Return the points of a sampler other than ``grid``.

    Parameters
    ----------
    kind : str
    paths : sequence of str
        The factors, D of them; their order is the order of the columns.
    size : int
        Points; base points of ``saltelli``, trajectories of ``morris``.
    seed : int
        The sampler's own luck.
    levels : int
        Levels of ``morris``, even.
    second_order : bool
        Whether ``saltelli`` also swaps the other way.

    Returns
    -------
    array, shape (draws, D)
        Values from 0 to 1. ``saltelli`` has size (D + 2) draws, or size (2 D + 2) with ``second_order``; ``morris`` size (D + 1).
    """
    if kind == "saltelli":
        return _saltelli(paths, size, seed, second_order)
    if kind == "morris":
        return _morris(paths, size, seed, levels)
    makers: dict[str, Callable[[Sequence[str], int, int], Cube]] = {"random": _random, "latin_hypercube": _hypercube, "sobol": _sobol}
    return makers[kind](paths, size, seed)


def draws_of(kind: str, size: int, d: int, second_order: bool) -> int:
    """Return how many draws a sampler other than ``grid`` makes of a size and d factors."""
    return size * {"saltelli": 2 * d + 2 if second_order else d + 2, "morris": d + 1}.get(kind, 1)


def _luck(what: Decision, path: str, size: int, seed: int) -> Cube:
    return uniforms(seed, what, 0, np.arange(size, dtype=np.uint64), np.full(size, identity(path)))


def _columns(columns: Sequence[Cube], size: int) -> Cube:
    return np.stack(columns, axis=1) if columns else np.zeros((size, 0))


def _random(paths: Sequence[str], size: int, seed: int) -> Cube:
    return _columns([_luck(_POINT, path, size, seed) for path in paths], size)


def _hypercube(paths: Sequence[str], size: int, seed: int) -> Cube:
    """Return one point in each of ``size`` strata of every factor."""
    columns = []
    for path in paths:
        stratum = np.empty(size)
        stratum[np.argsort(_luck(_ORDER, path, size, seed), kind="stable")] = np.arange(size)
        columns.append((stratum + _luck(_POINT, path, size, seed)) / size)
    return _columns(columns, size)


def _sobol(paths: Sequence[str], size: int, seed: int) -> Cube:
    from scipy.stats import qmc

    with warnings.catch_warnings():
        # SciPy warns of sizes that are no power of two; sim.study.plan tells the person so in its own words.
        warnings.simplefilter("ignore", UserWarning)
        plain = qmc.Sobol(len(paths), scramble=False, bits=_BITS).random(size)
    whole = (plain * 2**_BITS).astype(np.uint64)
    shift = np.array([_luck(_SHIFT, path, 1, seed)[0] for path in paths]) * 2**_BITS
    shifted = (whole ^ shift.astype(np.uint64)[None, :]).astype(np.float64)
    out: Cube = (shifted + 0.5) / 2**_BITS
    return out


def _saltelli(paths: Sequence[str], size: int, seed: int, second_order: bool) -> Cube:
    """Return blocks of A, A with each column of B, (B with each column of A,) B."""
    d = len(paths)
    base = _sobol([*paths, *(f"{path} again" for path in paths)], size, seed)
    first, second = base[:, :d], base[:, d:]
    rows = [first]
    for one, other in ((first, second), (second, first)) if second_order else ((first, second),):
        for k in range(d):
            mixed = one.copy()
            mixed[:, k] = other[:, k]
            rows.append(mixed)
    rows.append(second)
    return np.stack(rows, axis=1).reshape(size * len(rows), d)


def _morris(paths: Sequence[str], size: int, seed: int, levels: int) -> Cube:
    """Return trajectories of D + 1 points, each one step of p / (2 (p - 1)) from the point before in one factor."""
    d, step = len(paths), levels / (2.0 * (levels - 1))
    low, up = np.empty((size, d)), np.empty((size, d), dtype=np.bool_)
    order = np.empty((size, d))
    for k, path in enumerate(paths):
        place = np.empty(size, dtype=np.int64)
        place[np.argsort(_luck(_START, path, size, seed), kind="stable")] = np.arange(size)
        low[:, k] = (place % (levels // 2)) / (levels - 1)
        up[:, k] = _luck(_SIDE, path, size, seed) < 0.5
        order[:, k] = _luck(_ORDER, path, size, seed)
    turn = np.argsort(np.argsort(order, axis=1, kind="stable"), axis=1, kind="stable")
    out = np.empty((size, d + 1, d))
    for point in range(d + 1):
        moved = turn < point
        out[:, point, :] = np.where(moved == up, low + step, low)
    return out.reshape(size * (d + 1), d)
