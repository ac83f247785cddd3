"""Digital trade without a world: numbers worked by hand, money that is not lost, and flows that fit their margins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import hat_plain

from sim.data.further.pairs import read_pairs
from sim.data.language import read_language
from sim.data.roster import RosterSpec, load_roster
from sim.data.services import read_margins
from sim.data.source import read_source
from sim.data.ties import great_circle
from sim.trade import hat
from sim.trade.balance import balanced, fitted, pair_flows
from sim.types import ModelFault, month_index

# One importer spends 100: 20 at A, 30 at B, 50 at home. What it buys from A becomes 10 % easier. The elasticity is 5.
ONE = (np.array([0, 2]), np.array([20.0, 30.0]), np.array([100.0]), np.array([0.1, 0.0]), 5.0)


def drawn(seed: int, n: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw flows (n, n), purchases at home (n,) and gains (n, n); some pairs do not trade, some lose."""
    luck = np.random.default_rng(seed)
    flow = luck.lognormal(0.0, 2.0, (n, n)) * (luck.random((n, n)) < 0.8)
    return flow, luck.lognormal(2.0, 1.0, n), np.where(luck.random((n, n)) < 0.4, luck.uniform(-0.5, 0.9, (n, n)), 0.0)


def laid_flat(flow: np.ndarray, home: np.ndarray, gain: np.ndarray, elasticity: float) -> hat.Change:
    n = len(home)
    return hat.changed(np.arange(n + 1) * n, flow.ravel(), flow.sum(axis=1) + home, gain.ravel(), elasticity)


def test_one_importer_worked_by_hand() -> None:
    # 20 x 1.1 + 30 + 50 = 102 would be spent at old prices: 22, 30 and 50, each over 1.02.
    after = hat.changed(*ONE)
    assert after.flow.tolist() == pytest.approx([21.568627, 29.411765], abs=1e-6)
    assert after.home.tolist() == pytest.approx([49.019608], abs=1e-6)
    assert after.price[0] == pytest.approx(1.02**-0.2)
    # 1e4 x (100 / 1000) x ln(1.02) / 5.
    assert hat.saving(after.price, ONE[2], np.array([1000.0]))[0] == pytest.approx(3.960525, abs=1e-6)


def test_an_exporter_gains_its_margin_on_what_it_sells_more_and_others_lose_theirs() -> None:
    after = hat.changed(*ONE)
    gain = hat.exporters_gain(np.array([0, 1]), ONE[1], after.flow, np.array([500.0, 500.0]), margin=0.2, weight=0.5)
    # 1e4 x 0.5 x 0.2 x 1.568627 / 500, and 1e4 x 0.5 x 0.2 x -0.588235 / 500.
    assert gain.tolist() == pytest.approx([3.137255, -1.176471], abs=1e-6)


def test_the_first_order_is_right_for_a_small_gain_and_too_much_for_a_large_one() -> None:
    gdp = np.array([1000.0])
    for gain, off in ((1e-4, 1e-4), (0.08, 0.04)):
        after = hat.changed(ONE[0], ONE[1], ONE[2], np.array([gain, 0.0]), 5.0)
        exact = hat.saving(after.price, ONE[2], gdp)[0]
        first = hat.first_order_saving(np.array(20.0), np.array(gain), gdp, 5.0)[0]
        assert abs(first / exact - 1) < off
    assert exact != first


def test_equal_ease_everywhere_abroad_and_nothing_bought_at_home_moves_prices_alone() -> None:
    after = hat.changed(np.array([0, 2]), np.array([20.0, 30.0]), np.array([50.0]), np.array([0.3, 0.3]), 4.0)
    assert after.flow.tolist() == pytest.approx([20.0, 30.0])
    assert after.price[0] == pytest.approx(1.3**-0.25)


def test_what_is_taken_back_restores_the_flows_and_no_more() -> None:
    there = hat.changed(*ONE)
    back = hat.changed(ONE[0], there.flow, ONE[2], -ONE[3] / (1 + ONE[3]), 5.0)
    assert back.flow.tolist() == pytest.approx([20.0, 30.0], rel=1e-12)
    assert there.price[0] * back.price[0] == pytest.approx(1.0, rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.floats(1.0, 10.0))
def test_the_twin_says_the_same(seed: int, elasticity: float) -> None:
    flow, home, gain = drawn(seed)
    ours = laid_flat(flow, home, gain, elasticity)
    price, after, left = hat_plain.changed(flow, home, gain, elasticity)
    assert np.allclose(ours.price, price, rtol=1e-12)
    assert np.allclose(ours.flow, after.ravel(), rtol=1e-12)
    assert np.allclose(ours.home, left, rtol=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_what_third_parties_and_home_lose_is_what_is_diverted(seed: int) -> None:
    flow, home, gain = drawn(seed)
    gain = np.abs(gain)
    after = laid_flat(flow, home, gain, 5.0)
    change, at_home = after.flow.reshape(flow.shape) - flow, after.home - home
    spending = flow.sum(axis=1) + home
    assert np.allclose(change.sum(axis=1) + at_home, 0.0, atol=1e-9 * spending.max())
    assert (change[gain == 0] <= 1e-12).all() and (at_home <= 1e-12).all()
    gained = np.where(gain > 0, change, 0.0).sum(axis=1)
    lost = -np.where(gain == 0, change, 0.0).sum(axis=1) - at_home
    assert np.allclose(gained, lost, atol=1e-9 * spending.max())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.floats(1e-6, 1e6))
def test_money_in_other_units_gives_the_same_prices_and_basis_points(seed: int, unit: float) -> None:
    flow, home, gain = drawn(seed)
    gdp = np.full(len(home), 1000.0)
    spending = flow.sum(axis=1) + home
    one, other = laid_flat(flow, home, gain, 5.0), laid_flat(flow * unit, home * unit, gain, 5.0)
    assert np.allclose(one.price, other.price, rtol=1e-12)
    assert np.allclose(one.flow * unit, other.flow, rtol=1e-12)
    assert np.allclose(hat.saving(one.price, spending, gdp), hat.saving(other.price, spending * unit, gdp * unit), rtol=1e-9, atol=1e-9)


def test_impossible_changes_are_faults() -> None:
    start, flow, spending, gain, elasticity = ONE
    with pytest.raises(ModelFault, match="every gain above -1"):
        hat.changed(start, flow, spending, np.array([-1.0, 0.0]), elasticity)
    with pytest.raises(ModelFault, match="importer 0 buys 50 abroad and spends 40 in all"):
        hat.changed(start, flow, np.array([40.0]), gain, elasticity)
    with pytest.raises(ModelFault, match="elasticity and spending must be above 0"):
        hat.changed(start, flow, spending, gain, 0.0)


# Flows of pairs.


def test_without_structure_flows_are_products_of_margins() -> None:
    flow = balanced(np.ones((2, 2)), np.array([30.0, 70.0]), np.array([40.0, 60.0]))
    assert flow.ravel().tolist() == pytest.approx([12.0, 18.0, 28.0, 42.0])


def test_three_states_that_do_not_sell_to_themselves_have_one_solution() -> None:
    # Rows 4, 5, 5 and columns 5, 5, 4 leave one free number; with equal odds X12 X23 X31 = X13 X21 X32.
    flow = balanced(1.0 - np.eye(3), np.array([4.0, 5.0, 5.0]), np.array([5.0, 5.0, 4.0]))
    assert flow.sum(axis=1).tolist() == pytest.approx([4, 5, 5]) and flow.sum(axis=0).tolist() == pytest.approx([5, 5, 4])
    assert flow[0, 1] * flow[1, 2] * flow[2, 0] == pytest.approx(flow[0, 2] * flow[1, 0] * flow[2, 1])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_odds_of_the_seed_are_kept_and_its_scale_plays_no_part(seed: int) -> None:
    luck = np.random.default_rng(seed)
    structure, rows, columns = luck.lognormal(0, 1, (5, 7)), luck.lognormal(0, 2, 5), luck.lognormal(0, 2, 7)
    columns *= rows.sum() / columns.sum()
    flow = balanced(structure, rows, columns)
    assert np.abs(flow.sum(axis=1) / rows - 1).max() < 1e-9 and np.abs(flow.sum(axis=0) / columns - 1).max() < 1e-9
    odds = structure[1:, 1:] * structure[0, 0] / (structure[1:, :1] * structure[:1, 1:])
    assert np.allclose(flow[1:, 1:] * flow[0, 0] / (flow[1:, :1] * flow[:1, 1:]), odds, rtol=1e-8)
    other = balanced(structure * luck.lognormal(0, 1, (5, 1)) * luck.lognormal(0, 1, 7), rows, columns)
    assert np.allclose(flow, other, rtol=1e-7)


def test_margins_that_cannot_be_met_are_faults() -> None:
    with pytest.raises(ModelFault, match="rows sum to 3 and columns to 4; one total was expected"):
        balanced(np.ones((2, 2)), np.array([1.0, 2.0]), np.array([2.0, 2.0]))
    with pytest.raises(ModelFault, match="no flows fit the margins"):
        balanced(1.0 - np.eye(2), np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    with pytest.raises(ModelFault, match="negative"):
        balanced(-np.ones((2, 2)), np.array([1.0, 2.0]), np.array([1.0, 2.0]))


def test_a_fit_finds_the_coefficients_that_made_the_flows() -> None:
    luck = np.random.default_rng(0)
    exporter, importer = (side.ravel() for side in np.meshgrid(np.arange(6), np.arange(6), indexing="ij"))
    traits = luck.normal(size=(36, 2))
    sizes = luck.normal(size=(2, 6))
    value = np.exp(sizes[0][exporter] + sizes[1][importer] + traits @ np.array([-0.7, 0.3]))
    coefficients, r_squared = fitted(exporter, importer, value, traits)
    assert coefficients.tolist() == pytest.approx([-0.7, 0.3]) and r_squared == pytest.approx(1.0)
    with pytest.raises(ModelFault, match="cannot tell the traits apart"):
        fitted(exporter, importer, value, np.ones((36, 1)))


def test_flows_of_193_states_hold_every_margin_of_2019_and_fall_with_distance() -> None:
    source = read_source(None)
    n = len(source.codes)
    language, _ = read_language(None, source.codes)
    i, j = np.indices((n, n))
    km = great_circle(source.lat, source.lon, i, j, 50.0)
    traits = np.stack([np.log(km), language.at(n, i, j), source.ties["border"].at(n, i, j)], axis=-1)
    exporter, importer, _, usd = read_pairs(None, (*source.codes, "EU"))
    states = (exporter < n) & (importer < n)
    a, b = exporter[states], importer[states]
    coefficients, r_squared = fitted(a, b, usd[states], traits[a, b])
    assert states.sum() == 234
    assert coefficients.tolist() == pytest.approx([-0.568, 0.253, 0.296], abs=0.001)
    assert r_squared == pytest.approx(0.917, abs=0.001)
    known = load_roster(RosterSpec(), month_index("2011-01"), month_index("2024-12")).figures["gdp"]
    full = read_margins(None, source.codes).filled(known, source.subregions, source.regions)
    y = full.years.tolist().index(2019)
    rest = (float(full.outside_exports[y]), float(full.outside_imports[y]), float(full.discrepancy[y]))
    flow, sold, bought = pair_flows(np.exp(traits @ coefficients), full.exports[y], full.imports[y], *rest)
    for made, margin in ((flow.sum(axis=1) + sold.sum(axis=1), full.exports[y]), (flow.sum(axis=0) + bought, full.imports[y])):
        assert (np.abs(made - margin) <= 1e-9 * margin).all()
    assert (np.diag(flow) == 0).all()
    assert sold[:, 0].sum() == pytest.approx(rest[1], rel=1e-9)
    usa, idn, nld = (source.codes.index(code) for code in ("USA", "IDN", "NLD"))
    assert flow[usa, idn] > flow[idn, usa] > 0 and flow[usa, nld] > flow[usa, idn]
    there, back = np.triu(flow), np.tril(flow).T
    assert np.abs(there - back).sum() / flow.sum() == pytest.approx(0.237, abs=0.005)
