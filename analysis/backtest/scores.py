r"""How well a score ranks the dyads that signed; dyads of equal score are taken in every order alike, so that no luck decides.

Average precision is the mean, over what was signed, of the precision at its place: weight signed at or above it over all weight at or
above it. Within a tie of K units, a unit of weight w has k of the others before it with the same chance for each k from 0 to K - 1; these
bring their mean weight:

.. math:: \frac{1}{K} \sum_{k=0}^{K-1} \frac{P + w + k p}{N + w + k q}
          = \frac{p}{q} + \frac{(P + w) - (N + w) p / q}{K q} [\psi(c + K) - \psi(c)], \quad c = (N + w) / q

``P`` weight signed and ``N`` all weight above the tie, ``p`` and ``q`` the mean weight signed and the mean weight of the others in it. With
equal weights this is the mean over all orders, exactly. Without ties it is scikit-learn's ``average_precision_score``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma

from analysis.backtest.universe import Floats, Ints

FIRST = 60


@dataclass(frozen=True)
class Ranked:
    """Units in order of a score, highest first, and where each tie begins.

    Attributes
    ----------
    order : int (U,)
    starts : int (B,)
        Places in the order.
    tie : int (U,)
        Which tie the unit at each place of the order is of.
    place : int (U,)
        Place of each unit in the order.
    """

    order: Ints
    starts: Ints
    tie: Ints
    place: Ints


def ranked(score: Floats) -> Ranked:
    """Order units by a score, (U,)."""
    order = np.argsort(-score, kind="stable")
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = np.diff(score[order]) != 0.0
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Ranked(order, np.flatnonzero(fresh), np.cumsum(fresh) - 1, place)


def average_precision(rank: Ranked, signed: Floats, weight: Floats) -> float:
    """Return the area under precision-recall, NaN where nothing was signed.

    Parameters
    ----------
    rank : Ranked
    signed : float (U,)
        1 where a unit signed, else 0.
    weight : float (U,)
        What a unit weighs; 0 leaves it out.
    """
    y = signed > 0.0
    mine = rank.place[np.flatnonzero(y)]
    w = weight[rank.order]
    mine = np.sort(mine[w[mine] > 0.0])
    if not len(mine):
        return float("nan")
    b, own = rank.tie[mine], w[mine]
    ends = np.append(rank.starts[1:], len(w))[b]
    upto, present = (np.concatenate([[0.0], np.cumsum(values)]) for values in (w, w > 0.0))
    above, total = upto[rank.starts[b]], upto[ends] - upto[rank.starts[b]]
    many = present[ends] - present[rank.starts[b]]
    # What was signed in a tie and above it, from the few units that signed.
    in_tie = np.bincount(b, own, minlength=len(rank.starts))
    hit, hit_above = in_tie[b], (np.cumsum(in_tie) - in_tie)[b]
    top, bottom = hit_above + own, above + own
    precision = top / bottom
    tied = many > 1
    if tied.any():
        k, others = many[tied], many[tied] - 1
        p, q = (hit - own)[tied] / others, (total - own)[tied] / others
        c = bottom[tied] / q
        precision[tied] = p / q + (top[tied] - bottom[tied] * p / q) / (k * q) * (digamma(c + k) - digamma(c))
    return float((precision * own).sum() / own.sum())


def hits(rank: Ranked, signed: Floats, first: int = FIRST) -> float:
    """Return how many of the first units signed, on average over the orders of a tie that the last of them is in."""
    y = signed[rank.order] > 0.0
    size = np.diff(np.append(rank.starts, len(y)))
    taken = np.clip(first - rank.starts, 0, size)
    return float((np.add.reduceat(y.astype(np.float64), rank.starts) * taken / size).sum())


def area_under_roc(score: Floats, signed: Floats, weight: Floats) -> float:
    """Return the area under the receiver's curve, by scikit-learn; NaN where one kind is missing."""
    from sklearn.metrics import roc_auc_score

    if not (signed > 0).any() or (signed > 0).all():
        return float("nan")
    return float(roc_auc_score(signed > 0, score, sample_weight=weight))


def partner_ranks(score: Floats, signed: Floats, first: Ints, second: Ints, *, directed: bool) -> Floats:
    """Return the rank of each partner given the signer: among all the signer's units, ties at their mean, 1 the best.

    Both parties of a unit are signers, but for directed ones, where the first is.
    """
    found = []
    for unit in np.flatnonzero(signed > 0):
        for signer in (first[unit],) if directed else (first[unit], second[unit]):
            mine = (first == signer) if directed else (first == signer) | (second == signer)
            own = score[mine]
            found.append(1.0 + (own > score[unit]).sum() + 0.5 * ((own == score[unit]).sum() - 1))
    return np.array(found, dtype=np.float64)
