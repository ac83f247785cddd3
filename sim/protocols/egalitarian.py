r"""Both sides gain as their bargaining weights, in basis points of their own GDP; where they cannot, who gains less gains all it can.

.. math::
    \max_x \min_i \frac{u_i(x) - d_i}{\alpha_i}, \quad \text{then the other's gain}, \quad \text{s.t.} \; u_i(x) \ge r_i, \; lo \le x \le hi

inside both win-sets. Symbols as in :mod:`sim.bargains.problems`; the solution is in :mod:`sim.bargains.splits`. Gains are in proportion to
the bargaining weights, equal where these are. The rule compares basis points of one party's GDP with those of another's, so it moves with
the unit of utility; in return nobody ever loses when more becomes possible.

Three and more parties raise the least ``(u_i - d_i) / alpha_i`` as far as it goes, then the least of those who can still gain, and so on.

Source: Kalai (1977), "Proportional Solutions to Bargaining Situations", Econometrica 45, 1623-1630; lexicographic: Imai (1983),
Econometrica 51.
Departs from Kalai in the reservation value, which bounds the outcome and is not split from, and in the lexicographic end, which keeps it
efficient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.fair import egalitarian_outcomes
from sim.bargains.group import GroupOutcome, GroupProblem, checked_group
from sim.bargains.many import egalitarian_group
from sim.bargains.problems import Outcomes, Problems, checked
from sim.registry import param, part


@part(
    "protocol",
    name="egalitarian",
    title="Proportional gains",
    title_id="Keuntungan sebanding",
    sentence_id="Keuntungan kedua pihak dibandingkan dengan tanpa kesepakatan mengikuti bobot tawarnya, sama besar bila bobotnya sama, "
    "dan tidak ada yang dapat memperoleh lebih tanpa mengurangi keuntungan pihak lain.",
)
@dataclass(frozen=True)
class Egalitarian:
    """Both sides gain over no agreement as their bargaining weights, and no side could gain more unless the other gained less."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("efficient", "symmetric", "individually_rational", "monotone")

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
        return egalitarian_outcomes(checked(problems))

    def solve_group(self, problem: GroupProblem) -> GroupOutcome:
        """Find the lexicographic max-min point of gains over their weights for n parties at one table (:mod:`sim.bargains.many`).

        Raises
        ------
        UserError
            If the problem is not sound.
        """
        return egalitarian_group(checked_group(problem))
