r"""A mediator with a leaning of its own revises one text as long as both sides prefer the change.

The sides tell the mediator only whether they prefer a change, each by its own payoffs and win-set (:mod:`sim.bargains.single_text`). The
text is signed if both gain from it and no ratifier rejects it, and refused otherwise. It claims no axiom but that nobody signs at a loss;
how far it stays from the frontier is told by :func:`sim.bargains.fair.distance_to_frontier`.

Source: Fisher (1978), "International Mediation: A Working Guide"; Raiffa (1982), "The Art and Science of Negotiation", chapter 14.
Departs from them in a mediator who knows of the sides nothing but their answers and where they opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.problems import Outcomes, Problems, checked
from sim.bargains.single_text import single_texts
from sim.bargains.stances import judged
from sim.registry import param, part


@part(
    "protocol",
    name="single_text",
    title="Single text of a mediator",
    title_id="Naskah tunggal penengah",
    sentence_id="Seorang penengah memperbaiki satu naskah selama kedua pihak menyukai perubahannya, condong ke arah "
    "yang diinginkannya sendiri.",
)
@dataclass(frozen=True)
class SingleText:
    """A mediator revises one text as long as both sides prefer the change, leaning towards what it would like itself."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "private"
    claims: ClassVar[tuple[str, ...]] = ("individually_rational",)

    contacts_to_conclude: int = param(
        12,
        unit="contacts",
        low=1,
        high=60,
        source="assumed: over a year of talks (six data talks took 4 to 59 months, median 16.5)",
        meaning="Contacts that give rounds, held before the negotiation concludes.",
    )
    lean: float = param(
        0.5,
        unit="share of an issue's range",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Where on every issue, between its bounds, the mediator would have the text itself.",
    )
    revisions: int = param(100, unit="revisions", low=0, high=1000, source="assumed", meaning="Revisions before the text is put to both.")

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
        return judged(p, single_texts(p, self.lean, self.revisions))
