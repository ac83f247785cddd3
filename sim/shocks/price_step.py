"""Cloud prices take a step: of all providers, or of those of the home that serves most load of other states.

Source: a what-if. List prices fell by 7 to 10 % a year from 2009 to 2016 (NBER 25188, from memory); a step up stands for taxes or energy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.forced import Change
from sim.registry import choice, param, part
from sim.state.world import World

ALL, LARGEST = "all", "largest"


@part(
    "shock",
    name="price_step",
    title="Cloud prices step",
    title_id="Harga awan melompat",
    sentence_id="Harga semua penyedia komputasi awan, atau penyedia dari negara asal terbesar, berubah sekaligus.",
)
@dataclass(frozen=True)
class PriceStep:
    """What cloud providers ask is another price, all of them or those of the largest home."""

    reads: ClassVar[tuple[str, ...]] = ("serves",)
    writes: ClassVar[tuple[str, ...]] = ("provider_price",)
    targets: ClassVar[tuple[str, ...]] = ("whose",)

    whose: str = choice(LARGEST, (ALL, LARGEST), source="assumed", meaning="Whose prices: all providers', or those of the largest home.")
    factor: float = param(1.5, unit="ratio", low=0.2, high=5.0, source="assumed", meaning="What they ask, over what they would ask.")

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return whose prices are others this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        if self.whose == ALL:
            return (Change("provider_price", self.factor, how="scale"),)
        if not (view.serves > 0.0).any():
            return ()
        return (Change("provider_price", self.factor, (np.array([int(np.argmax(view.serves))]),), how="scale"),)
