"""Digital trade grows between those an agreement binds, as far as its text lets data move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Covers, Made, Rate, a_parameter, an_issue, consequence
from sim.declare.arrays import Array, array

TRADE = Rate("effect", 0.0, "share of digital trade added between those covered")


@consequence(
    name="adds_trade",
    title="Adds trade",
    title_id="Menambah perdagangan",
    sentence="Digital trade grows between those it binds, but for the data that its text keeps at home.",
    sentence_id="Perdagangan digital tumbuh di antara yang terikat, kecuali bagi data yang menurut teksnya harus tetap di dalam negeri.",
)
@dataclass(frozen=True)
class AddsTrade(Consequence):
    """Digital trade grows between those it binds, but for the data that its text keeps at home.

    Attributes
    ----------
    kept : str
        The issue that says what share of data stays at home; empty where its texts keep nothing.
    effect : str
        The parameter that says what share of digital trade is added where all data move.
    """

    kept: str = an_issue("")
    effect: str = a_parameter("trade_effect", meaning="digital trade added between those covered, share")

    state: ClassVar[tuple[Array, ...]] = (
        array("moving", ("instruments",), unit="share of data", meaning="data that its text lets move"),
        array(
            "freed",
            ("type", "edge"),
            unit="share of data",
            meaning="data that an instrument in force lets move, by its text, as the month began",
        ),
    )
    rates: ClassVar[tuple[Rate, ...]] = (TRADE,)
    covers: ClassVar[tuple[Covers, ...]] = (Covers("freed", "moving"),)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return the share of data that each text lets move: what a text does not say, it does not ask for."""
        return {"moving": 1.0 - made.level(self.kept)}
