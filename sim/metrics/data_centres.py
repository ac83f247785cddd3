"""Data centres: what stands in each state, what lies there, and what firms are building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="data_centres",
    title="Data centres",
    title_id="Pusat data",
    sentence_id="Berapa MW pusat data yang beroperasi, terpakai, dan sedang dibangun perusahaan di tiap negara.",
)
@dataclass(frozen=True)
class DataCentres:
    """MW of data centres in service in each state, the load that lies there, and what firms build there."""

    unit: ClassVar[str] = "MW"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "for blocs"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("capacity_in_service", "load_stored", "capacity_building")

    def measure(self, world: World) -> Floats:
        """Return the three, shape (3, P)."""
        n = world.setting.n_states
        out = np.full((3, world.setting.n_parties), np.nan)
        for k, values in enumerate((world.cloud_capacity[:n], world.stored, world.building)):
            out[k, :n] = values
        return out
