r"""A bargaining problem is what two parties may sign and what each would gain: coefficients in, an outcome out.

.. math:: u_i(x) = a_i + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ]

``M`` negotiations (first axis), two parties (second axis; its length is kept so that ``n`` parties can follow), ``K`` issues
(last axis). Texts ``x`` have no unit and lie in the box ``lo <= x <= hi``; utilities ``a``, ``u``, ``d``, ``r`` are in basis points of
the party's own GDP a year; ``b`` and ``w`` are in basis points for the whole range of an issue; ``theta`` has the scale of a text.
An issue is active where ``hi > lo``; where ``lo == hi`` the text is fixed there; where ``lo > hi`` no text is possible.

Protocols know neither world nor agreements: they map :class:`Problems` to :class:`Outcomes`.

Source: the quadratic form is the spatial model of voting (Enelow and Hinich 1984) with a separate salience for each issue.
Departs from it in the linear term ``b``, which carries gains and costs that do not depend on an ideal point.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.bargains.winset import Bools, Pivots, checked_pivots, stack_pivots
from sim.kernels import jit
from sim.types import ISSUES, ModelFault, UserError

Floats = npt.NDArray[np.float64]

W_MIN = 1e-9
"""Least joint salience (basis points) of an active issue: below it the frontier is not a curve of single texts."""

_PER_PARTY = ("a", "d", "r", "weight")
_PER_ISSUE = ("b", "w", "theta")
_BOX = ("lo", "hi")
_ARRAYS = _PER_PARTY + _PER_ISSUE + _BOX


@dataclass(frozen=True)
class Problems:
    """Bargaining problems, a row each.

    Parameters
    ----------
    a : ndarray, shape (M, 2)
        Value of being party, whatever the text (basis points of own GDP a year).
    b, w, theta : ndarray, shape (M, 2, K)
        Linear gain, salience (at least 0; both basis points) and ideal point (no unit).
    d, r : ndarray, shape (M, 2)
        Disagreement value and reservation value, ``r >= d`` (basis points).
    lo, hi : ndarray, shape (M, K)
        The box of texts (no unit).
    weight : ndarray, shape (M, 2)
        Bargaining weights: positive, each row sums to one.
    pivot : Pivots, optional
        The ratifiers who must like the text no less than no agreement; None: the executives decide.
    group : None
        Kept for more than two parties; nothing else is accepted yet.
    first : ndarray of int8, shape (M,), optional
        The party, 0 or 1, that proposes where the protocol asks who does; None: party 0.
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
    pivot: Pivots | None = None
    group: None = None
    first: npt.NDArray[np.int8] | None = None

    def __len__(self) -> int:
        """Return the number of negotiations M."""
        return int(self.a.shape[0])

    @property
    def n_issues(self) -> int:
        """Return the number of issues K."""
        return int(self.lo.shape[1])

    def take(self, rows: Any) -> Problems:
        """Return the problems of some rows (integers or booleans, shape (M',) or (M,)), in the order given."""
        some: dict[str, Any] = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return Problems(
            **some,
            pivot=None if self.pivot is None else self.pivot.take(rows),
            first=None if self.first is None else self.first[rows],
        )


@dataclass(frozen=True)
class Outcomes:
    """What a protocol made of each problem.

    Parameters
    ----------
    text : ndarray, shape (M, K)
        The text agreed (no unit); NaN where there is none.
    utility : ndarray, shape (M, 2)
        Utility of that text for each party (basis points); NaN where there is none.
    status : ndarray of int8, shape (M,)
        A :class:`sim.types.Status`.
    step : ndarray of int32, shape (M,)
        Rounds held so far; 0 under a protocol without rounds.
    binding : ndarray of bool, shape (M, 2), optional
        Where a party's own ratifiers hold the text at the edge of their win-set or, without a text, stand in the way; None where no
        problem has ratifiers.
    transfer : ndarray, shape (M, 2), optional
        Side payments that the utilities hold (basis points of own GDP a year, negative for who pays); None where there are none.
    """

    text: Floats
    utility: Floats
    status: npt.NDArray[np.int8]
    step: npt.NDArray[np.int32]
    binding: Bools | None = None
    transfer: Floats | None = None

    def take(self, rows: Any) -> Outcomes:
        """Return the outcomes of some problems (integers or booleans), in the order given."""
        binding = None if self.binding is None else self.binding[rows]
        transfer = None if self.transfer is None else self.transfer[rows]
        return Outcomes(self.text[rows], self.utility[rows], self.status[rows], self.step[rows], binding, transfer)


KEPT = ("step", "last_offer", "first_offer", "asks")
"""Arrays of :class:`Talks` that change as rounds are held, and that are stored from one month to the next."""


@dataclass
class Talks:
    """Stored state of open negotiations under a protocol with rounds; its arrays change in place.

    Parameters
    ----------
    step : ndarray of int32, shape (M,)
        Rounds held so far.
    first : ndarray of int8, shape (M,)
        The party, 0 or 1, that makes the first offer.
    last_offer, first_offer : ndarray, shape (M, 2, K)
        Each party's last and first offer (no unit); NaN before its first.
    asks : ndarray, shape (M, 2)
        Share of its possible gain that each party last asked for; NaN before its first offer.
    """

    step: npt.NDArray[np.int32]
    first: npt.NDArray[np.int8]
    last_offer: Floats
    first_offer: Floats
    asks: Floats

    @classmethod
    def opened(cls, first: int | npt.ArrayLike, n_talks: int, n_issues: int) -> Talks:
        """Open ``n_talks`` negotiations; ``first`` is one party for all or a party each (0 or 1)."""
        return cls(
            step=np.zeros(n_talks, np.int32),
            first=np.array(np.broadcast_to(np.asarray(first, np.int8), (n_talks,))),
            last_offer=np.full((n_talks, 2, n_issues), np.nan),
            first_offer=np.full((n_talks, 2, n_issues), np.nan),
            asks=np.full((n_talks, 2), np.nan),
        )

    def take(self, rows: Any) -> Talks:
        """Return a copy of the state of some talks (integers or booleans)."""
        return Talks(self.step[rows], self.first[rows], self.last_offer[rows], self.first_offer[rows], self.asks[rows])

    def put(self, rows: Any, some: Talks) -> None:
        """Write back the state of some talks."""
        for name in ("first", *KEPT):
            getattr(self, name)[rows] = getattr(some, name)


@dataclass(frozen=True)
class OfferLog:
    """Every offer made, in order of negotiation and round; L offers.

    Parameters
    ----------
    talk, step : ndarray of int32, shape (L,)
        Row of the negotiation; round of the offer, counted from 0 over the whole negotiation.
    proposer : ndarray of int8, shape (L,)
        The party, 0 or 1, that made it.
    text : ndarray, shape (L, K)
        The offer (no unit).
    utility : ndarray, shape (L, 2)
        Its utility for each party (basis points).
    """

    talk: npt.NDArray[np.int32]
    step: npt.NDArray[np.int32]
    proposer: npt.NDArray[np.int8]
    text: Floats
    utility: Floats


def stack(parts: Sequence[Problems]) -> Problems:
    """Put problems of several agreement types under one another, in the order given (at least one).

    Parts without pivots join with ratifiers that have no say.
    """
    whole: dict[str, Any] = {name: np.concatenate([getattr(p, name) for p in parts]) for name in _ARRAYS}
    first = None if all(p.first is None for p in parts) else np.concatenate([first_proposers(p) for p in parts])
    return Problems(**whole, pivot=stack_pivots([p.pivot for p in parts], [p.lo.shape for p in parts]), first=first)


def first_proposers(problems: Problems) -> npt.NDArray[np.int8]:
    """Return who proposes in each negotiation, shape (M,): party 0 where nothing is said."""
    return np.zeros(len(problems), np.int8) if problems.first is None else np.ascontiguousarray(problems.first, np.int8)


def checked(problems: Problems) -> Problems:
    """Return problems whose arrays are sound, contiguous and of 64-bit floats.

    Parameters
    ----------
    problems : Problems
        M problems of two parties and K issues.

    Returns
    -------
    Problems
        The same numbers.

    Raises
    ------
    UserError
        If a shape is wrong, a number is not finite, a salience is negative, a reservation value is below the disagreement value,
        bargaining weights are not positive shares, nobody cares about an active issue, or the first proposer is not 0 or 1. One sentence
        names negotiation, party, issue and what was expected.
    ModelFault
        If the field that is kept for later is used.
    """
    if problems.group is not None:
        raise ModelFault("a bargaining problem with a group was given, but only two parties can bargain so far")
    arrays: dict[str, Any] = {}
    for name in _ARRAYS:
        try:
            arrays[name] = np.ascontiguousarray(getattr(problems, name), dtype=np.float64)
        except (TypeError, ValueError):
            raise UserError(f"bargaining problem: {name} holds something that is not a number") from None
    _check_shapes(arrays)
    p = problems if all(arrays[name] is getattr(problems, name) for name in _ARRAYS) else dataclasses.replace(problems, **arrays)
    fault, m, i, k = _first_fault(p.a, p.b, p.w, p.theta, p.d, p.r, p.lo, p.hi, p.weight, W_MIN)
    if fault:
        raise UserError(_sentence(fault, m, i, k, arrays))
    if p.first is not None and (np.shape(p.first) != (len(p),) or not _are_sides(np.asarray(p.first))):
        raise UserError(f"bargaining problem: first = {np.asarray(p.first).tolist()}; party 0 or party 1 for each of {len(p)} was expected")
    return p if p.pivot is None else dataclasses.replace(p, pivot=checked_pivots(p.pivot, *p.lo.shape))


def _are_sides(first: npt.NDArray[np.int8]) -> bool:
    return bool(((first == 0) | (first == 1)).all())


def _check_shapes(arrays: dict[str, Floats]) -> None:
    a, lo = arrays["a"], arrays["lo"]
    if a.ndim != 2 or a.shape[1] != 2:
        parties = a.shape[1] if a.ndim == 2 else "no axis of"
        raise UserError(f"bargaining problem: a has {parties} parties (shape {a.shape}); two parties bargain, shape (M, 2) was expected")
    if lo.ndim != 2 or lo.shape[1] == 0:
        raise UserError(f"bargaining problem: lo has shape {lo.shape}; (M, K) with at least one issue was expected")
    m, k = a.shape[0], lo.shape[1]
    wanted: dict[str, tuple[int, ...]] = dict.fromkeys(_PER_PARTY, (m, 2))
    wanted |= dict.fromkeys(_PER_ISSUE, (m, 2, k)) | dict.fromkeys(_BOX, (m, k))
    for name, shape in wanted.items():
        if arrays[name].shape != shape:
            raise UserError(f"bargaining problem: {name} has shape {arrays[name].shape}; {shape} was expected, after a and lo")


_FAULTS = {
    1: ("a", "a finite number"),
    2: ("d", "a finite number"),
    3: ("r", "a finite number no less than the disagreement value d"),
    4: ("weight", "a positive bargaining weight"),
    5: ("weight", "bargaining weights that sum to one"),
    6: ("b", "a finite number"),
    7: ("w", "a finite salience of at least 0"),
    8: ("theta", "a finite ideal point"),
    9: ("lo", "a finite bound"),
    10: ("hi", "a finite bound"),
    11: ("w", f"a joint salience of at least {W_MIN:g} on an active issue"),
}


def _sentence(fault: int, m: int, i: int, k: int, arrays: dict[str, Floats]) -> str:
    name, wanted = _FAULTS[fault]
    party = f", party {i}" if i >= 0 else ""
    issue = ""
    if k >= 0:
        # A run's first issues are the model's own, whatever its parts add behind them.
        issue = f", issue {ISSUES[k]!r}" if arrays["lo"].shape[1] >= len(ISSUES) > k else f", issue {k}"
    value: Any = arrays[name][m]
    if name in _BOX:
        value = value[k]
    else:
        value = value if i < 0 else value[i]
        value = value if k < 0 else value[..., k]
    return f"bargaining problem: negotiation {m}{party}{issue}: {name} = {np.asarray(value).tolist()}; {wanted} was expected"


@jit
def _first_fault(
    a: Floats, b: Floats, w: Floats, theta: Floats, d: Floats, r: Floats, lo: Floats, hi: Floats, weight: Floats, w_min: float
) -> tuple[int, int, int, int]:
    """Return (fault number or 0, negotiation, party or -1, issue or -1) of the first fault in row order."""
    for m in range(a.shape[0]):
        for i in range(2):
            if not math.isfinite(a[m, i]):
                return 1, m, i, -1
            if not math.isfinite(d[m, i]):
                return 2, m, i, -1
            if not (math.isfinite(r[m, i]) and r[m, i] >= d[m, i]):
                return 3, m, i, -1
            if not (math.isfinite(weight[m, i]) and weight[m, i] > 0.0):
                return 4, m, i, -1
            for k in range(lo.shape[1]):
                if not math.isfinite(b[m, i, k]):
                    return 6, m, i, k
                if not (math.isfinite(w[m, i, k]) and w[m, i, k] >= 0.0):
                    return 7, m, i, k
                if not math.isfinite(theta[m, i, k]):
                    return 8, m, i, k
        if abs(weight[m, 0] + weight[m, 1] - 1.0) > 1e-9:
            return 5, m, -1, -1
        for k in range(lo.shape[1]):
            if not math.isfinite(lo[m, k]):
                return 9, m, -1, k
            if not math.isfinite(hi[m, k]):
                return 10, m, -1, k
            if hi[m, k] > lo[m, k] and w[m, 0, k] + w[m, 1, k] < w_min:
                return 11, m, -1, k
    return 0, -1, -1, -1
