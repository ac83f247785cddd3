"""The party in role 0 pays for the teaching of people in the party in role 1, month by month over the agreement's term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Adds, Consequence, Made, a_parameter, an_issue, consequence
from sim.consequences.lasts import Lasts
from sim.declare.arrays import Array, array


@consequence(
    name="trains",
    title="Trains",
    title_id="Melatih",
    sentence="The party in the first role pays each month for teaching people in the party in the second.",
    sentence_id="Pihak dalam peran pertama setiap bulan membiayai pelatihan warga pihak dalam peran kedua.",
)
@dataclass(frozen=True)
class Trains(Consequence):
    """The party in role 0 pays each month for teaching people in the party in role 1.

    Attributes
    ----------
    issue : str
        The level of this issue, times a share of the ``commitment`` of the type's draft, is paid over the term.
    share, months, overhead : str
        The parameters that say which share, over how many months, and what share of each payment is spent on the way.
    """

    issue: str = an_issue()
    share: str = a_parameter(meaning="what teaching costs at a level of 1, share of the commitment")
    months: str = a_parameter(meaning="months over which it is paid")
    overhead: str = a_parameter("overhead", meaning="share of each payment that is spent on the way")

    state: ClassVar[tuple[Array, ...]] = (
        array("training_funds", ("instruments",), unit="USD a month", meaning="what it pays for teaching"),
        array("training_overhead", ("instruments",), unit="USD a month", meaning="what that costs on the way"),
    )
    adds: ClassVar[tuple[Adds, ...]] = (
        Adds("paid", "training_funds", 0),
        Adds("paid", "training_overhead", 0),
        Adds("overhead", "training_overhead", 0),
        Adds("received", "training_funds", 1),
        Adds("learning_funds", "training_funds", 1),
    )
    beside: ClassVar[tuple[type[Consequence], ...]] = (Lasts,)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return what each text pays a month for teaching, and the overhead on it (USD)."""
        month = made.level(self.issue) * made.parameter(self.share) * made.whole / made.parameter(self.months)
        return {"training_funds": month, "training_overhead": made.parameter(self.overhead) * month}
