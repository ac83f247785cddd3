"""The providers of one home fail for a part of each month: those that serve most load of other states, or those that come next.

Who stores data with them cannot reach these data meanwhile, and remembers it (:mod:`sim.mechanisms.market`).

Source: a what-if. Outages of large providers on record last hours to four days; a month is far beyond them, and stands for a failure of law
or of supply (sanctions, a lost licence).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.forced import Change
from sim.registry import choice, param, part
from sim.state.world import World

LARGEST, SECOND = "largest", "second"


@part(
    "shock",
    name="provider_outage",
    title="Providers fail",
    title_id="Penyedia gagal",
    sentence_id="Penyedia komputasi awan dari satu negara asal gagal melayani selama sebagian bulan.",
)
@dataclass(frozen=True)
class ProviderOutage:
    """The cloud providers of one home fail for a part of each month."""

    reads: ClassVar[tuple[str, ...]] = ("serves",)
    writes: ClassVar[tuple[str, ...]] = ("provider_down",)
    targets: ClassVar[tuple[str, ...]] = ("whose",)

    whose: str = choice(
        LARGEST, (LARGEST, SECOND), source="assumed", meaning="Whose providers: those that serve most load of other states, or the next."
    )
    extent: float = param(0.1, unit="share of the month", low=0.0, high=1.0, source="assumed", meaning="How long they fail.")

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return whose providers fail this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        order = np.argsort(-view.serves, kind="stable")
        at = 0 if self.whose == LARGEST else 1
        if at >= len(order) or view.serves[order[at]] <= 0.0:
            return ()
        return (Change("provider_down", self.extent, (order[at : at + 1],), how="most"),)
