"""Those an agreement binds share reports of incidents and hold to common standards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Made, an_issue, consequence
from sim.declare.arrays import Array, array


@consequence(
    name="shares",
    title="Shares",
    title_id="Berbagi",
    sentence="Those it binds share reports of incidents and hold to common standards, as far as its text says.",
    sentence_id="Yang terikat berbagi laporan insiden dan memegang standar bersama, sejauh disebut dalam teksnya.",
)
@dataclass(frozen=True)
class Shares(Consequence):
    """Those it binds share reports of incidents and hold to common standards, as far as its text says.

    Attributes
    ----------
    issue : str
        The issue that says how far.
    """

    issue: str = an_issue()

    state: ClassVar[tuple[Array, ...]] = (
        array("shared", ("instruments",), unit="share of standards and reports", meaning="standards and reports held in common"),
    )

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return how far each text shares; 0 where it says nothing."""
        return {"shared": made.level(self.issue)}
