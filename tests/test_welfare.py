"""Who gains and who loses: sources add up to the whole, shares to one, and what is diverted is lost by those outside."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from reference import gravity_plain
from worlds import LEFT, UNBOUND, begun, lively, setting_of

from sim import engine
from sim.mechanisms.effects import opened
from sim.mechanisms.welfare import sources
from sim.metrics.welfare_gini import gini
from sim.registry import shelf
from sim.single import one_run
from sim.stakes.welfare import by_source, source_names
from sim.state.world import World, clone

MONTHS = 20


@functools.cache
def lived() -> World:
    world = engine.start(setting_of(lively()), 3)
    for _ in range(MONTHS):
        engine.step(world)
    return world


def measured(name: str, world: World) -> dict[str, Any]:
    metric = shelf("metric").build(name)
    return dict(zip(metric.columns(world.setting), metric.measure(world), strict=True))


def test_sources_add_up_to_the_whole_for_every_party() -> None:
    world = lived()
    assert np.abs(world.welfare).max() > 0.1
    np.testing.assert_allclose(by_source(world).sum(axis=0), world.welfare, rtol=0, atol=1e-9)
    told = measured("welfare", world)
    assert list(told) == ["welfare", *(f"welfare_{name}" for name in source_names(world.setting))]


def test_money_by_source_adds_up_to_what_all_states_gain() -> None:
    world, n = lived(), lived().setting.n_states
    usd = measured("welfare_usd", world)["welfare_usd"][:n]
    np.testing.assert_allclose(sum(measured("welfare_by_source", world).values()), usd.sum(), rtol=1e-9)


def test_a_bloc_shows_what_the_states_that_it_binds_gain_together() -> None:
    world, n = lived(), lived().setting.n_states
    for b in range(len(world.setting.roster.blocs)):
        inside = world.bound[b]
        together = (world.welfare[:n] * world.gdp[:n])[inside].sum() / world.gdp[:n][inside].sum()
        assert world.welfare[n + b] == pytest.approx(together, rel=1e-9)


def test_shares_of_regions_and_of_quarters_are_each_one_altogether() -> None:
    told = measured("welfare_shares", lived())
    for prefix in ("welfare_share_in_", "welfare_share_quarter_"):
        assert sum(value for name, value in told.items() if name.startswith(prefix)) == pytest.approx(1.0)
    assert len([name for name in told if name.startswith("welfare_share_quarter_")]) == 4


def test_where_nothing_is_in_force_nobody_gains_and_shares_are_missing() -> None:
    world = clone(lived())
    world.welfare[:] = 0.0
    assert all(np.isnan(value) for name in ("welfare_gini", "welfare_shares") for value in measured(name, world).values())
    assert measured("welfare_losers", world) == {"welfare_losers": 0.0}


def test_a_bloc_that_its_last_member_left_talks_to_nobody_and_every_measure_stays_a_number() -> None:
    """The United Kingdom alone stands for the Union, and leaves in 2020-02: what the Union signed is in force, and it has no GDP."""
    setting = setting_of(lively(roster={"states": ["AUS", "CAN", "GBR", "JPN", "NZL", "SGP", "USA"]}))
    for seed in range(3):
        record = one_run(setting, seed, "panels")
        union, left = setting.codes.index("EU"), record.months >= LEFT
        assert left.any() and (record.panels["gdp"][left, union] == 0.0).all()
        # As long as its law binds a state, it shows what that state gains.
        assert (record.panels["welfare"][record.months >= UNBOUND, union] == 0.0).all()
        asked = (record.events["event"] == "negotiation_opened") & (record.events["month"] > LEFT)
        assert "EU" not in {*record.events["party_a"][asked], *record.events["party_b"][asked]}


def test_a_group_without_a_state_has_no_share() -> None:
    world = begun({"start": "2019-01", "end": "2019-06", "roster": {"states": ["CAN", "DEU", "JPN"]}}, 1)
    world.welfare[:3] = 1.0
    told = measured("welfare_shares", world)
    quarters = [told[f"welfare_share_quarter_{q}"] for q in range(1, 5)]
    assert np.isnan(quarters[3]) and sum(quarters[:3]) == pytest.approx(1.0)
    assert not any(np.isnan(value) for name, value in told.items() if name != "welfare_share_quarter_4")


def test_what_is_in_force_is_valued_on_this_months_figures_and_not_as_signed() -> None:
    world = clone(lived())
    part, before = world.setting.config.mechanisms["welfare"], world.gain_by_issue.copy()
    world.cybersecurity[:] *= 0.5
    part.begin(world)
    assert not np.array_equal(world.gain_by_issue, before)


def test_other_luck_moves_no_gain_of_what_was_in_force_before_the_run() -> None:
    one, other = (engine.start(setting_of(lively()), seed) for seed in (1, 2))
    assert one.welfare.tobytes() == other.welfare.tobytes() and np.abs(one.welfare).max() > 0.0


def test_a_third_party_has_no_trade_opened_and_loses_what_is_diverted() -> None:
    world, n = lived(), lived().setting.n_states
    alone = world.opened == 0.0
    assert alone.any() and not alone.all()
    assert (world.diverted[:n][alone] < 0.0).all() and (world.opened >= 0.0).all()


numbers = arrays(np.float64, st.integers(1, 12), elements=st.floats(-100.0, 100.0).filter(lambda v: v == 0.0 or abs(v) > 1e-6))


@given(numbers)
@settings(max_examples=80, deadline=None)
def test_the_gini_coefficient_is_the_mean_of_all_differences_over_the_size(gains: Any) -> None:
    if not gains.any():
        assert np.isnan(gini(gains))
        return
    plain = np.abs(gains[:, None] - gains[None, :]).sum() / (2.0 * len(gains) * np.abs(gains).sum())
    assert gini(gains) == pytest.approx(plain, abs=1e-12) and -1e-12 <= gini(gains) <= 1.0
    assert gini(gains[::-1].copy()) == pytest.approx(gini(gains)) and gini(7.0 * gains) == pytest.approx(gini(gains))


def _world_of(n: int, seed: int) -> tuple[Any, ...]:
    """Draw dense flows between n states: edges, free flows without instruments, what instruments add, own and rest weights."""
    luck = np.random.Generator(np.random.PCG64(seed))
    start, col = np.arange(n + 1) * (n - 1), np.array([j for i in range(n) for j in range(n) if j != i], dtype=np.int32)
    phi = luck.uniform(0.05, 0.5, (n, n))
    phi = 0.5 * (phi + phi.T)
    added = np.triu(luck.uniform(0.0, 0.1, (n, n)) * (luck.uniform(size=(n, n)) < 0.3), 1)
    theta = luck.dirichlet(np.ones(n))
    return start, col, phi, added + added.T, theta, 3.0 * theta, np.full(n, 0.1)


def _solved(n: int, world: tuple[Any, ...]) -> tuple[Any, Any, Any, Any]:
    """Return resistance without and with, and what is opened and diverted, of some dense flows."""
    start, col, phi, added, theta, home, rest = world
    off = ~np.eye(n, dtype=bool)
    one = np.ones(n)
    flow, closed = (np.ascontiguousarray((values * theta[None, :])[off]) for values in (phi * (1.0 + added), phi))
    free, bound, out = one.copy(), one.copy(), np.empty((2, n))
    touched = (added > 0.0).any(axis=1)
    opened.settle(start, col, n, closed, one, home, rest, one, free)
    opened.settle(start, col, n, flow, one, home, rest, one, bound)
    opened.compare(start, col, n, flow, one, home, rest, one, touched, free, bound, out[0], out[1])
    return free, bound, out[0], out[1]


@pytest.mark.parametrize("seed", range(4))
def test_resistance_is_that_of_the_dense_equations_and_gains_that_of_the_share_bought_at_home(seed: int) -> None:
    n, world = 7, _world_of(7, seed)
    _, _, phi, added, theta, home, rest = world
    free, bound, own, elsewhere = _solved(n, world)
    for p, values in ((free, phi), (bound, phi * (1.0 + added))):
        off = np.where(np.eye(n, dtype=bool), 0.0, values)
        np.testing.assert_allclose(gravity_plain.equations(p, off, 3.0, 1.0, theta, rest, 1.0), p, rtol=1e-9)
    # Arkolakis, Costinot and Rodriguez-Clare: minus the log of how the share bought at home moved.
    np.testing.assert_allclose(own + elsewhere, -np.log((home / bound**2) / (home / free**2)), atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_states_in_another_order_gain_the_same(seed: int) -> None:
    n, world = 7, _world_of(7, seed)
    start, col, phi, added, theta, home, rest = world
    order = np.random.Generator(np.random.PCG64(seed + 99)).permutation(n)
    there = (start, col, phi[np.ix_(order, order)], added[np.ix_(order, order)], theta[order], home[order], rest[order])
    for one, other in zip(_solved(n, world), _solved(n, there), strict=True):
        np.testing.assert_allclose(other, one[order], atol=1e-9)


def test_a_small_opening_is_worth_its_share_of_what_is_sold_and_bought() -> None:
    n = 5
    start, col, phi, _, theta, home, rest = _world_of(n, 1)
    added = np.zeros((n, n))
    added[0, 1] = added[1, 0] = 1e-6
    free, _, own, elsewhere = _solved(n, (start, col, phi, added, theta, home, rest))
    share, at_home = phi[0, 1] * theta[1] / (free[0] * free[1]), home[0] / free[0] ** 2
    assert own[0] == pytest.approx(2.0 * share * 1e-6 / (1.0 + at_home), rel=1e-4)
    assert (own[2:] == 0.0).all() and (elsewhere[2:] < 0.0).all()


def test_sharing_a_blocs_gain_keeps_the_money() -> None:
    gdp, bound = np.array([1.0, 3.0, 5.0, 4.0]), np.array([[True, True, False]])
    values = np.array([[0.0, 2.0, 1.0, 8.0]])
    sources.share_out(values, bound, gdp)
    np.testing.assert_allclose(values, [[8.0, 10.0, 1.0, (8.0 + 30.0) / 4.0]])


@pytest.mark.parametrize("what", ["opened", "welfare"])
def test_a_planted_fault_is_caught(what: str) -> None:
    world = clone(lived())
    if what == "welfare":
        world.welfare[0] += 1e-6
        assert not np.allclose(by_source(world).sum(axis=0), world.welfare, rtol=0, atol=1e-9)
    else:
        n, flows = 7, list(_world_of(7, 0))
        own = _solved(n, tuple(flows))[2]
        flows[3] = flows[3] * (1.0 + 1e-6)
        assert not np.allclose(_solved(n, tuple(flows))[2], own, rtol=0, atol=1e-12)
