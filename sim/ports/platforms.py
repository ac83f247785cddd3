"""What other rooms read of platforms: how this month's meetings on a screen are held, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from sim.arrays import Bools, Ints

if TYPE_CHECKING:
    from sim.state.world import World


class Held(NamedTuple):
    """What became of contacts that were to be held on a screen, (n,) each.

    Attributes
    ----------
    platform : int8
        Place of the platform they were to be held on; -1 of other contacts, and where no platform joins the two.
    bridge : int32
        Whose bridge that is; -1 where it is none.
    lost : bool
        Whether it could not be held on a screen: no platform, a full bridge or an outage.
    """

    platform: Ints
    bridge: Ints
    lost: Bools


class PlatformTerms(Protocol):
    """The terms on which meetings on a screen are held."""

    @property
    def meeting_hours(self) -> float:
        """Hours for which a meeting keeps its ports busy."""

    def hold(self, world: World, edge: Ints, rank: Ints, on_screen: Bools) -> Held:
        """Return what becomes of this month's contacts; nothing in the world is changed.

        Parameters
        ----------
        world : World
        edge : int array, shape (n,)
            Owner and partner of each contact.
        rank : int array, shape (n,)
            Who holds it; no two contacts share owner, partner and rank.
        on_screen : bool array, shape (n,)
            Which of them need a platform.
        """
