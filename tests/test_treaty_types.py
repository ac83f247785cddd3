"""Types of many parties say what they say: what each would gain, told again number by number, and what joining and rivals change."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summits import ASEAN, BOTH, STATES
from worlds import begun, tree

from sim.agreements.security_treaty import established
from sim.bargains.many import nash_group
from sim.bargains.worth import worth
from sim.contracts import ARITIES, arity_of, check_contract
from sim.ledger import close_conference, open_conference, sign_treaty
from sim.registry import shelf
from sim.stakes.payoffs import ISSUE
from sim.stakes.stakes import Stakes
from sim.stakes.treaties import problem_of, speakers, stakes_of
from sim.state.world import World
from sim.types import ModelFault, TalkStage

MANY = [name for name in shelf("agreement").names() if arity_of(shelf("agreement").get(name)) != "dyad"]


def world_of_many() -> World:
    """Return a world in which executives want what their states do, so that stakes are what types say."""
    return begun(tree(roster={"states": STATES}, negotiated=BOTH, mechanisms={"executives": {"differ": False}}))


def places(world: World, *codes: str) -> Any:
    return np.array([world.setting.party(code) for code in codes], dtype=np.int32)


def test_the_types_of_many_are_these_three() -> None:
    assert sorted(MANY) == sorted([*BOTH, "regional_guidelines"])


def test_a_security_treaty_is_worth_what_its_equations_say() -> None:
    world = world_of_many()
    kind, t = world.setting.config.agreements["security_treaty"], world.setting.type_names.index("security_treaty")
    members = places(world, "CHN", "IDN", "JPN", "USA")
    found = stakes_of(world, t, members, members)
    budapest, edges = established(world)[0], world.setting.edges
    for n, i in enumerate(members.tolist()):
        exposed, heard = 0.0, 0.0
        for j in members.tolist():
            if j != i:
                edge = edges.find(i, j)
                covered = kind.overlap * float(budapest[i] and budapest[j])
                imports = float(world.trade_known[edges.rev[edge]]) * (1.0 - covered)
                exposed += 1e4 * imports / float(world.gdp[i])
                heard += 1e4 * imports * float(world.cybersecurity[j] * world.trust[edge]) / float(world.gdp[i])
        desk = 1e4 * kind.upkeep * (1.0 + kind.second_desk * float(budapest[i])) / float(world.gdp[i])
        assert found.a[n] == pytest.approx(kind.reports * heard - desk, rel=1e-9)
        assert found.b[n, ISSUE["security"]] == pytest.approx(kind.security_gain * heard, rel=1e-9)
        assert found.b[n, ISSUE["localisation"]] == pytest.approx(-kind.reports * heard, rel=1e-9)
        assert found.w[n, ISSUE["redress"]] == pytest.approx(kind.salience_redress * exposed, rel=1e-9)
        assert found.d[n] == 0.0


def test_a_regional_market_is_worth_what_its_equations_say() -> None:
    world = world_of_many()
    kind, t = world.setting.config.agreements["regional_market"], world.setting.type_names.index("regional_market")
    members, edges = places(world, *ASEAN), world.setting.edges
    found = stakes_of(world, t, members, members)
    mean = float(np.mean(world.internet_use[members]))
    frees = [kind.frees_data for kind in world.setting.types]
    for n, i in enumerate(members.tolist()):
        exposed = gain = feared = 0.0
        for j in (p for p in members.tolist() if p != i):
            edge = edges.find(i, j)
            imports = 1e4 * float(world.trade_known[edges.rev[edge]]) / float(world.gdp[i])
            already = bool(world.free_flow[edge]) or any(f and world.in_force[s, edge] for s, f in enumerate(frees))
            exposed += imports
            gain += 0.0 if already else imports * math.log(1.08) / 5.0
            feared += kind.surveillance * (1.0 - float(world.trust[edge])) * imports
        assert found.a[n] == pytest.approx(gain - feared - 1e4 * kind.upkeep / float(world.gdp[i]), rel=1e-9)
        assert found.b[n, ISSUE["localisation"]] == pytest.approx(-gain, rel=1e-9)
        behind = mean - float(world.internet_use[i])
        assert found.b[n, ISSUE["capacity"]] == pytest.approx(kind.capacity_gain * exposed * behind, rel=1e-9, abs=1e-15)
        assert found.w[n, ISSUE["safeguards"]] == pytest.approx(kind.salience_safeguards * exposed, rel=1e-9)
        own = world.need[i] / (world.need[i] + world.cloud_capacity[i])
        assert found.d[n] == pytest.approx(-kind.salience_other * exposed * float(own**2 + world.digital_government[i] ** 2), rel=1e-9)


@pytest.mark.parametrize("name", MANY)
def test_a_party_is_worth_the_same_asked_alone_or_among_many(name: str) -> None:
    world = world_of_many()
    t, members = world.setting.type_names.index(name), places(world, *ASEAN)
    together = stakes_of(world, t, members, members)
    for n in range(len(members)):
        alone = stakes_of(world, t, members[n : n + 1], members)
        for field in dataclasses.fields(Stakes):
            one, other = getattr(alone, field.name), getattr(together, field.name)
            if field.name == "start":
                assert (one.tolist(), other.tolist()) == ([0, 1], [0, len(members)])
                continue
            whole = field.name in ("lo", "hi", "commitment")
            assert (one if whole else one[0]).tobytes() == (other if whole else other[n]).tobytes()


@pytest.mark.parametrize("name", MANY)
def test_stakes_of_all_are_sound_and_leave_other_issues_out(name: str) -> None:
    world = world_of_many()
    t = world.setting.type_names.index(name)
    everyone = np.flatnonzero(speakers(world, t))
    found = stakes_of(world, t, everyone, everyone)
    active = np.array([issue in shelf("agreement").get(name).issues for issue in world.setting.words.issues])
    assert (found.hi[0] == active).all()
    assert (found.w[:, active] > 0.0).all()
    assert (found.w[:, ~active] == 0.0).all()
    for array in (found.a, found.b, found.d, found.theta):
        assert np.isfinite(array).all()


@settings(max_examples=20)
@given(st.integers(0, 2**20))
def test_one_more_member_never_takes_reports_away(which: int) -> None:
    world = world_of_many()
    t = world.setting.type_names.index("security_treaty")
    states = np.flatnonzero(speakers(world, t))
    some = states[[bool(which >> i & 1) for i in range(len(states))]]
    more = np.union1d(some, [int(states[which % len(states)])])
    me = places(world, "USA", "TUV")
    before, after = stakes_of(world, t, me, some), stakes_of(world, t, me, more)
    assert (after.a >= before.a - 1e-12).all()
    assert (after.b[:, ISSUE["security"]] >= before.b[:, ISSUE["security"]] - 1e-12).all()


def sign_among(world: World, *codes: str) -> int:
    """Let some states sign a treaty at once."""
    t, members = world.setting.type_names.index("security_treaty"), np.sort(places(world, *codes))
    row = open_conference(world, t, -1, int(members[0]), members, 1, world.month)
    problem = problem_of(stakes_of(world, t, members, members))
    close_conference(world, row, TalkStage.CONCLUDED)
    return sign_treaty(world, row, np.full(len(world.setting.words.issues), 0.5), problem.d, problem.d)


def test_being_bound_by_one_treaty_lowers_the_worth_of_a_rival() -> None:
    world = world_of_many()
    t, members = world.setting.type_names.index("security_treaty"), places(world, "CHN", "KAZ", "RUS", "THA")
    before = stakes_of(world, t, members, members)
    made = sign_among(world, "CHN", "KAZ", "RUS")
    after, itself = stakes_of(world, t, members, members), stakes_of(world, t, members, members, made)
    bound = np.isin(members, places(world, "CHN", "KAZ", "RUS"))
    assert (after.a[bound] < before.a[bound]).all()
    np.testing.assert_array_equal(after.a[~bound], before.a[~bound])
    np.testing.assert_array_equal(itself.a, before.a)


def test_who_is_alike_signs_and_a_text_for_all_is_what_all_gain_from() -> None:
    world = world_of_many()
    t, members = world.setting.type_names.index("regional_market"), places(world, *ASEAN)
    for name in ("protection_firms", "protection_state", "localisation", "cybersecurity", "internet_use"):
        getattr(world, name)[members] = 0.5
    # Upkeep of a million USD, more than the market brings Laos, plays no part.
    world.trade *= 20.0
    world.trade_known *= 20.0
    stakes = stakes_of(world, t, members, members)
    found = nash_group(problem_of(stakes))
    assert found.text[ISSUE["safeguards"]] == pytest.approx(0.5, abs=1e-6)
    np.testing.assert_allclose(worth(stakes, found.text), found.utility, rtol=1e-12)
    assert (found.utility > stakes.d).all()


def test_a_type_of_many_lacking_something_is_refused() -> None:
    whole = shelf("agreement").get("security_treaty")
    assert arity_of(whole) in ARITIES
    for name, value in (("stakes", None), ("threshold", "five"), ("accession", "closed"), ("arity", "crowd")):
        broken = type("Broken", (whole,), {name: value})
        with pytest.raises(ModelFault, match=name):
            check_contract("agreement", broken)
