r"""The strong impose: the side with more capability makes one offer, take it or leave it, where it can take most.

.. math:: pull_{ij} = G_s \, GDP_s / 10^4

``s`` is the side with more capability, ``G_s`` (bp of its GDP a year) what it gains by the best text that the other side still signs: the
text of the protocol ``take_it_or_leave_it``. It leaves the other side its reservation value, unless the stronger has its very best already
where the other gains something too. Pairs without such a text never talk. Talks conclude with that text on the interests of the day;
both sides accept, and those at home consent, by what it is worth to them.

Source: Krasner (1991), "Global Communications and National Power", World Politics 43, and Gruber (2000), "Ruling the World" (the weak join
what they would rather not have); Drezner (2007), "All Politics Is Global"; the offer: Romer and Rosenthal (1978), Public Choice 33
(all from memory).
Departs from them in that no threat makes the weaker worse off than no agreement: power is to set the text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from sim.bargains.problems import Outcomes, Problems
from sim.decide.theory import Theory
from sim.protocols.take_it_or_leave_it import TakeItOrLeaveIt
from sim.registry import part
from sim.stakes.governments import led
from sim.stakes.payoffs import BP, to_problems
from sim.stakes.stakes import Groups
from sim.state.world import Floats, Ints, World
from sim.types import Status


@part(
    "rival",
    name="coercion",
    title="Coercion",
    title_id="Pemaksaan",
    sentence_id="Pihak yang lebih kuat memberi satu tawaran, terima atau tinggalkan, di tempat ia mendapat paling banyak.",
)
@dataclass(frozen=True)
class Coercion(Theory):
    """The stronger side makes one offer, take it or leave it, where it can take most."""

    by_interest: ClassVar[bool] = True

    def hopes(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return what each side would gain by the stronger side's offer, (G, 2), bp of own GDP a year; 0 where there is none."""
        stakes = view.setting.types[type_index].coefficients(view, groups).dyads()
        stakes = led(view, type_index, stakes, groups.first, groups.second)
        weaker = view.capability[groups.first] < view.capability[groups.second]
        problems = replace(to_problems(stakes), first=weaker.astype(np.int8))
        outcomes = TakeItOrLeaveIt().solve(problems)
        gains = np.where((outcomes.status == Status.AGREED)[:, None], outcomes.utility - problems.d, 0.0)
        return np.asarray(np.maximum(gains, 0.0))

    def pull(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return what the stronger side hoped for as the year began, in USD a year, (G,)."""
        strong = view.capability[groups.first] >= view.capability[groups.second]
        who, edge = np.where(strong, groups.first, groups.second), np.where(strong, groups.edge, groups.back)
        return np.asarray(view.prospect[type_index, edge] * view.gdp[who] / BP)

    def settle(self, view: World, rows: Ints, problems: Problems) -> Outcomes:
        """Let the side that opened the talks, the stronger, make its offer."""
        return TakeItOrLeaveIt().solve(problems)
