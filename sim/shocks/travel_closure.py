"""Borders close to travellers, state by state and month by month, as they did in the pandemic.

The forcing is the monthly level of OxCGRT indicator C8 (0 none, 1 screening, 2 quarantine, 3 ban on some, 4 total closure), read
as the share of cross-border meetings that cannot be held; between levels the share is drawn straight. After 2022-01 and for
states without the indicator the table holds a stated assumption, flagged by month and state.

Source: Hale et al. (2021), "A global panel database of pandemic policies", Nature Human Behaviour 5. The shares per level are
assumed and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.forced import Change
from sim.registry import param, part
from sim.state.world import World


@part(
    "shock",
    name="travel_closure",
    title="Travel closure",
    title_id="Penutupan perbatasan",
    sentence_id="Perbatasan ditutup bagi pelaku perjalanan, negara demi negara dan bulan demi bulan, seperti selama pandemi.",
)
@dataclass(frozen=True)
class TravelClosure:
    """Borders close to travellers, state by state and month by month, as they did in the pandemic."""

    writes: ClassVar[tuple[str, ...]] = ("closure",)

    screening: float = param(0.1, unit="share of meetings", low=0.0, high=0.5, source="assumed", meaning="Meetings lost at level 1.")
    quarantine: float = param(0.6, unit="share of meetings", low=0.2, high=0.9, source="assumed", meaning="Meetings lost at level 2.")
    ban: float = param(0.85, unit="share of meetings", low=0.4, high=1.0, source="assumed", meaning="Meetings lost at level 3.")
    total: float = param(1.0, unit="share of meetings", low=0.8, high=1.0, source="assumed", meaning="Meetings lost at level 4.")
    strength: float = param(
        1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of the closure that is applied; 0 lifts it."
    )

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return the closure of each state in a month, over what earlier shocks made of it.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        level, _ = view.setting.roster.closure_at(month)
        lost = np.interp(level, np.arange(5.0), [0.0, self.screening, self.quarantine, self.ban, self.total])
        return (Change("closure", self.strength * lost, how="most"),)
