"""Compliance: when breaking a word pays (Downs and Rocke), and each stage of a breach: unseen, found, cured, answered, left, over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from courts import events, harbour, live, part, stage, world_of
from hypothesis import given
from hypothesis import strategies as st

from sim import engine
from sim.ledger import derive_in_force
from sim.mechanisms.compliance.equations import breaks, found_within, price_of_breach
from sim.mechanisms.compliance.rule import ANSWERED, CURED, FOUND, LEFT, OVER, UNSEEN
from sim.stakes.keeping import damage, held
from sim.state.world import World
from sim.types import Reason, Stage

CALM = {"courts": {"complaint_rate": 0.0, "parliament_rate": 0.0, "leak_rate": 0.0}, "withdrawals": {"rate": 0.0}}
STILL: dict[str, Any] = {**CALM, "compliance": {"temptation": 0.0}}

SOME = st.floats(0.0, 10.0)


def broken(world: World, row: int, **values: Any) -> int:
    """Let the United States break a word by hand, and return the row of the breach."""
    t = world.instruments
    return int(world.breaches.append(instrument=row, party=t["second"][row], other=t["first"][row], began=world.month, **values))


def test_a_breach_pays_where_the_gain_is_above_the_chance_of_being_found_times_all_that_is_lost() -> None:
    # Downs and Rocke (1995): 2 years without an agreement worth 3, a quarter of other deals worth 4 for 5 years, and 1 at home.
    price = price_of_breach(3.0, 4.0, 1.0, 2.0, 0.25, 5.0)
    assert price == pytest.approx(2 * 3.0 + 0.25 * 5 * 4.0 + 1.0)
    assert breaks([5.9, 6.1], 0.5, price).tolist() == [False, True]
    assert not breaks(0.0, 0.5, price_of_breach(-5.0, 0.0, 0.0, 2.0, 0.25, 5.0))


@given(saving=st.floats(0.0, 50.0), chance=st.floats(0.01, 1.0), value=SOME, others=SOME, more=SOME)
def test_more_at_stake_never_makes_a_breach_pay_that_did_not(
    saving: float, chance: float, value: float, others: float, more: float
) -> None:
    before = breaks(saving, chance, price_of_breach(value, others, 0.1, 2.0, 0.25, 5.0))
    for price in (price_of_breach(value + more, others, 0.1, 2.0, 0.25, 5.0), price_of_breach(value, others + more, 0.1, 2.0, 0.25, 5.0)):
        assert not (breaks(saving, chance, price) and not before)


def test_half_of_all_breaches_are_found_within_a_year() -> None:
    assert found_within(1.0, math.log(2.0)) == pytest.approx(0.5)
    assert found_within(1.0, 0.7) == pytest.approx(0.503, abs=5e-4) and found_within(0.0, 0.7) == 0.0


def test_where_nobody_is_tempted_no_word_is_broken() -> None:
    world = live(world_of(mechanisms=STILL), 60)
    assert len(world.breaches) == 0 and not events(world, "breach")


def test_the_undertaker_saves_its_own_law_and_the_judge_what_it_lets_go() -> None:
    world = live(world_of(mechanisms=STILL), 1)
    row = harbour(world)
    found = held(world, np.array([row]))
    value, saving = found.value[0], found.saving[0]
    law = world.setting.config.mechanisms["law"]
    own = float(world.own_safeguards[world.instruments["second"][row]])
    assert saving[1] == pytest.approx(law.yearly_share * law.cost_safeguards * (0.5 - own) ** 2) and saving[0] >= 0.0
    assert np.isfinite(value).all() and damage(world, row, 1) > 0.0


def test_what_was_in_force_before_the_run_is_worth_at_least_the_staff_that_it_took() -> None:
    world = live(world_of(mechanisms=STILL), 1)
    listed = np.flatnonzero(world.instruments["listed"] >= 0)
    assert len(listed) and (world.array("value_first")[listed] > 0.0).all() and (world.array("value_second")[listed] > 0.0).all()


def test_more_temptation_breaks_more_words() -> None:
    counts = [len(live(world_of(mechanisms={**CALM, "compliance": {"temptation": temptation}}), 60).breaches) for temptation in (0.1, 20.0)]
    assert counts[0] < counts[1]


def test_a_breach_comes_to_light_at_its_rate_and_notice_is_given() -> None:
    world = world_of(mechanisms={**STILL, "compliance": {"temptation": 0.0, "detection": 3.0}})
    row = harbour(world)
    b = broken(world, row)
    while world.breaches["standing"][b] == UNSEEN:
        engine.step(world)
    assert world.breaches["standing"][b] == FOUND and world.breaches["found"][b] == world.month - 1
    assert [(one["instrument"], one["month"]) for one in events(world, "breach_found")] == [(row, world.month - 1)]
    # Nothing presses any more, so it is made good after some months.
    assert world.breaches["cure"][b] > world.month - 1


def test_what_is_made_good_ends_the_breach_and_what_was_suspended_resumes_with_its_old_date() -> None:
    world = live(world_of(mechanisms=STILL), 2)
    row = harbour(world)
    entered = int(world.instruments["in_force"][row])
    b = broken(world, row, found=world.month - 12, standing=FOUND)
    part(world, "compliance", answered=1.0)
    world.array("value_first")[row] = 1e-9
    live(world, 1)
    assert world.breaches["standing"][b] == ANSWERED and stage(world, row) is Stage.SUSPENDED
    kind = int(world.instruments["type"][row])
    edge = world.setting.edges.find(int(world.instruments["first"][row]), int(world.instruments["second"][row]))
    live(world, 1)
    assert not world.in_force[kind, edge] and world.effect[edge] == 0.0
    world.breaches["cure"][b] = world.month
    live(world, 1)
    assert world.breaches["standing"][b] == CURED and stage(world, row) is Stage.IN_FORCE
    assert world.instruments["in_force"][row] == entered and derive_in_force(world)[kind, edge]
    live(world, 1)
    assert world.in_force[kind, edge] and world.effect[edge] == pytest.approx(0.08)
    assert [one["reason"] for one in events(world, "SUSPENSION")] == [Reason.IN_KIND] and len(events(world, "RESUMPTION")) == 1


def test_a_breach_that_takes_nothing_from_the_other_side_is_left() -> None:
    world = live(world_of(mechanisms=STILL), 2)
    row = harbour(world)
    world.array("value_first")[row] = 1e9
    b = broken(world, row, found=world.month - 12, standing=FOUND)
    live(world, 1)
    assert world.breaches["standing"][b] == LEFT and stage(world, row) is Stage.IN_FORCE


def test_what_is_not_made_good_ends_after_the_months_of_patience() -> None:
    world = live(world_of(mechanisms=STILL), 2)
    row = harbour(world)
    b = broken(world, row, found=world.month - 12, standing=FOUND)
    part(world, "compliance", answered=1.0, patience=6)
    world.array("value_first")[row] = 1e-9
    live(world, 6)
    assert stage(world, row) is Stage.SUSPENDED
    live(world, 1)
    assert stage(world, row) is Stage.TERMINATED and world.breaches["standing"][b] == OVER
    assert [one["reason"] for one in events(world, "TERMINATION") if one["instrument"] == row] == [Reason.NOT_CURED]


def test_a_breach_of_what_has_ended_is_over() -> None:
    from sim.ledger import move

    world = live(world_of(mechanisms=STILL), 2)
    row = harbour(world)
    b = broken(world, row)
    move(world, row, Stage.TERMINATED, Reason.WOULD_LOSE)
    live(world, 1)
    assert world.breaches["standing"][b] == OVER


def test_nobody_breaks_a_word_that_it_breaks_already() -> None:
    world = live(
        world_of(mechanisms={**CALM, "compliance": {"temptation": 20.0, "detection": 0.2, "deals_lost": 0.0, "audience": 0.0}}), 60
    )
    running = world.breaches["standing"] < CURED
    pairs = list(zip(world.breaches["instrument"][running].tolist(), world.breaches["party"][running].tolist(), strict=True))
    assert pairs and len(pairs) == len(set(pairs))
