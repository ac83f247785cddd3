r"""Candidate texts meet in pairwise contests that each party sways by its weight, and the one most likely to be left standing is signed.

The candidates are spread along the frontier from the one side's best text to the other's, all of them texts that both would sign. Chances
are those of an endless series of challenges (Markov) or of beating all others (conditional): :mod:`sim.bargains.election`.

Source: Wise, Lester and Efird (2015), "An Introduction to the KAPSARC Toolkit for Behavioral Analysis (KTAB) using one-dimensional
spatial models".
Departs from it in two parties, and in that the likeliest text is taken instead of the mean or a draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.election import elected
from sim.bargains.problems import Outcomes, Problems, checked
from sim.registry import choice, param, part


@part(
    "protocol",
    name="condorcet",
    title="Condorcet election",
    title_id="Pemilihan Condorcet",
    sentence_id="Naskah calon diadu berpasangan, dan yang paling mungkin bertahan ditandatangani.",
)
@dataclass(frozen=True)
class Condorcet:
    """Candidate texts meet in pairwise contests, and the one most likely to be left standing is signed."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("efficient", "scale_invariant", "individually_rational")

    contacts_to_conclude: int = param(
        12,
        unit="contacts",
        low=1,
        high=60,
        source="assumed: over a year of talks (six data talks took 4 to 59 months, median 16.5)",
        meaning="Contacts that give rounds, held before the negotiation concludes.",
    )
    candidates: int = param(9, unit="texts", low=3, high=41, source="assumed", meaning="Candidate texts along the frontier.")
    chances: str = choice(
        "markov",
        ("markov", "conditional"),
        source="Wise, Lester and Efird 2015",
        meaning="How pairwise contests make one chance: endless challenges, or beating all others.",
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
        return elected(checked(problems), self.candidates, self.chances == "markov")[0]
