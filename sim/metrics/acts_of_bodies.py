"""Acts that bodies passed this month, together and each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="acts_of_bodies",
    title="Acts of bodies",
    title_id="Keputusan lembaga",
    sentence_id="Berapa keputusan yang disahkan lembaga bulan ini, bersama dan masing-masing.",
)
@dataclass(frozen=True)
class ActsOfBodies:
    """How many acts bodies passed this month, together and each."""

    unit: ClassVar[str] = "acts"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"
    public: ClassVar[bool] = True

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("acts_of_bodies", *(f"acts_{body}" for body in setting.roster.body_names))

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what the column of each body holds."""
        bodies = setting.roster.bodies
        return {
            f"acts_{body}": Meaning(f"Acts: {title}", f"Keputusan: {title}", "Acts that it passed.", "Keputusan yang disahkannya.")
            for body, title in zip(bodies.names, bodies.titles, strict=True)
        }

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (1 + bodies,)."""
        acts = world.array("acts")
        return np.array([acts.sum(), *acts], dtype=np.float64)
