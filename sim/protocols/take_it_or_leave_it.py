r"""The side that opened the talks makes one offer, its best among those that the other side gains from.

.. math:: \max_x \; u_f(x) \quad \text{s.t.} \; u_r(x) > r_r, \; u_f(x) > r_f, \; lo \le x \le hi

inside both win-sets: f proposes (``first`` of the problems) and r answers. The answer gains no more than rounding; on issues to which f
is indifferent it has its best. Bargaining weights do not enter. Symbols as in :mod:`sim.bargains.problems`; the solution is in
:mod:`sim.bargains.splits`.

Source: Guth, Schmittberger and Schwarze (1982), "An Experimental Analysis of Ultimatum Bargaining", Journal of Economic Behavior and
Organization 3; in politics: Romer and Rosenthal (1978), "Political Resource Allocation, Controlled Agendas, and the Status Quo", Public
Choice 33.
Departs from them in several issues at once and in that who answers must gain, not only not lose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.bargains.problems import Outcomes, Problems, checked, first_proposers
from sim.bargains.splits import weighted_best
from sim.registry import param, part


@part(
    "protocol",
    name="take_it_or_leave_it",
    title="Take it or leave it",
    title_id="Terima atau tinggalkan",
    sentence_id="Satu pihak mengajukan satu tawaran saja, yaitu yang terbaik baginya yang masih mau ditandatangani pihak lain.",
)
@dataclass(frozen=True)
class TakeItOrLeaveIt:
    """One side makes a single offer, the best for itself that the other will still sign."""

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

    def solve(self, problems: Problems) -> Outcomes:
        """Solve each problem at once.

        Parameters
        ----------
        problems : Problems
            M problems of two parties; ``first`` says who proposes.

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
        return weighted_best(p, np.arange(2) == first_proposers(p)[:, None])
