r"""Alternating offers over a finite table: each party in turn accepts what it heard or offers the least it still aspires to.

In round s of S, at ``t = (s + 1) / (S + 1)``, the parties speak once each, in the order of the table from the one that speaks first.
Party i aspires to at least

.. math:: A_i(t) = \mathrm{clip}( (\overline{u}_i - \underline{u}_i) (1 - t^e) + \underline{u}_i - \tau, \; \underline{u}_i, \; \overline{u}_i )

where ``over u`` is its best utility in the table, ``under u`` the larger of its worst utility and its reservation value, ``e`` the
exponent of its tactic and ``tau = TOLERANCE``. It accepts the standing offer if that is worth ``A_i(t)``; once all others have accepted
an offer it is the agreement. Otherwise it offers the text of lowest utility that is worth at least ``A_i(t)`` to it (the earlier text
where two are worth the same). A party whose best text is worth less than its reservation value ends the talk at once (NO_ZONE).

As written the rule asks ``n T K`` multiply-adds to value T additive texts of K issues (:func:`sim.theory.tables.additive`) and one for
each turn's aspiration; the rest is comparisons: T log2 T to sort, log2 T an offer.

``docking`` adds what the measured peer (NegMAS 0.16) does besides, so that results can be compared one by one: an offer up to
``NEAR`` below the aspiration wins if it is strictly nearer to it, and a party that no text can satisfy goes on offering its best one,
which the other may take. Neither is a rule of this model.

Source: Aydoğan, Festen, Hindriks and Jonker (2017), "Alternating Offers Protocols for Multilateral Negotiation" (stacked offers);
aspiration: Faratin, Sierra and Jennings (1998) with kappa = 0 and e = 1/beta.
Departs from Faratin in offers that look at own utility only, and from the coefficient form of this protocol in that all parties speak
within one round.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels import jit
from sim.theory.ranking import Floats, Ints, Small, lowest_at_least, rank_row
from sim.theory.tables import TableLog, TableOutcomes, Tables
from sim.types import Status

TOLERANCE = 0.001
"""How far a party asks for less than its aspiration, in the unit of the table."""
NEAR = 1e-6
"""Docking only: how far below what is asked an offer may lie if it is strictly nearer."""

_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_DEADLINE = int(Status.DEADLINE)


def hold(
    tables: Tables, share: Floats, first: npt.NDArray[np.int64], *, record: bool = False, docking: bool = False
) -> tuple[TableOutcomes, TableLog | None]:
    """Hold every negotiation from its opening to its end.

    Parameters
    ----------
    tables : Tables
        M negotiations of n parties that passed :func:`sim.theory.tables.checked`; sorted anew where they carry no ranks.
    share : ndarray, shape (2, S)
        Share of its possible gain that a party asks for in each round: the first speaker's, all others'.
    first : ndarray of int64, shape (M,)
        The party that speaks first.
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
    warm = tables.ranks is not None
    order = np.empty((n, 0), np.int32) if tables.ranks is None else tables.ranks.order
    value = np.empty((n, 0)) if tables.ranks is None else tables.ranks.value
    text, utility = np.full(m, -1, np.int32), np.full((m, n), np.nan)
    status, step = np.zeros(m, np.int8), np.zeros(m, np.int32)
    given = (tables.utility, tables.start, order, value, warm, tables.r, share, first, docking, text, utility, status, step)
    made = _hold(*given, np.empty((0, 4), np.int32))
    log = None
    if record:
        at = np.empty((made, 4), np.int32)
        _hold(*given, at)
        log = TableLog(at[:, 0].copy(), at[:, 1].copy(), at[:, 2].astype(np.int8), at[:, 3].copy())
    return TableOutcomes(text, utility, status, step), log


@jit
def _hold(
    utility: Floats, start: Ints, ranked_order: Small, ranked_value: Floats, warm: bool, r: Floats, share: Floats, first: Ints,
    docking: bool, text: Small, won: Floats, status: npt.NDArray[np.int8], step: Small, log: Small,
) -> int:  # fmt: skip
    """Hold all negotiations and return the number of offers made; arrays as in ``Tables``, ``Ranks`` and ``hold``.

    text, won (M, n), status and step are filled; log (F, 4) takes talk, round, proposer and text of each offer, F = 0 records nothing.
    """
    n, n_rounds = utility.shape[0], share.shape[1]
    longest = 0
    for m in range(start.shape[0] - 1):
        longest = max(longest, start[m + 1] - start[m])
    room = 0 if warm else longest
    order, value = (ranked_order, ranked_value) if warm else (np.empty((n, room), np.int32), np.empty((n, room)))
    slot, count = np.empty(room, np.int32), np.empty(room + 1, np.int32)
    low, high = np.empty(n), np.empty(n)
    made = 0
    for m in range(start.shape[0] - 1):
        a, n_texts = start[m], start[m + 1] - start[m]
        b = a if warm else 0
        hopeless = False
        for i in range(n):
            if not warm:
                rank_row(utility[i, a : a + n_texts], order[i, :n_texts], value[i, :n_texts], slot, count)
            low[i], high[i] = max(value[i, b], r[m, i]), value[i, b + n_texts - 1]
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
                asked = _aspiration(low[i], high[i], share[min(turn, 1), s])
                if standing >= 0 and utility[i, a + standing] >= asked:
                    accepted += 1
                    if accepted == n - 1:
                        break
                    continue
                standing, accepted = order[i, b + _offer(value[i, b : b + n_texts], asked, docking)], 0
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
def _aspiration(low: float, high: float, share: float) -> float:
    """Return the least utility that a party accepts and offers, between low and high; low where low is above high."""
    asked = (high - low) * share + low - TOLERANCE
    asked = asked if asked < high else high
    return asked if asked > low else low


@jit
def _offer(value: Floats, asked: float, docking: bool) -> int:
    """Return the place, in sorted utilities (T,), of the text to offer; the best one where none is worth what is asked."""
    place = lowest_at_least(value, asked)
    if place == value.shape[0]:
        return place - 1
    if docking and place > 0:
        below = value[place - 1]
        if below >= asked - NEAR and asked - below < value[place] - asked:
            return lowest_at_least(value, below)
    return place
