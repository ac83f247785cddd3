"""What a seat's moves still say in a month: the last word on each talk, and the positions and red lines that stand.

A pure function of the moves and the month; nothing is kept. What is said of talks ends with them. Positions and red lines are said of an
agreement type and a partner, before talks too, and stand until they are changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.seat.moves import Move
from sim.state.world import Floats, World
from sim.types import TalkStage

_LAST_WORD = ("offer", "accept", "refuse", "hand_back")


@dataclass(frozen=True)
class Standing:
    """What stands for one talk of the seat.

    Attributes
    ----------
    side : int
        The seat's side, 0 or 1.
    offer : float64 (K,) or None
        The text it tables.
    refuses, accepts, leaves : bool
        Signs nothing tabled by others; takes the other's last offer this month; walks away this month.
    ideal, salience, low, high : dict of int to float
        Declared positions and bounds, by issue.
    """

    side: int
    offer: Floats | None
    refuses: bool
    accepts: bool
    leaves: bool
    ideal: dict[int, float]
    salience: dict[int, float]
    low: dict[int, float]
    high: dict[int, float]

    @property
    def mandated(self) -> bool:
        """Whether a position or a red line stands."""
        return bool(self.ideal or self.salience or self.low or self.high)

    @property
    def silent(self) -> bool:
        """Whether nothing stands: the model plays."""
        return not (self.mandated or self.refuses or self.accepts or self.leaves) and self.offer is None

    def inside(self, text: Floats) -> bool:
        """Say whether a text, (K,), lies inside the red lines."""
        return all(text[k] >= bound for k, bound in self.low.items()) and all(text[k] <= bound for k, bound in self.high.items())


def side_of(world: World, row: int, seat: int) -> int:
    """Return the seat's side in some talks, -1 where it has none."""
    if int(world.talks["first"][row]) == seat:
        return 0
    return 1 if int(world.talks["second"][row]) == seat else -1


def open_rows(world: World, seat: int) -> list[int]:
    """Return the rows of the seat's open talks, oldest first."""
    talks = world.talks
    mine = (talks["first"] == seat) | (talks["second"] == seat)
    return np.flatnonzero(mine & (talks["stage"] == TalkStage.OPEN)).tolist()


def standing(world: World, row: int, seat: int, moves: Sequence[Move]) -> Standing:
    """Return what stands for one of the seat's talks this month.

    Parameters
    ----------
    world : World
    row : int
        Row of talks in which the seat has a side.
    seat : int
        Place on the P axis.
    moves : sequence of Move
        In the order of their months; those of later months are not read.
    """
    side = side_of(world, row, seat)
    kind = world.setting.types[int(world.talks["type"][row])].name
    other = world.setting.codes[int(world.talks["first" if side else "second"][row])]
    ours = [move for move in moves if move.month <= world.month and (move.type, move.other) == (kind, other)]
    ideal, salience, low, high = mandate_of(ours, world.setting.words.issues)
    opened, last = int(world.talks["opened"][row]), None
    for move in ours:
        # Talks begin within a month and moves before it, so a word of the month in which these began was on earlier ones.
        if move.kind in _LAST_WORD and move.month > opened:
            last = move
    now = last is not None and last.month == world.month
    return Standing(
        side,
        text_of(last, world.setting.words.issues) if last is not None and last.kind == "offer" else None,
        last is not None and last.kind == "refuse",
        last is not None and last.kind == "accept" and now,
        any(move.kind == "walk_away" and move.month == world.month > opened for move in ours),
        ideal,
        salience,
        low,
        high,
    )


def mandate_of(
    moves: Sequence[Move], issues: tuple[str, ...]
) -> tuple[dict[int, float], dict[int, float], dict[int, float], dict[int, float]]:
    """Return the positions (ideal points, saliences) and red lines (low, high) that some moves leave standing, by issue."""
    ideal: dict[int, float] = {}
    salience: dict[int, float] = {}
    low: dict[int, float] = {}
    high: dict[int, float] = {}
    for move in moves:
        if move.issue is None:
            continue
        k = issues.index(move.issue)
        said = (
            ((ideal, move.ideal), (salience, move.salience))
            if move.kind == "set_position"
            else ((low, move.at_least), (high, move.at_most))
        )
        for table, value in said:
            table.pop(k, None)
            if value is not None:
                table[k] = value
    return ideal, salience, low, high


def text_of(move: Move, issues: tuple[str, ...]) -> Floats:
    """Return the text of an offer, shape (K,): NaN where it names no level."""
    text = np.full(len(issues), np.nan)
    for issue, level in move.text:
        text[issues.index(issue)] = level
    return text
