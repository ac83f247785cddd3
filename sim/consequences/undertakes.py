"""The party in role 1 undertakes a level of protection, which is its own law from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Made, an_issue, consequence
from sim.declare.arrays import Array, array


@consequence(
    name="undertakes",
    title="Undertakes",
    title_id="Menyanggupi",
    sentence="The party in the second role undertakes what its text says; it then holds towards everybody.",
    sentence_id="Pihak dalam peran kedua menyanggupi isi teksnya; janji itu lalu berlaku terhadap semua pihak.",
)
@dataclass(frozen=True)
class Undertakes(Consequence):
    """The party in the second role undertakes what its text says; it then holds towards everybody.

    Attributes
    ----------
    safeguards, redress : str
        The issues that say how far.
    """

    safeguards: str = an_issue()
    redress: str = an_issue()

    state: ClassVar[tuple[Array, ...]] = (
        array("safeguards_undertaken", ("instruments",), unit="index 0-1", meaning="safeguards that its second party undertakes"),
        array("redress_undertaken", ("instruments",), unit="index 0-1", meaning="redress that its second party undertakes"),
    )

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return how far each text undertakes; 0 where it says nothing."""
        return {"safeguards_undertaken": made.level(self.safeguards), "redress_undertaken": made.level(self.redress)}
