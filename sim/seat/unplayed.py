"""How the model plays a world that nobody plays: a seat's record month by month, to set beside its player's on the same luck.

The world is lived only as far as it is asked for, so that it can show nobody what is still to come; games of one world and one seed may
share it, whatever their seats, and then it is lived once.
"""

from __future__ import annotations

from sim import engine
from sim.seat.score import Record, record_of
from sim.state.world import Setting, World


class Unplayed:
    """The model's own play of one world.

    Parameters
    ----------
    setting : Setting
    seed : int
    """

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting, self.seed = setting, seed
        self._world: World | None = None
        self._records: dict[int, list[Record]] = {}

    def record(self, seat: int, month: int) -> Record:
        """Return what a seat has done as a month begins.

        Parameters
        ----------
        seat : int
            Place on the P axis.
        month : int
            Months since year 0; none before the first of the run.
        """
        if seat not in self._records:
            # Who joins late is told from the first month on: the world is lived again for all.
            self._records = {one: [] for one in (*self._records, seat)}
            self._world = None
        at = month - self.setting.config.start
        while len(self._records[seat]) <= at:
            self._live_on()
        return self._records[seat][at]

    def _live_on(self) -> None:
        if self._world is None:
            self._world = engine.start(self.setting, self.seed, record_offers=True)
        else:
            engine.step(self._world)
        for seat, told in self._records.items():
            told.append(record_of(self._world, seat))
