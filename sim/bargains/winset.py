r"""A ratifier at home must like a text no less than no agreement, and the pivotal one is further from it than the executive.

.. math:: u_i^{piv}(x) \ge d_i^{piv}, \qquad \theta_i^{piv} = \theta_i + s(q_i) \, \sigma_i \, e_i, \qquad s(q) = \Phi^{-1}(\max(q, 1/2))

The pivotal ratifier of party i has its executive's ``a``, ``b`` and ``w``; only its ideal point differs: ``s`` domestic spreads
``sigma`` away along a declared direction ``e``. With opinion at home spread normally around the executive (the median), a text that
needs the share ``q`` of the votes needs the voter at the quantile ``q``: a simple majority asks nothing more (``s = 0``), two thirds
ask ``s = 0.4307``, unanimity is capped at ``S_MAX``. ``q`` below one half counts as one half: nobody signs for a minority.

What the ratifier gains is linear in ``s``: it is the executive's gain plus ``2 s sigma sum_k w_k e_k (x_k - x^sq_k)``. So among the
texts that the executive would sign, a higher quota never enlarges the win-set, in whatever direction.

Symbols: ``x^sq`` the status-quo text, ``d^piv`` the ratifier's value of it, ``Phi`` the standard normal distribution; ``u``, ``a``, ``b``,
``w``, ``theta`` as in :mod:`sim.bargains.problems`. Utilities are in basis points of own GDP a year, texts, ideal points and spreads have
the scale of a text.

Source: Putnam (1988), "Diplomacy and Domestic Politics", International Organization 42 (win-sets); Tsebelis (2002), "Veto Players"
(thresholds shrink the winset of the status quo); Hammond and Prins (2006), "Domestic Veto Institutions, International Negotiations, and
the Status Quo".
Departs from them in one dimension of opinion at home (the direction), where they draw a chamber in the space of the issues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.bargains.worth import loss_moved
from sim.kernels import jit
from sim.types import UserError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

S_MAX = 2.3263478740408408
"""Largest distance of the pivot from the median, in spreads: the 99th percentile stands for the last voter."""


@dataclass(frozen=True)
class Pivots:
    """The pivotal ratifier of each party in M negotiations of two parties and K issues.

    Parameters
    ----------
    a, d : ndarray, shape (M, 2)
        Value of being party and of no agreement to the ratifier (basis points of own GDP a year).
    b, w, theta : ndarray, shape (M, 2, K)
        Its linear gain, salience (at least 0; both basis points) and ideal point (no unit).
    active : ndarray of bool, shape (M, 2)
        Where a ratifier has a say; elsewhere the other fields are not read.
    """

    a: Floats
    b: Floats
    w: Floats
    theta: Floats
    d: Floats
    active: Bools

    def take(self, rows: Any) -> Pivots:
        """Return the pivots of some negotiations (integers or booleans), in the order given."""
        return Pivots(*(getattr(self, field.name)[rows] for field in fields(self)))


def no_pivots(n: int, n_issues: int) -> Pivots:
    """Return pivots of n negotiations of which none has a say."""
    pair, wide = np.zeros((n, 2)), np.zeros((n, 2, n_issues))
    return Pivots(pair, wide, wide, wide, pair, np.zeros((n, 2), dtype=np.bool_))


def stack_pivots(parts: Sequence[Pivots | None], shapes: Sequence[tuple[int, int]]) -> Pivots | None:
    """Put pivots under one another; shapes are (M, K) of each part, and a part without pivots joins with none that has a say."""
    if all(part is None for part in parts):
        return None
    full = [no_pivots(*shape) if part is None else part for part, shape in zip(parts, shapes, strict=True)]
    return Pivots(*(np.concatenate([getattr(part, field.name) for part in full]) for field in fields(Pivots)))


def checked_pivots(pivots: Pivots, n: int, n_issues: int) -> Pivots:
    """Return pivots of n negotiations and n_issues issues whose arrays are sound, contiguous and of the right types.

    Raises
    ------
    UserError
        If a shape is wrong, or a number of a ratifier with a say is not finite or a salience negative.
    """
    arrays: dict[str, Any] = {}
    for field in fields(Pivots):
        wide = field.name in ("b", "w", "theta")
        wanted: tuple[int, ...] = (n, 2, n_issues) if wide else (n, 2)
        array = np.ascontiguousarray(getattr(pivots, field.name), dtype=np.bool_ if field.name == "active" else np.float64)
        if array.shape != wanted:
            raise UserError(f"bargaining problem: pivot {field.name} has shape {array.shape}; {wanted} was expected, after a and lo")
        arrays[field.name] = array
    if all(np.isfinite(arrays[name]).all() for name in ("a", "d", "b", "theta")) and bool(
        (np.isfinite(arrays["w"]) & (arrays["w"] >= 0.0)).all()
    ):
        return Pivots(**arrays)
    for name in ("a", "d", "b", "w", "theta"):
        array = arrays[name]
        bad = ~np.isfinite(array) | (array < 0.0) if name == "w" else ~np.isfinite(array)
        bad &= arrays["active"] if array.ndim == 2 else arrays["active"][:, :, None]
        if bad.any():
            at = np.argwhere(bad)[0]
            issue = f", issue {at[2]}" if array.ndim == 3 else ""
            wish = "a finite salience of at least 0" if name == "w" else "a finite number"
            raise UserError(
                f"bargaining problem: negotiation {at[0]}, party {at[1]}{issue}: pivot {name} = {array[tuple(at)]}; {wish} was expected"
            )
    return Pivots(**arrays)


def spreads_for_quota(quota: float) -> float:
    """Return how many domestic spreads the pivotal ratifier stands from the executive, 0 to ``S_MAX``.

    Parameters
    ----------
    quota : float
        Share of the votes that ratification needs, 0 to 1.

    Raises
    ------
    UserError
        If the quota is not a share.

    Examples
    --------
    >>> [round(spreads_for_quota(q), 4) for q in (0.5, 2 / 3, 1.0)]
    [0.0, 0.4307, 2.3263]
    """
    if not 0.0 <= quota <= 1.0:
        raise UserError(f"ratification: quota {quota}; a share from 0 to 1 was expected, for example 0.5 or 0.6667")
    if quota <= 0.5:
        return 0.0
    return min(NormalDist().inv_cdf(quota), S_MAX) if quota < 1.0 else S_MAX


def pivotal_ideal(theta: Floats, spread: npt.ArrayLike, s: npt.ArrayLike, direction: npt.ArrayLike) -> Floats:
    """Return the ideal point of the pivotal ratifier, of the shape of ``theta``; it may lie outside the box.

    Parameters
    ----------
    theta : ndarray, shape (..., K)
        Ideal point of the executive.
    spread : array_like, broadcast against theta
        Standard deviation of ideal points at home, in the scale of a text.
    s : array_like, shape (...) of theta without its last axis, or a number
        Distance in spreads, as :func:`spreads_for_quota` gives it.
    direction : array_like, broadcast against theta
        Where the ratifiers lie from the executive: commonly -1, 0 or 1 an issue.
    """
    moved: Floats = np.asarray(s, float)[..., None] * np.asarray(spread, float) * np.asarray(direction, float)
    return theta + moved


def pivots_at(a: Floats, b: Floats, w: Floats, d: Floats, theta: Floats, ideal: Floats, status_quo: Floats, active: Bools) -> Pivots:
    """Build the pivots who share their executives' stakes and stand at ``ideal``.

    The ratifier's value of no agreement differs from the executive's by what the status-quo text costs either.

    Parameters
    ----------
    a, d : ndarray, shape (M, 2), or (n,) for one table of many
        The executives' values of being party and of no agreement (basis points).
    b, w, theta, ideal : ndarray, shape (M, 2, K) or (n, K)
        The executives' gains, saliences and ideal points, and the pivots' ideal points.
    status_quo : ndarray, shape (M, K), or of the shape of ``theta``
        The status-quo text, of both sides or of each party.
    active : ndarray of bool, of the shape of ``a``
        Where a ratifier has a say.

    Returns
    -------
    Pivots
    """
    k = theta.shape[-1]
    today = np.broadcast_to(status_quo if status_quo.ndim == theta.ndim else status_quo[..., None, :], theta.shape)
    shift = np.zeros(d.size)
    saliences, own, home, law = (np.ascontiguousarray(one).reshape(-1, k) for one in (w, theta, ideal, today))
    _shift(saliences, own, home, law, shift)
    return Pivots(a, b, w, ideal, d + shift.reshape(d.shape), active)


@jit
def _shift(w: Floats, theta: Floats, ideal: Floats, status_quo: Floats, shift: Floats) -> None:
    """Fill by how much less the status quo costs the pivots than their executives, shape (R,)."""
    for row in range(shift.shape[0]):
        for k in range(status_quo.shape[1]):
            today = status_quo[row, k]
            shift[row] += loss_moved(w[row, k], today - theta[row, k], today - ideal[row, k])
