"""Meetings on a screen that the state of the host could hear though it has no seat at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.ledger.month import contacts_held
from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Channel


@part(
    "metric",
    name="screen_heard",
    title="Meetings that others could hear",
    title_id="Rapat yang dapat disadap",
    sentence_id="Berapa bagian rapat layar bulan ini yang dapat didengar negara lain, atau negara musuh, sebagai tuan rumah platform.",
)
@dataclass(frozen=True)
class ScreenHeard:
    """Which part of the month's meetings on a screen a third state, or one hostile to a side, could hear as the platform's host."""

    unit: ClassVar[str] = "share"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"
    undefined: ClassVar[str] = "in a month without a meeting on a screen"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names: by a third state, and by one that is too hostile to a side for talks of two."""
        return ("heard_foreign", "heard_hostile")

    def measure(self, world: World) -> Floats:
        """Return both shares; hardware bridges and hosts outside the run are heard by nobody."""
        events, setting, held = world.events, world.setting, contacts_held(world)
        held = held[(events["platform_used"][held] >= 0) & (events["channel"][held] != int(Channel.CALL))]
        if not len(held):
            return np.full(2, np.nan)
        k, one, other = events["platform_used"][held], events["party_a"][held], events["party_b"][held]
        own = world.own_law[one, k] | world.own_law[other, k]
        home = np.concatenate(([-1], setting.roster.video.clouds.home))[k]
        foreign = (home >= 0) & ~own
        hostile = np.zeros(len(k), dtype=np.bool_)
        for at in np.flatnonzero(foreign).tolist():
            seen = (setting.edges.find(int(party[at]), int(home[at])) for party in (one, other))
            hostile[at] = any(edge >= 0 and world.hostile[edge] for edge in seen)
        return np.array((foreign.mean(), hostile.mean()))
