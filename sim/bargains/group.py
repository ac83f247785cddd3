r"""A bargaining problem of n parties at one table, and what a protocol makes of it.

.. math:: u_i(x) = a_i + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ]

Symbols and units as in :mod:`sim.bargains.problems`, for n parties instead of two and one negotiation instead of M: utilities in basis
points of each party's own GDP a year, texts without unit in the box ``lo <= x <= hi``. An issue is active where ``hi > lo``; where
``lo > hi`` no text is possible.

Source: Enelow and Hinich (1984) for the quadratic form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.bargains.problems import W_MIN
from sim.types import ISSUES, UserError

Floats = npt.NDArray[np.float64]

_PER_PARTY = ("a", "d", "r", "weight")
_PER_ISSUE = ("b", "w", "theta")
_WISH = {
    "a": "a finite number",
    "d": "a finite number",
    "r": "a finite number no less than the disagreement value d",
    "weight": "a positive bargaining weight",
    "b": "a finite number",
    "w": "a finite salience of at least 0",
    "theta": "a finite ideal point",
}


@dataclass(frozen=True)
class GroupProblem:
    """One negotiation of n parties.

    Parameters
    ----------
    a, d, r : ndarray, shape (n,)
        Value of being party, disagreement value and reservation value, ``r >= d`` (basis points of own GDP a year).
    b, w, theta : ndarray, shape (n, K)
        Linear gain, salience (at least 0; both basis points) and ideal point (no unit).
    lo, hi : ndarray, shape (K,)
        The box of texts (no unit).
    weight : ndarray, shape (n,)
        Bargaining weights: positive, sum one.
    """

    a: Floats
    b: Floats
    w: Floats
    theta: Floats
    d: Floats
    r: Floats
    lo: Floats
    hi: Floats
    weight: Floats

    @property
    def n(self) -> int:
        """The number of parties."""
        return int(self.a.shape[0])


@dataclass(frozen=True)
class GroupOutcome:
    """What a protocol made of it.

    Parameters
    ----------
    text : ndarray, shape (K,)
        The text agreed (no unit); NaN where there is none.
    utility : ndarray, shape (n,)
        Its utility for each party (basis points); NaN where there is none.
    status : int
        A :class:`sim.types.Status`.
    lam : ndarray, shape (n,), optional
        Weights, sum one, of which the text is the weighted optimum; None where the protocol names none.
    residual : float
        How far the text lies from the one that ``lam`` implies (no unit); NaN where reservation values hold the text, or without ``lam``.
    """

    text: Floats
    utility: Floats
    status: int
    lam: Floats | None = None
    residual: float = float("nan")


def no_text(p: GroupProblem, status: int) -> GroupOutcome:
    """Return the outcome of a negotiation without a text."""
    return GroupOutcome(np.full(len(p.lo), np.nan), np.full(p.n, np.nan), status)


def best_under(p: GroupProblem, lam: Floats) -> Floats:
    """Return the text, shape (K,), that maximises the sum of utilities weighted by ``lam``, shape (n,); the middle where nobody cares."""
    x = np.empty(len(p.lo))
    for k in range(len(x)):
        curve, pull = float(lam @ p.w[:, k]), float(lam @ (p.w[:, k] * p.theta[:, k] + 0.5 * p.b[:, k]))
        x[k] = np.clip(pull / curve if curve > 0.0 else 0.5 * (p.lo[k] + p.hi[k]), p.lo[k], p.hi[k])
    return x


def draft(p: GroupProblem) -> Floats:
    """Return the chair's draft, shape (K,): the best text when each party's utility counts in units of what it has at stake in the box.

    The chair counts all alike, whatever their bargaining weights. What has a size (basis points) is how far a utility varies over the
    box, so that who counts in a larger unit does not count for more.
    """
    far = np.maximum(np.abs(p.lo - p.theta), np.abs(p.hi - p.theta))
    size = ((np.abs(p.b) + 2.0 * p.w * far) * np.maximum(p.hi - p.lo, 0.0)).sum(axis=1)
    return best_under(p, np.full(p.n, 1.0 / max(p.n, 1)) / np.where(size > 0.0, size, 1.0))


def checked_group(p: GroupProblem) -> GroupProblem:
    """Return the problem with arrays of 64-bit floats, contiguous and sound.

    Raises
    ------
    UserError
        If there are fewer than two parties, a shape is wrong, a number is not finite, a salience is negative, a reservation value lies
        below the disagreement value, weights are not positive shares, or nobody cares about an active issue.
    """
    arrays: dict[str, Floats] = {}
    for name in (*_PER_PARTY, *_PER_ISSUE, "lo", "hi"):
        try:
            arrays[name] = np.ascontiguousarray(getattr(p, name), dtype=np.float64)
        except (TypeError, ValueError):
            raise UserError(f"group problem: {name} holds something that is not a number") from None
    _check_shapes(arrays)
    for name in (*_PER_PARTY, *_PER_ISSUE):
        bad = ~np.isfinite(arrays[name])
        if name == "r":
            bad |= arrays["r"] < arrays["d"]
        elif name == "w":
            bad |= arrays["w"] < 0.0
        elif name == "weight":
            bad |= arrays["weight"] <= 0.0
        if bad.any():
            _refuse(name, np.argwhere(bad)[0], arrays)
    for name in ("lo", "hi"):
        if not np.isfinite(arrays[name]).all():
            raise UserError(f"group problem: {name} = {arrays[name].tolist()}; finite bounds were expected")
    if abs(float(arrays["weight"].sum()) - 1.0) > 1e-9:
        raise UserError(f"group problem: bargaining weights sum to {float(arrays['weight'].sum()):g}; one was expected")
    for k in np.flatnonzero((arrays["hi"] > arrays["lo"]) & (arrays["w"].sum(axis=0) < W_MIN)):
        raise UserError(f"group problem: {_issue(int(k), arrays)}: nobody cares; a joint salience of at least {W_MIN:g} was expected")
    return GroupProblem(**arrays)


def _check_shapes(arrays: dict[str, Floats]) -> None:
    a, lo = arrays["a"], arrays["lo"]
    if a.ndim != 1 or len(a) < 2:
        came = f"{len(a)} parties" if a.ndim == 1 else f"a of shape {a.shape}"
        raise UserError(f"group problem: {came} at the table; two or more parties bargain, shape (n,) was expected")
    if lo.ndim != 1 or len(lo) == 0:
        raise UserError(f"group problem: lo has shape {lo.shape}; (K,) with at least one issue was expected")
    wanted: dict[str, Any] = dict.fromkeys(_PER_PARTY, a.shape) | dict.fromkeys(_PER_ISSUE, (len(a), len(lo))) | {"hi": lo.shape}
    for name, shape in wanted.items():
        if arrays[name].shape != shape:
            raise UserError(f"group problem: {name} has shape {arrays[name].shape}; {shape} was expected, after a and lo")


def _issue(k: int, arrays: dict[str, Floats]) -> str:
    return f"issue {ISSUES[k]!r}" if len(arrays["lo"]) >= len(ISSUES) > k else f"issue {k}"


def _refuse(name: str, at: Any, arrays: dict[str, Floats]) -> None:
    issue = f", {_issue(int(at[1]), arrays)}" if len(at) > 1 else ""
    raise UserError(f"group problem: party {at[0]}{issue}: {name} = {arrays[name][tuple(at)].item()}; {_WISH[name]} was expected")
