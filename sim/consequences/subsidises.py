"""The party in role 0 pays a part of what people in the party in role 1 pay for access, month by month over the agreement's term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Adds, Consequence, Made, a_parameter, an_issue, consequence
from sim.consequences.lasts import Lasts
from sim.declare.arrays import Array, array


@consequence(
    name="subsidises",
    title="Subsidises access",
    title_id="Menyubsidi akses",
    sentence="The party in the first role pays each month a part of what people in the party in the second pay for the internet.",
    sentence_id="Pihak dalam peran pertama setiap bulan membayar sebagian biaya internet warga pihak dalam peran kedua.",
)
@dataclass(frozen=True)
class Subsidises(Consequence):
    """The party in role 0 pays each month a part of what people in the party in role 1 pay for the internet.

    Attributes
    ----------
    issue : str
        The level of this issue, times the ``commitment`` of the type's draft, is paid over the term.
    months, overhead : str
        The parameters that say over how many months, and what share of each payment is spent on the way.
    """

    issue: str = an_issue()
    months: str = a_parameter(meaning="months over which it is paid")
    overhead: str = a_parameter("overhead", meaning="share of each payment that is spent on the way")

    state: ClassVar[tuple[Array, ...]] = (
        array("subsidy_funds", ("instruments",), unit="USD a month", meaning="what it pays to users' bills"),
        array("subsidy_overhead", ("instruments",), unit="USD a month", meaning="what that costs on the way"),
    )
    adds: ClassVar[tuple[Adds, ...]] = (
        Adds("paid", "subsidy_funds", 0),
        Adds("paid", "subsidy_overhead", 0),
        Adds("overhead", "subsidy_overhead", 0),
        Adds("received", "subsidy_funds", 1),
        Adds("access_funds", "subsidy_funds", 1),
    )
    beside: ClassVar[tuple[type[Consequence], ...]] = (Lasts,)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return what each text pays a month, and the overhead on it (USD)."""
        month = made.level(self.issue) * made.whole / made.parameter(self.months)
        return {"subsidy_funds": month, "subsidy_overhead": made.parameter(self.overhead) * month}
