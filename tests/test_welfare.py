"""Who gains and who loses: sources add up to the whole, shares to one, and what is diverted is lost by those outside."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from reference import hat_plain
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
    # Tuvalu has sold nothing of the kind in any year, so it has nothing to lose.
    alone = (world.opened == 0.0) & (world.sells > 0.0)
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


def _world_of(n: int, seed: int) -> dict[str, Any]:
    """Draw flows between n states in which some pairs have an instrument, some an area of free flow, and some no eye on one another."""
    luck = np.random.Generator(np.random.PCG64(seed))
    watched = np.triu(luck.uniform(size=(n, n)) < 0.7, 1)
    added = np.triu(luck.uniform(0.0, 0.1, (n, n)) * (luck.uniform(size=(n, n)) < 0.4), 1)
    area = np.triu(luck.uniform(size=(n, n)) < 0.15, 1)
    watched, added, area = watched | watched.T, added + added.T, area | area.T
    sells, buys, index = np.exp(luck.normal(0.0, 1.0, (2, n))), None, luck.uniform(0.98, 1.02, n)
    sells, buys = sells
    far = 0.3
    flow = np.where(watched, luck.lognormal(0.0, 1.0, (n, n)), far * np.outer(sells, buys) / index[None, :])
    np.fill_diagonal(flow, 0.0)
    effect = np.where(area, np.maximum(added, 0.08), added)
    home, gdp = luck.lognormal(1.0, 1.0, n), luck.lognormal(5.0, 1.0, n)
    return {"watched": watched, "effect": np.where(watched, effect, 0.0), "area": area & watched, "sells": sells, "buys": buys,
            "index": index, "far": far, "flow": flow, "spending": flow.sum(axis=0) + home, "gdp": gdp}  # fmt: skip


def _opened(w: dict[str, Any], elasticity: float = 5.0, profit: float = 0.1) -> Any:
    """Return what is opened and what is diverted, (2, N), bp of GDP a year."""
    n = len(w["gdp"])
    row, col = (one.astype(np.int32) for one in np.nonzero(w["watched"]))
    start, out = np.concatenate([[0], np.cumsum(w["watched"].sum(axis=1))]), np.empty((2, n))
    effect, area, flow = (np.ascontiguousarray(w[name][row, col]) for name in ("effect", "area", "flow"))
    opened.compare(
        start, col, n, effect, area, 0.08, flow, w["sells"], w["buys"], w["index"], w["far"], w["spending"], w["gdp"], elasticity, profit,
        out[0], out[1],
    )  # fmt: skip
    return out


@pytest.mark.parametrize("seed", range(6))
def test_gains_are_those_of_hat_algebra_over_whole_matrices_and_all_changes_of_an_importer_sum_to_nothing(seed: int) -> None:
    w = _world_of(7, seed)
    alone = np.where(w["area"], 0.08, 0.0)
    bound = w["effect"] > alone
    gain = np.where(bound, (1.0 + alone) / (1.0 + w["effect"]) - 1.0, 0.0)
    home = w["spending"] - w["flow"].sum(axis=0)
    price, without, left = hat_plain.changed(w["flow"].T, home, gain.T, 5.0)
    change = w["flow"] - without.T
    own, elsewhere = _opened(w)
    saved = 1e4 * w["spending"] / w["gdp"] * np.log(price)
    earned = {at: 1e3 * np.where(bound == at, change, 0.0).sum(axis=1) / w["gdp"] for at in (True, False)}
    np.testing.assert_allclose(own, saved + earned[True], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(elsewhere, earned[False], rtol=1e-9, atol=1e-9)
    # What partners sell more is what all others, those at home among them, sell less.
    np.testing.assert_allclose(change.sum(axis=0) + home - left, 0.0, atol=1e-12 * w["spending"].max())
    assert abs(change.sum() + (home - left).sum()) < 1e-11 * w["spending"].sum()
    # What is not bound sells less or as much; a partner may itself sell less, where others gain more.
    assert (saved >= 0.0).all() and (elsewhere <= 0.0).all() and (change[~bound] <= 1e-12).all()


@pytest.mark.parametrize("seed", range(4))
def test_states_in_another_order_gain_the_same(seed: int) -> None:
    w = _world_of(7, seed)
    order = np.random.Generator(np.random.PCG64(seed + 99)).permutation(7)
    there = {name: one if np.ndim(one) == 0 else one[order] if one.ndim == 1 else one[np.ix_(order, order)] for name, one in w.items()}
    np.testing.assert_allclose(_opened(there), _opened(w)[:, order], atol=1e-9)


def test_a_small_opening_saves_its_share_of_imports_over_the_elasticity_and_sells_as_much_more() -> None:
    w = _world_of(5, 1)
    w["effect"], w["area"] = np.zeros((5, 5)), np.zeros((5, 5), dtype=bool)
    w["watched"][0, 1] = w["watched"][1, 0] = True
    w["effect"][0, 1] = w["effect"][1, 0] = 1e-6
    own, elsewhere = _opened(w)
    there, back, home = w["flow"][0, 1], w["flow"][1, 0], w["flow"][0, 1] / w["spending"][1]
    assert own[0] == pytest.approx(1e4 * 1e-6 * (back / 5.0 + 0.1 * there * (1.0 - home)) / w["gdp"][0], rel=1e-4)
    assert (own[2:] == 0.0).all() and (elsewhere[2:] < 0.0).all() and (elsewhere <= 0.0).all()


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
        w = _world_of(7, 0)
        own = _opened(w)
        w["effect"] = w["effect"] * (1.0 + 1e-6)
        assert not np.allclose(_opened(w), own, rtol=0, atol=1e-12)
