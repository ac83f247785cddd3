"""What is kept to spare work is, month by month, what is worked out anew; and short ways give what long ways give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import begun, lively, months_of

from sim.arrays import row_sums
from sim.decide.staff import talks_open
from sim.ledger import derive_coverage, is_barred, renew_coverage, shut, shut_at
from sim.mechanisms.effects.rule import Effects
from sim.stakes.screening import screening_months, screenings
from sim.state.world import World, clone
from sim.types import Stage, TalkStage


def covers(world: World) -> bool:
    """Say whether what is in force on each edge is what the tables say."""
    found, told = derive_coverage(world)
    return np.array_equal(found, world.in_force) and all(np.array_equal(told[name], world.array(name)) for name in told)


def test_what_is_kept_is_each_month_what_is_worked_out_anew() -> None:
    world = begun(lively(start="2019-11", end="2022-10"))
    seen = set()
    for _ in months_of(world):
        renew_coverage(world)
        assert covers(world)
        seen.add(world.coverage_of)
        months = [screening_months(world, row) for row in np.flatnonzero(screenings(world)).tolist()]
        anew = clone(world)
        assert months == [screening_months(anew, row) for row in np.flatnonzero(screenings(anew)).tolist()]
        effects: Any = world.setting.config.mechanisms["effects"]
        before = world.effect.copy()
        effects.step(clone(world), None)
        assert isinstance(effects, Effects) and np.array_equal(before, world.effect)
    assert len(seen) > 2


def test_coverage_follows_a_stage_that_changes_by_hand() -> None:
    world = begun(lively(start="2019-11", end="2020-06"))
    rows = np.flatnonzero(world.instruments["stage"] == Stage.IN_FORCE)
    before = world.in_force.copy()
    for stage in (Stage.SUSPENDED, Stage.IN_FORCE):
        world.instruments["stage"][rows] = stage
        renew_coverage(world)
        assert covers(world) and np.array_equal(world.in_force, before) is (stage is Stage.IN_FORCE)


def test_a_copy_of_a_world_keeps_its_own_luck_of_screenings() -> None:
    world = begun(lively(start="2019-11", end="2020-06"))
    other = clone(world)
    other.screening_luck[0, 0, 0, 0] = 0.5
    assert not world.screening_luck and clone(other).coverage_of in (None, other.coverage_of)


def test_bars_on_some_edges_are_those_on_all() -> None:
    world = begun(lively(start="2019-11", end="2020-06"))
    edges = world.setting.edges
    some = np.array([0, 3, edges.n - 1])
    world.barred[some[:2]], world.hostile[some[2]] = 1.0, True
    every = np.arange(edges.n)
    assert np.array_equal(shut_at(world, every), shut(world)) and shut(world)[some].all() and shut(world)[edges.rev[some[:2]]].all()
    barred = np.flatnonzero(is_barred(world)).tolist()
    assert barred == sorted({*some[:2].tolist(), *edges.rev[some[:2]].tolist()})


def test_talks_of_one_package_or_accession_count_once() -> None:
    world = begun(lively(start="2019-11", end="2020-06"))
    for at, (accession, package) in enumerate(((-1, -1), (-1, 1), (-1, 1), (3, -1), (3, -1))):
        stage = TalkStage.FAILED if at == 0 else TalkStage.OPEN
        world.talks.append(type=0, first=0, second=1 + at, edge=0, stage=stage, accession=accession, package=package)
    assert talks_open(world)[:6].tolist() == [2, 0, 1, 0, 1, 0]


@given(st.lists(st.lists(st.floats(-1e9, 1e9), max_size=9), max_size=11))
def test_rows_side_by_side_are_summed_as_one_after_another(rows: list[list[float]]) -> None:
    end = np.cumsum([0, *map(len, rows)])
    out = np.full(len(rows), np.nan)
    row_sums(end[:-1], end[1:], np.array([value for row in rows for value in row], dtype=np.float64), out)
    one_by_one = []
    for row in rows:
        total = 0.0
        for value in row:
            total += value
        one_by_one.append(total)
    assert out.tolist() == pytest.approx(one_by_one, rel=0, abs=0)
