r"""A finite table lists what may be signed, text by text, and what each party would gain by it: the second kind of bargaining problem.

.. math:: u_i(x) = \sum_k w_{ik} \, v_{ik}(x_k)

is one way to fill it (:func:`additive`; ``w`` the weight of an issue, ``v`` a party's value of each of its options); any other numbers
will do. ``M`` negotiations, ``n`` parties (at least two), ``T_m`` texts in negotiation m, which may differ from one to the next: the
tables lie end to end, ``L`` texts in all, and ``start`` says where each begins. Utilities have the unit of the table, whatever it
is; a text is known by its index in its own negotiation, from 0.

Where a protocol looks up texts by utility it sorts each party's column once; :func:`ranked` keeps that order beside the tables, so
that negotiations that are held again (other tactics, other reservation values) start warm.

Protocols map :class:`Tables` to :class:`TableOutcomes` by their method ``solve_table``; one that cannot says why.

Source: the additive form is multi-attribute value theory (Keeney and Raiffa 1976), as test beds of automated negotiation use it.
Departs from :mod:`sim.bargains.problems` in that texts are counted, not measured: there is no box, no ideal point and no pivot.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.bargains.ranking import Floats, Ints, Small, fill, first_not_finite, rank_all
from sim.types import UserError

MOST_NUMBERS = 50_000_000
"""Most utilities (parties times texts) in one set of tables: 400 MB."""

_EACH = ("d", "r", "weight")


@dataclass(frozen=True)
class Ranks:
    """Texts in order of what they are worth to each party, the earlier text first where two are worth the same.

    Parameters
    ----------
    order : ndarray of int32, shape (n, L)
        Index of each text in its own negotiation, from the worst to the best, negotiation after negotiation.
    value : ndarray, shape (n, L)
        The utilities in that order.
    """

    order: Small
    value: Floats


@dataclass(frozen=True)
class Tables:
    """Bargaining over finite lists of texts, a negotiation each.

    Parameters
    ----------
    utility : ndarray, shape (n, L)
        Each party's utility of each text; the texts of negotiation m are the columns ``start[m]`` to ``start[m + 1]``.
    start : ndarray of int64, shape (M + 1,)
        Where each negotiation's texts begin; 0 first, L last.
    d, r : ndarray, shape (M, n)
        Disagreement value and reservation value, ``r >= d`` (the unit of the utilities).
    weight : ndarray, shape (M, n)
        Bargaining weights: positive, each row sums to one.
    ranks : Ranks, optional
        The texts sorted for each party, by :func:`ranked`; None: a protocol that needs them sorts anew.
    """

    utility: Floats
    start: Ints
    d: Floats
    r: Floats
    weight: Floats
    ranks: Ranks | None = None

    def __len__(self) -> int:
        """Return the number of negotiations M."""
        return int(self.start.shape[0]) - 1

    @property
    def n_parties(self) -> int:
        """Return the number of parties n."""
        return int(self.utility.shape[0])

    def of(self, m: int) -> Floats:
        """Return the table of negotiation m, shape (n, T_m)."""
        return self.utility[:, self.start[m] : self.start[m + 1]]


@dataclass(frozen=True)
class TableOutcomes:
    """What a protocol made of each table.

    Parameters
    ----------
    text : ndarray of int32, shape (M,)
        Index of the text agreed, in its own negotiation; -1 where there is none.
    utility : ndarray, shape (M, n)
        Utility of that text for each party; NaN where there is none.
    status : ndarray of int8, shape (M,)
        A :class:`sim.types.Status`.
    step : ndarray of int32, shape (M,)
        Rounds held; 0 under a protocol without rounds.
    """

    text: Small
    utility: Floats
    status: npt.NDArray[np.int8]
    step: Small


@dataclass(frozen=True)
class TableLog:
    """Every offer made, in order of negotiation and time; F offers.

    Parameters
    ----------
    talk, step : ndarray of int32, shape (F,)
        Row of the negotiation; round of the offer, counted from 0.
    proposer : ndarray of int8, shape (F,)
        The party that made it.
    text : ndarray of int32, shape (F,)
        Index of the text offered.
    """

    talk: Small
    step: Small
    proposer: npt.NDArray[np.int8]
    text: Small


def tables_of(
    utilities: Sequence[npt.ArrayLike], r: npt.ArrayLike, d: npt.ArrayLike | None = None, weight: npt.ArrayLike | None = None
) -> Tables:
    """Put the tables of M negotiations end to end and check them.

    Parameters
    ----------
    utilities : sequence of array_like, each of shape (n, T_m)
        A row a party, a column a text.
    r : array_like, shape (M, n)
        Reservation values.
    d : array_like, shape (M, n), optional
        Disagreement values; the reservation values where they are not given.
    weight : array_like, shape (M, n), optional
        Bargaining weights; equal ones where they are not given.

    Returns
    -------
    Tables

    Raises
    ------
    UserError
        If there is no table, tables have different numbers of parties, or :func:`checked` finds a fault.

    Examples
    --------
    >>> two = tables_of([[[0.0, 0.6, 1.0], [1.0, 0.7, 0.0]]], r=[[0.1, 0.1]])
    >>> len(two), two.n_parties, two.of(0).shape
    (1, 2, (2, 3))
    """
    rows = [_numbers("utility", one) for one in utilities]
    if not rows:
        raise UserError("finite tables: no negotiation was given; at least one table was expected")
    for m, row in enumerate(rows):
        if row.ndim != 2 or row.shape[0] != rows[0].shape[0]:
            raise UserError(
                f"finite tables: negotiation {m}: the table has shape {row.shape}; (parties, texts) was expected, the same parties in all"
            )
    start = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([row.shape[1] for row in rows], out=start[1:])
    reserved = _numbers("r", r)
    n = rows[0].shape[0]
    return checked(
        Tables(
            utility=np.concatenate(rows, axis=1),
            start=start,
            d=reserved if d is None else _numbers("d", d),
            r=reserved,
            weight=np.full((len(rows), n), 1.0 / max(n, 1)) if weight is None else _numbers("weight", weight),
        )
    )


def additive(
    weights: npt.ArrayLike, values: npt.ArrayLike, sizes: Sequence[int], r: npt.ArrayLike, d: npt.ArrayLike | None = None
) -> Tables:
    """Build the tables of negotiations over issues with few options each, as the sum of each party's weighted values.

    The texts are all combinations of options; the last issue runs fastest, and weighted values are added in the order of the issues.
    Costs ``n T K`` multiply-adds a negotiation as the equation is written; sums over the first issues are shared here.

    Parameters
    ----------
    weights : array_like, shape (M, n, K)
        Weight of each issue to each party.
    values : array_like, shape (M, n, V)
        Value of each option, issue after issue; ``V`` is the sum of ``sizes``.
    sizes : sequence of int, length K
        Number of options of each issue, each at least 1, the same in all M negotiations.
    r, d : array_like, shape (M, n)
        Reservation and disagreement values; ``d`` is ``r`` where it is not given.

    Returns
    -------
    Tables
        With equal bargaining weights.

    Raises
    ------
    UserError
        If a shape is wrong, there would be more than ``MOST_NUMBERS`` utilities, or :func:`checked` finds a fault.

    Examples
    --------
    >>> additive([[[0.5, 1.0], [1.0, 1.0]]], [[[0, 1, 0, 2], [0, 1, 0, 1]]], (2, 2), r=[[0, 0]]).of(0).tolist()
    [[0.0, 2.0, 0.5, 2.5], [0.0, 1.0, 1.0, 2.0]]
    """
    w, v = _numbers("weights", weights), _numbers("values", values)
    if not sizes or any(size < 1 for size in sizes):
        raise UserError(f"finite tables: sizes {tuple(sizes)}; at least one option of at least one issue was expected")
    if w.ndim != 3 or w.shape[2] != len(sizes):
        raise UserError(f"finite tables: weights has shape {w.shape}; (M, n, {len(sizes)}) was expected, after sizes")
    if v.shape != (*w.shape[:2], sum(sizes)):
        raise UserError(f"finite tables: values has shape {v.shape}; {(*w.shape[:2], sum(sizes))} was expected, after weights and sizes")
    m, n, texts = w.shape[0], w.shape[1], math.prod(int(size) for size in sizes)
    if m * n * texts > MOST_NUMBERS:
        raise UserError(f"finite tables: {m} negotiations of {n} parties over {texts} texts; at most {MOST_NUMBERS} utilities fit")
    utility = np.empty((n, m * texts))
    fill(w, v, np.asarray(sizes, np.int64), utility)
    reserved = _numbers("r", r)
    return checked(
        Tables(
            utility=utility,
            start=np.arange(m + 1, dtype=np.int64) * texts,
            d=reserved if d is None else _numbers("d", d),
            r=reserved,
            weight=np.full((m, n), 1.0 / max(n, 1)),
        )
    )


def checked(tables: Tables) -> Tables:
    """Return tables whose arrays are sound, contiguous and of the right types.

    Parameters
    ----------
    tables : Tables
        M negotiations of n parties.

    Returns
    -------
    Tables
        The same numbers.

    Raises
    ------
    UserError
        If there are fewer than two parties or no negotiation, a table is empty, a shape is wrong, a number is not finite, a reservation
        value is below the disagreement value, or bargaining weights are not positive shares. One sentence names negotiation, party
        and what was expected.
    """
    arrays: dict[str, Any] = {name: _numbers(name, getattr(tables, name)) for name in ("utility", *_EACH)}
    start = np.ascontiguousarray(tables.start)
    utility = arrays["utility"]
    if utility.ndim != 2 or utility.shape[0] < 2:
        raise UserError(f"finite tables: utility has shape {utility.shape}; a row for each of at least two parties was expected")
    n, texts = utility.shape
    if start.ndim != 1 or start.shape[0] < 2 or start.dtype.kind not in "iu":
        raise UserError(
            f"finite tables: start has shape {start.shape} of {start.dtype}; (M + 1,) whole numbers were expected, M at least 1"
        )
    start, m = start.astype(np.int64, copy=False), start.shape[0] - 1
    if start[0] != 0 or start[-1] != texts:
        raise UserError(f"finite tables: start runs from {start[0]} to {start[-1]}; 0 to the {texts} texts of utility was expected")
    short = np.flatnonzero(np.diff(start) < 1)
    if short.size:
        raise UserError(f"finite tables: negotiation {short[0]} has no text; at least one was expected")
    if n * texts > MOST_NUMBERS:
        raise UserError(f"finite tables: {n} parties and {texts} texts in all; at most {MOST_NUMBERS} utilities fit")
    for name in _EACH:
        if arrays[name].shape != (m, n):
            raise UserError(f"finite tables: {name} has shape {arrays[name].shape}; {(m, n)} was expected, after start and utility")
    i, at = first_not_finite(utility)
    if i >= 0:
        row = int(np.searchsorted(start, at, side="right")) - 1
        where = f"negotiation {row}, party {i}, text {at - start[row]}"
        raise UserError(f"finite tables: {where}: utility = {utility[i, at]}; a finite number was expected")
    _check_parties(arrays)
    same = start is tables.start and all(arrays[name] is getattr(tables, name) for name in arrays)
    if tables.ranks is not None and not tables.ranks.order.shape == tables.ranks.value.shape == utility.shape:
        raise UserError("finite tables: ranks are not those of these tables; make them by ranked()")
    return tables if same else dataclasses.replace(tables, start=start, **arrays)


def ranked(tables: Tables) -> Tables:
    """Return checked tables with the texts sorted for each party, once for all the negotiations that will be held on them."""
    t = checked(tables)
    order, value = np.empty(t.utility.shape, np.int32), np.empty(t.utility.shape)
    rank_all(t.utility, t.start, order, value)
    return dataclasses.replace(t, ranks=Ranks(order, value))


def _numbers(name: str, given: Any) -> Floats:
    try:
        return np.ascontiguousarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UserError(f"finite tables: {name} holds something that is not a number, or rows of different lengths") from None


def _check_parties(arrays: dict[str, Floats]) -> None:
    d, r, weight = (arrays[name] for name in _EACH)
    faults = (
        ("d", ~np.isfinite(d), "a finite number"),
        ("r", ~(np.isfinite(r) & (r >= d)), "a finite number no less than the disagreement value d"),
        ("weight", ~(np.isfinite(weight) & (weight > 0.0)), "a positive bargaining weight"),
    )
    for name, bad, wanted in faults:
        if bad.any():
            m, i = np.argwhere(bad)[0]
            raise UserError(f"finite tables: negotiation {m}, party {i}: {name} = {arrays[name][m, i]}; {wanted} was expected")
    off = np.flatnonzero(np.abs(weight.sum(axis=1) - 1.0) > 1e-9)
    if off.size:
        raise UserError(
            f"finite tables: negotiation {off[0]}: weight = {weight[off[0]].tolist()}; bargaining weights that sum to one were expected"
        )
