"""Staff has a price, what one knows of the other has an error, and a judge takes its time."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import begun, lived, lively, setting_of, tree

from sim import engine
from sim.contracts import staff_months
from sim.decide.staff import staff, staff_prices, talks_open
from sim.ledger import open_talk
from sim.ports import BargainingTerms
from sim.stakes.beliefs import errors
from sim.stakes.linkage import at_stake
from sim.stakes.payoffs import midway_gains
from sim.stakes.screening import screening_months
from sim.state.world import World, clone
from sim.types import Reason, TalkStage


def with_talks(kind: str = "infrastructure_pact", first: str = "USA", second: str = "KEN") -> tuple[World, int]:
    world = begun(tree())
    codes = world.setting.codes
    t = world.setting.type_names.index(kind)
    return world, open_talk(world, t, codes.index(first), codes.index(second), codes.index(first))


def test_a_month_of_staff_costs_more_the_more_of_it_is_at_work() -> None:
    world, part = begun(tree()), setting_of(tree()).terms(BargainingTerms)
    usa, fra = world.setting.codes.index("USA"), world.setting.codes.index("FRA")
    idle = staff_prices(world)
    able = part.desks * (world.gdp[usa] / part.desk_reference) ** part.desk_elasticity
    assert staff(world)[usa] == pytest.approx(able)
    assert idle[usa] == pytest.approx(part.talk_hours * part.staff_price * (world.meetings[usa] + 1.0 / able) ** part.staff_elasticity)
    open_talk(world, 0, usa, world.setting.codes.index("KEN"), usa)
    busy = staff_prices(world)
    assert talks_open(world)[usa] == 1
    assert busy[usa] > idle[usa] and busy[fra] == idle[fra]


def test_nobody_opens_talks_that_do_not_pay_the_staff_of_both() -> None:
    plain = lively()
    plain["mechanisms"] = {**plain["mechanisms"], "bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": 200.0}}
    setting = setting_of(plain)
    opened = 0
    for seed in range(3):
        world = engine.start(setting, seed)
        for _ in range(24):
            engine.step(world)
            # Talks on a successor are opened by a court or a review, which ask for no price.
            new = np.flatnonzero((world.talks["opened"] == world.month - 1) & (world.talks["succeeds"] < 0))
            opened += len(new)
            for row in new.tolist():
                t, edge = int(world.talks["type"][row]), int(world.talks["edge"][row])
                for e in (edge, int(setting.edges.rev[edge])):
                    owner = int(setting.edges.row[e])
                    usd = world.prospect[t, e] * world.gdp[owner] / 1e4 / staff_months(setting.types[t])[world.role[t, e]]
                    # The price was asked with fewer talks open; it was at least that of an idle staff.
                    part = setting.terms(BargainingTerms)
                    least = (
                        part.talk_hours * part.staff_price * (world.meetings[owner] + 1.0 / staff(world)[owner]) ** part.staff_elasticity
                    )
                    assert usd >= least * (1 - 1e-12)
    assert opened > 5


def test_free_staff_talks_about_all_that_both_gain_by_and_dear_staff_about_nothing() -> None:
    def opened(price: float) -> int:
        plain = lively()
        plain["mechanisms"] = {**plain["mechanisms"], "bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": price}}
        return len(lived(plain, months=24).talks)

    free, usual, dear = (opened(price) for price in (0.0, 4000.0, 1e7))
    assert free > usual > dear == 0


def test_an_error_is_a_share_of_the_gain_and_falls_with_contact_trust_and_failed_talks() -> None:
    world, row = with_talks()
    rows = np.array([row], dtype=np.int32)
    part, edges, edge = world.setting.terms(BargainingTerms), world.setting.edges, int(world.talks["edge"][row])
    c = at_stake(world, rows)
    found, gains = errors(world, rows, c), np.abs(midway_gains(c))
    assert (found != 0.0).all()
    draws = found[0] / gains[0] / part.belief_error
    # The side that errs about the first is the second, by its own trust.
    draws /= 1.0 - np.array([world.trust[edges.rev[edge]], world.trust[edge]])
    assert np.abs(draws).max() < 6.0
    world.talks["n_contacts"][row] = 4
    assert errors(world, rows, c) == pytest.approx(found / 2.0)
    t = int(world.talks["type"][row])
    world.lessons[t, [edge, edges.rev[edge]]] = 2
    assert errors(world, rows, c) == pytest.approx(found / 2.0 * part.belief_lesson**2)
    world.trust[[edge, edges.rev[edge]]] = 1.0
    assert (errors(world, rows, c) == 0.0).all()


def test_an_error_is_drawn_by_pair_type_and_year_and_never_by_attempt() -> None:
    world, row = with_talks()
    rows = np.array([row], dtype=np.int32)
    found = errors(world, rows, at_stake(world, rows))
    world.talks["opened"][row] -= 3
    assert np.array_equal(errors(world, rows, at_stake(world, rows)), found)
    later = clone(world)
    later.month += 12
    assert not np.array_equal(errors(later, rows, at_stake(later, rows)), found)


def test_errors_are_standard_normal() -> None:
    """Of 400 pairs the mean lies within 4 / sqrt(400) of 0: a false alarm in 16,000."""
    world = begun(tree(start="2019-01", end="2019-12", roster={}))
    part, edges, t = world.setting.terms(BargainingTerms), world.setting.edges, world.setting.type_names.index("infrastructure_pact")
    usa, n = world.setting.codes.index("USA"), 0
    for other in range(190):
        if other != usa and not world.blocked[edges.find(usa, other)]:
            open_talk(world, t, usa, other, usa)
            n += 1
    rows = np.arange(n, dtype=np.int32)
    c = at_stake(world, rows)
    gains, edge = np.abs(np.nan_to_num(midway_gains(c))), world.talks["edge"][rows]
    scale = part.belief_error * gains * (1.0 - np.stack([world.trust[edges.rev[edge]], world.trust[edge]], axis=1))
    z = (errors(world, rows, c)[scale > 0] / scale[scale > 0]).ravel()
    assert len(z) > 100
    assert abs(z.mean()) < 4.0 / math.sqrt(len(z)) and abs(z.std() - 1.0) < 4.0 / math.sqrt(2 * len(z))


@given(seed=st.integers(0, 3))
def test_nobody_signs_below_what_it_truly_needs_however_wrong_the_other_was(seed: int) -> None:
    plain = lively()
    bargaining = {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0, "belief_error": 0.6}
    plain["mechanisms"] = {**plain["mechanisms"], "bargaining": bargaining}
    world = lived(plain, seed=seed, months=18)
    signed = world.talks["stage"] == TalkStage.CONCLUDED
    assert (world.talks["utility"][signed] >= world.talks["disagreement_value"][signed]).all()


def screened(months: int, **over: Any) -> World:
    values = {"screening_least": months, "screening_most": months, **over}
    plain = tree(start="2019-01", end="2021-12", roster={"states": ["DEU", "FRA", "KOR", "USA"]}, agreements={"adequacy_decision": values})
    world = begun(plain)
    codes, t = world.setting.codes, world.setting.type_names.index("adequacy_decision")
    open_talk(world, t, codes.index("EU"), codes.index("KOR"), codes.index("KOR"))
    return world


def decision(world: World) -> Any:
    return world.talks["stage"][0], world.talks["reason"][0]


def test_a_judge_decides_when_its_time_is_up_and_not_before() -> None:
    world = screened(5)
    assert screening_months(world, 0) == 5
    for _ in range(5):
        engine.step(world)
        assert decision(world)[0] == TalkStage.OPEN
    engine.step(world)
    assert decision(world)[0] == TalkStage.CONCLUDED
    k = world.setting.words.issues.index("safeguards")
    assert world.talks["text"][0, k] == world.safeguards[world.setting.codes.index("KOR")]


def test_a_law_that_no_longer_passes_ends_the_screening() -> None:
    world = screened(2)
    engine.step(world)
    korea, eu = (world.setting.codes.index(code) for code in ("KOR", "EU"))
    world.rights_of_foreigners[korea] = 0.0
    world.trade_known[world.setting.edges.find(korea, eu)] = world.imports_known[eu]
    for _ in range(2):
        engine.step(world)
    assert decision(world) == (TalkStage.FAILED, Reason.NOT_EQUIVALENT)


def test_a_screening_takes_what_luck_says_between_its_bounds() -> None:
    world = screened(5)
    kind = world.setting.config.agreements["adequacy_decision"]
    wide = dataclasses.replace(kind, screening_least=18, screening_most=60)
    world.setting = dataclasses.replace(
        world.setting, types=tuple(wide if one.name == "adequacy_decision" else one for one in world.setting.types)
    )
    found = set()
    for month in range(300):
        world.talks["opened"][0] = world.month + month
        found.add(screening_months(world, 0))
    assert min(found) == 18 and max(found) == 60 and len(found) > 35
