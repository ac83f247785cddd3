"""What a film needs of a run beyond its record: every party's figures month by month, trust between all, and the tables of two.

A watcher only copies. The film made of its notes is :mod:`analysis.app.film`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.app.lying import Lying
from sim.bargains.problems import Outcomes, Problems
from sim.run import Watcher
from sim.stakes.packages import tabled
from sim.stakes.screening import screenings
from sim.stakes.stakes import issues_of
from sim.state.world import Ints, Setting, World, clone
from sim.types import TalkStage

TRUST_STEPS = 200
"""Trust from 0 to 1 is kept in so many steps; 255 says that a party keeps no eye on the other."""
UNSEEN = 255


class Notes(Watcher):
    """Copies made while a run is lived.

    Attributes
    ----------
    fields : dict of str to list of float64 (P,)
        A row a month, by name of the world's array, of every array with a value for each party: each becomes an observable of the map.
    trust : list of uint8 (P, P)
        Trust of the row's party in the column's, a matrix a month.
    members : list of bool (B, N)
        Who belongs to which bloc: before the first month, then a matrix a month.
    tables : dict of int to (Problems, Problems)
        The last problem of each negotiation of two, by row: as the executives believe, and as the table knows. Of talks that moved it is
        the very one their protocol solved; of talks that ended without a move, what they were about in the month they ended.
    halves : set of int
        Rows of talks that were half of a package: the problem is of this half alone.
    lying : Lying
        Where data lie and what carries them.
    world : World or None
        The world as it was last seen.
    """

    def __init__(self) -> None:
        self.fields: dict[str, list[NDArray[np.float64]]] = {}
        self.trust: list[NDArray[np.uint8]] = []
        self.members: list[NDArray[np.bool_]] = []
        self.tables: dict[int, tuple[Problems, Problems]] = {}
        self.halves: set[int] = set()
        self.lying = Lying()
        self.world: World | None = None

    def month(self, world: World) -> None:
        """Copy the month that has ended."""
        self.world = world
        self.members.append(world.member.copy())
        if len(self.members) == 1:
            self.fields = {name: [] for name in party_fields(world.setting)}
            return
        for name, rows in self.fields.items():
            rows.append(np.asarray(getattr(world, name), dtype=np.float64).copy())
        self.trust.append(trust_matrix(world))
        self.lying.add(world)
        self._closed(world)

    def table(self, world: World, rows: Ints, problems: Problems, known: Problems, outcomes: Outcomes) -> None:
        """Keep each negotiation's latest problem; a package of two types is one problem of another size and has no plane of its own."""
        if problems.n_issues != len(issues_of(world.setting)):
            return
        for at, row in enumerate(rows.tolist()):
            self.tables[row] = problems.take([at]), known.take([at])

    def _closed(self, world: World) -> None:
        """Look once at what talks were about that ended this month and never moved: they lapsed, say, or were half of a package."""
        closed: Any = np.flatnonzero((world.talks["stage"] != TalkStage.OPEN) & (world.talks["closed"] == world.month - 1))
        unseen = np.array([row for row in closed.tolist() if row not in self.tables], dtype=np.int32)
        if len(unseen) == 0:
            return
        then = world
        if world.month > world.setting.config.end:
            # Nothing is known of the month after the last: what its talks were about is asked of the last itself.
            then = clone(world)
            then.month = world.month - 1
        _, problems, known = tabled(then, unseen)
        for at, row in enumerate(unseen.tolist()):
            self.tables[row] = problems.take([at]), known.take([at])
            if world.talks["package"][row] >= 0:
                self.halves.add(row)

    def closed_tables(self) -> dict[int, tuple[Problems, Problems]]:
        """Return the tables whose negotiation has come to an end, by row."""
        if self.world is None:
            return {}
        stage: Any = self.world.talks["stage"]
        # What is screened is not bargained over: its text is that of the law, and there is no frontier to draw.
        screened = screenings(self.world)
        return {row: pair for row, pair in sorted(self.tables.items()) if stage[row] != TalkStage.OPEN and not screened[row]}


def party_fields(setting: Setting) -> tuple[str, ...]:
    """Name the arrays of a run's world that have a value for each party."""
    return setting.schema.on("party")


def trust_matrix(world: World) -> NDArray[np.uint8]:
    """Return trust of every party in every other in ``TRUST_STEPS`` steps, shape (P, P)."""
    edges, n = world.setting.edges, world.setting.n_parties
    out = np.full((n, n), UNSEEN, dtype=np.uint8)
    out[edges.row, edges.col] = np.rint(np.clip(world.trust, 0.0, 1.0) * TRUST_STEPS).astype(np.uint8)
    return out
