r"""Alternating offers over a finite table: each party in turn accepts what it heard or offers the least it still aspires to.

In round s of S, at ``t = (s + 1) / (S + 1)``, the parties speak once each, in the order of the table from the one that speaks first.
Party i aspires to at least

.. math:: A_i(t) = \mathrm{clip}( (H_i - L_i) (1 - t^e) + L_i - \tau, \; L_i, \; H_i )

where ``H`` is its best utility in the table, ``L`` the larger of its worst utility and its reservation value, ``e`` the
exponent of its tactic and ``tau = TOLERANCE``. A party that imitates has in place of ``1 - t^e`` a share that falls, with each offer of
another, by an (n-1)th of the part of the gap to H that this offer closed since that other's last one
(:func:`sim.bargains.concession.asked_in_kind`); until it has heard two offers of one party the share is ``1 - t``. It accepts the standing
offer if that is worth ``A_i(t)``; once all others have accepted an offer it is the agreement. Otherwise it offers the text of lowest
utility that is worth at least ``A_i(t)`` to it (the earlier text where two are worth the same). A party whose best text is worth less than
its reservation value ends the talk at once (NO_ZONE).

As written the rule asks ``n T K`` multiply-adds to value T additive texts of K issues (:func:`sim.bargains.tables.additive`) and one for
each turn's aspiration; the rest is comparisons: one of each text to put it into its slot (or T log2 T to sort), a few an offer.

``docking`` adds what the measured peer (NegMAS 0.16) does besides, so that results can be compared one by one: an offer up to
``NEAR`` below the aspiration wins if it is strictly nearer to it, and a party that no text can satisfy goes on offering its best one,
which the other may take. Neither is a rule of this model.

Source: Aydoğan, Festen, Hindriks and Jonker (2017), "Alternating Offers Protocols for Multilateral Negotiation" (stacked offers);
aspiration: Faratin, Sierra and Jennings (1998) with kappa = 0 and e = 1/beta; imitation: its relative tit-for-tat, delta = 1.
Departs from Faratin in offers that look at own utility only, in answering each of several others by its part, and from the
coefficient form of this protocol in that all parties speak within one round.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.bargains.concession import asked_in_kind
from sim.bargains.ranking import LANES, Floats, Ints, Small, extremes, lowest_at_least, lowest_in_slots, put_in_slots, scale_of
from sim.bargains.tables import Ranks, TableLog, TableOutcomes, Tables, ranked
from sim.bargains.winset import Bools
from sim.kernels import jit
from sim.types import Status

TOLERANCE = 0.001
"""How far a party asks for less than its aspiration, in the unit of the table."""
NEAR = 1e-6
"""Docking only: how far below what is asked an offer may lie if it is strictly nearer."""
PER_SLOT = 2
"""Texts a slot holds on average where they are not sorted."""

_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_DEADLINE = int(Status.DEADLINE)


def hold(
    tables: Tables, share: Floats, first: npt.NDArray[np.int64], imitates: Bools, *, record: bool = False, docking: bool = False
) -> tuple[TableOutcomes, TableLog | None]:
    """Hold every negotiation from its opening to its end.

    Parameters
    ----------
    tables : Tables
        M negotiations of n parties that passed :func:`sim.bargains.tables.checked`; with ranks, offers are found in them.
    share : ndarray, shape (2, S)
        Share of its possible gain that a party asks for in each round: the first speaker's, all others'.
    first : ndarray of int64, shape (M,)
        The party that speaks first.
    imitates : ndarray of bool, shape (2,)
        Whether the first speaker, and all others, answer concessions in kind; ``share`` is then what they ask for until they can.
    record : bool
        Whether to list every offer.
    docking : bool
        Whether to add the ways of the measured peer.

    Returns
    -------
    TableOutcomes
        AGREED, NO_ZONE or DEADLINE for each.
    TableLog or None
        The offers if ``record``.
    """
    m, n = len(tables), tables.n_parties
    t = ranked(tables) if docking and tables.ranks is None else tables
    ranks = Ranks(np.empty((n, 0), np.int32), np.empty((n, 0))) if t.ranks is None else t.ranks
    text, utility = np.full(m, -1, np.int32), np.full((m, n), np.nan)
    status, step = np.zeros(m, np.int8), np.zeros(m, np.int32)
    given = (
        t.utility,
        t.start,
        ranks.order,
        ranks.value,
        t.ranks is not None,
        t.r,
        share,
        first,
        imitates,
        docking,
        text,
        utility,
        status,
        step,
    )
    made = _hold(*given, np.empty((0, 4), np.int32))
    log = None
    if record:
        at = np.empty((made, 4), np.int32)
        _hold(*given, at)
        log = TableLog(at[:, 0].copy(), at[:, 1].copy(), at[:, 2].astype(np.int8), at[:, 3].copy())
    return TableOutcomes(text, utility, status, step), log


@jit
def _hold(
    utility: Floats, start: Ints, order: Small, value: Floats, warm: bool, r: Floats, share: Floats, first: Ints, imitates: Bools,
    docking: bool, text: Small, won: Floats, status: npt.NDArray[np.int8], step: Small, log: Small,
) -> int:  # fmt: skip
    """Hold all negotiations and return the number of offers made; arrays as in ``Tables``, ``Ranks`` and ``hold``.

    text, won (M, n), status and step are filled; log (F, 4) takes talk, round, proposer and text of each offer, F = 0 records nothing.
    Texts are looked up in the ranks where they are given (warm), else in slots that are filled anew for each negotiation.
    """
    n, n_rounds = utility.shape[0], share.shape[1]
    longest = 0
    for m in range(start.shape[0] - 1):
        longest = max(longest, start[m + 1] - start[m])
    room = 0 if warm else longest
    head, after, slot = np.empty((n, room // PER_SLOT + 1), np.uint32), np.empty((n, room), np.uint32), np.empty(room, np.uint32)
    lanes = np.empty((2, LANES))
    asks, ready, last = np.empty(n), np.zeros(n, np.bool_), np.empty(n, np.int64)
    mimics = imitates[0] or imitates[1]
    worst, low, high, scale, near = np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n, np.int64)
    made = 0
    for m in range(start.shape[0] - 1):
        a, z = start[m], start[m + 1]
        n_texts = z - a
        n_slots = n_texts // PER_SLOT + 1
        hopeless = False
        for i in range(n):
            if warm:
                worst[i], high[i], near[i] = value[i, a], value[i, z - 1], n_texts - 1
            else:
                worst[i], high[i] = extremes(utility[i, a:z], lanes)
                scale[i] = -1.0
            ready[i], last[i] = False, -1
            low[i] = worst[i] if worst[i] > r[m, i] else r[m, i]
            hopeless = hopeless or r[m, i] > high[i]
        if hopeless and not docking:
            status[m] = _NO_ZONE
            continue
        status[m], step[m] = _DEADLINE, n_rounds
        standing, accepted = -1, 0
        for s in range(n_rounds):
            for turn in range(n):
                i = first[m] + turn
                i = i if i < n else i - n
                if not ready[i]:
                    asks[i] = share[min(turn, 1), s]
                asked = _aspiration(low[i], high[i], asks[i])
                if standing >= 0 and utility[i, a + standing] >= asked:
                    accepted += 1
                    if accepted == n - 1:
                        break
                    continue
                if warm:
                    near[i] = _place(value[i, a:z], asked, near[i], docking)
                    standing = order[i, a + near[i]]
                else:
                    if scale[i] < 0.0:  # its first offer; a party that never offers needs no slots
                        scale[i] = scale_of(worst[i], high[i], n_slots)
                        put_in_slots(utility[i, a:z], worst[i], scale[i], head[i, :n_slots], after[i], slot)
                    standing = lowest_in_slots(utility[i, a:z], worst[i], scale[i], head[i, :n_slots], after[i], asked)
                accepted = 0
                if mimics:
                    _answer(utility[:, a:z], high, asks, ready, last, imitates, first[m], i, standing)
                if log.shape[0] > 0:
                    log[made, 0], log[made, 1], log[made, 2], log[made, 3] = m, s, i, standing
                made += 1
            if accepted == n - 1:
                status[m], step[m], text[m] = _AGREED, s + 1, standing
                for i in range(n):
                    won[m, i] = utility[i, a + standing]
                break
    return made


@jit
def _answer(
    utility: Floats, high: Floats, asks: Floats, ready: Bools, last: Ints, imitates: Bools, first: int, i: int, text: int
) -> None:  # fmt: skip
    """Let all others who imitate answer in kind that party i offers ``text`` after its last; arrays (n,), utility (n, T)."""
    n = utility.shape[0]
    if last[i] >= 0:
        for j in range(n):
            if j != i and imitates[0 if j == first else 1]:
                asks[j] = asked_in_kind(asks[j], high[j], utility[j, last[i]], utility[j, text], n - 1)
                ready[j] = True
    last[i] = text


@jit
def _aspiration(low: float, high: float, share: float) -> float:
    """Return the least utility that a party accepts and offers, between low and high; low where low is above high."""
    asked = (high - low) * share + low - TOLERANCE
    asked = asked if asked < high else high
    return asked if asked > low else low


@jit
def _place(value: Floats, asked: float, near: int, docking: bool) -> int:
    """Return the place, in sorted utilities (T,), of the text to offer; the best one where none is worth what is asked."""
    place = lowest_at_least(value, asked, near)
    if place == value.shape[0]:
        return place - 1
    if docking and place > 0:
        below = value[place - 1]
        if below >= asked - NEAR and asked - below < value[place] - asked:
            return lowest_at_least(value, below, place - 1)
    return place
