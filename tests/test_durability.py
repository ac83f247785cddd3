"""Durability and withdrawals: clauses worth having, reviews and terms on their day, notice, contagion, and who takes a notice back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from courts import events, harbour, live, part, stage, world_of
from hypothesis import given
from hypothesis import strategies as st

from sim import engine
from sim.declare.lasting import Lasting
from sim.mechanisms.durability.equations import time_to_talk_again, within
from sim.state.world import World
from sim.types import NEVER, Event, ModelFault, Reason, Stage

STILL: dict[str, Any] = {
    "courts": {"complaint_rate": 0.0, "parliament_rate": 0.0, "leak_rate": 0.0},
    "compliance": {"temptation": 0.0},
    "withdrawals": {"rate": 0.0},
}


def still(**more: Any) -> World:
    return world_of(mechanisms={**STILL, **more})


def test_the_time_to_talk_again_is_the_one_with_the_least_loss() -> None:
    cost, gain, unsure, drift = 2e7, 5e8, 0.1, 1.0
    best = time_to_talk_again(cost, gain, unsure, drift)

    def loss(years: float) -> float:
        return cost / years + drift * unsure**2 * gain * years / 4.0

    assert all(loss(best) <= loss(best * factor) for factor in (0.5, 0.9, 1.1, 2.0))
    assert best == pytest.approx(4.0, abs=1e-9)


@given(cost=st.floats(1e3, 1e10), gain=st.floats(1e3, 1e12), unsure=st.floats(0.001, 0.5), more=st.floats(1.0, 10.0))
def test_more_uncertainty_or_gain_shortens_terms_and_dearer_talks_lengthen_them(
    cost: float, gain: float, unsure: float, more: float
) -> None:
    # Koremenos (2001): the more uncertain, the shorter; the dearer a renegotiation, the longer.
    base = time_to_talk_again(cost, gain, unsure, 1.0)
    assert time_to_talk_again(cost, gain, unsure * more, 1.0) <= base * (1 + 1e-12)
    assert time_to_talk_again(cost, gain * more, unsure, 1.0) <= base * (1 + 1e-12)
    assert time_to_talk_again(cost * more, gain, unsure, 1.0) >= base * (1 - 1e-12)


def test_where_nothing_is_uncertain_or_gained_nobody_talks_again() -> None:
    assert time_to_talk_again(1e6, 0.0, 0.1, 1.0) == time_to_talk_again(1e6, 1e9, 0.0, 1.0) == math.inf


def test_months_are_half_years_within_the_span() -> None:
    assert [within(months, (12, 48)) for months in (1.0, 14.0, 16.0, 200.0, math.inf)] == [12, 12, 18, 48, 48]


@pytest.mark.parametrize("span", [(0, 12), (12, 6), (12,), 12, (1.5, 3)])
def test_a_type_cannot_declare_what_is_no_span_of_months(span: Any) -> None:
    with pytest.raises(ModelFault, match="two whole numbers of months from 1 on are expected"):
        Lasting(duration=span)


def test_what_was_in_force_before_the_run_says_what_the_table_says() -> None:
    world = live(still(), 1)
    row = harbour(world)
    said = world.setting.roster.instruments[int(world.instruments["listed"][row])].clauses
    assert said is not None and said.review == 36
    assert (world.array("review")[row], world.array("notice")[row]) == (said.review, said.withdrawal)
    assert world.instruments["term"][row] == NEVER


def test_what_is_signed_says_something_of_its_life_and_nothing_where_nothing_is_uncertain() -> None:
    eager = {"bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0}}
    sure = live(still(durability={"uncertainty": 0.0}, **eager), 60)
    unsure = live(still(durability={"uncertainty": 0.5}, **eager), 60)
    for world, some in ((sure, False), (unsure, True)):
        made = np.flatnonzero((world.instruments["talk"] >= 0) & np.isin(world.instruments["type"], _declaring(world)))
        assert len(made)
        assert bool((world.array("review")[made] > 0).any()) is some and bool((world.array("notice")[made] >= 0).any()) is some
        for row in made.tolist():
            lasting = world.setting.types[int(world.instruments["type"][row])].lasting
            review = int(world.array("review")[row])
            assert review == 0 or lasting.review[0] <= review <= lasting.review[1]
            assert world.array("notice")[row] == -1 or lasting.notice[0] <= world.array("notice")[row] <= lasting.notice[1]


def _declaring(world: World) -> list[int]:
    return [t for t, kind in enumerate(world.setting.types) if getattr(kind, "lasting", Lasting()) != Lasting()]


def test_reviews_come_in_their_months() -> None:
    world = live(still(), 1)
    row = harbour(world)
    world.array("review")[row] = 12
    live(world, 37)
    entered = int(world.instruments["in_force"][row])
    told = [one["month"] - entered for one in events(world, "review") if one["instrument"] == row]
    assert told[:1] == [12] and all(age % 12 == 0 for age in told)


def test_as_a_term_ends_it_goes_on_where_both_want_it_and_expires_otherwise() -> None:
    for value, renewal, ends in ((1.0, 24, False), (1.0, 0, True), (-1.0, 24, True)):
        world = live(still(), 1)
        row = harbour(world)
        age = world.month - int(world.instruments["in_force"][row])
        world.instruments["term"][row] = age + 2
        world.array("renewal")[row] = renewal
        live(world, 2)
        world.array("value_second")[row] = value
        live(world, 2)
        assert (stage(world, row) is Stage.EXPIRED) is ends
        told = [one["instrument"] for one in events(world, "prolongation")]
        assert told == ([] if ends else [row])
        if not ends:
            assert world.instruments["term"][row] == age + 2 + 24
        else:
            assert [one["instrument"] for one in events(world, "EXPIRY")] == [row]


def test_who_has_lost_three_times_gives_notice_and_leaves_when_it_is_over() -> None:
    world = live(still(), 1)
    row = harbour(world)
    world.array("notice")[row] = 6
    world.array("lost_second")[row] = 2
    world.array("unseen_second")[row] = -1e6
    while world.array("leaves")[row] < 0:
        engine.step(world)
    month = world.month - 1
    assert (month - int(world.instruments["in_force"][row])) % 12 == 0 and world.array("leaves")[row] == month + 6
    told = [(one["party_a"], one["reason"]) for one in events(world, "DENUNCIATION")]
    assert told == [(int(world.instruments["second"][row]), Reason.WOULD_LOSE)]
    live(world, 5)
    assert stage(world, row) is Stage.IN_FORCE
    live(world, 1)
    assert stage(world, row) is Stage.TERMINATED and world.instruments["ended"][row] == month + 6


def test_where_a_text_says_nothing_of_leaving_notice_takes_a_year_and_only_who_loses_may_leave() -> None:
    world = live(still(withdrawals={"rate": 0.01, "contagion": 50.0}), 1)
    row = harbour(world)
    world.array("notice")[:] = -1
    live(world, 60)
    assert not [one for one in events(world, "DENUNCIATION") if one["reason"] in (Reason.NONE, Reason.OTHERS_LEFT)]
    world.array("lost_second")[row], world.array("unseen_second")[row] = 2, -1e6
    while world.array("leaves")[row] < 0:
        engine.step(world)
    assert world.array("leaves")[row] == world.month - 1 + 12


def test_leaving_is_contagious_among_those_who_are_touched() -> None:
    world = live(still(), 1)
    rule, row = world.setting.config.mechanisms["withdrawals"], harbour(world)
    part(world, "withdrawals", rate=0.001)
    rule = world.setting.config.mechanisms["withdrawals"]
    rows = np.array([row])
    before = float(rule._rates(world, rows)[0])
    first, second, kind = (int(world.instruments[key][row]) for key in ("first", "second", "type"))
    world.events.append(month=world.month, event=Event.DENUNCIATION, party_a=first, party_b=second, type=kind, instrument=row)
    # A notice between the same two touches both sides and counts once.
    assert rule._rates(world, rows)[0] == pytest.approx(before * (1.0 + 5.0))


def test_a_new_government_that_gains_takes_back_the_notice_of_an_earlier_one() -> None:
    world = live(still(), 1)
    row = harbour(world)
    usa = int(world.instruments["second"][row])
    world.array("leaves")[row], world.array("left_by")[row] = world.month + 24, usa
    world.array("value_second")[row] = 1e6
    rule = world.setting.config.mechanisms["withdrawals"]
    world.in_office[usa] = world.month
    rule._new_governments(world)
    assert world.array("leaves")[row] == -1 and [one["party_a"] for one in events(world, "notice_withdrawn")] == [usa]
    world.array("value_second")[row] = -1e6
    rule._new_governments(world)
    assert [one["reason"] for one in events(world, "DENUNCIATION")] == [Reason.NEW_GOVERNMENT]
