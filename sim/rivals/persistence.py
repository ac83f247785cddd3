"""Who has dealt deals again: only pairs that have or had something in force with each other, of any type, sign anything more.

Such pairs are equally likely, all others never sign. What counts: instruments in force now, also through a bloc; those of the run that have
ended; and those of the tables that were in force before the run. The text is the middle of what the type allows, and all consent.

Source: the null of persistence in forecasts of networks, as in preferential return; on treaties: Kinne (2013), "Network Dynamics and the
Evolution of International Cooperation", American Political Science Review 107 (from memory).
Departs from it in that a tie of any type and any age counts the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.decide.theory import Theory
from sim.registry import part
from sim.stakes.stakes import Groups
from sim.state.world import Bools, Floats, World


@part(
    "rival",
    name="persistence",
    title="Persistence",
    title_id="Kelanjutan",
    sentence_id="Hanya pasangan yang pernah atau sedang terikat satu sama lain yang menandatangani lagi.",
)
@dataclass(frozen=True)
class Persistence(Theory):
    """Only pairs that have or had something in force with each other sign again."""

    def pull(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return 1 for pairs that are or were bound to each other, (G,), and 0 for all others."""
        bound: Bools = view.in_force[:, groups.edge].any(axis=0) | np.isin(groups.edge, _once(view))
        return bound.astype(np.float64)


def _once(view: World) -> list[int]:
    """List the edges, both ways, between parties that signed something which has been in force."""
    place = {code: i for i, code in enumerate(view.setting.codes)}
    pairs = {
        (place[row.parties[0]], place[row.parties[1]])
        for row in view.setting.roster.instruments
        if row.in_force <= view.setting.config.start
    }
    instruments = view.instruments
    lived = (instruments["in_force"] >= 0) & (instruments["in_force"] <= view.month) & (instruments["first"] >= 0)
    pairs |= set(zip(instruments["first"][lived].tolist(), instruments["second"][lived].tolist(), strict=True))
    edges = view.setting.edges
    found = [edges.find(*ends) for i, j in sorted(pairs) if i != j and j >= 0 for ends in ((i, j), (j, i))]
    return [e for e in found if e >= 0]
