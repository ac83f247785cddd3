"""Suspension of instruments of two: for one cause or for several, and until the last of them has gone.

``suspended_for`` keeps the causes apart: a bar between the two (sanctions, war), and a breach that is answered in kind. What is suspended
for both resumes neither when the bar alone is lifted nor when the breach alone is made good.
"""

from __future__ import annotations

from sim.ledger.instruments import move
from sim.state.world import World
from sim.types import Reason, Stage

BY_BAR, BY_BREACH = 1, 2
"""Causes of a suspension; their sum is kept."""
_SAID = {BY_BAR: Reason.BARRED, BY_BREACH: Reason.IN_KIND}


def suspend(world: World, row: int, cause: int) -> bool:
    """Give an instrument that is in force or suspended a cause for suspension; say whether it was in force until now."""
    world.array("suspended_for")[row] |= cause
    if world.instruments["stage"][row] != Stage.IN_FORCE:
        return False
    move(world, row, Stage.SUSPENDED, _SAID[cause])
    return True


def lift(world: World, row: int, cause: int) -> bool:
    """Take a cause for suspension away; say whether it was the last, so that the instrument resumes."""
    causes = world.array("suspended_for")
    had = int(causes[row])
    causes[row] = had & ~cause
    if had != cause or world.instruments["stage"][row] != Stage.SUSPENDED:
        return False
    move(world, row, Stage.IN_FORCE)
    return True
