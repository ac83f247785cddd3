"""Strength makes bargaining weights, and an alternative elsewhere makes a higher reservation value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import EAGER, begun, lively, months_of, tree

from sim.decide.decisions import Compiled
from sim.ledger import open_talk
from sim.stakes.leverage import bargaining_weights, best_bid, outside_options, table_weights
from sim.state.world import World

ROSTER = {"states": ["CHN", "IDN", "JPN", "KEN", "TUV", "USA"]}


def talking(first: str = "USA", second: str = "KEN", kind: str = "infrastructure_pact", **bargaining: Any) -> tuple[World, np.ndarray]:
    world = begun(tree(roster=ROSTER, mechanisms={"bargaining": bargaining}))
    party, t = world.setting.party, world.setting.type_names.index(kind)
    row = open_talk(world, t, party(first), party(second), party(first))
    return world, np.array([row])


def weight(**bargaining: Any) -> float:
    world, rows = talking(**bargaining)
    return float(bargaining_weights(world, rows)[0, 0])


@pytest.mark.parametrize("power", [0.0, 0.25, 1.0])
def test_two_at_a_table_weigh_as_two_in_talks(power: float) -> None:
    world, rows = talking(power=power)
    pair = np.array([world.setting.party("USA"), world.setting.party("KEN")])
    np.testing.assert_allclose(table_weights(world, pair), bargaining_weights(world, rows)[0], rtol=1e-12)


def test_at_a_table_of_many_the_strong_weigh_more_and_who_buys_from_the_others_less() -> None:
    world, _ = talking(power=0.5)
    everybody = np.arange(world.setting.n_states)
    weights = dict(zip(world.setting.codes, table_weights(world, everybody).tolist(), strict=False))
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["USA"] > weights["JPN"] > weights["KEN"] > weights["TUV"]
    careless, _ = talking(power=0.5, power_dependence=0.0)
    three = np.array([world.setting.party(code) for code in ("KEN", "TUV", "USA")])
    dependent, free = table_weights(world, three), table_weights(careless, three)
    assert dependent[0] / dependent[2] < free[0] / free[2]
    equal, _ = talking(power=0.0)
    assert table_weights(equal, everybody) == pytest.approx(1 / 6)


def test_without_power_both_sides_weigh_the_same() -> None:
    assert weight(power=0.0) == 0.5


def test_the_stronger_weighs_more_and_the_more_so_the_larger_the_lever() -> None:
    levels = [weight(power=p) for p in (0.0, 0.25, 0.5, 1.0)]
    assert levels == sorted(levels)
    assert levels[1] > 0.6


def test_weights_in_proportion_are_the_ratio_of_strengths() -> None:
    world, rows = talking(power=1.0, power_dependence=0.0, power_patience=0.0)
    us, kenya = (world.capability[world.setting.party(code)] for code in ("USA", "KEN"))
    assert bargaining_weights(world, rows)[0] == pytest.approx([us / (us + kenya), kenya / (us + kenya)])


def test_who_depends_on_the_other_weighs_less() -> None:
    without, with_dependence = weight(power=0.5, power_dependence=0.0), weight(power=0.5, power_dependence=1.0)
    assert with_dependence > without


def test_who_is_rich_can_wait() -> None:
    assert weight(power=0.5, power_patience=1.0) > weight(power=0.5, power_patience=0.0)


@given(st.permutations(["CHN", "KEN", "TUV", "USA"]))
def test_weights_are_shares_and_do_not_depend_on_who_is_named_first(codes: list[str]) -> None:
    one, rows = talking(codes[0], codes[1])
    two, back = talking(codes[1], codes[0])
    here, there = bargaining_weights(one, rows)[0], bargaining_weights(two, back)[0]
    assert here.sum() == pytest.approx(1.0, abs=1e-12)
    assert (here > 0.0).all()
    assert here == pytest.approx(there[::-1], rel=1e-12)


def test_a_host_with_another_investor_asks_for_more() -> None:
    world, rows = talking("CHN", "IDN", reach=0.5)
    t, indonesia = int(world.talks["type"][0]), world.setting.party("IDN")
    japan = world.setting.edges.find(indonesia, world.setting.party("JPN"))
    world.prospect[t], world.role[t] = 0.0, -1
    assert outside_options(world, rows).tolist() == [[0.0, 0.0]]
    world.prospect[t, japan], world.role[t, japan] = 4.0, 1
    bid = best_bid(world, int(rows[0]), 1)
    # What it hoped for in January only says who may bid; the bid is read now.
    assert 0.0 < bid != 4.0
    assert outside_options(world, rows).tolist() == [[0.0, 0.5 * bid]]
    world.role[t, japan] = 0
    assert outside_options(world, rows).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("in_the_way", ["cooldown", "in_force", "barred", "blocked", "outlay"])
def test_who_may_not_talk_or_has_no_means_bids_nothing(in_the_way: str) -> None:
    world, rows = talking("CHN", "IDN")
    t, indonesia, japan = int(world.talks["type"][0]), world.setting.party("IDN"), world.setting.party("JPN")
    edge = world.setting.edges.find(indonesia, japan)
    world.prospect[t], world.role[t] = 0.0, -1
    world.prospect[t, edge], world.role[t, edge] = 4.0, 1
    assert best_bid(world, int(rows[0]), 1) > 0.0
    if in_the_way == "cooldown":
        world.cooldown[t, edge] = world.month + 1
    elif in_the_way == "in_force":
        world.in_force[t, edge] = True
    elif in_the_way == "outlay":
        world.outlay[japan] = world.gdp[japan]
    else:
        getattr(world, in_the_way)[edge] = 1
    assert best_bid(world, int(rows[0]), 1) == 0.0


def test_the_partner_at_the_table_is_no_alternative_to_itself() -> None:
    world, rows = talking()
    t, edge = int(world.talks["type"][0]), int(world.talks["edge"][0])
    world.prospect[t], world.role[t] = 0.0, -1
    back = world.setting.edges.rev[edge]
    world.prospect[t, back], world.role[t, back] = 9.0, 1
    assert outside_options(world, rows).tolist() == [[0.0, 0.0]]


def test_a_judge_of_many_has_no_alternative_to_one() -> None:
    world, rows = talking("JPN", "USA", "transfer_framework")
    world.prospect[:], world.role[:] = 5.0, 0
    assert outside_options(world, rows).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_nobody_signs_for_less_than_it_could_have_elsewhere(protocol: str) -> None:
    below, raised = [], 0

    class Notary(Compiled):
        def accept(self, world: World, talks: Any, problems: Any, outcomes: Any) -> Any:
            nonlocal raised
            accepted = super().accept(world, talks, problems, outcomes)
            assert problems.r == pytest.approx(problems.d + outside_options(world, talks), abs=1e-12)
            raised += int((accepted & (problems.r > problems.d)).sum())
            below.extend(talks[(accepted & (outcomes.utility < problems.r)).any(axis=1)].tolist())
            return accepted

    world = begun(lively() | {"protocol": {"name": protocol}, "mechanisms": {**EAGER, "bargaining": {**EAGER["bargaining"], "reach": 1.0}}})
    for _ in months_of(world, decide=Notary()):
        pass
    assert below == []
    assert raised > 0
