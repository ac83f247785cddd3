"""An agreement ends some months after it entered into force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Made, a_parameter, consequence


@consequence(
    name="lasts",
    title="Lasts",
    title_id="Berjangka",
    sentence="It ends a declared number of months after it entered into force.",
    sentence_id="Berakhir setelah sejumlah bulan tertentu sejak mulai berlaku.",
)
@dataclass(frozen=True)
class Lasts(Consequence):
    """It ends a declared number of months after it entered into force; one that was in force before the run has no known end.

    Attributes
    ----------
    months : str
        The parameter that says how many.
    """

    months: str = a_parameter(meaning="months in force before it is completed or expires")

    fills: ClassVar[tuple[str, ...]] = ("term",)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return the term (months), as the parameter stands at signature."""
        return {} if made.listed else {"term": made.parameter(self.months)}
