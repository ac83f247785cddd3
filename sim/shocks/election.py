"""Elections are held in the months in which they were held, in place of a rate.

Where ``elections.csv`` speaks for a state, the state votes in the months of its rows and in no other; elsewhere the rate of the mechanism
contacts holds. The table speaks from 2015 to the end of the year of a state's last row.

Source: Bell, Besaw and Frank (2021), "The Rulers, Elections, and Irregular Governance (REIGN) Dataset", to 2021-03; later from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.forced import Change
from sim.registry import part, switch
from sim.state.world import World


@part(
    "shock",
    name="election",
    title="Elections as held",
    title_id="Pemilihan umum yang tercatat",
    sentence_id="Pemilihan umum diadakan pada bulan yang tercatat; di negara tanpa catatan tetap berlaku peluang bulanan.",
)
@dataclass(frozen=True)
class Elections:
    """Elections are held in the months in which they were held; states without a record keep the monthly chance."""

    writes: ClassVar[tuple[str, ...]] = ("vote_shift",)

    recorded: bool = switch(True, source="assumed", meaning="Whether the recorded months hold; without them the shock says nothing.")

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return what is added to the chance that each state votes, 1 or -1, of those for which the table speaks.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        speaks, votes = view.setting.roster.elections.at(month)
        where = np.flatnonzero(speaks)
        if not self.recorded or not len(where):
            return ()
        return (Change("vote_shift", np.where(votes[where], 1.0, -1.0), (where,)),)
