r"""Each side gets a share of the most it could hope for, the two as the bargaining weights, and both as large as they can be.

.. math::
    \frac{u_0(x) - d_0}{\alpha_0 (I_0 - d_0)} = \frac{u_1(x) - d_1}{\alpha_1 (I_1 - d_1)}, \qquad
    I_i = \max_x u_i(x) \; \text{s.t.} \; u_j(x) \ge r_j

on the frontier, with ``u_i(x) >= r_i`` and inside both win-sets, which the ideal values ``I`` respect too. Symbols as in
:mod:`sim.bargains.problems`; the solution is in :mod:`sim.bargains.fair`. With equal weights it is the one efficient, symmetric and
scale-invariant rule under which a side never loses when more becomes possible for it while the other's ideal stays. Bargaining weights
tilt the shares and, held fixed, keep all of these (symmetry: parties change places together with their weights).

Three and more parties raise the least share as far as it goes, then the least of those who can still gain, and so on (Imai 1983): no rule
for them is efficient, symmetric, scale-invariant and monotone in this sense at once, so the last is claimed for two alone.

Source: Kalai and Smorodinsky (1975), "Other Solutions to Nash's Bargaining Problem", Econometrica 43, 513-518; unequal weights: Dubra
(2001), Economics Letters 73.
Departs from them in the reservation value, which bounds the outcome and the ideal values and is not split from; where it binds the shares
differ, and the smaller one is as large as it can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.fair import kalai_smorodinsky_outcomes
from sim.bargains.group import GroupOutcome, GroupProblem, checked_group
from sim.bargains.many import kalai_smorodinsky_group
from sim.bargains.problems import Outcomes, Problems, checked
from sim.registry import param, part


@part(
    "protocol",
    name="kalai_smorodinsky",
    title="Kalai-Smorodinsky",
    title_id="Kalai-Smorodinsky",
    sentence_id="Tiap pihak memperoleh sebagian dari hasil terbanyak yang dapat diharapkannya; perbandingan kedua bagian itu mengikuti "
    "bobot tawar, dan keduanya sama besar bila bobotnya sama.",
)
@dataclass(frozen=True)
class KalaiSmorodinsky:
    """Each side gets a share of the most it could hope for; the shares are as the bargaining weights, equal where these are."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("efficient", "symmetric", "scale_invariant", "individually_rational", "monotone")

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
        return kalai_smorodinsky_outcomes(checked(problems))

    def solve_group(self, problem: GroupProblem) -> GroupOutcome:
        """Find the lexicographic max-min point of shares of ideal gains for n parties at one table (:mod:`sim.bargains.many`).

        Raises
        ------
        UserError
            If the problem is not sound.
        """
        return kalai_smorodinsky_group(checked_group(problem))
