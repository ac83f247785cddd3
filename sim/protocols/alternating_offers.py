r"""The parties take turns to offer, each asking for less as the deadline nears, until one accepts or time runs out.

Round ``s`` of ``n`` is held at ``t = (s + 1) / (n + 1)``, the same for both. Party i aspires to

.. math:: A_i(t) = r_i + (\max u_i - r_i) (1 - t^e), \quad e = 4 \;(boulware),\; 1 \;(linear),\; 1/4 \;(conceder)

The one whose turn it is offers; the other accepts if the offer is worth at least ``A_i(t)`` and ``r_i`` to it. A side's first
offer is its own best text. Later it offers the text worth at least ``A_i(t)`` to itself that lies nearest, by its own salience, to
the other's last offer ``y``:

.. math:: \min_x \sum_k w_{ik} (x_k - y_k)^2 \quad \text{s.t.} \; u_i(x) \ge A_i(t), \; lo \le x \le hi

so ``y`` itself where that is enough. Otherwise, with ``tau = theta + b / (2 w)``, the solution is
``x_k = clip(y_k + p (tau_k - y_k), lo_k, hi_k)`` for one ``p = mu / (1 + mu)`` in [0, 1] (mu is the multiplier), found exactly in at
most K + 1 passes. Issues without salience (w = 0) are no part of the distance: they go to the end that the sign of b prefers, and
stay at y where b = 0. Each side uses its own coefficients, its own reservation value and the other's offers, and nothing else.

Where a side has ratifiers (``pivot``), it offers and accepts only texts inside its own win-set, as it truly is, and its best text is
the best of those (:mod:`sim.theory.concession`); a side that has none to gain from ends the talk with NO_WIN_SET.

Symbols (shapes and units in :mod:`sim.theory.problems`): ``A`` aspiration and ``u`` utility in basis points, ``r`` reservation
value, ``e`` the exponent of concession, ``w`` salience, ``n`` the deadline in rounds.

Source: Faratin, Sierra and Jennings (1998), "Negotiation decision functions for autonomous agents", Robotics and Autonomous
Systems 24, with kappa = 0 and e = 1/beta; offers nearest to what was heard: the trade-off by similarity of Faratin, Sierra and
Jennings (2002), Artificial Intelligence 142.
Departs from the first in the test of acceptance (the aspiration of this round, not the own next offer), and from both in that a
side whose best text is worth less than its reservation value ends the talk at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.kernels import jit
from sim.registry import choice, param, part
from sim.theory.concession import PivotArrays, at_the_edge, best_at_home, nearest_at_home, nearest_offer, passes_at_home
from sim.theory.frontier import best_text, box_is_empty, utility_at
from sim.theory.problems import Floats, OfferLog, Outcomes, Problems, Talks, checked
from sim.theory.table_offers import hold
from sim.theory.tables import TableLog, TableOutcomes, Tables
from sim.theory.tables import checked as checked_tables
from sim.theory.winset import Bools
from sim.types import ModelFault, Status, UserError

TACTICS = ("boulware", "linear", "conceder")

_OPEN = int(Status.OPEN)
_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)
_NO_TEXT = int(Status.NO_TEXT)
_DEADLINE = int(Status.DEADLINE)
_NO_WIN_SET = int(Status.NO_WIN_SET)


@part(
    "protocol",
    name="alternating_offers",
    title="Alternating offers",
    title_id="Tawar-menawar bergiliran",
    sentence_id="Para pihak bergiliran mengajukan tawaran dan menurunkan tuntutannya seiring mendekatnya tenggat, "
    "sampai salah satu menerima atau waktu habis.",
)
@dataclass(frozen=True)
class AlternatingOffers:
    """The parties take turns to offer, each asking for less as the deadline nears, until one accepts or time runs out."""

    rounds: ClassVar[bool] = True
    information: ClassVar[str] = "private"
    claims: ClassVar[tuple[str, ...]] = ("individually_rational",)

    deadline_rounds: int = param(
        80,
        unit="rounds",
        low=2,
        high=500,
        source="assumed: talks then last about as long as those that conclude after 12 contacts",
        meaning="Rounds after which the negotiation fails.",
    )
    tactic: str = choice(
        "linear",
        TACTICS,
        source="Faratin, Sierra and Jennings 1998",
        meaning="How the side that offers first gives way: late, evenly or early.",
    )
    tactic_second: str = choice(
        "same", ("same", *TACTICS), source="Faratin, Sierra and Jennings 1998", meaning="How the side that answers first gives way."
    )

    def aspiration_shares(self) -> Floats:
        """Return the share of its possible gain that each side asks for, shape (2, deadline_rounds).

        Row 0 is the side that offers first; column s is the round held at ``t = (s + 1) / (deadline_rounds + 1)``.

        Examples
        --------
        >>> AlternatingOffers(deadline_rounds=3, tactic="linear").aspiration_shares()[0].tolist()
        [0.75, 0.5, 0.25]
        """
        second = self.tactic if self.tactic_second == "same" else self.tactic_second
        n = self.deadline_rounds
        return np.array([[_share(tactic, (s + 1) / (n + 1)) for s in range(n)] for tactic in (self.tactic, second)])

    def solve(self, problems: Problems, first: int | npt.ArrayLike = 0) -> Outcomes:
        """Run each negotiation from its opening to its end.

        Parameters
        ----------
        problems : Problems
            M problems of two parties.
        first : int or array_like of int, shape (M,)
            The party, 0 or 1, that makes the first offer.

        Returns
        -------
        Outcomes
            AGREED, NO_ZONE, NO_WIN_SET, NO_TEXT or DEADLINE for each.

        Raises
        ------
        UserError
            If the problems are not sound or ``first`` is not 0 or 1.
        """
        talks = Talks.opened(first, len(problems), problems.n_issues)
        return self.advance(problems, talks, np.full(len(problems), self.deadline_rounds, np.int32))[0]

    def advance(
        self, problems: Problems, talks: Talks, n_rounds: npt.ArrayLike, *, record: bool = False
    ) -> tuple[Outcomes, OfferLog | None]:
        """Hold up to ``n_rounds`` more rounds in each negotiation; the talks change in place.

        However the rounds are split over calls, the outcome is the same to the bit, as long as the problems are.

        Parameters
        ----------
        problems : Problems
            M problems of two parties, as they stand now.
        talks : Talks
            State of the same M negotiations; still open ones.
        n_rounds : array_like of int, shape (M,)
            Rounds to hold at most, each at least 0.
        record : bool
            Whether to list every offer.

        Returns
        -------
        Outcomes
            OPEN where neither agreement nor failure came; ``step`` counts all rounds held.
        OfferLog or None
            The offers of this call if ``record``.

        Raises
        ------
        UserError
            If the problems are not sound, a first proposer is not 0 or 1, or a number of rounds is negative.
        ModelFault
            If the talks are not of the problems' shape.
        """
        p = checked(problems)
        m, k = p.lo.shape
        if talks.step.shape != (m,) or talks.first.shape != (m,) or talks.last_offer.shape != (m, 2, k):
            raise ModelFault(f"alternating offers: {m} problems of {k} issues came with talks of shape {talks.last_offer.shape}")
        if np.any((talks.first != 0) & (talks.first != 1)):
            raise UserError("alternating offers: the first proposer must be party 0 or party 1")
        more = np.array(np.broadcast_to(np.asarray(n_rounds, np.int64), (m,)))
        if np.any(more < 0):
            raise UserError("alternating offers: the number of rounds to hold must be at least 0")
        text, utility, status = np.full((m, k), np.nan), np.full((m, 2), np.nan), np.zeros(m, np.int8)
        room = int(np.minimum(more, np.maximum(self.deadline_rounds - talks.step, 0)).sum()) if record else 0
        log_at, log_text, log_utility = np.zeros((room, 3), np.int32), np.empty((room, k)), np.empty((room, 2))
        v = p.pivot
        binding = None if v is None else np.zeros((m, 2), np.bool_)
        made = _advance(
            p.a, p.b, p.w, p.theta, p.r, p.lo, p.hi, None if v is None else (v.a, v.b, v.w, v.theta, v.d, v.active),
            self.aspiration_shares(), talks.step, talks.first, talks.last_offer, more,
            text, utility, status, binding, log_at, log_text, log_utility,
        )  # fmt: skip
        log = None
        if record:
            at = log_at[:made]
            log = OfferLog(at[:, 0].copy(), at[:, 1].copy(), at[:, 2].astype(np.int8), log_text[:made], log_utility[:made])
        return Outcomes(text=text, utility=utility, status=status, step=talks.step.copy(), binding=binding), log

    def solve_table(self, tables: Tables, first: int | npt.ArrayLike = 0) -> TableOutcomes:
        """Run each negotiation over a finite table from its opening to its end (:mod:`sim.theory.table_offers`).

        Parameters
        ----------
        tables : Tables
            M negotiations of n parties; a round is one turn of each.
        first : int or array_like of int, shape (M,)
            The party that speaks first; it has ``tactic``, all others ``tactic_second``.

        Returns
        -------
        TableOutcomes
            AGREED, NO_ZONE or DEADLINE for each.

        Raises
        ------
        UserError
            If the tables are not sound or ``first`` is none of the parties.
        """
        return self.replay_table(tables, first)[0]

    def replay_table(
        self, tables: Tables, first: int | npt.ArrayLike = 0, *, record: bool = False, docking: bool = False
    ) -> tuple[TableOutcomes, TableLog | None]:
        """Do as :meth:`solve_table` and list every offer if ``record``; ``docking`` adds the ways of the measured peer."""
        t = checked_tables(tables)
        speaks = np.array(np.broadcast_to(np.asarray(first, np.int64), (len(t),)))
        if np.any((speaks < 0) | (speaks >= t.n_parties)):
            raise UserError(f"alternating offers: the first proposer must be one of the parties 0 to {t.n_parties - 1}")
        return hold(t, self.aspiration_shares(), speaks, record=record, docking=docking)


def _share(tactic: str, t: float) -> float:
    """Return 1 - t^e by products and square roots, which every machine rounds alike (powers may differ by a bit)."""
    if tactic == "boulware":
        return 1.0 - (t * t) * (t * t)
    if tactic == "conceder":
        return 1.0 - math.sqrt(math.sqrt(t))
    return 1.0 - t


@jit
def _advance(
    a: Floats, b: Floats, w: Floats, theta: Floats, r: Floats, lo: Floats, hi: Floats, pivot: PivotArrays | None,
    share: Floats, step: npt.NDArray[np.int32], first: npt.NDArray[np.int8], last_offer: Floats, more: npt.NDArray[np.int64],
    text: Floats, utility: Floats, status: npt.NDArray[np.int8], binding: Bools | None,
    log_at: npt.NDArray[np.int32], log_text: Floats, log_utility: Floats,
) -> int:  # fmt: skip
    """Advance every talk and return the number of offers made; inputs as in ``Problems`` and ``Talks``.

    share (2, n) is by side and round; more (M,) is in rounds; text (M, K), utility (M, 2) and status (M,) are filled; log_at
    (L, 3) takes talk, round and proposer, log_text (L, K) and log_utility (L, 2) the offers; L = 0 records nothing. Without pivots
    (None, as is binding) their rules are not even compiled.
    """
    n_issues = lo.shape[1]
    n_max = share.shape[1]
    best = np.empty((2, n_issues))
    best_value = np.empty(2)
    value = np.empty(2)
    x = np.empty(n_issues)
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
            asked = _aspiration(r[m, me], best_value[me], share[side, s])
            if math.isnan(last_offer[m, me, 0]):
                for k in range(n_issues):
                    x[k] = best[me, k]
            elif pivot is not None:
                nearest_at_home(a, b, w, theta, lo, hi, pivot, m, me, last_offer[m, other], best[me], asked, x)
            else:
                nearest_offer(a, b, w, theta, lo, hi, m, me, last_offer[m, other], best[me], asked, x)
            value[me] = utility_at(a, b, w, theta, m, me, x)
            value[other] = utility_at(a, b, w, theta, m, other, x)
            for k in range(n_issues):
                last_offer[m, me, k] = x[k]
            step[m] = s + 1
            if log_at.shape[0] > 0:
                log_at[made, 0], log_at[made, 1], log_at[made, 2] = m, s, me
                log_utility[made, 0], log_utility[made, 1] = value[0], value[1]
                for k in range(n_issues):
                    log_text[made, k] = x[k]
            made += 1
            content = value[other] >= _aspiration(r[m, other], best_value[other], share[1 - side, s]) and value[other] >= r[m, other]
            if pivot is not None:
                content = content and passes_at_home(pivot, m, other, x)
            if content:
                status[m] = _AGREED
                utility[m, 0], utility[m, 1] = value[0], value[1]
                for k in range(n_issues):
                    text[m, k] = x[k]
                if pivot is not None and binding is not None:
                    for i in range(2):
                        binding[m, i] = at_the_edge(pivot, lo, hi, m, i, x)
                break
        if status[m] == _OPEN and step[m] >= n_max:
            status[m] = _DEADLINE
    return made


@jit
def _aspiration(reservation: float, best: float, share: float) -> float:
    """Return the utility asked for (basis points); never above the best by rounding, so that the best text always meets it."""
    asked = reservation + (best - reservation) * share
    return asked if asked < best else best
