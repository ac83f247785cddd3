"""Agreement types say what they say: who may sign at face value, and what each side would gain, told again number by number."""

from __future__ import annotations

import dataclasses
import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import begun, lived, tree

from sim.bargains.worth import worth
from sim.contracts import arity_of, is_screened
from sim.decide.decisions import Compiled
from sim.ports import CourtTerms, LawTerms, PoliticsTerms
from sim.registry import shelf
from sim.stakes.data_trade import data_trade
from sim.stakes.payoffs import ISSUE, W_FLOOR, Coefficients, Groups, midway, prospects, take, to_problems
from sim.stakes.protection import reach
from sim.stakes.security import externality
from sim.state.world import World


def is_dyadic(name: str) -> bool:
    return arity_of(shelf("agreement").get(name)) == "dyad"


NEGOTIABLE = [name for name in shelf("agreement").names() if shelf("agreement").get(name).negotiable and is_dyadic(name)]


def group(world: World, *pairs: tuple[str, str]) -> Groups:
    edges = world.setting.edges
    first, second = (np.array([world.setting.party(pair[k]) for pair in pairs]) for k in (0, 1))
    edge = np.array([edges.find(int(i), int(j)) for i, j in zip(first, second, strict=True)])
    return Groups(first, second, edge, edges.rev[edge], world.setting.words.issues)


def every(world: World) -> Groups:
    edges = world.setting.edges
    at = np.flatnonzero(~world.blocked)
    return Groups(edges.row[at], edges.col[at], at, edges.rev[at], world.setting.words.issues)


def opened(world: World) -> World:
    """Let nothing be in force, every pair make a trade deal, and half of what all buy run through one state without rights of foreigners.

    So every type has somebody to sign it.
    """
    world.in_force[:], world.free_flow[:], world.effect[:], world.redress[:] = False, False, 0.0, 0.0
    world.deal_until[:] = world.month + 12
    edges, usa = world.setting.edges, world.setting.party("USA")
    sold = np.flatnonzero(edges.row == usa)
    world.trade_known[sold], world.rights_of_foreigners[usa] = 0.5 * world.imports_known[edges.col[sold]], 0.0
    # It has undertaken almost what is asked of it, so that the rest costs little.
    world.redress[usa], world.safeguards[usa] = 0.69, 0.9
    return world


def kind_of(world: World, name: str, **values: Any) -> Any:
    return dataclasses.replace(world.setting.config.agreements[name], **values)


def test_who_judges_has_strict_law_and_who_needs_undertakings_is_no_case_for_a_decision() -> None:
    world = begun(tree())
    framework, decision, pair = kind_of(world, "transfer_framework"), kind_of(world, "adequacy_decision"), group(world, ("KEN", "USA"))
    ken, usa = world.setting.party("KEN"), world.setting.party("USA")
    world.free_flow[:] = False
    # Half of the judge's data could be compelled: at an equivalence of 0.85 redress of 0.7 makes the rest small.
    world.trade_known[pair.back], world.imports_known[ken], world.rights_of_foreigners[usa] = 5e8, 1e9, 0.0
    for own, redress, sworn, decided in [
        (0.85, 0.69, True, False),
        (0.8499, 0.69, False, False),
        (1.0, 0.0, True, False),
        (0.85, 0.71, False, True),
        (0.8499, 0.71, False, False),
    ]:
        world.own_safeguards[ken], world.redress[usa] = own, redress
        assert framework.eligible(world, pair).tolist() == [sworn]
        assert decision.eligible(world, pair).tolist() == [decided]
    world.own_safeguards[ken] = 1.0
    world.free_flow[pair.edge] = True
    for redress in (0.69, 0.71):
        world.redress[usa] = redress
        assert not framework.eligible(world, pair).any() and not decision.eligible(world, pair).any()


def test_who_judged_in_2019_at_face_value() -> None:
    world = begun({"start": "2019-01", "end": "2019-01"})
    bar = kind_of(world, "transfer_framework").judge_bar
    judges = {world.setting.codes[p] for p in np.flatnonzero(world.own_safeguards >= bar)}
    assert {"EU", "DEU", "FRA", "GBR"} <= judges
    assert not {"USA", "CHN", "ASEAN", "TUV", "IDN"} & judges
    assert 0.05 * 195 < len(judges) < 0.5 * 195


def test_who_invests_is_able_and_stronger_and_the_host_is_in_need() -> None:
    world = begun(tree())
    kind, pair = kind_of(world, "infrastructure_pact"), group(world, ("CHN", "KEN"))
    chn, ken = world.setting.party("CHN"), world.setting.party("KEN")
    bar, enough = kind.investor_bar, kind.least / kind.cost_per_mw
    for strength, host, need, able in [
        (2 * bar, bar, 10 * enough, True),
        (bar, 0.5 * bar, enough * (1 + 1e-9), True),
        (0.999 * bar, 0.5 * bar, 10 * enough, False),
        (2 * bar, 2 * bar, 10 * enough, False),
        (2 * bar, bar, 0.999 * enough, False),
    ]:
        world.capability[chn], world.capability[ken], world.need[ken] = strength, host, need
        assert kind.eligible(world, pair).tolist() == [able]


def test_at_face_value_the_strong_invest_in_the_needy_and_never_the_other_way() -> None:
    world = begun({"start": "2019-01", "end": "2019-01"})
    kind, codes = kind_of(world, "infrastructure_pact"), world.setting.codes
    able = every(world)
    fit = kind.eligible(world, able)
    investors = {codes[p] for p in able.first[fit]}
    assert {"USA", "CHN"} <= investors
    assert not {"TUV", "KEN", "NRU", "TCD"} & investors
    assert len(investors) < 40
    assert {"KEN", "IDN", "NGA"} <= {codes[p] for p in able.second[fit]}


def court_risk(world: World, i: int, j: int, there: float, value: float, text: tuple[float, float]) -> tuple[float, float, float]:
    """Return what a court that may strike a text takes off a value, and what a unit of safeguards and of redress gives back."""
    law, court = world.setting.terms(LawTerms), world.setting.terms(CourtTerms)
    rho, sigma, value = law.yearly_share, court.reading, max(value, 0.0)
    fading = rho / (rho + math.log(2.0) / court.leak_half_life)
    rate = court.complaint_rate * (1.0 + (float(world.salience[j]) - 1.0) * fading) * there * float(world.standing[i])
    margins = text[0] - law.equivalence * float(world.own_safeguards[i]), 1.0 - there * (1.0 - text[1]) - law.equivalence
    normal, least = NormalDist(0.0, sigma), min(margins)
    hazard = rate * normal.cdf(-least)
    later = math.exp(-rho * float(world.case_months[i]) / 12.0)
    slope = later * rho * value * rate * normal.pdf(least) / (rho + hazard) ** 2
    by_safeguards = margins[0] <= margins[1]
    return -value * later * hazard / (rho + hazard), slope * by_safeguards, slope * there * (not by_safeguards)


def test_a_framework_is_worth_what_its_equations_say() -> None:
    world = lived(tree(end="2019-12"))
    kind, pairs, law = kind_of(world, "transfer_framework"), [("EU", "KEN"), ("GBR", "SGP"), ("EU", "USA")], world.setting.terms(LawTerms)
    # Rulings have taught one executive what to ask, and nobody the others.
    taught = {"GBR": (0.7, 0.99)}
    for code, (least, protected) in taught.items():
        world.asked_safeguards[world.setting.party(code)], world.asked_redress[world.setting.party(code)] = least, protected
    asked = group(world, *pairs)
    c, trade = kind.coefficients(world, asked).dyads(), data_trade(world, asked, 0.08)
    security, there = externality(world, asked, trade.gain), reach(world, asked)
    foreseen = 0
    for g, pair in enumerate(pairs):
        i, j = (world.setting.party(code) for code in pair)
        own, given = float(world.own_safeguards[i]), float(world.safeguards[j])
        raised = {"safeguards": law.yearly_share * law.cost_safeguards, "redress": law.yearly_share * law.cost_redress * float(there[g])}
        least, protected = taught.get(pair[0], (0.0, 0.0))
        sworn = max(0.0, 1.0 - (1.0 - protected) / float(there[g])) if there[g] > 0.0 else 0.0
        floors = max(given, least), max(float(world.redress[j]), sworn)
        halfway = max(0.5 * (own + given), floors[0]), max(0.5 * (1.0 + float(world.redress[j])), floors[1])
        for role, (p, other, mine) in enumerate([(i, j, asked.edge[g]), (j, i, asked.back[g])]):
            exposed = 1e4 * float(world.trade_known[asked.back[g] if role == 0 else asked.edge[g]]) / float(world.gdp[p])
            gain = float(trade.gain[g, role])
            there_too = 1.0 + float(world.reached[mine])
            feared = 0.01 * there_too * (1.0 - float(world.rights_of_foreigners[other])) * (1.0 - float(world.trust[mine])) * exposed
            broken = 0.5 * (1.0 - float(world.protection_state[other])) * gain
            clauses = 0.05 * exposed * (own - given) ** 2 if role == 0 else 0.0
            wanted = gain - feared - broken + float(security[g, role]) - clauses - 1e4 * 5e6 / float(world.gdp[p])
            off, by_safeguards, by_redress = court_risk(world, i, j, float(there[g]), wanted, halfway)
            foreseen += off < 0.0
            assert c.a[g, role] == pytest.approx(wanted + off - by_safeguards * halfway[0] - by_redress * halfway[1], rel=1e-9)
            assert c.b[g, role, ISSUE["safeguards"]] == pytest.approx(by_safeguards, rel=1e-9)
            assert c.b[g, role, ISSUE["redress"]] == pytest.approx(by_redress, rel=1e-9)
            assert c.b[g, role, ISSUE["localisation"]] == pytest.approx(-gain, rel=1e-12)
            assert c.b[g, role, ISSUE["security"]] == pytest.approx(0.005 * exposed, rel=1e-12)
            for issue, salience in [("safeguards", 0.05), ("redress", 0.03), ("localisation", 0.03), ("security", 0.02)]:
                weighed = raised[issue] if role == 1 and issue in raised else salience * exposed
                assert c.w[g, role, ISSUE[issue]] == pytest.approx(max(weighed, W_FLOOR), rel=1e-12)
        assert c.theta[g, :, ISSUE["safeguards"]].tolist() == [own, given]
        assert c.theta[g, :, ISSUE["redress"]].tolist() == [1.0, float(world.redress[j])]
        assert c.theta[g, :, ISSUE["localisation"]].tolist() == [float(world.localisation[i]), 0.0]
        assert [c.lo[g, ISSUE[issue]] for issue in ("safeguards", "redress")] == pytest.approx(floors, rel=1e-9)
        assert c.hi[g, [ISSUE["safeguards"], ISSUE["redress"]]].tolist() == [1.0, 1.0]
        x = {"safeguards": given, "redress": float(world.redress[j]), "localisation": float(world.localisation[i])}
        x["security"] = min(float(world.cybersecurity[i]), float(world.cybersecurity[j]))
        for role in (0, 1):
            worth = c.b[g, role, ISSUE["security"]] * x["security"]
            worth -= sum(c.w[g, role, ISSUE[k]] * (v - c.theta[g, role, ISSUE[k]]) ** 2 for k, v in x.items())
            assert c.d[g, role] == pytest.approx(worth, rel=1e-9)
    assert foreseen == 2


def test_a_pact_is_worth_what_its_equations_say() -> None:
    world = begun(tree())
    kind = kind_of(world, "infrastructure_pact")
    c = kind.coefficients(world, group(world, ("CHN", "KEN"))).dyads()
    i, j = world.setting.party("CHN"), world.setting.party("KEN")
    edge = world.setting.edges.find(i, j)
    means = kind.budget_share * float(world.gdp[i]) * kind.build_months / 12.0 / (1.0 + kind.overhead)
    whole = min(float(world.need[j]) * kind.cost_per_mw, means)
    annuity = sum((1.0 + kind.interest) ** -year for year in range(1, round(kind.life) + 1))
    q = [1e4 * whole / annuity / float(world.gdp[p]) for p in (i, j)]
    strong, weak = float(world.capability[i]), float(world.capability[j])
    dread = (
        kind.fear
        * whole
        / kind.cost_per_mw
        / float(world.load[j])
        * 0.5
        * (1.0 + max(float(world.trade_known[edge] / world.imports_known[j]), float(world.reached[world.setting.edges.rev[edge]])))
        * (strong - weak)
        / (strong + weak)
        * (1.0 - float(world.trust[world.setting.edges.rev[edge]]))
    )
    doubt = kind.default_risk * (1.0 - float(world.trust[edge]))
    assert c.commitment[0] == pytest.approx(whole)
    assert c.b[0, 0, ISSUE["infrastructure"]] == pytest.approx(-(1.0 + kind.overhead - kind.recovery + doubt) * q[0])
    assert c.b[0, 1, ISSUE["infrastructure"]] == pytest.approx(kind.social_return * q[1])
    assert c.b[0, 0, ISSUE["hosting_control"]] == pytest.approx(kind.control_return * q[0])
    assert c.b[0, 1, ISSUE["hosting_control"]] == pytest.approx(-kind.control_return * q[1] - dread)
    assert dread > 0.0


@pytest.mark.parametrize(("hostility", "alliance"), [(0.0, 0.0), (0.4, 0.0), (0.0, 1.0), (0.2, 0.5), (0.4, 0.3)])
def test_what_the_other_side_gains_counts_by_how_the_two_stand(hostility: float, alliance: float) -> None:
    world = begun(tree())
    kind, pair = kind_of(world, "infrastructure_pact"), group(world, ("CHN", "KEN"))

    world.hostility[[pair.edge[0], pair.back[0]]], world.alliance[[pair.edge[0], pair.back[0]]] = hostility, alliance
    c = kind.coefficients(world, pair)
    told = dict(c.terms).get("relative_gain", np.zeros((1, 2)))
    without = worth(c.dyads(), midway(c.dyads())) - c.dyads().d - told
    usd = np.maximum(0.0, without[0]) * world.gdp[[world.setting.party("CHN"), world.setting.party("KEN")]]
    part = world.setting.terms(PoliticsTerms)
    counted = alliance if alliance >= part.least_alliance else 0.0
    weight = part.fear_of_rivals * (hostility - part.joy_in_allies * counted)
    wanted = -weight * usd[::-1] / world.gdp[[world.setting.party("CHN"), world.setting.party("KEN")]]
    np.testing.assert_allclose(told[0], wanted, rtol=1e-9, atol=1e-12)
    share = kind.fear * float(c.commitment[0]) / kind.cost_per_mw / float(world.load[world.setting.party("KEN")])
    hosts = {name: value for issue, name, value in c.parts if issue == "hosting_control"}
    np.testing.assert_allclose(hosts["rival_host"][0], [0.0, -share * kind.rival_host * hostility], atol=1e-15)


@pytest.mark.parametrize("name", NEGOTIABLE)
def test_coefficients_of_all_who_may_sign_are_sound_problems(name: str) -> None:
    world = opened(lived(tree(end="2020-03")))
    kind, able = kind_of(world, name), every(world)
    fit = kind.eligible(world, able)
    c = kind.coefficients(world, Groups(able.first[fit], able.second[fit], able.edge[fit], able.back[fit], able.issues)).dyads()
    assert fit.sum() >= 3
    problems = to_problems(c)
    active = np.array([issue in kind.issues for issue in world.setting.words.issues])
    # Who is screened has no say in the text: it is its law. Any other text leaves room on every issue for some pair.
    assert (c.hi[:, active] >= c.lo[:, active]).all()
    assert (c.hi[:, active] > c.lo[:, active]).any(axis=0).all() != is_screened(kind)
    assert (c.hi[:, active] == c.lo[:, active]).all() == is_screened(kind)
    assert (c.hi[:, ~active] == 0.0).all()
    assert (c.w[:, :, active] >= W_FLOOR).all()
    assert (c.w[:, :, ~active] == 0.0).all()
    assert (c.theta >= 0.0).all()
    assert (c.theta <= 1.0).all()
    assert (problems.r == problems.d).all()
    assert (problems.weight.sum(axis=1) == 1.0).all()
    for array in (c.a, c.b, c.d):
        assert np.isfinite(array).all()


@pytest.mark.parametrize("name", NEGOTIABLE)
def test_only_roles_order_the_sides_and_a_dyad_alone_is_worth_what_it_is_among_many(name: str) -> None:
    world = begun(tree())
    kind, able = kind_of(world, name), every(world)
    together = kind.coefficients(world, able).dyads()
    for g in (0, able.n // 2, able.n - 1):
        alone = kind.coefficients(
            world, Groups(able.first[g : g + 1], able.second[g : g + 1], able.edge[g : g + 1], able.back[g : g + 1], able.issues)
        ).dyads()
        for field in dataclasses.fields(Coefficients):
            assert getattr(alone, field.name)[0].tobytes() == getattr(together, field.name)[g].tobytes(), field.name


@given(st.floats(1.01, 100.0))
def test_more_trade_makes_more_of_both_gains_and_a_framework_worth_more_to_who_undertakes(more: float) -> None:
    world = begun(tree())
    # Without what could go wrong; the judge also gives up what contract clauses gave its people.
    kind, pair = kind_of(world, "transfer_framework", surveillance=0.0, breach=0.0), group(world, ("EU", "KEN"))
    before, gains = kind.coefficients(world, pair).dyads().a, data_trade(world, pair, kind.trade_effect)
    world.trade_known *= more
    world.imports_known *= more
    after, now = kind.coefficients(world, pair).dyads().a, data_trade(world, pair, kind.trade_effect)
    assert (now.consumers > gains.consumers).all() and (now.exporters > gains.exporters).all()
    assert after[0, 1] > before[0, 1]


def test_more_trust_lowers_only_the_hosts_dread() -> None:
    world = begun(tree())
    kind, pair = kind_of(world, "infrastructure_pact"), group(world, ("CHN", "KEN"))
    before = kind.coefficients(world, pair).dyads()
    world.trust[pair.back] = 1.0
    after = kind.coefficients(world, pair).dyads()
    changed = np.argwhere(before.b != after.b).tolist()
    assert changed == [[0, 1, ISSUE["hosting_control"]]]
    assert after.b[0, 1, ISSUE["hosting_control"]] > before.b[0, 1, ISSUE["hosting_control"]]


def test_prospects_are_gains_of_both_at_the_midway_text_or_nothing() -> None:
    world, refused = begun(tree()), 0
    for name in NEGOTIABLE:
        c = kind_of(world, name).coefficients(world, every(world)).dyads()
        allowed = (c.lo <= c.hi).all(axis=1)
        assert (prospects(c)[~allowed] == 0.0).all()
        c = take(c, np.flatnonzero(allowed))
        gain, hope = worth(c, midway(c)) - c.d, prospects(c)
        both = (gain > 0.0).all(axis=1)
        np.testing.assert_array_equal(hope[both], gain[both])
        assert (hope[~both] == 0.0).all()
        assert both.any()
        assert (midway(c) >= c.lo).all()
        assert (midway(c) <= c.hi).all()
        refused += int(np.count_nonzero(~both))
    assert refused > 0


def test_roles_of_a_pair_are_opposite_and_promise_both_something() -> None:
    world = opened(begun(tree(negotiated=NEGOTIABLE)))
    Compiled().appraise(world)
    edges, t_of = world.setting.edges, world.setting.type_names.index
    for name in NEGOTIABLE:
        role, hope = world.role[t_of(name)], world.prospect[t_of(name)]
        taken = np.flatnonzero(role >= 0)
        assert len(taken) > 0
        assert (role[taken] + role[edges.rev[taken]] == 1).all()
        assert (hope[taken] > 0.0).all()
        assert (hope[role < 0] == 0.0).all()
        fits = kind_of(world, name).eligible(world, Groups(edges.row[taken], edges.col[taken], taken, edges.rev[taken]))
        assert fits[role[taken] == 0].all()
