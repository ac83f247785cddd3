r"""On each issue the parties weigh what they can expect from a challenge; who expects less gives way, and the rest is settled by weight.

Chances to win follow bargaining weight times salience, the corrected way or as published (:mod:`sim.bargains.challenge`, which says what
differs). A party's position is its best text inside its own win-set. The text is signed if both gain from it and no ratifier rejects it,
and refused otherwise: a challenge is won on one issue at a time, whatever that does to the whole.

Source: Bueno de Mesquita (1997), "A Decision Making Model: Its Structure and Form", International Interactions 23; Scholz, Calbert and
Smith (2011), Journal of Theoretical Politics 23.
Departs from them in two parties, risk neutral, who challenge one another on each issue apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.challenge import challenge_texts
from sim.bargains.problems import Outcomes, Problems, checked
from sim.bargains.stances import judged
from sim.registry import choice, param, part


@part(
    "protocol",
    name="expected_utility",
    title="Expected-utility challenge",
    title_id="Tantangan utilitas harapan",
    sentence_id="Pada setiap isu, pihak yang mengharapkan lebih sedikit dari menantang pihak lain akan mengalah.",
)
@dataclass(frozen=True)
class ExpectedUtility:
    """On each issue the side that expects less from challenging the other gives way."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("symmetric", "scale_invariant", "individually_rational")

    contacts_to_conclude: int = param(
        12,
        unit="contacts",
        low=1,
        high=60,
        source="assumed: over a year of talks (six data talks took 4 to 59 months, median 16.5)",
        meaning="Contacts that give rounds, held before the negotiation concludes.",
    )
    challenges: int = param(3, unit="rounds", low=0, high=20, source="assumed", meaning="Rounds of challenges before the rest is settled.")
    form: str = choice(
        "corrected",
        ("corrected", "published"),
        source="Scholz, Calbert and Smith 2011",
        meaning="Whether the chances of two rivals to win sum to one, or are those of the published formula.",
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
            AGREED, REFUSED, NO_ZONE, NO_WIN_SET or NO_TEXT for each; ``step`` is 0.

        Raises
        ------
        UserError
            If the problems are not sound.
        """
        p = checked(problems)
        return judged(p, challenge_texts(p, self.challenges, self.form == "published"))
