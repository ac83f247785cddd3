"""What is suspended for several causes resumes when the last of them has gone: a bar between the two, and a breach answered in kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from courts import events, harbour, live, part, stage, world_of
from test_compliance import STILL, broken
from test_sanctions import sanctioned

from sim.ledger import BY_BAR, BY_BREACH, lift, suspend
from sim.mechanisms.compliance.rule import ANSWERED, CURED, FOUND
from sim.state.world import World
from sim.types import Reason, Stage


@pytest.fixture
def at_odds(tmp_path: Path) -> World:
    """Begin a world in which the United States are barred from Germany, and so from the EU, from October to December 2000."""
    folder = sanctioned(tmp_path, ("USA", "DEU", "2000-10", "2000-12", "0.9", "sourced"))
    shock = {"kind": "sanctions", "minority": 0.1, "wars": False}
    return live(world_of(mechanisms=STILL, shocks=[shock], data={"folder": folder}), 2)


def answered(world: World) -> tuple[int, int]:
    """Let a breach of Safe Harbour be due for an answer, which is given for sure; return the instrument and the breach."""
    row = harbour(world)
    part(world, "compliance", answered=1.0)
    world.array("value_first")[row] = 1e-9
    return row, broken(world, row, found=world.month - 12, standing=FOUND)


def test_a_breach_that_is_answered_under_a_bar_holds_the_agreement_up_after_the_bar(at_odds: World) -> None:
    row, b = answered(at_odds)
    live(at_odds, 1)
    assert stage(at_odds, row) is Stage.SUSPENDED and at_odds.breaches["standing"][b] == ANSWERED
    assert at_odds.array("suspended_for")[row] == BY_BAR + BY_BREACH
    live(at_odds, 4)
    assert not at_odds.barred.any() and at_odds.array("suspended_for")[row] == BY_BREACH
    assert stage(at_odds, row) is Stage.SUSPENDED and not events(at_odds, "RESUMPTION")
    at_odds.breaches["cure"][b] = at_odds.month
    live(at_odds, 1)
    assert at_odds.breaches["standing"][b] == CURED and stage(at_odds, row) is Stage.IN_FORCE
    assert [one["reason"] for one in events(at_odds, "SUSPENSION")] == [Reason.BARRED] and len(events(at_odds, "RESUMPTION")) == 1


def test_a_breach_that_is_made_good_under_a_bar_leaves_the_agreement_suspended_until_the_bar_is_lifted(at_odds: World) -> None:
    row, b = answered(at_odds)
    live(at_odds, 1)
    at_odds.breaches["cure"][b] = at_odds.month
    live(at_odds, 1)
    assert at_odds.breaches["standing"][b] == CURED and at_odds.barred.any()
    assert stage(at_odds, row) is Stage.SUSPENDED and at_odds.array("suspended_for")[row] == BY_BAR
    live(at_odds, 2)
    assert stage(at_odds, row) is Stage.IN_FORCE and len(events(at_odds, "RESUMPTION")) == 1


def test_a_bar_that_comes_over_what_a_breach_suspends_holds_it_up_as_well(tmp_path: Path) -> None:
    folder = sanctioned(tmp_path, ("USA", "DEU", "2000-12", "2001-03", "0.9", "sourced"))
    shock = {"kind": "sanctions", "minority": 0.1, "wars": False}
    world = live(world_of(mechanisms=STILL, shocks=[shock], data={"folder": folder}), 2)
    row, b = answered(world)
    live(world, 1)
    assert world.array("suspended_for")[row] == BY_BREACH
    live(world, 2)
    assert world.array("suspended_for")[row] == BY_BAR + BY_BREACH
    world.breaches["cure"][b] = world.month
    live(world, 1)
    assert stage(world, row) is Stage.SUSPENDED
    late = int(world.array("months_barred")[row])
    live(world, 3)
    # The term was put off once for each month, whatever held it up.
    assert stage(world, row) is Stage.IN_FORCE and late < world.array("months_barred")[row] <= 7


@pytest.mark.parametrize("order", [(BY_BAR, BY_BREACH), (BY_BREACH, BY_BAR)])
def test_the_first_cause_suspends_and_the_last_to_go_lets_it_resume(order: tuple[int, int]) -> None:
    world = live(world_of(mechanisms=STILL), 1)
    row = harbour(world)
    assert suspend(world, row, order[0]) and not suspend(world, row, order[1]) and not suspend(world, row, order[1])
    assert not lift(world, row, order[0]) and stage(world, row) is Stage.SUSPENDED
    assert not lift(world, row, order[0]) and lift(world, row, order[1]) and stage(world, row) is Stage.IN_FORCE
    assert not lift(world, row, order[1]) and not np.any(world.array("suspended_for"))
