r"""What a text is worth to a party: the one quadratic of the model, told once, and what a party must be given to sign.

.. math:: u_i(x) = a_i + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ]

Stakes, problems, ratifiers and tables of many hold the same four fields (``a``, ``b``, ``w``, ``theta``), in rows or in pairs; each is
valued here. Issues are added in order. Two other orders of the same operations are kept as they are, because another order would move
the last bit of stored numbers: :func:`loss_from_left` and :func:`loss_moved` say who needs them. Unit: basis points of own GDP a year.

Source: the spatial model of voting (Enelow and Hinich 1984) with a salience for each issue; see :mod:`sim.bargains.problems`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sim.kernels import COMPILED, jit
from sim.types import ModelFault

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Starts = npt.NDArray[np.int64]

F = TypeVar("F", bound=Callable[..., Any])


def inner(function: F) -> F:
    """Compile what kernels call many times over; uncompiled it stays bare, because the kernel around it minds the warnings."""
    return jit(function) if COMPILED else function


def losses(w: Any, theta: Any, x: Any) -> Any:
    """Return what the distance of a level from an ideal point costs; numbers or arrays alike, element by element."""
    gap = x - theta
    return w * (gap * gap)


def issue_by_issue(b: Any, w: Any, theta: Any, x: Any) -> Any:
    """Return what levels of issues bring; numbers or arrays alike, element by element."""
    return b * x - losses(w, theta, x)


@inner
def loss(w: float, theta: float, x: float) -> float:
    """Return what the distance of one level from an ideal point costs."""
    gap = x - theta
    return w * (gap * gap)


@inner
def issue_worth(b: float, w: float, theta: float, x: float) -> float:
    """Return what one level of one issue brings."""
    gap = x - theta
    return b * x - w * (gap * gap)


@inner
def loss_from_left(w: float, theta: float, x: float) -> float:
    """Return the same as :func:`loss`, multiplied from the left.

    The bound of a max-min search (:mod:`sim.bargains.many`) and the way of a concession (:mod:`sim.bargains.concession`) are told so.
    """
    return w * (x - theta) * (x - theta)


@inner
def loss_moved(w: float, here: float, there: float) -> float:
    """Return by how much more a distance ``here`` costs than a distance ``there``: squares are taken from each other before they weigh.

    So a ratifier's value of no agreement (:mod:`sim.bargains.winset`) and a stake in an issue (:mod:`sim.bargains.stances`) are told.
    """
    return w * (here * here - there * there)


@jit
def utility_at(a: Floats, b: Floats, w: Floats, theta: Floats, m: int, i: int, x: Floats) -> float:
    """Return the utility of party i of negotiation m at text x, shape (K,), in basis points; issues are added in order."""
    total: float = a[m, i]
    for k in range(x.shape[0]):
        total += issue_worth(b[m, i, k], w[m, i, k], theta[m, i, k], x[k])
    return total


def worth(who: Any, text: Floats) -> Floats:
    """Return what texts are worth to each party, of the shape of ``who.a`` (basis points).

    Parameters
    ----------
    who : Stakes, Coefficients, Problems, Pivots or GroupProblem
        Anything with ``a`` and ``b``, ``w``, ``theta``: in rows (R,) and (R, K) with ``start`` (G + 1,), one group where there is no start,
        or group by group (G, n) and (G, n, K).
    text : ndarray, shape (G, K)
        A text for each group; (K,) where there is one group.

    Raises
    ------
    ModelFault
        If there are not as many texts as groups.
    """
    total = np.array(who.a, dtype=np.float64, order="C")
    n_issues = who.b.shape[-1]
    b, w, theta = (np.ascontiguousarray(getattr(who, name)).reshape(-1, n_issues) for name in ("b", "w", "theta"))
    start, texts = starts(who), np.array(text, dtype=np.float64, order="C").reshape(-1, n_issues)
    if len(texts) != len(start) - 1:
        raise ModelFault(f"{len(texts)} texts were given to {len(start) - 1} groups; one each was expected")
    _add_worth(start, b, w, theta, texts, total.reshape(-1))
    return total


def starts(who: Any) -> Starts:
    """Return where each group's rows begin, shape (G + 1,), if groups lie under one another."""
    told: Starts | None = getattr(who, "start", None)
    if told is not None:
        return told
    groups, each = (1, len(who.a)) if who.a.ndim == 1 else who.a.shape
    start: Starts = np.arange(groups + 1, dtype=np.int64) * int(each)
    return start


def gain(who: Any, text: Floats) -> Floats:
    """Return what texts bring each party over no agreement, of the shape of ``who.a`` (basis points)."""
    value: Floats = worth(who, text) - who.d
    return value


def reservation(d: Floats, outside: Floats | None = None) -> Floats:
    """Return what a text must be worth to be signed, of the shape of ``d``: the larger of no agreement and the outside option.

    Parameters
    ----------
    d : ndarray
        Value of no agreement (basis points).
    outside : ndarray, optional
        What could be gained elsewhere over no agreement (basis points, at least 0); None: nothing.
    """
    return d.copy() if outside is None else d + outside


def possible(lo: Floats, hi: Floats) -> Any:
    """Say whether bounds, shape (..., K), leave a text: no floor lies above its ceiling."""
    return (lo <= hi).all(axis=-1)


@jit
def box_is_empty(lo: Floats, hi: Floats, m: int) -> bool:
    """Tell whether negotiation m has an issue with no possible text (lo > hi)."""
    for k in range(lo.shape[1]):
        if lo[m, k] > hi[m, k]:
            return True
    return False


@jit
def _add_worth(start: Starts, b: Floats, w: Floats, theta: Floats, text: Floats, total: Floats) -> None:
    """Add to ``total``, shape (R,), what each issue of its group's text, shape (G, K), is worth."""
    for g in range(start.shape[0] - 1):
        for row in range(start[g], start[g + 1]):
            for k in range(text.shape[1]):
                total[row] += issue_worth(b[row, k], w[row, k], theta[row, k], text[g, k])
