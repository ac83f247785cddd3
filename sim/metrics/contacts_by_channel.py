"""Contacts held this month, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import contacts_held
from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="contacts_by_channel",
    title="Contacts by channel",
    title_id="Kontak menurut saluran",
    sentence_id="Berapa kontak bulan ini berupa kunjungan, pertemuan puncak, telepon, video, atau surat.",
)
@dataclass(frozen=True)
class ContactsByChannel:
    """How many of the month's contacts were visits, meetings at summits, calls, video events and messages."""

    unit: ClassVar[str] = "contacts a month"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"contacts_{channel}" for channel in setting.words.channels)

    def measure(self, world: World) -> Floats:
        """Return the counts, a number for each channel of the run."""
        held = world.events["channel"][contacts_held(world)]
        return np.bincount(held, minlength=len(world.setting.words.channels)).astype(np.float64)
