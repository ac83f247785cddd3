"""Surveillance by the home of the providers that serve most load of other states is laid open, once, as this shock begins.

The shock ``leak`` lays open what was laid open on record; this one asks what if. How long people mind, and what follows in court:
:mod:`sim.mechanisms.courts`. The cloud market reads it as well (:mod:`sim.mechanisms.market`).

Source: a what-if; a size of 1 is that of June 2013.
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
    name="surveillance_leak",
    title="Surveillance laid open",
    title_id="Pengawasan terbongkar",
    sentence_id="Pengawasan oleh negara asal penyedia terbesar terbongkar, sekali, saat guncangan ini mulai.",
)
@dataclass(frozen=True)
class SurveillanceLeak:
    """Surveillance by the home of the largest cloud providers is laid open."""

    reads: ClassVar[tuple[str, ...]] = ("serves",)
    writes: ClassVar[tuple[str, ...]] = ("leaked",)

    size: float = param(1.0, unit="leaks", low=0.0, high=5.0, source="assumed", meaning="How much is laid open; 1 is the leak of 2013.")

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return what is laid open this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        if month != since or not (view.serves > 0.0).any():
            return ()
        return (Change("leaked", self.size, (np.array([int(np.argmax(view.serves))]),), how="add"),)
