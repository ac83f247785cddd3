"""What a rival theory says: who is drawn to whom, what the text is, and whether interests decide; the rest of the month stays.

A rival is a part on the shelf ``sim/rivals``. It derives from :class:`Theory` and says as little as it differs by. How its month goes is
told in :mod:`sim.decide.rivalled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.bargains.problems import Outcomes, Problems
from sim.bargains.worth import worth
from sim.registry import param
from sim.stakes.stakes import Groups
from sim.state.world import Floats, Ints, World
from sim.types import Status


@dataclass(frozen=True)
class Theory:
    """A theory of who signs with whom, in place of the model's bargaining."""

    by_interest: ClassVar[bool] = False
    """Whether both sides accept, and those at home consent, by what the text is worth to them, as in the model; else all consent."""

    fill: float = param(
        0.02,
        unit="share of desks a month",
        low=0.0,
        high=1.0,
        source="assumed, set to the number of talks that the model opens on the baseline under nash",
        meaning="Share of all desks that are given to new talks each month.",
    )
    months: int = param(
        16,
        unit="months",
        low=1,
        high=60,
        source="assumed: signed texts took 15 to 16 months on the baseline under nash (docs/model.md)",
        meaning="Length of talks; like all talks they lapse where the two do not meet for long.",
    )

    def hopes(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return what each side hopes to gain by a type, (G, 2), bp of its GDP a year; asked each January, and nothing unless told."""
        return np.zeros((groups.n, 2))

    def pull(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return how strongly each pair is drawn to deal on a type this month, (G,), 0 or more, in any unit.

        Parameters
        ----------
        view : World
        type_index : int
            Place of the type.
        groups : Groups
            Pairs that the type lets talk, by role, and between which nothing stands in the way.
        """
        raise NotImplementedError

    def settle(self, view: World, rows: Ints, problems: Problems) -> Outcomes:
        """Return what comes of talks whose time is up; unless told, the middle of the texts that the type allows.

        Parameters
        ----------
        view : World
        rows : int (M,)
            Rows of negotiations.
        problems : Problems
            What is at stake in them. The side with more capability opened the talks, and is ``first``.
        """
        return concluded(problems, middle(problems))


def middle(problems: Problems) -> Floats:
    """Return the middle of the texts that each problem allows, (M, K)."""
    return 0.5 * (problems.lo + problems.hi)


def concluded(problems: Problems, text: Floats) -> Outcomes:
    """Return texts, (M, K), as agreed, whatever they are worth; where no text is allowed there is none (NO_TEXT)."""
    none = (problems.lo > problems.hi).any(axis=1)
    text = np.clip(text, problems.lo, problems.hi)
    utility: Floats = worth(problems, text)
    text[none], utility[none] = np.nan, np.nan
    status = np.where(none, Status.NO_TEXT, Status.AGREED).astype(np.int8)
    return Outcomes(text, utility, status, np.zeros(len(problems), dtype=np.int32))
