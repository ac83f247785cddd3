"""Instruments that are signed and wait for somebody's ratifiers at the end of the month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.votes import pending
from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="awaiting_ratification",
    title="Awaiting ratification",
    title_id="Menunggu ratifikasi",
    sentence_id="Berapa instrumen yang sudah ditandatangani dan masih menunggu persetujuan di dalam negeri pada akhir bulan.",
)
@dataclass(frozen=True)
class AwaitingRatification:
    """How many signed instruments wait for consent at home at the end of the month."""

    unit: ClassVar[str] = "instruments"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("awaiting_ratification",)

    def measure(self, world: World) -> Floats:
        """Return the count, shape (1,)."""
        waits = np.zeros(len(world.instruments), dtype=np.bool_)
        waits[world.adherence["instrument"][pending(world)]] = True
        return np.array([np.count_nonzero(waits)], dtype=np.float64)
