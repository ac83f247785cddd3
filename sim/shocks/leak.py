"""Surveillance is laid open in the months in which it was, as recorded.

A leak raises how much a state's surveillance is on people's minds (:mod:`sim.mechanisms.courts`). Months and sizes lie in ``leaks.csv``; a
folder of tables of your own may name other states and months. The rate at which luck brings further leaks (``mechanisms.courts.leak_rate``)
goes on beside them, unless it is set to 0.

Source: COM(2013) 846 on the documents of June 2013; the size of that leak is the unit, other sizes are assumed.
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
    name="leak",
    title="Leaks as recorded",
    title_id="Kebocoran yang tercatat",
    sentence_id="Pengawasan oleh negara terbongkar pada bulan-bulan ketika hal itu memang terjadi.",
)
@dataclass(frozen=True)
class Leak:
    """Surveillance by states is laid open in the months in which it was."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("leaked",)

    strength: float = param(
        1.0, unit="factor", low=0.0, high=5.0, source="assumed", meaning="Factor on the size of every recorded leak; 0 lifts them."
    )

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return how much is laid open of each state this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        found = view.setting.roster.leaks.at(month)
        if not found:
            return ()
        _, party, size = zip(*found, strict=True)
        return (Change("leaked", self.strength * np.array(size), (np.array(party),), how="add"),)
