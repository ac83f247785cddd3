"""The party in role 0 pays for what is built in the party in role 1, month by month over the agreement's term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Made, Rate, a_parameter, an_issue, consequence
from sim.consequences.lasts import Lasts
from sim.declare.arrays import Array, array

COST = Rate("cost", 1.0, "USD for one MW of what is built")
OVERHEAD = Rate("overhead", 0.0, "share of each payment that is spent on the way")


@consequence(
    name="builds",
    title="Builds",
    title_id="Membangun",
    sentence="The party in the first role pays each month for capacity that is built in the party in the second.",
    sentence_id="Pihak dalam peran pertama setiap bulan membayar kapasitas yang dibangun di pihak dalam peran kedua.",
)
@dataclass(frozen=True)
class Builds(Consequence):
    """The party in role 0 commits funds, and what they pay for is built in the party in role 1 over the term.

    Attributes
    ----------
    issue : str
        The level of this issue, times the ``commitment`` of the type's draft, is committed in all.
    cost, overhead : str
        The parameters that say what one MW costs, and what share of each payment is lost on the way (empty for none).
    """

    issue: str = an_issue()
    cost: str = a_parameter("cost_per_mw", meaning="USD per MW of data centre")
    overhead: str = a_parameter("overhead", meaning="share of each payment that is spent on the way")

    state: ClassVar[tuple[Array, ...]] = (array("commitment", ("instruments",), unit="USD", meaning="what is promised in all"),)
    rates: ClassVar[tuple[Rate, ...]] = (COST, OVERHEAD)
    beside: ClassVar[tuple[type[Consequence], ...]] = (Lasts,)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return what each text commits (USD)."""
        return {"commitment": made.level(self.issue) * made.whole}
