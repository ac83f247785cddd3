"""Agreements on data: known cases of the two tests, each term of a gain, one law towards everybody, and occasions."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_agreements import group, kind_of
from worlds import begun, tree

from sim import engine
from sim.ports import LawTerms, PoliticsTerms, TradeTerms
from sim.stakes.data_trade import data_trade
from sim.stakes.protection import essential_guarantees, needed_redress, needed_safeguards, reach
from sim.stakes.security import externality
from sim.state.world import World, clone

TWELVE = ("ARG", "AUS", "BRA", "CHN", "DEU", "FRA", "GBR", "JPN", "KOR", "NZL", "SGP", "USA")


@functools.cache
def _start() -> World:
    return begun(tree(start="2019-01", end="2021-12", roster={}))


def start() -> World:
    """Return the whole world of January 2019, to be changed at will."""
    return clone(_start())


def place(world: World, code: str) -> int:
    return world.setting.codes.index(code)


def terms(world: World, name: str, *pair: str, **values: Any) -> dict[str, list[float]]:
    made = kind_of(world, name, **values).coefficients(world, group(world, (pair[0], pair[1])))
    return {term: value[0].tolist() for term, value in made.terms}


def test_argentina_and_new_zealand_pass_without_undertakings_and_the_united_states_do_not() -> None:
    world = start()
    asked = group(world, ("EU", "ARG"), ("EU", "NZL"), ("EU", "USA"))
    assert (needed_safeguards(world, asked)[:2] <= world.safeguards[asked.second[:2]]).all()
    assert needed_redress(world, asked)[:2].tolist() == [0.0, 0.0]
    # Privacy Shield stands at the start, and what it says is not enough.
    assert needed_redress(world, asked)[2] > 0.3
    assert needed_safeguards(world, asked)[2] > world.safeguards[place(world, "USA")]


def test_a_state_that_is_not_bound_by_law_passes_no_test_whatever_its_law_says_and_however_little_data_it_reaches() -> None:
    world = start()
    world.free_flow[:] = False
    asked = group(world, ("EU", "RUS"), ("EU", "ARE"), ("EU", "ARG"), ("EU", "NZL"), ("EU", "USA"), ("RUS", "CHN"))
    assert essential_guarantees(world, asked).tolist() == [False, False, True, True, True, True]
    # Russia's law is general and has an authority, and little of the EU's data runs there.
    assert needed_safeguards(world, asked)[0] <= world.safeguards[asked.second[0]] and needed_redress(world, asked)[0] == 0.0
    pair = group(world, ("EU", "RUS"))
    adequacy, framework = (kind_of(world, name) for name in ("adequacy_decision", "transfer_framework"))
    assert not adequacy.eligible(world, pair)[0] and not framework.eligible(world, pair)[0]
    world.redress[pair.second] = 1.0
    assert not adequacy.eligible(world, pair)[0]
    world.protection_state[pair.second] = world.protection_state[pair.first]
    assert adequacy.eligible(world, pair)[0]


def test_who_passes_is_screened_and_who_must_undertake_negotiates() -> None:
    world = start()
    world.free_flow[:] = False
    asked = group(world, ("EU", "KOR"), ("EU", "USA"), ("USA", "EU"))
    assert kind_of(world, "adequacy_decision").eligible(world, asked).tolist() == [True, False, False]
    assert kind_of(world, "transfer_framework").eligible(world, asked).tolist() == [False, True, False]
    sworn = place(world, "USA")
    world.redress[sworn] = 1.0
    assert kind_of(world, "adequacy_decision").eligible(world, asked).tolist() == [True, True, False]


def test_a_law_counts_from_the_date_of_its_application_and_half_without_an_authority() -> None:
    world = begun(tree(start="2020-12", end="2022-01", roster={"states": list(TWELVE)}))
    brazil, china = place(world, "BRA"), place(world, "CHN")
    # Brazil's law is of 2018 and applies from September 2020: it counts from January 2021.
    assert world.own_safeguards[brazil] < 0.5
    engine.step(world)
    engine.step(world)
    assert world.own_safeguards[brazil] == 1.0
    assert world.own_safeguards[china] <= 0.5


@given(share=st.floats(0.0, 1.0), rights=st.floats(0.0, 1.0))
def test_redress_asked_is_just_what_makes_the_rest_small(share: float, rights: float) -> None:
    world = start()
    asked = group(world, ("EU", "KOR"))
    judge, other = int(asked.first[0]), int(asked.second[0])
    world.trade_known[asked.back], world.imports_known[judge] = share * 1e9, 1e9
    world.rights_of_foreigners[other] = rights
    x, there = needed_redress(world, asked)[0], reach(world, asked)[0]
    assert there == pytest.approx(share * (1.0 - rights)) and 0.0 <= x <= 1.0
    left = 1.0 - there * (1.0 - x)
    kappa = world.setting.terms(LawTerms).equivalence
    assert left >= kappa - 1e-9 and (x == 0.0 or left == pytest.approx(kappa))


def test_consumers_and_exporters_gain_by_the_exact_change_of_one_pair() -> None:
    world = start()
    asked, rate = group(world, ("EU", "KOR")), world.setting.terms(TradeTerms)
    world.effect[:] = 0.0
    i, j = int(asked.first[0]), int(asked.second[0])
    sold, bought = float(world.trade_known[asked.edge[0]]), float(world.trade_known[asked.back[0]])
    spent = {p: rate.digital_share * float(world.gdp[p]) + float(world.imports_known[p]) for p in (i, j)}
    found = data_trade(world, asked, 0.08)
    saving = 1e4 * spent[i] / world.gdp[i] / rate.trade_elasticity * np.log(1.0 + bought * 0.08 / spent[i])
    profit = 1e4 * rate.exporters_weight * rate.profit_margin * (sold * 1.08 / (1.0 + sold * 0.08 / spent[j]) - sold) / world.gdp[i]
    assert found.consumers[0, 0] == pytest.approx(saving, rel=1e-12)
    assert found.exporters[0, 0] == pytest.approx(profit, rel=1e-9)
    # What is in force already makes the same words worth less.
    world.effect[:] = 0.1
    assert data_trade(world, asked, 0.08).gain[0, 0] < found.gain[0, 0]


def test_a_rivals_gain_is_feared_and_an_allys_is_welcome() -> None:
    world, gain = start(), np.array([[1.0, 2.0]])
    asked = group(world, ("JPN", "KOR"))
    part, ratio = world.setting.terms(PoliticsTerms), float(world.gdp[asked.second[0]] / world.gdp[asked.first[0]])
    for hostile, allied, weight in ((0.0, 0.0, 0.0), (1.0, 0.0, -1.0), (0.0, 1.0, part.joy_in_allies), (0.0, 0.2, 0.0)):
        world.hostility[[asked.edge[0], asked.back[0]]], world.alliance[[asked.edge[0], asked.back[0]]] = hostile, allied
        mine = float(externality(world, asked, gain)[0, 0])
        assert mine == pytest.approx(part.fear_of_rivals * weight * 2.0 * ratio)


@pytest.mark.parametrize(
    ("name", "pair", "values", "term"),
    [
        ("adequacy_decision", ("EU", "KOR"), {"trade_effect": 0.0}, "consumers"),
        ("adequacy_decision", ("EU", "KOR"), {"trade_effect": 0.0}, "exporters"),
        ("adequacy_decision", ("EU", "KOR"), {"surveillance": 0.0}, "surveillance"),
        ("adequacy_decision", ("EU", "KOR"), {"breach": 0.0}, "breach"),
        ("adequacy_decision", ("EU", "KOR"), {"upkeep": 0.0}, "upkeep"),
        ("transfer_framework", ("EU", "USA"), {"salience_safeguards": 0.01}, "clauses"),
        ("digital_trade_agreement", ("KOR", "USA"), {"breach": 0.0}, "breach"),
        ("law_enforcement_access", ("JPN", "USA"), {"requests": 0.0}, "requests"),
        ("law_enforcement_access", ("JPN", "USA"), {"requests": 0.0}, "gain_of_other"),
    ],
)
def test_each_term_comes_from_its_own_number(name: str, pair: tuple[str, str], values: dict[str, float], term: str) -> None:
    world = start()
    with_it, without = terms(world, name, *pair)[term], terms(world, name, *pair, **values)[term]
    assert any(one != 0.0 for one in with_it)
    assert all(abs(b) < abs(a) or a == 0.0 for a, b in zip(with_it, without, strict=True))


def test_what_is_undertaken_holds_towards_everybody_and_is_paid_once() -> None:
    world = start()
    usa, part = place(world, "USA"), world.setting.terms(LawTerms)
    before = world.safeguards[usa]
    shield = next(
        row for row in range(len(world.instruments))
        if world.setting.type_names[int(world.instruments["type"][row])] == "transfer_framework"
        and world.instruments["second"][row] == usa
        and world.setting.codes[int(world.instruments["first"][row])] == "EU"
    )  # fmt: skip
    world.instruments["safeguards_undertaken"][shield] = 0.9
    world.instruments["in_force"][shield] = world.month - 1
    # A court of Japan has struck a text, so its executive asks for more than the law of the United States gives.
    world.asked_safeguards[place(world, "JPN")] = 0.5 * (before + 0.9)
    asked = group(world, ("JPN", "USA"))
    kind = kind_of(world, "transfer_framework")
    dear = kind.coefficients(world, asked).dyads()
    world.setting.config.mechanisms["law"].step(world, None)
    assert world.safeguards[usa] == 0.9
    assert world.cost_of_law[usa] == pytest.approx(part.cost_safeguards * (0.9 - before) ** 2)
    cheap = kind.coefficients(world, asked).dyads()
    k = world.setting.words.issues.index("safeguards")
    # Those who follow ask for nothing more: the United States lose nothing by what they gave already.
    assert cheap.lo[0, k] == cheap.theta[0, 1, k] == 0.9
    assert dear.lo[0, k] > dear.theta[0, 1, k]
    world.setting.config.mechanisms["law"].step(world, None)
    assert world.cost_of_law[usa] == pytest.approx(part.cost_safeguards * (0.9 - before) ** 2)


def test_a_party_with_strict_law_carries_a_carve_out() -> None:
    world = start()
    k = world.setting.words.issues.index("safeguards")
    made = kind_of(world, "digital_trade_agreement").coefficients(world, group(world, ("KOR", "USA"), ("CHN", "USA"))).dyads()
    assert made.lo[0, k] == world.own_safeguards[place(world, "KOR")] and made.lo[1, k] == 0.0


def test_digital_trade_is_talked_about_while_a_deal_is_made() -> None:
    world = start()
    kind, asked = kind_of(world, "digital_trade_agreement"), group(world, ("KOR", "USA"))
    world.deal_until[:] = world.month
    assert not kind.eligible(world, asked).any()
    world.deal_until[asked.edge] = world.month + 1
    assert kind.eligible(world, asked).all()


def test_a_state_that_leaves_a_bloc_replaces_its_deals_and_no_other_state_does() -> None:
    world = begun(tree(start="2020-01", end="2020-04", roster={"states": list(TWELVE)}))
    world.deal_until[:] = 0
    edges, eu, gbr = world.setting.edges, place(world, "EU"), place(world, "GBR")
    with_eu = [code for code in TWELVE if edges.find(eu, place(world, code)) >= 0 and world.trade_deal[edges.find(eu, place(world, code))]]
    assert {"JPN", "KOR"} <= set(with_eu)
    engine.step(world)  # January: deals of the year begin
    begun_already = world.deal_until.copy()
    engine.step(world)  # February: the United Kingdom leaves
    new = np.flatnonzero(world.deal_until != begun_already)
    assert {int(edges.row[e]) for e in new if int(edges.col[e]) != gbr} == {gbr}
    replaced = {world.setting.codes[int(edges.col[e])] for e in new if int(edges.row[e]) == gbr}
    assert replaced == {*with_eu, "EU"} - {"GBR"}


def test_deals_are_likelier_with_more_trade_and_nearer_by_and_rarer_where_one_is_in_force() -> None:
    world = start()
    part, asked = world.setting.config.mechanisms["trade_deals"], group(world, ("AUS", "GBR"))
    e = asked.edge
    usual = part.chance(world, e)[0]
    world.trade_known[[e[0], asked.back[0]]] *= 2.0
    assert part.chance(world, e)[0] > usual
    world.trade_deal[e] = True
    assert part.chance(world, e)[0] < usual
    assert dataclasses.replace(part, strength=0.0).chance(world, e)[0] == 0.0


def test_deals_are_likelier_for_those_that_have_many_and_protect_people_and_rarer_where_one_fears_the_other() -> None:
    world = start()
    part, asked = world.setting.config.mechanisms["trade_deals"], group(world, ("AUS", "CAN"))
    (e,), (back,) = asked.edge, asked.back
    usual = part.chance(world, asked.edge)[0]
    world.hostility[[e, back]] = 0.5
    assert part.chance(world, asked.edge)[0] < usual
    world.hostility[[e, back]] = 0.0
    before = part.chance(world, asked.edge)[0]
    there = world.protection_state[asked.second].copy()
    world.protection_state[asked.second] = 0.0
    assert part.chance(world, asked.edge)[0] < before
    world.protection_state[asked.second] = there
    # A deal of one of them with another party counts, and one with a state that is bound by a bloc does not.
    edges, canada = world.setting.edges, place(world, "CAN")
    world.trade_deal[edges.find(canada, place(world, "EU"))] = False
    fewer = part.chance(world, asked.edge)[0]
    assert fewer < before
    world.trade_deal[edges.find(canada, place(world, "FRA"))] = not world.trade_deal[edges.find(canada, place(world, "FRA"))]
    assert part.chance(world, asked.edge)[0] == fewer


def test_the_chance_of_a_deal_is_the_fitted_logit() -> None:
    world = start()
    part, asked = world.setting.config.mechanisms["trade_deals"], group(world, ("KOR", "PER"))
    e, back = int(asked.edge[0]), int(asked.back[0])
    world.trade_deal[:] = False
    world.trade_known[[e, back]], world.hostility[e] = 0.5e9, 0.0
    world.protection_state[asked.first], world.protection_state[asked.second] = 0.9, 0.4
    far = float(world.setting.edges.log_distance[e])
    odds = part.base + part.distance * far + part.protection * 0.4
    assert part.chance(world, asked.edge)[0] == pytest.approx(1.0 / (1.0 + np.exp(-odds)), rel=1e-12)
