"""Digital trade follows gravity: the equations hold, money has no illusion, and a decision adds what it is said to add."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from reference import gravity_plain
from worlds import NINE, begun, months_of, setting_of, tree

from sim import engine, ledger
from sim.mechanisms.effects import gravity
from sim.mechanisms.effects.rule import Effects
from sim.types import ISSUES, NEVER, Institution, TalkStage, month_index
from sim.world import World, clone

Floats = NDArray[np.float64]
MANY = ["ARG", "AUS", "BRA", "CAN", *NINE, "IND", "JPN", "KOR", "MEX", "NGA", "ZAF"]


def dense(world: World, edges_values: Floats, fill: float = 0.0) -> Floats:
    """Spread a value of each edge between states over a matrix, shape (N, N)."""
    n, edges = world.setting.n_states, world.setting.edges
    matrix = np.full((n, n), fill)
    states = (edges.row < n) & (edges.col < n)
    matrix[edges.row[states], edges.col[states]] = edges_values[states]
    return matrix


def told_again(world: World) -> tuple[Floats, Floats, Floats]:
    """Return resistance, trade and shares of the world by the plain twin."""
    part, setting, n = world.setting.config.mechanisms["effects"], world.setting, world.setting.n_states
    edges, year = setting.edges, int(np.searchsorted(setting.roster.years, world.month // 12))
    output, whole = part.digital_share * world.gdp[:n], part.digital_share * float(setting.roster.world_gdp[year])
    km, border, effect = (dense(world, v, fill) for v, fill in ((edges.distance, np.nan), (edges.border, 0.0), (world.effect, 0.0)))
    phi = gravity_plain.freeness(km, border, effect, part.distance_elasticity, part.contiguity)
    watched = np.isfinite(km)
    outside = whole - output - watched @ output
    rest = (part.rest_distance / 1000.0) ** -part.distance_elasticity
    p = gravity_plain.resistance(phi, float(np.exp(part.home_bias)), rest, output, outside, whole)
    shares = (output + watched @ output + outside) / whole
    return p, gravity_plain.flows(p, phi, output, whole), shares


@pytest.mark.parametrize("over", [{}, {"roster": {"states": MANY}}, {"start": "2020-01"}], ids=["nine", "twenty", "January"])
def test_resistance_and_trade_are_those_of_the_plain_twin(over: dict[str, Any]) -> None:
    world = begun(tree(**over))
    p, trade, shares = told_again(world)
    np.testing.assert_allclose(shares, 1.0, rtol=1e-12)
    np.testing.assert_allclose(world.resistance[: len(p)], p, rtol=1e-9)
    np.testing.assert_allclose(dense(world, world.trade), trade, rtol=1e-9)


@pytest.mark.parametrize("years", [0, 2])
def test_partners_and_what_lies_outside_are_the_whole_world(years: int) -> None:
    world = begun(tree(candidates=3, roster={"states": MANY}, start="2019-01"))
    for _ in months_of(world, 12 * years + 1):
        pass
    world.month -= 1
    p, trade, _ = told_again(world)
    assert world.setting.edges.n < world.setting.n_parties * (world.setting.n_parties - 1)
    np.testing.assert_allclose(world.resistance[: len(p)], p, rtol=1e-9)
    np.testing.assert_allclose(dense(world, world.trade), trade, rtol=1e-9)


def test_an_equation_left_unsolved_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.mechanisms.effects.rule.ROUNDS", 3)
    world = begun(tree())
    assert np.abs(world.resistance[:9] / told_again(world)[0] - 1.0).max() > 1e-6


@settings(max_examples=15)
@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_the_equations_hold_on_any_world(n: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    output = np.exp(luck.normal(0.0, 2.0, n))
    outside = np.full(n, float(luck.uniform(0.01, 3.0)) * output.sum())
    whole = float(output.sum() + outside[0])
    phi = np.exp(luck.normal(0.0, 1.0, (n, n)))
    phi = np.sqrt(phi * phi.T)
    np.fill_diagonal(phi, 0.0)
    start, col = np.arange(n + 1) * (n - 1), np.array([j for i in range(n) for j in range(n) if j != i], dtype=np.int32)
    row = np.repeat(np.arange(n), n - 1)
    resist = np.ones(n)
    gravity.resistance(start, col, n, output, whole, phi[row, col].copy(), 44.7, 0.5, outside, gravity.ROUNDS, resist)
    np.testing.assert_allclose(resist, gravity_plain.equations(resist, phi, 44.7, 0.5, output, outside, whole), rtol=1e-12)
    trade = np.empty(len(col))
    gravity.flows(start, col, n, output, whole, phi[row, col].copy(), resist, trade)
    matrix = np.zeros((n, n))
    matrix[row, col] = trade
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-14)
    home = output**2 / whole * 44.7 / resist**2
    rest = output * outside / whole * 0.5 / resist
    np.testing.assert_allclose(matrix.sum(axis=1) + home + rest, output, rtol=1e-11)


def test_all_that_is_made_is_sold_somewhere() -> None:
    world = begun(tree(roster={"states": MANY}))
    part, setting, n = world.setting.config.mechanisms["effects"], world.setting, world.setting.n_states
    output, p = part.digital_share * world.gdp[:n], world.resistance[:n]
    whole = part.digital_share * float(setting.roster.world_gdp[0])
    home = output**2 / whole * np.exp(part.home_bias) / p**2
    rest = output * (whole - output.sum()) / whole * (part.rest_distance / 1000.0) ** -part.distance_elasticity / p
    np.testing.assert_allclose(dense(world, world.trade).sum(axis=1) + home + rest, output, rtol=1e-9)


def test_trade_is_the_same_both_ways_and_a_blocs_is_its_members() -> None:
    world = begun(tree())
    edges, n, at = world.setting.edges, world.setting.n_states, world.setting.party
    np.testing.assert_allclose(world.trade, world.trade[edges.rev], rtol=1e-12)
    assert (world.trade >= 0.0).all()
    eu, us = at("EU"), at("USA")
    whole = sum(world.trade[edges.find(at(code), us)] for code in ("DEU", "FRA", "GBR"))
    assert world.trade[edges.find(eu, us)] == pytest.approx(whole, rel=1e-12)
    assert world.trade[edges.find(eu, at("DEU"))] == 0.0
    asean = at("ASEAN")
    between = sum(world.trade[edges.find(at(a), at(b))] for a in ("DEU", "FRA", "GBR") for b in ("IDN", "SGP"))
    assert world.trade[edges.find(eu, asean)] == pytest.approx(between, rel=1e-12)
    for i in range(n):
        mine = dense(world, world.trade)[:, i].sum()
        assert world.imports[i] == pytest.approx(max(1.0, mine), rel=1e-12)


def test_doubling_all_gdp_doubles_every_flow() -> None:
    once = begun(tree())
    roster = once.setting.roster
    rich = dataclasses.replace(roster, figures={**roster.figures, "gdp": 2.0 * roster.figures["gdp"]}, world_gdp=2.0 * roster.world_gdp)
    twice = engine.start(dataclasses.replace(once.setting, roster=rich), 7)
    np.testing.assert_allclose(twice.trade, 2.0 * once.trade, rtol=1e-12)
    np.testing.assert_allclose(twice.resistance, once.resistance, rtol=1e-12)


def test_doubling_the_gdp_of_some_alone_does_not() -> None:
    once = begun(tree())
    roster = once.setting.roster
    gdp = roster.figures["gdp"].copy()
    gdp[:, 0] *= 2.0
    rich = dataclasses.replace(roster, figures={**roster.figures, "gdp": gdp})
    some = engine.start(dataclasses.replace(once.setting, roster=rich), 7)
    assert not np.allclose(some.trade, 2.0 * once.trade, rtol=0.01)


def sign_now(world: World, kind: str, first: str, second: str, kept: float = 0.0) -> None:
    """Let two parties sign an instrument that enters into force this month."""
    t, (i, j) = world.setting.type_names.index(kind), (world.setting.party(code) for code in (first, second))
    talk = ledger.open_talk(world, t, i, j, i)
    ledger.close_talk(world, talk, TalkStage.CONCLUDED)
    text = np.full(8, 0.5)
    text[ISSUES.index("localisation")] = kept
    row = ledger.sign(world, talk, text, world.month, NEVER, 0.0)
    for place in np.flatnonzero(world.adherence["instrument"] == row):
        ledger.put_to_ratifiers(world, int(place), Institution.EXECUTIVE_ACT, -1)


def growth(kind: str, first: str, second: str, months: int, kept: float = 0.0) -> Floats:
    """Return by how much trade is larger, edge by edge, some months after a signature, than without it."""
    without = begun(tree())
    for _ in months_of(without, month_index("2019-08") - without.month):
        pass
    signed = clone(without)
    sign_now(signed, kind, first, second, kept)
    for world in (without, signed):
        for _ in months_of(world, months):
            pass
    np.testing.assert_array_equal(signed.resistance, without.resistance)
    return np.divide(signed.trade, without.trade, out=np.ones_like(signed.trade), where=without.trade > 0.0) - 1.0


@pytest.mark.parametrize("kind", ["adequacy_decision", "transfer_framework"])
def test_a_decision_adds_about_eight_percent_from_the_next_month_and_only_for_those_covered(kind: str) -> None:
    assert (growth(kind, "EU", "KEN", 1) == 0.0).all()
    added = growth(kind, "EU", "KEN", 2)
    setting = setting_of(tree())
    kenya, union = setting.party("KEN"), {setting.party(code) for code in ("EU", "DEU", "FRA", "GBR")}
    edges = setting.edges
    covered = np.array(
        [{int(i), int(j)} & {kenya} != set() and {int(i), int(j)} & union != set() for i, j in zip(edges.row, edges.col, strict=True)]
    )
    assert covered.sum() == 8
    assert (added[covered] > 0.07).all()
    assert (added[covered] < 0.09).all()
    np.testing.assert_allclose(added[~covered], 0.0, atol=1e-12)


def test_what_a_text_keeps_at_home_is_not_traded() -> None:
    setting = setting_of(tree())
    edge = setting.edges.find(setting.party("EU"), setting.party("KEN"))
    whole, half, none = (growth("transfer_framework", "EU", "KEN", 2, kept)[edge] for kept in (0.0, 0.5, 1.0))
    assert half == pytest.approx(whole / 2, rel=1e-9)
    assert none == 0.0


def test_a_digital_trade_agreement_claims_no_trade() -> None:
    assert (growth("digital_trade_agreement", "KEN", "SGP", 3) == 0.0).all()


def test_what_is_already_free_is_not_freed_twice() -> None:
    setting = setting_of(tree())
    edge = setting.edges.find(setting.party("EU"), setting.party("USA"))
    assert begun(tree()).effect[edge] == pytest.approx(0.08)
    assert growth("adequacy_decision", "EU", "USA", 3)[edge] == 0.0


def test_an_effect_that_leaks_to_others_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Effects._effect
    monkeypatch.setattr(Effects, "_effect", lambda self, world: np.full_like(honest(self, world), honest(self, world).max()))
    with pytest.raises(AssertionError):
        test_a_decision_adds_about_eight_percent_from_the_next_month_and_only_for_those_covered("adequacy_decision")


def test_a_blocs_trade_is_its_members_trade_in_every_month() -> None:
    world = begun(tree())
    edges, at, setting = world.setting.edges, world.setting.party, world.setting
    members = {code: setting.roster.member_until[setting.roster.organisations.index("EU"), at(code)] for code in ("DEU", "FRA", "GBR")}
    sizes = set()
    for _ in months_of(world, month_index("2020-06") - world.month):
        inside = [code for code, until in members.items() if world.month - 1 < until]
        sizes.add(len(inside))
        whole = sum(world.trade[edges.find(at(code), at("USA"))] for code in inside)
        assert world.trade[edges.find(at("EU"), at("USA"))] == pytest.approx(whole, rel=1e-12)
    assert sizes == {2, 3}
