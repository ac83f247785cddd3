"""What other rooms read of bargaining: desks and proposals, strength at the table, side payments, packages and rests."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.declare.words import ChannelWord


class BargainingTerms(Protocol):
    """The terms on which two parties bargain."""

    @property
    def propose_rate(self) -> float:
        """Chance that a visit is used to propose talks that look good."""

    @property
    def staff_price(self) -> float:
        """Price of an hour of staff when all of it is at work, w0 (USD of gain a year)."""

    @property
    def staff_elasticity(self) -> float:
        """How that price rises with the staff at work, eta."""

    @property
    def talk_hours(self) -> float:
        """Staff hours that talks take a month."""

    @property
    def desks(self) -> float:
        """Talks that the staff of a party of the reference GDP can carry when all of it is at work."""

    @property
    def desk_reference(self) -> float:
        """GDP at which that number of desks holds (USD a year)."""

    @property
    def desk_elasticity(self) -> float:
        """How that number grows with GDP."""

    @property
    def power(self) -> float:
        """How far strength makes bargaining weights: 0 equal, 1 in proportion."""

    @property
    def power_dependence(self) -> float:
        """How dependence on the other side's exports weakens (exponent)."""

    @property
    def power_patience(self) -> float:
        """How GDP per head, and so the means to wait, strengthens (exponent)."""

    @property
    def reach(self) -> float:
        """How likely a party thinks that its best alternative partner would come to terms (probability)."""

    @property
    def payment_overhead(self) -> float:
        """What a side payment costs on top of itself (share of payment)."""

    @property
    def belief_error(self) -> float:
        """Error about what the other side needs, without contact and trust (share of its gain)."""

    @property
    def belief_lesson(self) -> float:
        """What is left of that error after talks that failed (factor)."""

    @property
    def linkage(self) -> bool:
        """Whether two linked agreement types may be bargained as one package."""

    @property
    def rest_after_failure(self) -> int:
        """Months before the same two try the same again."""

    def rounds(self, channel: NDArray[np.int8], rank: NDArray[np.int8], added: tuple[ChannelWord, ...] = ()) -> Ints:
        """Return the rounds of talks that each contact gives, shape (n,)."""

    def starts(self, added: tuple[ChannelWord, ...] = ()) -> tuple[float, ...]:
        """Return how readily each channel starts talks, in the order of their codes; ``added`` are those that parts add."""
