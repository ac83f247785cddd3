"""Vaccine is there to be given or sold abroad in the months in which it was.

``vaccine_supply.csv`` says how many doses each supplier shipped abroad in a month. To whom they go is decided in the model
(:mod:`sim.mechanisms.vaccines`). Without this shock nobody has any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.declare.forced import Change
from sim.registry import param, part
from sim.state.world import World


@part(
    "shock",
    name="vaccines",
    title="Vaccine to give and to sell",
    title_id="Vaksin untuk diberi dan dijual",
    sentence_id="Vaksin tersedia untuk diberikan atau dijual ke luar negeri pada bulan ketika memang ada.",
)
@dataclass(frozen=True)
class Vaccines:
    """Vaccine is there to be given or sold abroad in the months in which it was."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("vaccine_supply",)

    strength: float = param(
        1.0, unit="factor", low=0.0, high=3.0, source="assumed", meaning="Factor on the doses of every supplier; 0 leaves none."
    )

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return the doses that each supplier ships abroad this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        supplier, doses = view.setting.roster.vaccines.at(month)
        if not len(supplier) or self.strength == 0.0:
            return ()
        return (Change("vaccine_supply", self.strength * doses, (supplier,)),)
