"""Instruments signed this month, by type that states may negotiate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import counts_of_month
from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Event


@part(
    "metric",
    name="signatures",
    title="New signatures",
    title_id="Penandatanganan baru",
    sentence_id="Berapa instrumen dari tiap jenis yang ditandatangani bulan ini.",
)
@dataclass(frozen=True)
class Signatures:
    """How many instruments of each type were signed this month."""

    unit: ClassVar[str] = "signatures a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"new_signatures_{one.name}" for one in setting.types if one.negotiable)

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (number of negotiable types,)."""
        events, types = world.events, world.setting.types
        negotiable = [one.negotiable for one in types]
        if not counts_of_month(world)[int(Event.SIGNATURE)]:
            return np.zeros(sum(negotiable))
        first = world.first_event(world.month - 1)
        # Each party to a treaty of many signs it: an instrument counts once.
        signed = np.zeros(len(world.instruments), dtype=np.bool_)
        signed[events["instrument"][first:][events["event"][first:] == int(Event.SIGNATURE)]] = True
        counts = np.bincount(world.instruments["type"][signed], minlength=len(types)).astype(np.float64)
        return counts[negotiable]
