"""Meetings that bodies held this month or could not hold, talks they helped along, and members that heads of organisations met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.ledger.month import counts_of_month
from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="meetings_of_bodies",
    title="Meetings of bodies",
    title_id="Sidang lembaga",
    sentence_id="Berapa sidang lembaga bulan ini di ruangan, lewat layar, dan batal, serta berapa perundingan yang mereka bantu.",
)
@dataclass(frozen=True)
class MeetingsOfBodies:
    """How many meetings bodies held this month in the room and on a screen, how many not, and whom they helped or their heads met."""

    unit: ClassVar[str] = "count"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"
    public: ClassVar[bool] = True

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        bodies = (f"met_{body}" for body in setting.roster.body_names)
        return ("bodies_met_in_person", "bodies_met_online", "bodies_not_met", "mediations", "receptions", *bodies)

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what the column of each body holds."""
        bodies = setting.roster.bodies
        return {
            f"met_{body}": Meaning(
                f"Meetings: {title}", f"Sidang: {title}", "Meetings held in the room or on a screen.", "Sidang di ruangan atau lewat layar."
            )
            for body, title in zip(bodies.names, bodies.titles, strict=True)
        }

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (5 + bodies,)."""
        each = world.array("met_in_person") + world.array("met_online")
        met = [world.array(name).sum() for name in ("met_in_person", "met_online", "not_met")]
        counts, codes = counts_of_month(world), world.setting.words.codes["event"]
        counted = [counts[codes[name]] for name in ("mediation", "reception")]
        return np.array([*met, *counted, *each], dtype=np.float64)
