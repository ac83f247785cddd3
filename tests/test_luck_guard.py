"""Mesa's own generators raise in tests, so that no rule of the model can lean on them unseen."""

from __future__ import annotations

import mesa
import pytest
from conftest import UnnamedLuck


class _World(mesa.Model):
    def __init__(self) -> None:
        super().__init__(rng=1)
        for _ in range(3):
            mesa.Agent(self)


def test_reading_the_models_generators_raises() -> None:
    world = _World()
    agent = next(iter(world.agents))
    for thing in (world, agent):
        for name in ("random", "rng"):
            with pytest.raises(UnnamedLuck):
                getattr(thing, name)


def test_shuffling_agents_raises() -> None:
    world = _World()
    with pytest.raises(UnnamedLuck):
        world.agents.shuffle()
    with pytest.raises(UnnamedLuck):
        world.agents.shuffle_do("remove")


def test_going_through_agents_in_order_stays_allowed() -> None:
    world = _World()
    world.agents.do("remove")
    assert len(world.agents) == 0
