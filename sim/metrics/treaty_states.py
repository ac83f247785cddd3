"""States bound by treaties of many parties, by type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import where_true
from sim.registry import part
from sim.state.world import Floats, Setting, World
from sim.types import Stage


@part(
    "metric",
    name="treaty_states",
    title="States in treaties of many",
    title_id="Negara dalam perjanjian banyak pihak",
    sentence_id="Berapa negara yang pada akhir bulan terikat pada perjanjian banyak pihak dari tiap jenis.",
)
@dataclass(frozen=True)
class TreatyStates:
    """How many states at least one treaty of many parties binds at the end of the month, by type."""

    unit: ClassVar[str] = "states"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return tuple(f"states_in_{one.name}" for one, many in zip(setting.types, setting.many, strict=True) if many)

    def measure(self, world: World) -> Floats:
        """Return the counts, shape (number of types of many parties,)."""
        instruments, adherence, n = world.instruments, world.adherence, world.setting.n_states
        stage, many = int(Stage.IN_FORCE), world.setting.many
        alive = where_true((adherence["stage"] == stage) & (adherence["party"] < n))
        alive = alive[instruments["stage"][adherence["instrument"][alive]] == stage]
        party, of = adherence["party"][alive], instruments["type"][adherence["instrument"][alive]]
        # Who is party to two treaties of one type counts once.
        bound = np.zeros((len(many), n), dtype=np.bool_)
        bound[of, party] = True
        return np.asarray(np.add.reduce(bound[many], axis=1, dtype=np.float64))
