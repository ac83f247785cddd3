"""A procedure for disputes: breaches come to light sooner, who was wronged starts it where it pays, and it is mostly followed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from courts import events, harbour, live, part, world_of
from hypothesis import given
from hypothesis import strategies as st
from test_compliance import STILL, broken

from sim.decide.staff import staff_in_bp
from sim.mechanisms.compliance.equations import worth_a_procedure
from sim.mechanisms.compliance.rule import FOUND, Compliance
from sim.stakes.keeping import damage
from sim.state.world import World

SOME = st.floats(0.0, 10.0)


def compliance(world: World) -> Compliance:
    found: Compliance = world.setting.config.mechanisms["compliance"]
    return found


def wronged(*, procedure: bool, followed: float = 1.0, staff: float = 0.05, **values: Any) -> tuple[World, int, int]:
    """Bring a breach of Safe Harbour to light that pays even in the open; return the world, the instrument and the breach."""
    world = live(world_of(mechanisms=STILL), 2)
    row = harbour(world)
    world.array("disputes")[row] = procedure
    world.array("saving_second")[row] = 1e6
    part(world, "bargaining", staff_price=1.0)
    part(world, "compliance", temptation=1.0, detection=3.0, followed=followed, procedure_staff=staff, **values)
    b = broken(world, row)
    compliance(world)._find(world, b, row, int(world.breaches["party"][b]), int(world.breaches["other"][b]))
    assert world.breaches["standing"][b] == FOUND
    return world, row, b


@given(taken=SOME, followed=st.floats(0.0, 1.0), staff=SOME, more=SOME)
def test_who_loses_more_by_a_breach_never_goes_to_a_procedure_less(taken: float, followed: float, staff: float, more: float) -> None:
    before = worth_a_procedure(taken, followed, staff)
    assert worth_a_procedure(taken + more, followed, staff) >= before >= worth_a_procedure(taken, followed, staff + more)


def test_a_procedure_pays_where_what_it_brings_back_in_a_year_is_its_staff_or_more() -> None:
    # 0.85 of 2 bp a year against 1.7 and 1.8 bp of staff.
    assert worth_a_procedure(2.0, 0.85, 1.7) and not worth_a_procedure(2.0, 0.85, 1.8)
    assert not worth_a_procedure(0.0, 0.85, 0.0)


def test_a_breach_comes_to_light_half_as_fast_again_where_the_text_has_a_procedure() -> None:
    world = world_of(mechanisms=STILL)
    row = harbour(world)
    world.array("disputes")[:] = False
    plain = compliance(world)._found_within(world, 1.0, [row])[0]
    world.array("disputes")[row] = True
    assert compliance(world)._found_within(world, 1.0, [row])[0] == pytest.approx(1.0 - (1.0 - plain) ** 1.5)


def test_without_a_procedure_a_breach_that_pays_in_the_open_is_not_made_good() -> None:
    world, _, b = wronged(procedure=False)
    assert world.breaches["cure"][b] < 0 and not events(world, "procedure")


def test_with_one_that_is_followed_it_is_and_the_ledger_says_what_the_staff_cost() -> None:
    world, row, b = wronged(procedure=True)
    assert world.breaches["cure"][b] > world.month
    (told,) = events(world, "procedure")
    first, second = int(world.instruments["first"][row]), int(world.instruments["second"][row])
    assert (told["party_a"], told["party_b"], told["instrument"]) == (first, second, row)
    staff = 0.05 * float(staff_in_bp(world, np.array([row]), 0)[0])
    assert told["value"] == pytest.approx(staff * float(world.gdp[first]) / 1e4) and told["value"] > 0.0


def test_who_follows_nothing_is_not_brought_there() -> None:
    world, _, b = wronged(procedure=True, followed=0.0)
    assert world.breaches["cure"][b] < 0 and not events(world, "procedure")


def test_a_procedure_that_costs_more_than_the_breach_takes_is_not_started() -> None:
    world, row, _ = wronged(procedure=True)
    part(world, "bargaining", staff_price=1e7)
    assert damage(world, row, 1) < float(staff_in_bp(world, np.array([row]), 0)[0])
    one, t = compliance(world), world.instruments
    assert not one._settled(world, row, int(t["second"][row]), int(t["first"][row]), 1)
