"""Cloud Diplomacy: states with different privacy regimes, infrastructure and power negotiate cloud agreements.

>>> from sim import run
>>> result = run("baseline", seed=7)                      # doctest: +SKIP
>>> result.series["in_force_infrastructure_pact"][-1]     # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.game import Game
    from sim.model import DiplomacyModel
    from sim.run import run

__version__ = "0.2.0"
__all__ = ["DiplomacyModel", "Game", "run"]


def __getattr__(name: str) -> Any:
    """Import the public names on first use, so that a worker that needs one room does not pay for all of them."""
    if name == "run":
        import sim.run as room

        return room.run
    if name == "Game":
        from sim.game import Game

        return Game
    if name == "DiplomacyModel":
        from sim.model import DiplomacyModel

        return DiplomacyModel
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
