"""States bound by treaties of many parties, by type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.registry import part
from sim.state.world import Bools, Floats, Ints, Setting, World
from sim.types import Stage

_IN_FORCE = int(Stage.IN_FORCE)


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
        instruments, adherence, many = world.instruments, world.adherence, world.setting.many
        # Who is party to two treaties of one type counts once.
        bound = np.zeros((len(many), world.setting.n_states), dtype=np.bool_)
        _mark(adherence["stage"], adherence["party"], adherence["instrument"], instruments["stage"], instruments["type"], bound)
        return np.asarray(np.add.reduce(bound[many], axis=1, dtype=np.float64))


@jit
def _mark(stage: NDArray[np.int8], party: Ints, instrument: Ints, alive: NDArray[np.int8], kind: Ints, bound: Bools) -> None:
    """Mark which states, (T, N), adherences in force bind by instruments in force."""
    for at in range(stage.shape[0]):
        if stage[at] == _IN_FORCE and party[at] < bound.shape[1] and alive[instrument[at]] == _IN_FORCE:
            bound[kind[instrument[at]], party[at]] = True
