r"""The parties give way to one another on pairs of issues, each trade gaining both the same; the rest is settled by weight and salience.

In a trade one party's side of issue p shifts by ``dp`` and the other's side of issue q by ``dq = dp (s_ip + s_jp) / (s_iq + s_jq)``,
``s`` being salience. The trade that gains most is made first, until none gains; then each issue is settled at the mean of the positions,
weighed by bargaining weight times salience (:mod:`sim.bargains.exchange`). A party's position is its best text inside its own win-set. The
text is signed if both gain from it and no ratifier rejects it, and refused otherwise: the procedure looks for trades, not for the zone of
agreement.

Source: Stokman and Van Oosten (1994), "The Exchange of Voting Positions", in Bueno de Mesquita and Stokman (eds), European Community
Decision Making.
Departs from it in two parties instead of many, and in salience read off the payoffs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.bargains.exchange import exchange_texts
from sim.bargains.problems import Outcomes, Problems, checked
from sim.bargains.stances import judged
from sim.registry import param, part


@part(
    "protocol",
    name="equal_gain_exchange",
    title="Exchange at equal gains",
    title_id="Pertukaran dengan keuntungan sama",
    sentence_id="Para pihak bertukar posisi atas isu yang lebih penting bagi salah satu; setiap pertukaran menguntungkan keduanya "
    "sama besar.",
)
@dataclass(frozen=True)
class EqualGainExchange:
    """The parties trade positions on issues that matter more to the one than to the other, each trade gaining both the same."""

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
        return judged(p, exchange_texts(p))
