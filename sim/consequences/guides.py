"""A text that binds nobody shows those it is addressed to how a law may look, and what the others need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Covers, Made, a_parameter, an_issue, consequence
from sim.declare.arrays import Array, array


@consequence(
    name="guides",
    title="Guides",
    title_id="Memandu",
    sentence="It binds nobody: those it is addressed to may follow its text in their own law, and their next table is sooner ready.",
    sentence_id="Tidak mengikat siapa pun: yang dituju boleh mengikuti teksnya dalam hukum sendiri, dan perundingan berikutnya "
    "lebih cepat siap.",
)
@dataclass(frozen=True)
class Guides(Consequence):
    """It binds nobody: those it is addressed to may follow its text in their own law, and their next table is sooner ready.

    Attributes
    ----------
    safeguards, localisation : str
        The issues that say how far.
    prepared : str
        The parameter that says what share of a table's preparation it saves.
    """

    safeguards: str = an_issue()
    localisation: str = an_issue()
    prepared: str = a_parameter("prepared", meaning="preparation of a table that it saves, share")

    state: ClassVar[tuple[Array, ...]] = (
        array("safeguards_guided", ("instruments",), unit="index 0-1", meaning="safeguards that it recommends"),
        array("openness_guided", ("instruments",), unit="index 0-1", meaning="share of data that it recommends to let move"),
        array("prepares", ("instruments",), unit="share", meaning="preparation of a table of many that it saves"),
        array("prepared", ("edge",), unit="share", meaning="preparation of a table of many that guidelines in force between the two save"),
    )
    covers: ClassVar[tuple[Covers, ...]] = (Covers("prepared", "prepares"),)

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return what each text recommends, and what it saves."""
        return {
            "safeguards_guided": made.level(self.safeguards),
            "openness_guided": 1.0 - made.level(self.localisation),
            "prepares": made.parameter(self.prepared),
        }
