"""What one seat sees of a world while it is played, copied month by month: public figures, its own trust, its own side of its own tables.

What a player may not know is never copied, so no film made of these notes can tell it. The film is :mod:`analysis.app.player_film`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.app.graph import positions
from analysis.app.lying import Lying
from analysis.app.packing import Panel
from analysis.app.public import FIGURES
from analysis.app.watching import TRUST_STEPS, UNSEEN, party_fields
from sim.bargains.frontier import best_issue
from sim.bargains.problems import Outcomes, Problems
from sim.run import Watcher
from sim.stakes.stakes import issues_of
from sim.state.world import Floats, Ints, World


@dataclass(frozen=True)
class OwnSide:
    """The player's own interests at one table, as it last stood.

    Attributes
    ----------
    side : int
        0 or 1.
    d, r : float
        Worth of no agreement, and reservation value (bp of own GDP a year).
    w, theta, b, lo, hi : float64 (K,)
        Salience, ideal point, what a full unit brings, and what the text allows.
    """

    side: int
    d: float
    r: float
    w: Floats
    theta: Floats
    b: Floats
    lo: Floats
    hi: Floats

    @property
    def best(self) -> Floats:
        """The text that the side would choose alone, (K,): the ideal point, drawn on by what each further step brings."""
        return np.array([best_issue(*one) for one in zip(self.b, self.w, self.theta, self.lo, self.hi, strict=True)])


class Seen(Watcher):
    """Copies of what one seat sees.

    Parameters
    ----------
    seat : int
        Place on the P axis.
    place : dict or None
        Where the parties stand in the graph, where that is known from another game of the same world (:attr:`place`).

    Attributes
    ----------
    fields, panels : dict of str to Panel
        Public figures, and metrics by party, month by month; before the first month, figures as the run begins.
    trust : list of uint8 (P,)
        The seat's trust in each party, a row a month (:data:`analysis.app.watching.TRUST_STEPS`).
    members : list of bool (B, N)
        Who belongs to which bloc: as the run begins, then a matrix a month.
    tables : dict of int to OwnSide
        By row of the negotiation.
    lying : Lying
        Where data lie and what carries them, as the run begins, then month by month.
    place : dict
        Where the parties stand in the graph, by what stood before the first month: places that moved with signatures would foretell them.
    """

    def __init__(self, seat: int, place: dict[str, object] | None = None) -> None:
        self.seat = seat
        self.fields: dict[str, Panel] = {}
        self.panels: dict[str, Panel] = {}
        self.trust: list[NDArray[np.uint8]] = []
        self.members: list[NDArray[np.bool_]] = []
        self.tables: dict[int, OwnSide] = {}
        self.lying = Lying()
        self.place: dict[str, object] = place or {}

    @property
    def months(self) -> int:
        """How many months have been lived."""
        return len(self.members) - 1

    def month(self, world: World) -> None:
        """Copy the month that has ended; once, before the first, how the world begins."""
        self.members.append(world.member.copy())
        if self.months < 2:
            # What stood before the first month gives way to the first month.
            self.fields = {name: Panel() for name in party_fields(world.setting) if name in FIGURES}
            self.lying = Lying()
        for name, panel in self.fields.items():
            panel.add(getattr(world, name))
        self.lying.add(world)
        if self.months == 0 and not self.place:
            table = world.instruments
            self.place = positions(world.setting, list(zip(table["first"].tolist(), table["second"].tolist(), strict=True)))
        if self.months > 0:
            self.trust.append(own_trust(world, self.seat))

    def take(self, panels: dict[str, list[NDArray[np.float64]]]) -> None:
        """Take what has been measured since; ``panels`` holds public metrics, a row (P,) for each month lived."""
        for name, rows in panels.items():
            panel = self.panels.setdefault(name, Panel())
            for row in rows[panel.months :]:
                panel.add(row)

    def table(self, world: World, rows: Ints, problems: Problems, known: Problems, outcomes: Outcomes) -> None:
        """Keep the seat's own side of its own tables; a package of two types has no plane of its own."""
        if problems.n_issues != len(issues_of(world.setting)):
            return
        talks: Any = world.talks
        for at, row in enumerate(rows.tolist()):
            sides = [k for k, name in enumerate(("first", "second")) if int(talks[name][row]) == self.seat]
            for side in sides:
                own = {name: getattr(problems, name)[at, side].copy() for name in ("w", "theta", "b")}
                bounds = {name: getattr(problems, name)[at].copy() for name in ("lo", "hi")}
                self.tables[row] = OwnSide(side, float(problems.d[at, side]), float(problems.r[at, side]), **own, **bounds)

    def copy(self) -> Seen:
        """Return independent notes of the same months; the months themselves are shared, as nobody changes them."""
        twin = copy.copy(self)
        twin.fields = {name: panel.copy() for name, panel in self.fields.items()}
        twin.panels = {name: panel.copy() for name, panel in self.panels.items()}
        twin.lying = self.lying.copy()
        twin.trust, twin.members, twin.tables = [*self.trust], [*self.members], {**self.tables}
        return twin


def own_trust(world: World, seat: int) -> NDArray[np.uint8]:
    """Return one party's trust in every other in ``TRUST_STEPS`` steps, shape (P,)."""
    edges = world.setting.edges
    mine = slice(int(edges.start[seat]), int(edges.start[seat + 1]))
    out = np.full(world.setting.n_parties, UNSEEN, dtype=np.uint8)
    out[edges.col[mine]] = np.rint(np.clip(world.trust[mine], 0.0, 1.0) * TRUST_STEPS).astype(np.uint8)
    return out
