"""What other rooms read of the cloud market: how much users load, and which part of it each of their choices holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.arrays import Floats

if TYPE_CHECKING:
    from sim.state.world import World


class MarketTerms(Protocol):
    """Where data lie, in numbers of this month."""

    def load_of_users(self, world: World) -> Floats:
        """Return the load of each state's users, (N,) MW: what they ask for, and what closed borders bring besides."""

    def shares(self, world: World) -> Floats:
        """Return what each row of the table ``clouds`` holds of the load of its user, (C,)."""
