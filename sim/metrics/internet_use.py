"""Use of the internet: of all people, of those in least developed states, and the gap to all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="internet_use",
    title="Internet use",
    title_id="Pemakaian internet",
    sentence_id="Berapa bagian orang memakai internet: di seluruh dunia, di negara kurang berkembang, dan selisihnya dengan yang lain.",
)
@dataclass(frozen=True)
class InternetUse:
    """What share of people use the internet: in all states, in the least developed, and how far others are ahead of these."""

    unit: ClassVar[str] = "share of people"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "where a run has no such states"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("internet_use", "internet_use_least_developed", "internet_gap")

    def measure(self, world: World) -> Floats:
        """Return the three shares, shape (3,); NaN where nobody lives in such states."""
        n, roster = world.setting.n_states, world.setting.roster
        people = world.population[:n]
        online = world.internet_use[:n] * people
        least = roster.figures["ldc"][0] > 0.5
        whole, poor, there = people.sum(), people[least].sum(), online[least].sum()
        of_all = online.sum() / whole if whole > 0.0 else np.nan
        of_least = there / poor if poor > 0.0 else np.nan
        others = (online.sum() - there) / (whole - poor) if whole > poor > 0.0 else np.nan
        return np.array([of_all, of_least, others - of_least])
