"""A run begins as its years go on: screenings and trade deals of the years before are under way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import begun, tree

from sim import engine
from sim.contracts import is_screened, staff_months
from sim.stakes.screening import lasting
from sim.state.world import World
from sim.types import Event, TalkStage


def first_month(seed: int = 3, **mechanisms: Any) -> World:
    world = begun(tree(start="2012-03", end="2013-02", roster={}, mechanisms=mechanisms), seed)
    engine.step(world)
    return world


def screened(world: World) -> np.ndarray:
    kinds = [t for t, kind in enumerate(world.setting.types) if is_screened(kind)]
    n = len(world.talks)
    return np.flatnonzero(np.isin(world.talks["type"][:n], kinds) & (world.talks["opened"][:n] < world.month - 1))


def test_screenings_of_the_years_before_are_under_way_and_would_not_be_over() -> None:
    world = first_month()
    start = world.setting.config.start
    rows = screened(world)
    assert len(rows) > 0
    for row in rows:
        t, first, second, opened = (int(world.talks[key][row]) for key in ("type", "first", "second", "opened"))
        assert start - 24 <= opened < start
        assert start - opened < lasting(world, t, first, second, opened)
        assert world.role[t, world.setting.edges.find(second, first)] == 1


def test_their_ages_spread_over_both_years() -> None:
    ages = [world.setting.config.start - int(world.talks["opened"][row]) for world in map(first_month, range(6)) for row in screened(world)]
    assert min(ages) <= 12 < max(ages)


def test_the_ledger_tells_of_them_in_the_first_month() -> None:
    world = first_month()
    start, n = world.setting.config.start, len(world.events)
    told = (world.events["event"][:n] == Event.NEGOTIATION_OPENED) & (world.events["month"][:n] == start)
    assert {int(talk) for talk in world.events["talk"][:n][told]} >= set(screened(world).tolist())


@pytest.mark.parametrize("values", [{"bargaining": {"years_before": 0}}, {"bargaining": {"staff_price": 1e7}}])
def test_none_is_under_way_without_years_before_or_where_staff_is_too_dear(values: dict[str, Any]) -> None:
    assert len(screened(first_month(**values))) == 0


def test_some_are_decided_in_the_first_year() -> None:
    decided = 0
    for seed in range(6):
        world = first_month(seed)
        before = screened(world).tolist()
        for _ in range(11):
            engine.step(world)
        decided += sum(world.talks["stage"][row] != TalkStage.OPEN for row in before)
    assert decided > 0


def test_trade_deals_of_the_years_before_are_being_made_and_end_before_those_of_the_first_year() -> None:
    world = first_month()
    start, lasts = world.setting.config.start, world.setting.config.mechanisms["trade_deals"].lasts
    until = world.deal_until[world.deal_until > 0]
    assert set(np.unique(until).tolist()) == {start + lasts, start + lasts - 12, start + lasts - 24}


def test_no_deal_is_under_way_where_the_chance_is_none() -> None:
    assert not first_month(trade_deals={"strength": 0.0}).deal_until.any()


def test_who_is_judged_gives_a_quarter_of_the_staff_of_the_judge() -> None:
    kind = first_month().setting.types[0]
    judge, judged = staff_months(kind)
    assert kind.name == "adequacy_decision" and judge == (kind.screening_least + kind.screening_most) / 2
    assert judged == pytest.approx(0.25 * judge)
    assert staff_months(type("Any", (), {"talk_months": 3.0})()) == (3.0, 3.0)
