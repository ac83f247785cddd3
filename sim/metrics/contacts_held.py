"""Contacts a state took part in this month, whoever opened them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import contacts_held
from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="contacts_held",
    title="Contacts held",
    title_id="Kontak yang diikuti",
    sentence_id="Berapa kontak yang diikuti sebuah negara bulan ini, siapa pun yang memulainya.",
)
@dataclass(frozen=True)
class ContactsHeld:
    """How many contacts a state took part in this month, whoever opened them."""

    unit: ClassVar[str] = "contacts a month"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("contacts_held",)

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (1, P)."""
        events, held, n = world.events, contacts_held(world), world.setting.n_parties
        both = np.bincount(events["party_a"][held], minlength=n) + np.bincount(events["party_b"][held], minlength=n)
        return both[None, :].astype(np.float64)
