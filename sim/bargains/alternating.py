r"""The rounds of alternating offers between two parties: who speaks asks, offers and is answered, until agreement or deadline.

The rules, their symbols and sources are those of :mod:`sim.protocols.alternating_offers`; what an offer is once its value is settled is
said in :mod:`sim.bargains.concession` (nearest to what was heard) and :mod:`sim.bargains.belief` (nearest to what the other is believed to
want).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.bargains.belief import believed_offer, believed_salience, misjudged
from sim.bargains.concession import asked_in_kind, at_the_edge, best_at_home, nearest_at_home, nearest_offer
from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import best_text, copy_text
from sim.bargains.winset import Bools, Floats
from sim.bargains.worth import box_is_empty, utility_at
from sim.kernels import jit
from sim.types import Status

BEFORE_TWO = 2
"""Last round of a party's own in which it cannot yet have heard two offers of the other."""

_OPEN = int(Status.OPEN)
_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_NO_TEXT = int(Status.NO_TEXT)
_DEADLINE = int(Status.DEADLINE)
_NO_WIN_SET = int(Status.NO_WIN_SET)
_MISJUDGED = int(Status.MISJUDGED)


@jit
def hold_rounds(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays | None,
    share: Floats, imitates: Bools, learns: bool, caution: float,
    step: npt.NDArray[np.int32], first: npt.NDArray[np.int8], last_offer: Floats, first_offer: Floats, asks: Floats,
    more: npt.NDArray[np.int64],
    text: Floats, utility: Floats, status: npt.NDArray[np.int8], binding: Bools | None,
    log_at: npt.NDArray[np.int32], log_text: Floats, log_utility: Floats,
) -> int:  # fmt: skip
    """Advance every talk and return the number of offers made; inputs as in ``Problems`` and ``Talks``.

    share (2, n) is by side and round, imitates (2,) by side; more (M,) is in rounds; text (M, K), utility (M, 2) and status (M,) are
    filled; log_at (L, 3) takes talk, round and proposer, log_text (L, K) and log_utility (L, 2) the offers; L = 0 records nothing.
    Without pivots (None, as is binding) their rules are not even compiled.
    """
    n_issues = lo.shape[1]
    n_max = share.shape[1]
    best = np.empty((2, n_issues))
    best_value = np.empty(2)
    value = np.empty(2)
    x, salience = np.empty(n_issues), np.empty(n_issues)
    made = 0
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            status[m] = _NO_TEXT
            continue
        for i in range(2):
            best_text(b, w, theta, lo, hi, m, i, best[i])
            best_value[i] = utility_at(a, b, w, theta, m, i, best[i])
        if best_value[0] < r[m, 0] or best_value[1] < r[m, 1]:
            status[m] = _NO_ZONE
            continue
        if pivot is not None and binding is not None:
            for i in range(2):
                if not passes_at_home(pivot, m, i, best[i]):
                    found = best_at_home(a, b, w, theta, lo, hi, pivot, m, i, best[i])
                    best_value[i] = utility_at(a, b, w, theta, m, i, best[i])
                    binding[m, i] = not found or best_value[i] <= r[m, i]
            if binding[m, 0] or binding[m, 1]:
                status[m] = _NO_WIN_SET
                continue
        for _ in range(more[m]):
            s = step[m]
            if s >= n_max:
                break
            side = s % 2
            me = first[m] if side == 0 else 1 - first[m]
            other = 1 - me
            if s <= BEFORE_TWO or not imitates[side]:
                asks[m, me] = share[side, s]
            asked = _aspiration(r[m, me], best_value[me], asks[m, me])
            opens = math.isnan(last_offer[m, me, 0])
            if opens:
                copy_text(best[me], x)
                copy_text(x, first_offer[m, me])
            elif learns:
                believed_salience(first_offer[m, other], last_offer[m, other], first_offer[m, me], caution, salience)
                heard = (first_offer[m, other], last_offer[m, other])
                believed_offer(a, b, w, theta, lo, hi, pivot, m, me, *heard, salience, best[me], asked, x)
            elif pivot is not None:
                nearest_at_home(a, b, w, theta, lo, hi, pivot, m, me, last_offer[m, other], best[me], asked, x)
            else:
                nearest_offer(a, b, w, theta, lo, hi, m, me, last_offer[m, other], best[me], asked, x)
            value[me] = utility_at(a, b, w, theta, m, me, x)
            value[other] = utility_at(a, b, w, theta, m, other, x)
            demand = share[1 - side, s]
            if imitates[1 - side] and not opens:
                before = utility_at(a, b, w, theta, m, other, last_offer[m, me])
                asks[m, other] = asked_in_kind(asks[m, other], best_value[other], before, value[other], 1)
                demand = asks[m, other]
            copy_text(x, last_offer[m, me])
            step[m] = s + 1
            if log_at.shape[0] > 0:
                log_at[made, 0], log_at[made, 1], log_at[made, 2] = m, s, me
                log_utility[made, 0], log_utility[made, 1] = value[0], value[1]
                copy_text(x, log_text[made])
            made += 1
            content = value[other] >= _aspiration(r[m, other], best_value[other], demand) and value[other] >= r[m, other]
            if pivot is not None:
                content = content and passes_at_home(pivot, m, other, x)
            if content:
                status[m] = _AGREED
                utility[m, 0], utility[m, 1] = value[0], value[1]
                copy_text(x, text[m])
                if pivot is not None and binding is not None:
                    for i in range(2):
                        binding[m, i] = at_the_edge(pivot, lo, hi, m, i, x)
                break
        if status[m] == _OPEN and step[m] >= n_max:
            status[m] = _DEADLINE
            if learns and (misjudged(last_offer[m], first_offer[m], 0, caution) or misjudged(last_offer[m], first_offer[m], 1, caution)):
                status[m] = _MISJUDGED
    return made


@jit
def _aspiration(reservation: float, best: float, share: float) -> float:
    """Return the utility asked for (basis points); never above the best by rounding, so that the best text always meets it."""
    asked = reservation + (best - reservation) * share
    return asked if asked < best else best
