r"""The parties take turns to offer, each asking for less as the deadline nears, until one accepts or time runs out.

Round ``s`` of ``n`` is held at ``t = (s + 1) / (n + 1)``, the same for both. Party i aspires to

.. math:: A_i(t) = r_i + (\max u_i - r_i) (1 - t^e), \quad e = 4 \;(boulware),\; 1 \;(linear),\; 1/4 \;(conceder)

or, under ``tit_for_tat``, to as much less than before as the other's last two offers closed of the gap to its own best,

.. math:: A_i = r_i + \sigma_i (\max u_i - r_i), \quad
    \sigma_i \leftarrow \min\left(1, \sigma_i \frac{\max u_i - u_i(y_s)}{\max u_i - u_i(y_{s-2})} \right)

from the ``sigma`` of its own last offer, and evenly (as ``linear``) until it has heard two offers. What is taken back is answered by
asking for more; an offer beyond the own best, which only ratifiers can forbid to accept, moves nothing.

The one whose turn it is offers; the other accepts if the offer is worth at least ``A_i(t)`` and ``r_i`` to it. A side's first
offer is its own best text. Later it offers the text worth at least ``A_i(t)`` to itself that lies nearest, by its own salience, to
the other's last offer ``y``:

.. math:: \min_x \sum_k w_{ik} (x_k - y_k)^2 \quad \text{s.t.} \; u_i(x) \ge A_i(t), \; lo \le x \le hi

so ``y`` itself where that is enough. Otherwise, with ``tau = theta + b / (2 w)``, the solution is
``x_k = clip(y_k + p (tau_k - y_k), lo_k, hi_k)`` for one ``p = mu / (1 + mu)`` in [0, 1] (mu is the multiplier), found exactly in at
most K + 1 passes. Issues without salience (w = 0) are no part of the distance: they go to the end that the sign of b prefers, and
stay at y where b = 0. Each side uses its own coefficients, its own reservation value and the other's offers, and nothing else.

With ``learning="concessions"`` both offer instead the text worth ``A_i`` to themselves that they believe the other likes best
(:mod:`sim.bargains.belief`), and talks that end at the deadline although a side believed that its last offer was no worse for the other
than the other's own end MISJUDGED.

Where a side has ratifiers (``pivot``), it offers and accepts only texts inside its own win-set, as it truly is, and its best text is
the best of those (:mod:`sim.bargains.concession`); a side that has none to gain from ends the talk with NO_WIN_SET.

Symbols (shapes and units in :mod:`sim.bargains.problems`): ``A`` aspiration and ``u`` utility in basis points, ``r`` reservation
value, ``e`` the exponent of concession, ``sigma`` the share of its possible gain that a side asks for, ``w`` salience, ``n`` the
deadline in rounds.

Source: Faratin, Sierra and Jennings (1998), "Negotiation decision functions for autonomous agents", Robotics and Autonomous
Systems 24, with kappa = 0 and e = 1/beta; imitation: its relative tit-for-tat with delta = 1; offers nearest to what was heard: the
trade-off by similarity of Faratin, Sierra and Jennings (2002), Artificial Intelligence 142.
Departs from the first in the test of acceptance (the aspiration of this round, not the own next offer), in tit-for-tat that compares
what offers are worth to the side and not issue by issue, and from both in that a side whose best text is worth less than its
reservation value ends the talk at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.bargains.alternating import hold_rounds
from sim.bargains.problems import Floats, OfferLog, Outcomes, Problems, Talks, checked
from sim.bargains.table_offers import hold
from sim.bargains.tables import TableLog, TableOutcomes, Tables
from sim.bargains.tables import checked as checked_tables
from sim.bargains.winset import Bools
from sim.registry import choice, param, part
from sim.types import ModelFault, UserError

OVER_TIME = ("boulware", "linear", "conceder")
TACTICS = (*OVER_TIME, "tit_for_tat")


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
        source="assumed, set with the length of talks under nash in view (baseline, seeds 0 to 2: 21 to 22 months against 15 to 16)",
        meaning="Rounds after which the negotiation fails.",
    )
    tactic: str = choice(
        "linear",
        TACTICS,
        source="Faratin, Sierra and Jennings 1998",
        meaning="How the side that offers first gives way: late, evenly, early, or as the other does.",
    )
    tactic_second: str = choice(
        "same", ("same", *TACTICS), source="Faratin, Sierra and Jennings 1998", meaning="How the side that answers first gives way."
    )

    learning: str = choice(
        "none",
        ("none", "concessions"),
        source="Jonker, Robu and Treur 2007",
        meaning="Whether the sides read off each other's concessions what the other wants, and offer what it should like.",
    )
    caution: float = param(
        0.1,
        unit="share of the way",
        low=0.01,
        high=10.0,
        source="assumed",
        meaning="How slowly concessions are read as a lack of salience; the larger, the more alike all issues are believed to count.",
    )

    def imitates(self) -> Bools:
        """Return whether each side answers concessions in kind, shape (2,): the one that offers first, the other."""
        second = self.tactic if self.tactic_second == "same" else self.tactic_second
        return np.array([self.tactic == "tit_for_tat", second == "tit_for_tat"])

    def aspiration_shares(self) -> Floats:
        """Return the share of its possible gain that each side asks for, shape (2, deadline_rounds).

        Row 0 is the side that offers first; column s is the round held at ``t = (s + 1) / (deadline_rounds + 1)``. A side that imitates
        has the even shares, which it asks for until it has heard two offers.

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
            AGREED, NO_ZONE, NO_WIN_SET, NO_TEXT, DEADLINE or MISJUDGED for each.

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
        made = hold_rounds(
            p.a, p.b, p.w, p.theta, p.r, p.lo, p.hi, None if v is None else (v.a, v.b, v.w, v.theta, v.d, v.active),
            self.aspiration_shares(), self.imitates(), self.learning == "concessions", self.caution,
            talks.step, talks.first, talks.last_offer, talks.first_offer, talks.asks, more,
            text, utility, status, binding, log_at, log_text, log_utility,
        )  # fmt: skip
        log = None
        if record:
            at = log_at[:made]
            log = OfferLog(at[:, 0].copy(), at[:, 1].copy(), at[:, 2].astype(np.int8), log_text[:made], log_utility[:made])
        return Outcomes(text=text, utility=utility, status=status, step=talks.step.copy(), binding=binding), log

    def solve_table(self, tables: Tables, first: int | npt.ArrayLike = 0) -> TableOutcomes:
        """Run each negotiation over a finite table from its opening to its end (:mod:`sim.bargains.table_offers`).

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
            If the tables are not sound, ``first`` is none of the parties, or the sides are to learn.
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
        if self.learning != "none":
            raise UserError(
                "alternating offers: learning='concessions' asks how far texts lie apart, which a finite table does not tell; "
                "learning='none' was expected"
            )
        return hold(t, self.aspiration_shares(), speaks, self.imitates(), record=record, docking=docking)


def _share(tactic: str, t: float) -> float:
    """Return 1 - t^e by products and square roots, which every machine rounds alike (powers may differ by a bit)."""
    if tactic == "boulware":
        return 1.0 - (t * t) * (t * t)
    if tactic == "conceder":
        return 1.0 - math.sqrt(math.sqrt(t))
    return 1.0 - t
