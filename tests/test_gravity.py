"""Digital trade has the margins published, whoever keeps an eye on whom, and a decision moves it by what it is said to add."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from reference import margins_plain
from worlds import NINE, begun, months_of, setting_of, tree

from sim import engine, ledger
from sim.mechanisms.effects.rule import Effects
from sim.state.world import World, clone
from sim.trade import sparse
from sim.types import ISSUES, NEVER, Institution, Stage, TalkStage, month_index

Floats = NDArray[np.float64]
MANY = ["ARG", "AUS", "BRA", "CAN", *NINE, "IND", "JPN", "KOR", "MEX", "NGA", "ZAF"]


def dense(world: World, edges_values: Floats, fill: float = 0.0) -> Floats:
    """Spread a value of each edge between states over a matrix, shape (N, N)."""
    n, edges = world.setting.n_states, world.setting.edges
    matrix = np.full((n, n), fill)
    states = (edges.row < n) & (edges.col < n)
    matrix[edges.row[states], edges.col[states]] = edges_values[states]
    return matrix


def told_again(world: World, year: int) -> Floats:
    """Return flows of a year by the plain twin, on the terms of the start: states, the rest, what one side does not report."""
    part, edges = world.setting.config.mechanisms["effects"], world.setting.edges
    km, border, language = (dense(world, v, fill) for v, fill in ((edges.distance, np.nan), (edges.border, 0.0), (edges.language, 0.0)))
    ease = (km / 1000.0) ** -part.distance_elasticity * np.exp(part.contiguity * border + part.common_language * language)
    far = (part.rest_distance / 1000.0) ** -part.distance_elasticity
    return margins_plain.flows(margins_plain.seed(ease, far), *world.setting.roster.digital.sides(year))


@pytest.mark.parametrize("over", [{}, {"roster": {"states": MANY}}, {"candidates": 3}], ids=["nine", "twenty", "three partners"])
def test_trade_as_the_run_begins_is_that_of_the_plain_twin_and_what_is_known_that_of_the_year_before(over: dict[str, Any]) -> None:
    world = begun(tree(**over))
    n, watched = world.setting.n_states, dense(world, np.ones(world.setting.edges.n)) > 0.0
    for known, year in ((world.trade, 2019), (world.trade_known, 2018)):
        flow = told_again(world, year)[:n, :n]
        np.testing.assert_allclose(dense(world, known), np.where(watched, flow, 0.0), rtol=1e-9)
    np.testing.assert_allclose(world.imports[:n], world.setting.roster.digital.imports[1], rtol=1e-12)
    np.testing.assert_allclose(world.imports_known[:n], world.setting.roster.digital.imports[0], rtol=1e-12)


def test_parties_know_the_trade_of_december_from_january_on() -> None:
    world, last = begun(tree()), None
    for _ in months_of(world, month_index("2020-03") - world.month):
        month = world.month - 1
        if month < month_index("2020-01"):
            last = world.trade.copy()
            np.testing.assert_array_equal(world.trade_known, begun(tree()).trade_known)
    n = world.setting.n_states
    between = (world.setting.edges.row < n) & (world.setting.edges.col < n)
    assert last is not None
    np.testing.assert_array_equal(world.trade_known[between], last[between])
    assert not np.array_equal(world.trade_known, world.trade)
    np.testing.assert_allclose(dense(world, world.trade), told_again(world, 2020)[:n, :n], rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.integers(1, 11), st.integers(0, 2**32 - 1))
def test_every_margin_is_met_whoever_keeps_an_eye_on_whom(n: int, partners: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    ease = np.exp(luck.normal(0.0, 1.0, (n, n)))
    ease = np.sqrt(ease * ease.T)
    watched = luck.random((n, n)) < partners / n
    watched = (watched | watched.T) & ~np.eye(n, dtype=bool)
    exports, imports = np.exp(luck.normal(0.0, 2.0, (2, n + 2)))
    exports[n + 1] = 0.0
    exports[n] += 3.0 * (exports[:n] + imports[:n]).max()
    imports[n] += exports[n]
    imports[n + 1] = 0.1 * imports.sum()
    exports[n] += max(0.0, imports.sum() - exports.sum())
    imports[n] += max(0.0, exports.sum() - imports.sum())
    row, col = (one.astype(np.int32) for one in np.nonzero(watched))
    start = np.concatenate([[0], np.cumsum(watched.sum(axis=1))])
    sells, buys = np.empty(n + 2), np.empty(n + 2)
    assert sparse.fit(start, col, n, ease[row, col], 0.4, exports, imports, sells, buys) <= sparse.TOLERANCE
    structure = margins_plain.seed(np.where(watched, ease, np.nan), 0.4)
    flow = sells[:, None] * buys[None, :] * structure
    np.testing.assert_allclose(flow.sum(axis=1), exports, rtol=1e-9)
    np.testing.assert_allclose(flow.sum(axis=0), imports, rtol=1e-9)
    np.testing.assert_allclose(flow, margins_plain.flows(structure, exports, imports), rtol=1e-7, atol=1e-12)


def test_a_margin_that_is_not_met_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = sparse.answer.py_func if hasattr(sparse.answer, "py_func") else sparse.answer
    assert honest is not None
    monkeypatch.setattr(
        "sim.mechanisms.effects.rule.sparse.fit", lambda *args, original=sparse.fit: (original(*args), args[-2].__imul__(1.0 + 1e-6))[0]
    )
    world = begun(tree())
    assert np.abs(dense(world, world.trade) / np.maximum(told_again(world, 2019)[:9, :9], 1.0) - 1.0)[0, 1] > 5e-7


def test_one_side_does_not_sell_what_it_buys_and_the_largest_seller_is_the_united_states() -> None:
    world = begun({"start": "2019-06", "end": "2019-12"})
    trade = dense(world, world.trade)
    assert np.abs(np.triu(trade) - np.tril(trade).T).sum() / trade.sum() == pytest.approx(0.237, abs=0.01)
    share = world.setting.roster.digital.exports[1] / world.setting.roster.digital.sides(2019)[0].sum()
    assert world.setting.codes[int(share.argmax())] == "USA" and 0.15 < share.max() < 0.18


def test_blocs_trade_as_their_members_and_buy_from_everybody_but_themselves() -> None:
    world = begun(tree())
    edges, at = world.setting.edges, world.setting.party
    eu, us, asean = at("EU"), at("USA"), at("ASEAN")
    assert (world.trade >= 0.0).all()
    # The UK is a member in 2019.
    inside = ("DEU", "FRA", "GBR")
    whole = sum(world.trade[edges.find(at(code), us)] for code in inside)
    assert world.trade[edges.find(eu, us)] == pytest.approx(whole, rel=1e-12)
    assert world.trade[edges.find(eu, at("DEU"))] == 0.0
    between = sum(world.trade[edges.find(at(a), at(b))] for a in inside for b in ("IDN", "SGP"))
    assert world.trade[edges.find(eu, asean)] == pytest.approx(between, rel=1e-12)
    own = sum(world.trade[edges.find(at(a), at(b))] for a in inside for b in inside if a != b)
    assert world.imports[eu] == pytest.approx(sum(world.imports[at(code)] for code in inside) - own, rel=1e-12)


def with_margins(world: World, **changed: Any) -> World:
    roster = world.setting.roster
    other = dataclasses.replace(roster, digital=dataclasses.replace(roster.digital, **changed))
    return engine.start(dataclasses.replace(world.setting, roster=other), 7)


def test_twice_all_margins_are_twice_every_flow_and_gdp_plays_no_part() -> None:
    once = begun(tree())
    digital = once.setting.roster.digital
    names = ("exports", "imports", "rest_exports", "rest_imports", "discrepancy")
    twice = with_margins(once, **{name: 2.0 * getattr(digital, name) for name in names})
    np.testing.assert_allclose(twice.trade, 2.0 * once.trade, rtol=1e-9)
    roster = once.setting.roster
    rich = dataclasses.replace(roster, figures={**roster.figures, "gdp": 2.0 * roster.figures["gdp"]}, world_gdp=2.0 * roster.world_gdp)
    np.testing.assert_array_equal(engine.start(dataclasses.replace(once.setting, roster=rich), 7).trade, once.trade)


def test_what_nobody_reports_buying_and_what_nobody_reports_selling_both_have_a_row() -> None:
    once = begun(tree())
    digital, n = once.setting.roster.digital, once.setting.n_states
    gap = -0.1 * digital.exports.sum(axis=1)
    other = with_margins(once, discrepancy=gap, rest_exports=digital.rest_imports + digital.imports.sum(1) - digital.exports.sum(1) + gap)
    flow = told_again(other, 2019)
    np.testing.assert_allclose(dense(other, other.trade), flow[:n, :n], rtol=1e-9)
    assert flow[n + 1, :n].sum() > 0.0 and flow[:n, n + 1].sum() == 0.0


def sign_now(world: World, kind: str, first: str, second: str, kept: float = 0.0) -> None:
    """Let two parties sign an instrument that enters into force this month."""
    t, (i, j) = world.setting.type_names.index(kind), (world.setting.party(code) for code in (first, second))
    talk = ledger.open_talk(world, t, i, j, i)
    ledger.close_talk(world, talk, TalkStage.CONCLUDED)
    text = np.full(len(world.setting.words.issues), 0.5)
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
    np.testing.assert_array_equal(signed.sells, without.sells)
    return np.divide(signed.trade, without.trade, out=np.ones_like(signed.trade), where=without.trade > 0.0) - 1.0


@pytest.mark.parametrize("kind", ["adequacy_decision", "transfer_framework"])
def test_a_decision_adds_about_eight_percent_from_the_next_month_and_diverts_from_others(kind: str) -> None:
    assert (growth(kind, "EU", "KEN", 1) == 0.0).all()
    added = growth(kind, "EU", "KEN", 2)
    setting = setting_of(tree())
    kenya, union = setting.party("KEN"), {setting.party(code) for code in ("EU", "DEU", "FRA", "GBR")}
    edges = setting.edges
    covered = np.array(
        [{int(i), int(j)} & {kenya} != set() and {int(i), int(j)} & union != set() for i, j in zip(edges.row, edges.col, strict=True)]
    )
    assert covered.sum() == 8
    assert (added[covered] > 0.07).all() and (added[covered] < 0.0801).all()
    buys = np.isin(edges.col, [kenya, *union]) & ~covered
    # Who buys more under it buys a little less of everybody else; nobody else buys otherwise.
    assert (added[buys] <= 0.0).all() and (added[(edges.col == kenya) & ~covered & (begun(tree()).trade > 0.0)] < -1e-5).all()
    blocs = (edges.row >= setting.n_states) | (edges.col >= setting.n_states)
    np.testing.assert_allclose(added[~covered & ~buys & ~blocs], 0.0, atol=1e-15)


def test_what_a_text_keeps_at_home_is_not_traded() -> None:
    setting = setting_of(tree())
    edge = setting.edges.find(setting.party("EU"), setting.party("KEN"))
    whole, half, none = (growth("transfer_framework", "EU", "KEN", 2, kept)[edge] for kept in (0.0, 0.5, 1.0))
    assert half == pytest.approx(whole / 2, rel=0.02)
    assert none == 0.0


def test_a_digital_trade_agreement_adds_half_of_what_a_decision_does_between_its_two_alone() -> None:
    setting = setting_of(tree())
    added, edges = growth("digital_trade_agreement", "KEN", "SGP", 3), setting.edges
    kenya, singapore, asean = (setting.party(code) for code in ("KEN", "SGP", "ASEAN"))
    between = np.array([{int(i), int(j)} == {kenya, singapore} for i, j in zip(edges.row, edges.col, strict=True)])
    # A bloc trades what its members trade: nothing else grows.
    bloc = np.array([{int(i), int(j)} == {kenya, asean} for i, j in zip(edges.row, edges.col, strict=True)])
    assert between.sum() == 2 and (added[between] > 0.035).all() and (added[between] < 0.0401).all()
    assert (added[bloc] > 0.0).all() and (added[bloc] < added[between].min()).all()
    assert (added[~between & ~bloc] <= 0.0).all() and (added[~between & ~bloc] < 0.0).any()


def test_what_is_already_free_is_not_freed_twice() -> None:
    setting = setting_of(tree())
    edge = setting.edges.find(setting.party("EU"), setting.party("USA"))
    assert begun(tree()).effect[edge] == pytest.approx(0.08)
    assert growth("adequacy_decision", "EU", "USA", 3)[edge] == 0.0


def test_published_margins_hold_what_was_in_force_and_its_end_takes_back_that_and_no_more() -> None:
    world = begun(tree())
    edge = world.setting.edges.find(world.setting.party("DEU"), world.setting.party("USA"))
    assert world.effect[edge] > 0.0
    np.testing.assert_array_equal(world.price_index, 1.0)
    before, kinds = world.trade[edge], world.setting.type_names
    shield = [
        row for row in range(len(world.instruments))
        if kinds[world.instruments["type"][row]] == "transfer_framework" and world.instruments["stage"][row] == Stage.IN_FORCE
        and {world.instruments["first"][row], world.instruments["second"][row]} == {world.setting.party("EU"), world.setting.party("USA")}
    ]  # fmt: skip
    for row in shield:
        ledger.move(world, row, Stage.TERMINATED)
    for _ in months_of(world, 2):
        pass
    assert shield and world.effect[edge] == 0.0
    us = world.setting.party("USA")
    assert world.trade[edge] == pytest.approx(before / 1.08 / world.price_index[us], rel=1e-9)
    assert 0.9 < world.price_index[us] < 1.0


def test_an_effect_that_leaks_to_others_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Effects._effect
    monkeypatch.setattr(Effects, "_effect", lambda self, world: np.full_like(honest(self, world), honest(self, world).max()))
    with pytest.raises(AssertionError):
        test_a_decision_adds_about_eight_percent_from_the_next_month_and_diverts_from_others("adequacy_decision")


def test_a_blocs_trade_is_its_members_trade_in_every_month_and_so_is_what_is_known_of_it() -> None:
    world = begun(tree())
    edges, at, setting = world.setting.edges, world.setting.party, world.setting
    members = {code: setting.roster.member_until[setting.roster.organisations.index("EU"), at(code)] for code in ("DEU", "FRA", "GBR")}
    sizes = set()
    for _ in months_of(world, month_index("2020-06") - world.month):
        inside = [code for code, until in members.items() if world.month - 1 < until]
        sizes.add(len(inside))
        for trade in (world.trade, world.trade_known):
            whole = sum(trade[edges.find(at(code), at("USA"))] for code in inside)
            assert trade[edges.find(at("EU"), at("USA"))] == pytest.approx(whole, rel=1e-12)
    assert sizes == {2, 3}
