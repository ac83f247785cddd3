r"""Who governs, and how far from those at home: drawn when a government comes to office, and kept until the next one comes.

An executive stands :math:`\ell_i` domestic spreads from its state's own ideal points, along the direction that an agreement type
declares (``ratifiers``); above 0 it stands on the side on which ratifiers lie. Its pivotal ratifier stands :math:`p_i` spreads further
than the quota alone asks: 0 under a unified government, more under a divided one.

.. math:: \ell_i = R(g_i)(2 u_1 - 1), \qquad p_i = [u_2 < \delta] \, P(g_i) \, u_3, \qquad R(g) = R_0 + (R_3 - R_0) \, g / 3

``g`` the regime (Regimes of the World, 0 to 3) of the year in which the government came to office, ``R`` and ``P`` the ranges (``P`` is
told like ``R``), ``delta`` the share of divided governments, ``u`` uniform luck by state and month of coming to office. A government
comes with an election (``elected``). A closed autocracy (``g = 0``) elects no executive: there a successor comes at a monthly rate. A
bloc has no election of its own: it leans as its members do on average, by people, and their assent is asked as its rule says.

Source: Regimes of the World: Luehrmann, Tannenberg and Lindberg (2018), Politics and Governance 6; that a government leans more freely
where power alternates, that divided ones ratify less: Milner (1997), "Interests, Institutions, and Information"; ranges are assumed,
because no data on parties are used. Departs from them in that an election always brings a new draw, though many executives are
re-elected, and that draws do not remember the government before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.registry import param, part, switch
from sim.rng import uniforms
from sim.state.world import Bools, Floats, World

MOST = 3.0
"""The regime of a liberal democracy, where the ranges are those named so."""


@part(
    "mechanism",
    name="executives",
    title="Executives",
    title_id="Eksekutif",
    sentence_id="Pemilihan umum membawa pemerintahan baru, dengan kehendak dan pendukung yang lain di dalam negeri.",
)
@dataclass(frozen=True)
class Executives:
    """An election brings another government, with other wishes and other support at home."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "governments_alike",
            "One government of a state wants what the next one wants, and none is divided.",
            "Setiap pemerintahan suatu negara menghendaki hal yang sama, dan tidak ada yang terbelah.",
            (("mechanisms.executives.differ", False),),
            "never_ratified",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("elected", "member", "population")
    writes: ClassVar[tuple[str, ...]] = ("leaning", "pivot", "in_office")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "leaning",
            ("party",),
            unit="domestic spreads",
            meaning="how far the executive stands from its state's own ideal points, above 0 towards its ratifiers",
        ),
        array(
            "pivot",
            ("party",),
            unit="domestic spreads",
            meaning="how much further its pivotal ratifier stands from the executive than the quota asks, 0 where united",
        ),
        array(
            "in_office", ("party",), dtype="int32", start=-1, unit="month", refers="month", meaning="since when its government is in office"
        ),
    )

    differ: bool = switch(True, source="assumed", meaning="Whether governments of one state differ, and some are divided.")
    leaning_closed: float = param(
        0.4,
        unit="domestic spreads",
        low=0.0,
        high=2.0,
        source="assumed",
        meaning="Furthest that the executive of a closed autocracy leans either way, R_0.",
    )
    leaning_liberal: float = param(
        1.0,
        unit="domestic spreads",
        low=0.0,
        high=2.0,
        source="assumed",
        meaning="The same in a liberal democracy, R_3; straight between the two for other regimes.",
    )
    pivot_closed: float = param(
        0.0,
        unit="domestic spreads",
        low=0.0,
        high=2.0,
        source="assumed",
        meaning="Furthest that the pivotal ratifier of a divided government stands beyond the quota in a closed autocracy, P_0.",
    )
    pivot_liberal: float = param(
        1.0, unit="domestic spreads", low=0.0, high=2.0, source="assumed", meaning="The same in a liberal democracy, P_3."
    )
    divided: float = param(
        0.4, unit="share of governments", low=0.0, high=1.0, source="assumed", meaning="Share of governments that are divided, delta."
    )
    succession_rate: float = param(
        0.008,
        unit="probability a month",
        low=0.0,
        high=0.1,
        source="assumed: about one executive in ten years",
        meaning="Chance that a closed autocracy, which elects no executive, has a new one.",
    )

    def begin(self, world: World) -> None:
        """Draw the governments that are in office as the run begins, as if they had come the month before."""
        self._come(world, where_true(np.ones(world.setting.n_states, dtype=np.bool_)), world.month - 1)
        self._lead_blocs(world)

    def step(self, world: World, decide: Any) -> None:
        """Let new governments come to office, and blocs lean as their members do."""
        self._come(world, where_true(self.new(world)), world.month)
        self._lead_blocs(world)

    def new(self, world: World) -> Bools:
        """Say which states have a new government this month, shape (N,)."""
        setting = world.setting
        n, closed = setting.n_states, _regime(world, world.month) < 1.0
        succeeded = uniforms(world.seed, luck.SUCCESSION, world.month, setting.identity[:n]) < self.succession_rate
        return np.where(closed, succeeded, world.elected[:n])

    def _come(self, world: World, states: Any, month: int) -> None:
        """Draw the governments of some states that came to office in a month."""
        world.in_office[states] = month
        if not self.differ:
            world.leaning[:], world.pivot[:] = 0.0, 0.0
            return
        if len(states) == 0:
            return
        # Of the government in office as the run begins the regime is that of the first month.
        regime, who = _regime(world, world.month)[states] / MOST, world.setting.identity[states]
        wide, far = (low + (high - low) * regime for low, high in self.ranges())
        lean, split, where = (uniforms(world.seed, luck.GOVERNMENT, month, who, word=word) for word in (0, 1, 2))
        world.leaning[states] = wide * (2.0 * lean - 1.0)
        world.pivot[states] = np.where(split < self.divided, far * where, 0.0)

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges of leaning and of the pivot, in a closed autocracy and in a liberal democracy."""
        return (self.leaning_closed, self.leaning_liberal), (self.pivot_closed, self.pivot_liberal)

    def _lead_blocs(self, world: World) -> None:
        n = world.setting.n_states
        for b in range(len(world.setting.roster.blocs)):
            inside = where_true(world.member[b])
            people = world.population[inside]
            whole = math.fsum(people)
            world.leaning[n + b] = math.fsum(people * world.leaning[inside]) / whole if whole > 0.0 else 0.0


def _regime(world: World, month: int) -> Floats:
    """Return the regime of each state as it is known in a month, shape (N,)."""
    roster = world.setting.roster
    return np.asarray(roster.figures["regime"][roster.year_row(month)], dtype=np.float64)
