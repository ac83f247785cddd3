"""Limits on building data centres act as recorded: moratoria, full grids, water; or no state lets firms build.

``recorded`` are those of ``site_limits.csv`` in their months (a folder of tables of your own may name others); ``everywhere`` is a
what-if. Part of what firms would build is not begun (:mod:`sim.mechanisms.data_centres`), and no provider opens its first region where
nothing may be built. What is under construction goes on.

Source: the table; how much of a state's building a limit on one place forbids is our coding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.forced import Change
from sim.registry import choice, param, part
from sim.state.world import World

RECORDED, EVERYWHERE = "recorded", "everywhere"


@part(
    "shock",
    name="site_limits",
    title="Limits on building",
    title_id="Batas pembangunan",
    sentence_id="Batas pembangunan pusat data berlaku: moratorium, jaringan listrik penuh, atau kekurangan air.",
)
@dataclass(frozen=True)
class SiteLimits:
    """Limits on building data centres act: moratoria, full grids, lack of water."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("site_stop",)
    targets: ClassVar[tuple[str, ...]] = ("what",)

    what: str = choice(RECORDED, (RECORDED, EVERYWHERE), source="assumed", meaning="Which limits: those on record, or one in every state.")
    extent: float = param(
        1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of each that acts; everywhere, part that is forbidden."
    )

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return what may not be built this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        if self.what == EVERYWHERE:
            return (Change("site_stop", self.extent, how="most"),)
        found = view.setting.roster.clouds.limits.at(month)
        if not found:
            return ()
        rows = np.array(sorted(found), dtype=np.int64)
        return (Change("site_stop", self.extent * np.array([found[row] for row in rows.tolist()]), (rows,), how="most"),)
