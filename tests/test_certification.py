"""Certification: slow under a first framework, fast under the next."""

from __future__ import annotations

import math

import numpy as np
import pytest
from courts import file_case, harbour, live, world_of
from test_durability import STILL

from sim.state.world import World

CHEAP = {"law": {"cost_safeguards": 5.0, "cost_redress": 5.0}}


def certified(world: World) -> np.ndarray:
    return world.array("certified")


def test_firms_grow_by_the_logistic_law_under_a_first_framework() -> None:
    world = live(world_of(mechanisms=STILL), 1)
    row, part = harbour(world), world.setting.config.mechanisms["certification"]
    n, most = float(certified(world)[row]), part._most(world, row)
    assert n == pytest.approx(part.founders * most, rel=0.15)
    live(world, 1)
    assert certified(world)[row] == pytest.approx(n + part.growth / 12.0 * n * (1.0 - n / part._most(world, row)))
    live(world, 120)
    assert n * 20 < certified(world)[row] <= part._most(world, row) * (1 + 1e-9)


def test_firms_of_an_annulled_framework_certify_again_within_a_year_or_two() -> None:
    world = world_of(mechanisms={**STILL, **CHEAP})
    row = harbour(world)
    live(world, 60)
    before = float(certified(world)[row])
    file_case(world, row, due=world.month)
    while not (world.instruments["successor_of"] == row).any():
        live(world, 1)
    new = int(np.flatnonzero(world.instruments["successor_of"] == row)[0])
    while world.instruments["in_force"][new] < 0:
        live(world, 1)
    kept = float(certified(world)[row])
    assert kept >= before and world.array("coming_back")[new] == pytest.approx(kept)
    live(world, 12)
    part = world.setting.config.mechanisms["certification"]
    assert certified(world)[new] >= kept * (1.0 - math.exp(-part.coming_back)) * 0.99
    assert certified(world)[row] == kept
