"""People online: how many of each party use the internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.registry import part
from sim.state.world import Floats, Setting, World


@part(
    "metric",
    name="people_online",
    title="People online",
    title_id="Pengguna internet",
    sentence_id="Berapa orang di setiap pihak memakai internet.",
)
@dataclass(frozen=True)
class PeopleOnline:
    """How many people of each party use the internet."""

    unit: ClassVar[str] = "people"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("people_online",)

    def measure(self, world: World) -> Floats:
        """Return people, shape (1, P)."""
        return (world.internet_use * world.population)[None, :]
