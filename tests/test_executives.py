"""Who governs stays until the next government comes; what one signed the next may no longer want, and a divided one ratifies less."""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from torn import TORN
from worlds import begun, different, digest, lived, months_of, setting_of, tree

from sim import engine
from sim.decide.assent import answers
from sim.mechanisms.executives import Executives
from sim.model import DiplomacyModel
from sim.stakes.governments import led, led_at_table
from sim.stakes.linkage import at_stake, between
from sim.stakes.ratifiers import distances
from sim.stakes.stakes import Groups, issues_of
from sim.stakes.treaties import mask, stakes_of
from sim.state.world import World, clone, snapshot
from sim.types import Institution, Reason, Stage, TalkStage, month_index

TEN = ["BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "JPN", "KEN", "SAU", "USA"]
VOTING: dict[str, Any] = {"contacts": {"election_rate": 0.1}, "executives": {"succession_rate": 0.05}}
"""Elections and successions often enough to be seen within a few years; recorded elections, a background, would replace the rate."""


def regimes(world: World, month: int) -> Any:
    roster = world.setting.roster
    return roster.figures["regime"][roster.year_row(month)]


@functools.cache
def voted(seed: int = 7) -> tuple[list[Any], list[Any], list[Any], World]:
    """Live three years; return leanings and pivots of states after each month (first those at the start), and who voted in it."""
    world = begun(tree(roster={"states": TEN}, mechanisms=VOTING, background=[]), seed)
    n = world.setting.n_states
    lean, pivot, elected = [world.leaning[:n].copy()], [world.pivot[:n].copy()], []
    for _ in months_of(world):
        lean.append(world.leaning[:n].copy())
        pivot.append(world.pivot[:n].copy())
        elected.append(world.elected[:n].copy())
    return lean, pivot, elected, world


def test_a_leaning_stays_between_elections_and_moves_in_the_month_of_one() -> None:
    lean, pivot, elected, world = voted()
    votes = 0
    for month in range(len(elected)):
        elects = regimes(world, world.setting.config.start + month) >= 1.0
        moved = lean[month + 1] != lean[month]
        assert (moved[elects] == elected[month][elects]).all()
        assert not (pivot[month + 1] != pivot[month])[elects & ~elected[month]].any()
        votes += int(moved[elects].sum())
    assert votes > 10


def test_a_closed_autocracy_changes_its_executive_by_succession_and_not_by_vote() -> None:
    lean, _, elected, world = voted()
    closed = regimes(world, world.setting.config.start) < 1.0
    assert closed.any()
    moved = np.array([lean[m + 1] != lean[m] for m in range(len(elected))])[:, closed]
    assert moved.any() and not moved.all()
    assert (moved != np.array(elected)[:, closed]).any()
    never = begun(tree(roster={"states": TEN}, mechanisms={**VOTING, "executives": {"succession_rate": 0.0}}))
    before = never.leaning[: len(closed)].copy()
    for _ in months_of(never, 24):
        pass
    assert (never.leaning[: len(closed)][closed] == before[closed]).all()


def test_in_real_months_a_government_comes_when_its_state_voted() -> None:
    world = begun(tree(roster={"states": ["DEU", "FRA", "USA"]}, shocks=[{"kind": "election"}]))
    n, table = world.setting.n_states, world.setting.roster.elections
    came = {code: [] for code in world.setting.codes[:n]}
    before = world.leaning[:n].copy()
    for _ in months_of(world, 30):
        for i in np.flatnonzero(world.leaning[:n] != before):
            came[world.setting.codes[i]].append(world.month - 1)
        before = world.leaning[:n].copy()
    first, last = month_index("2019-06"), month_index("2021-11")
    for i, code in enumerate(came):
        told = sorted({int(m) for m in table.month[table.state == i] if first <= m <= last and m < table.until[i]})
        assert [m for m in came[code] if m < table.until[i]] == told
    assert month_index("2020-11") in came["USA"]


def test_who_governs_is_the_same_in_a_world_of_ten_and_of_all_states() -> None:
    few, all_ = (begun(tree(end="2019-09", roster=roster, mechanisms=VOTING)) for roster in ({"states": TEN}, {}))
    there = [all_.setting.party(code) for code in few.setting.codes[:10]]
    assert all_.setting.n_states == 193
    moved = False
    before = few.leaning.copy()
    for _ in zip(months_of(few), months_of(all_), strict=True):
        assert few.leaning[:10].tolist() == all_.leaning[there].tolist()
        assert few.pivot[:10].tolist() == all_.pivot[there].tolist()
        moved |= bool((few.leaning != before).any())
    assert moved


def test_leanings_and_pivots_keep_to_the_range_of_the_regime() -> None:
    part = {"leaning_closed": 0.3, "leaning_liberal": 1.2, "pivot_closed": 0.1, "pivot_liberal": 0.7, "divided": 0.5}
    seen: dict[int, list[float]] = {regime: [] for regime in range(4)}
    for seed in range(20):
        world = begun(tree(roster={}, mechanisms={"executives": part}), seed)
        n, regime = world.setting.n_states, regimes(world, world.month)
        assert (np.abs(world.leaning[:n]) <= 0.3 + 0.9 * regime / 3.0).all()
        assert (world.pivot[:n] <= 0.1 + 0.6 * regime / 3.0).all() and (world.pivot >= 0.0).all()
        for kind in range(4):
            seen[kind] += np.abs(world.leaning[:n][regime == kind]).tolist()
    # The widest of some hundred draws lies near the end of its range.
    assert all(max(seen[kind]) > 0.95 * (0.3 + 0.3 * kind) for kind in range(4))


def test_as_many_governments_are_divided_as_is_said() -> None:
    """The share of divided governments lies within four standard errors of the parameter (false alarm 6e-5)."""
    shares = [begun(tree(roster={}, mechanisms={"executives": {"pivot_closed": 1.0}}), seed).pivot[:193] > 0.0 for seed in range(20)]
    whole = np.concatenate(shares)
    assert abs(whole.mean() - Executives().divided) < 4.0 * np.sqrt(0.4 * 0.6 / len(whole))


def test_a_bloc_leans_as_its_people_do_and_is_never_divided() -> None:
    world = voted()[3]
    eu, n = world.setting.party("EU"), world.setting.n_states
    inside = world.member[eu - n]
    people = world.population[:n][inside]
    assert world.leaning[eu] == pytest.approx(float((world.leaning[:n][inside] * people).sum() / people.sum()), rel=1e-12)
    assert inside.sum() > 1 and world.leaning[eu] != 0.0
    assert (world.pivot[n:] == 0.0).all()


def test_with_frozen_inputs_later_votes_are_not_known_and_bring_nobody() -> None:
    def leanings_of_usa(**known: str) -> set[float]:
        roster = {"states": ["DEU", "FRA", "USA"], **known}
        world = begun(tree(roster=roster, shocks=[{"kind": "election"}], mechanisms={"contacts": {"election_rate": 0.0}}))
        usa = world.setting.party("USA")
        return {float(world.leaning[usa]), *(float(world.leaning[usa]) for _ in months_of(world, 30))}

    assert len(leanings_of_usa()) == 2
    assert len(leanings_of_usa(known_until="2020-06")) == 1


def test_where_governments_are_alike_nobody_leans_and_stakes_are_those_of_the_state() -> None:
    world = lived(TORN | {"mechanisms": {**TORN["mechanisms"], "executives": {"differ": False}}}, months=12)
    assert not world.leaning.any() and not world.pivot.any()
    talks = np.arange(3)
    kind, first, second = (int(world.talks["type"][0]), world.talks["first"][talks], world.talks["second"][talks])
    edge = world.talks["edge"][talks]
    asked = Groups(first, second, edge, world.setting.edges.rev[edge], issues_of(world.setting))
    c = world.setting.types[kind].coefficients(world, asked).dyads()
    assert led(world, kind, c, first, second) is c


def test_an_executive_that_leans_has_moved_ideal_points_and_its_own_value_of_no_agreement() -> None:
    world = clone(lived(TORN, months=12))
    row = np.flatnonzero(world.talks["stage"] == TalkStage.OPEN)[:1]
    world.leaning[:] = 0.0
    bare = at_stake(world, row)
    me = int(world.talks["first"][row[0]])
    world.leaning[me] = 1.5
    turned, spread = at_stake(world, row), world.setting.config.mechanisms["ratification"].spread
    direction = world.setting.leanings[world.talks["type"][row[0]], 0]
    assert direction.any()
    np.testing.assert_allclose(turned.theta[0, 0], bare.theta[0, 0] + 1.5 * spread * direction, rtol=1e-12)
    np.testing.assert_array_equal(turned.theta[0, 1], bare.theta[0, 1])
    # No agreement is worth to it what the text of today is worth, by its own ideal points.
    gap, moved = bare.status_quo[0] - bare.theta[0, 0], bare.status_quo[0] - turned.theta[0, 0]
    expected = bare.d[0, 0] + float((bare.w[0, 0] * (gap**2 - moved**2)).sum())
    assert turned.d[0, 0] == pytest.approx(expected, rel=1e-12)
    assert turned.d[0, 1] == bare.d[0, 1]
    for name in ("a", "b", "w", "lo", "hi", "status_quo"):
        np.testing.assert_array_equal(getattr(turned, name), getattr(bare, name))


def test_at_a_table_of_many_each_executive_leans_by_itself() -> None:
    world = begun(tree(negotiated=["security_treaty"]))
    t, parties = world.setting.type_names.index("security_treaty"), np.arange(5)
    told = world.setting.types[t].stakes(world, t, parties, mask(world, parties), -1)
    seen = stakes_of(world, t, parties, parties)
    direction, spread = world.setting.leanings[t, 0], world.setting.config.mechanisms["ratification"].spread
    np.testing.assert_allclose(seen.theta, told.theta + world.leaning[parties, None] * spread * direction, rtol=1e-12)
    world.leaning[:] = 0.0
    assert led_at_table(world, t, told, parties) is told


@functools.cache
def signed() -> World:
    return lived(TORN | {"protocol": {"name": "alternating_offers"}}, seed=7)


def states_asked(world: World) -> Any:
    a = world.adherence
    return np.flatnonzero((a["institution"] > Institution.EXECUTIVE_ACT) & (a["institution"] != Institution.BLOC_ASSENT))


def test_a_divided_government_ratifies_no_more_and_in_all_less_often_at_unchanged_text() -> None:
    world, passing = clone(signed()), []
    for pivot in (0.0, 0.5, 1.0, 2.0, 4.0):
        world.pivot[: world.setting.n_states] = pivot
        asked = states_asked(world)
        passing.append(set(asked[answers(world, asked) == Reason.NONE].tolist()))
    for united, divided in pairwise(passing):
        assert divided <= united
    assert passing[-1] < passing[0]


def test_a_divided_government_stands_further_from_its_ratifiers_and_errs_as_much() -> None:
    world = clone(signed())
    talks = np.arange(len(world.talks))
    world.pivot[:] = 0.0
    united = distances(world, talks)
    world.pivot[: world.setting.n_states] = 3.0
    split = distances(world, talks)
    assert (split.true >= united.true).all() and (split.true > united.true).any()
    # Where no distance is cut off at 0, errors are those that they were.
    whole = (united.own > 0.0) & (united.true > 0.0)
    np.testing.assert_allclose((split.own - split.true)[whole], (united.own - united.true)[whole], atol=1e-9)


def test_what_one_government_signed_the_next_may_no_longer_want() -> None:
    world, found = clone(signed()), set()
    asked = states_asked(world)
    for lean in (-3.0, 0.0, 3.0):
        world.leaning[: world.setting.n_states] = lean
        found.add(tuple((answers(world, asked) == Reason.WITHDRAWN).tolist()))
    assert len(found) > 1
    assert any(any(one) for one in found)


def test_welfare_is_the_states_own_whoever_governs() -> None:
    world = clone(lived(TORN, months=24))
    alike = clone(world)
    alike.leaning[:], alike.pivot[:] = 0.0, 0.0
    for one in (world, alike):
        one.setting.config.mechanisms["welfare"].step(one, None)
    assert (world.instruments["stage"] == Stage.IN_FORCE).any()
    assert world.welfare.tobytes() == alike.welfare.tobytes()
    assert different(snapshot(world), snapshot(alike)) == {"array/leaning", "array/pivot"}
    talk = int(np.flatnonzero(world.talks["stage"] == TalkStage.CONCLUDED)[0])
    t, *pair = int(world.talks["type"][talk]), world.talks["first"][[talk]], world.talks["second"][[talk]]
    assert between(world, t, *pair).d.tobytes() != between(alike, t, *pair).d.tobytes()


def test_a_lever_that_makes_governments_alike_holds_from_that_month() -> None:
    world = begun(tree(mechanisms=VOTING))
    engine.step(world)
    assert world.leaning.any()
    engine.step(world, (engine.Action("mechanisms.executives.differ", False),))
    assert not world.leaning.any() and not world.pivot.any()


def test_governments_move_what_is_signed() -> None:
    here, alike = (lived(TORN | {"mechanisms": {**TORN["mechanisms"], "executives": {"differ": on}}}) for on in (True, False))
    assert digest(here) != digest(alike)
    assert setting_of(TORN).digest == here.setting.digest


def test_a_government_is_seen_through_its_agent() -> None:
    model = DiplomacyModel(seed=3, setting=setting_of(tree(roster={"states": ["DEU", "USA"]})))
    usa = model.state("USA")
    assert usa.leaning == model.world.leaning[usa.index]
    assert usa.pivot == model.world.pivot[usa.index]
