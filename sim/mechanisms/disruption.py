"""Shocks that are on lie over the month as overlays.

What they change is read from the month without them, so that lifting one is its absence.

Overlays are laid in the order of their names and values; each sees what the earlier ones made. A bloc is as closed as its members
are on average, by population.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.dated import active, marks
from sim.declare.arrays import Array, array
from sim.declare.words import Word, event
from sim.registry import part
from sim.world import World

BASE = {"closure": 0.0}
"""What an undisturbed month holds of each array that shocks may change."""


@part(
    "mechanism",
    name="disruption",
    title="Disruption",
    title_id="Gangguan",
    sentence_id="Guncangan yang sedang berlangsung diletakkan di atas bulan itu; yang berakhir tidak meninggalkan jejak.",
)
@dataclass(frozen=True)
class Disruption:
    """The shocks that are on are laid over the month, and those that end leave no trace of their own."""

    reads: ClassVar[tuple[str, ...]] = ("member", "population")
    writes: ClassVar[tuple[str, ...]] = ("closure",)
    tables: ClassVar[tuple[str, ...]] = ("events",)
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "closure", ("party",), unit="share of meetings", meaning="cross-border meetings that cannot be held this month", forcing=True
        ),
    )
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "dated_event",
            "Dated event",
            "Peristiwa bertanggal",
            "Something that the scenario says happened this month and that no rule plays.",
            "Sesuatu yang menurut skenario terjadi bulan ini dan tidak dimainkan oleh aturan mana pun.",
            columns=("value",),
            public="everyone",
        ),
    )

    def step(self, world: World, decide: Any) -> None:
        """Lay this month's overlays."""
        setting, n = world.setting, world.setting.n_states
        arrays = {name: np.full(n, value) for name, value in BASE.items()}
        for shock in active(setting.config, world.month):
            arrays.update(shock.overlay(setting, world.month, arrays))
        for name, values in arrays.items():
            target = getattr(world, name)
            target[:n] = values
            for b in range(len(setting.roster.blocs)):
                inside = world.member[b]
                people = world.population[:n][inside]
                target[n + b] = np.sum(values[inside] * people) / np.sum(people) if inside.any() else BASE[name]
        for place in marks(setting.config, world.month):
            world.events.append(month=world.month, event=setting.words.code("event", "dated_event"), value=float(place))
