"""Providers of the party in role 0 hand technology over to those of the party in role 1, month by month over the agreement's term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Adds, Consequence, Made, a_parameter, an_issue, consequence
from sim.consequences.lasts import Lasts
from sim.declare.arrays import Array, array


@consequence(
    name="hands_over",
    title="Hands over technology",
    title_id="Mengalihkan teknologi",
    sentence="Cloud technology passes each month from the party in the first role to providers of the party in the second.",
    sentence_id="Setiap bulan teknologi awan beralih dari pihak dalam peran pertama ke penyedia milik pihak dalam peran kedua.",
)
@dataclass(frozen=True)
class HandsOver(Consequence):
    """Cloud technology passes each month from the party in role 0 to providers of the party in role 1.

    Attributes
    ----------
    issue : str
        The level of this issue is handed over in all, as an index.
    taken_up, months : str
        The parameters that say which part takes root, and over how many months.
    """

    issue: str = an_issue()
    taken_up: str = a_parameter(meaning="part of what is handed over that takes root")
    months: str = a_parameter(meaning="months over which it is handed over")

    state: ClassVar[tuple[Array, ...]] = (
        array("technology_a_month", ("instruments",), unit="index a month", meaning="technology of own providers that it adds"),
    )
    adds: ClassVar[tuple[Adds, ...]] = (Adds("technology_offered", "technology_a_month", 1),)
    beside: ClassVar[tuple[type[Consequence], ...]] = (Lasts,)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return what each text adds a month; nothing where it was in force before the run, for it is in the figures then."""
        month = made.level(self.issue) * made.parameter(self.taken_up) / made.parameter(self.months)
        return {"technology_a_month": 0.0 if made.listed else month}
