r"""Both sides sign the text that maximises the weighted product of their gains over no agreement.

.. math:: \max_x \; (u_0(x) - d_0)^{\alpha_0} (u_1(x) - d_1)^{\alpha_1} \quad \text{s.t.} \; u_i(x) \ge r_i, \; lo \le x \le hi

Symbols (shapes and units in :mod:`sim.theory.problems`): ``u`` utility, ``d`` disagreement value, ``r`` reservation value, ``alpha``
bargaining weight, ``x`` text. With equal weights it is the one efficient, symmetric and scale-invariant rule that is
independent of irrelevant alternatives. Where a party has ratifiers, only texts that they accept are looked at
(:mod:`sim.theory.ratified`), which the parties are taken to know.

Source: Nash (1950), "The Bargaining Problem", Econometrica 18, 155-162; unequal weights: Roth (1979), "Axiomatic Models of
Bargaining".
Departs from Nash in the reservation value: an outside option above the disagreement value bounds the outcome and is not split
from (the outside-option principle of Binmore, Shaked and Sutton 1989), and a zone of agreement must be open: a text that gives
one side nothing is no agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import param, part
from sim.theory.group import GroupOutcome, GroupProblem, checked_group
from sim.theory.many import nash_group
from sim.theory.problems import Outcomes, Problems, checked
from sim.theory.ratified import nash_outcomes


@part(
    "protocol",
    name="nash",
    title="Nash bargaining",
    title_id="Tawar-menawar Nash",
    sentence_id="Kedua pihak menandatangani naskah yang memaksimalkan hasil kali tertimbang keuntungan masing-masing "
    "dibandingkan dengan keadaan tanpa kesepakatan.",
)
@dataclass(frozen=True)
class Nash:
    """Both sides sign the text that maximises the weighted product of their gains over no agreement."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("efficient", "symmetric", "scale_invariant", "individually_rational")

    contacts_to_conclude: int = param(
        12,
        unit="contacts",
        low=1,
        high=60,
        source="assumed: over a year of talks (six data talks took 4 to 59 months, median 16.5)",
        meaning="Contacts the parties hold before the negotiation concludes.",
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
        return nash_outcomes(checked(problems))

    def solve_group(self, problem: GroupProblem) -> GroupOutcome:
        """Find the same point for n parties at one table (:mod:`sim.theory.many`).

        Raises
        ------
        UserError
            If the problem is not sound.
        """
        return nash_group(checked_group(problem))
