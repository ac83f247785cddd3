r"""Both sides sign the text with the largest weighted sum of their gains that leaves neither below its reservation value.

.. math:: \max_x \; \alpha_0 u_0(x) + \alpha_1 u_1(x) \quad \text{s.t.} \; u_i(x) \ge r_i, \; lo \le x \le hi

inside both win-sets. Symbols as in :mod:`sim.bargains.problems`; the solution is in :mod:`sim.bargains.splits`. Gains are basis points of
each party's own GDP, added with the bargaining weights; so the rule moves with the unit of utility and is no claim that a basis point is
worth the same to both.

Source: Harsanyi (1955), "Cardinal Welfare, Individualistic Ethics, and Interpersonal Comparisons of Utility", Journal of Political
Economy 63; as a bargaining rule: Thomson (1994), Handbook of Game Theory 2, section 2.
Departs from them in the reservation values and win-sets, without which no party would sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.group import GroupOutcome, GroupProblem, checked_group
from sim.bargains.many import utilitarian_group
from sim.bargains.problems import Outcomes, Problems, checked
from sim.bargains.splits import weighted_best
from sim.registry import param, part


@part(
    "protocol",
    name="utilitarian",
    title="Largest sum of gains",
    title_id="Jumlah keuntungan terbesar",
    sentence_id="Kedua pihak menandatangani naskah dengan jumlah tertimbang keuntungan terbesar, siapa pun yang menerimanya.",
)
@dataclass(frozen=True)
class Utilitarian:
    """Both sides sign the text with the largest weighted sum of their gains, whoever they fall to."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("efficient", "symmetric", "individually_rational")

    contacts_to_conclude: int = param(
        12,
        unit="contacts",
        low=1,
        high=60,
        source="assumed: over a year of talks (six data talks took 4 to 59 months, median 16.5)",
        meaning="Contacts that give rounds, held before the negotiation concludes.",
    )

    def solve(self, problems: Problems) -> Outcomes:
        """Solve each problem at once.

        Parameters
        ----------
        problems : Problems
            M problems of two parties.

        Returns
        -------
        Outcomes
            AGREED, NO_ZONE, NO_WIN_SET or NO_TEXT for each; ``step`` is 0.

        Raises
        ------
        UserError
            If the problems are not sound.
        """
        p = checked(problems)
        return weighted_best(p, p.weight)

    def solve_group(self, problem: GroupProblem) -> GroupOutcome:
        """Find the largest weighted sum for n parties at one table (:mod:`sim.bargains.many`).

        Raises
        ------
        UserError
            If the problem is not sound.
        """
        return utilitarian_group(checked_group(problem))
