r"""The first proposal leaves the other side exactly what waiting for its own turn would bring, and is accepted at once.

.. math::
    u_r(x) - d_r = q_r (u_r(y) - d_r), \quad u_f(y) - d_f = q_f (u_f(x) - d_f), \quad
    q_i = \delta_i^{\Delta / (2 \alpha_i)} (1 - p)^\Delta

with ``x`` and ``y`` on the frontier and inside both win-sets: f proposes ``x`` first (``first`` of the problems), r would propose ``y``;
neither answers yes to less than its reservation value. ``delta`` discount factor per month, ``Delta`` months between offers, ``p`` chance
per month that talks break down, ``alpha`` bargaining weight, which multiplies patience (equal weights leave ``delta`` as it is). The rest
is in :mod:`sim.bargains.rubinstein`. On a unit to divide, ``delta`` of .9 and .8 give the first proposer .714286.

Source: Rubinstein (1982), "Perfect Equilibrium in a Bargaining Model", Econometrica 50, 97-109; Binmore, Rubinstein and Wolinsky (1986),
RAND Journal of Economics 17.
Departs from the first in that the contacts held before the signature stand for the formalities, not for rounds of the game: it ends at
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.problems import Outcomes, Problems, checked
from sim.bargains.rubinstein import rubinstein_outcomes, waiting_factors
from sim.registry import param, part


@part(
    "protocol",
    name="rubinstein",
    title="Patience (Rubinstein)",
    title_id="Kesabaran (Rubinstein)",
    sentence_id="Usulan pertama langsung diterima karena memberi pihak lain persis apa yang akan diperolehnya dengan menunggu gilirannya.",
)
@dataclass(frozen=True)
class Rubinstein:
    """The first proposal is accepted at once, because it leaves the other side exactly what waiting for its own turn would bring."""

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
    discount_first: float = param(
        0.95,
        unit="factor per month",
        low=0.5,
        high=0.999,
        source="assumed",
        meaning="Discount factor per month of the side that proposes first.",
    )
    discount_second: float = param(
        0.95, unit="factor per month", low=0.5, high=0.999, source="assumed", meaning="Discount factor per month of the other side."
    )
    months_between_offers: float = param(1.0, unit="months", low=0.01, high=24.0, source="assumed", meaning="Time between offers.")
    breakdown: float = param(
        0.01, unit="probability per month", low=0.0, high=0.5, source="assumed", meaning="Chance that talks break down for good."
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
        q = waiting_factors(p, (self.discount_first, self.discount_second), self.breakdown, self.months_between_offers)
        return rubinstein_outcomes(p, q)[0]
