"""Stakes in rows, their view of pairs, one draft for both, one worth, one reservation and one check."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from node_page import ASSETS, asked
from reference.problem_draws import random_problems, with_pivots

from sim.bargains.feasible import feasible
from sim.bargains.group import GroupProblem
from sim.bargains.worth import gain, reservation, worth
from sim.stakes.payoffs import to_problems
from sim.stakes.stakes import Coefficients, Draft, Gathering, Groups, Stakes, StakesDraft
from sim.types import ISSUES, ModelFault, UserError

LEVELS = st.floats(-2.0, 2.0, allow_subnormal=False)
SAID = st.fixed_dictionaries(
    {
        "ideal": st.tuples(LEVELS, LEVELS),
        "salience": st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 5.0)),
        "gain": st.tuples(LEVELS, LEVELS),
        "status_quo": st.floats(0.0, 1.0),
    }
)
ONE_PAIR = st.dictionaries(st.sampled_from(ISSUES), SAID, min_size=1)


def pair(n: int = 1, issues: tuple[str, ...] = ISSUES) -> Groups:
    one = np.arange(n, dtype=np.int32)
    return Groups(one, one + 100, one, one, issues)


def by_role(said: dict[str, Any], a: tuple[float, float], apart: tuple[str, ...] = ()) -> Stakes:
    draft = Draft(pair())
    draft.a[:] = a
    for name, one in said.items():
        draft.issue(name, **one)
    return draft.done(apart)


def at_one_table(said: dict[str, Any], a: tuple[float, float], apart: tuple[str, ...] = ()) -> Stakes:
    draft = Draft(Gathering(np.array([0, 100], dtype=np.int32)))
    draft.a[:] = a
    for name, one in said.items():
        ideal, salience, brings = (np.array(one[key]) for key in ("ideal", "salience", "gain"))
        draft.issue(name, ideal=ideal, salience=salience, gain=brings, today=one["status_quo"])
    return draft.done(apart)


@given(
    ONE_PAIR,
    st.tuples(LEVELS, LEVELS),
    st.lists(st.floats(0.0, 1.0), min_size=len(ISSUES), max_size=len(ISSUES)),
    st.sets(st.sampled_from(ISSUES)),
)
def test_two_are_worth_the_same_to_the_bit_as_a_pair_and_as_a_table(
    said: dict[str, Any], a: tuple[float, float], levels: list[float], apart: set[str]
) -> None:
    two, table = by_role(said, a, tuple(apart)), at_one_table(said, a, tuple(apart))
    for field in dataclasses.fields(Stakes):
        if field.name != "commitment":
            assert getattr(two, field.name).tobytes() == getattr(table, field.name).tobytes(), field.name
    text, pairs = np.array(levels), two.dyads()
    told = worth(table, text)
    assert told.shape == (2,)
    problem = GroupProblem(table.a, table.b, table.w, table.theta, table.d, table.d, table.lo[0], table.hi[0], np.full(2, 0.5))
    for other in (worth(two, text[None]), worth(pairs, text[None]), worth(to_problems(pairs), text[None]), worth(problem, text)):
        assert other.tobytes() == told.tobytes()
    assert gain(pairs, text[None]).tobytes() == (told - table.d).tobytes()


def test_the_view_of_pairs_copies_nothing_and_leads_back() -> None:
    two = by_role({"security": {"ideal": (0.2, 0.9), "salience": (1.0, 2.0), "gain": (0.5, 0.1), "status_quo": 0.4}}, (1.0, 2.0))
    pairs = two.dyads()
    for field in dataclasses.fields(Coefficients):
        assert np.shares_memory(getattr(pairs, field.name), getattr(two, field.name)), field.name
    back = pairs.stakes()
    for field in dataclasses.fields(Stakes):
        if field.name != "party":
            assert (getattr(back, field.name) == getattr(two, field.name)).all(), field.name
    assert two.party.tolist() == [0, 100]
    assert pairs.dyads() is pairs


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 2**30))
def test_groups_of_any_size_are_worth_what_each_is_alone(sizes: list[int], seed: int) -> None:
    rng, n, k = np.random.default_rng(seed), sum(sizes), 3
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    wide = [rng.normal(size=(n, k)) for _ in range(4)]
    bounds = np.zeros((len(sizes), k)), np.ones((len(sizes), k))
    whole = Stakes(rng.normal(size=n), rng.normal(size=n), *wide, *bounds, np.arange(n, dtype=np.int32), start)
    text = rng.uniform(size=(len(sizes), k))
    found = worth(whole, text)
    for g in range(len(sizes)):
        at = slice(start[g], start[g + 1])
        told = whole.a[at] + sum(
            whole.b[at, i] * text[g, i] - whole.w[at, i] * (text[g, i] - whole.theta[at, i]) ** 2 for i in range(k)
        )  # told here once more, as the equation is written
        np.testing.assert_allclose(found[at], told, rtol=1e-12, atol=1e-12)
    if any(size != 2 for size in sizes):
        with pytest.raises(ModelFault, match="no pairs"):
            whole.dyads()


def test_as_many_texts_as_groups_are_asked_for() -> None:
    two = by_role({"security": {"ideal": (0.2, 0.9), "salience": (1.0, 2.0)}}, (1.0, 2.0))
    with pytest.raises(ModelFault, match="2 texts were given to 1 groups"):
        worth(two, np.zeros((2, len(ISSUES))))


def test_a_draft_made_from_what_was_asked_has_a_place_for_a_new_issue() -> None:
    issues = (*ISSUES, "orbit")
    draft = Draft(pair(3, issues))
    draft.issue("orbit", ideal=(0.0, 1.0), salience=(1.0, 1.0), gain=(np.arange(3.0), 0.5))
    found = draft.done()
    assert found.b.shape == (6, len(issues))
    assert found.b[:, -1].tolist() == [0.0, 0.5, 1.0, 0.5, 2.0, 0.5]
    assert found.hi[:, -1].tolist() == [1.0] * 3
    with pytest.raises(UserError, match="there is no issue 'orbits' in this run; did you mean 'orbit'"):
        draft.issue("orbits", ideal=(0.0, 1.0), salience=(1.0, 1.0))


def test_a_draft_of_a_number_knows_shipped_issues_and_names_another_as_the_fault() -> None:
    draft = Draft(2)
    draft.issue("security", ideal=(0.0, 1.0), salience=(1.0, 1.0))
    assert draft.done().dyads().theta.shape == (2, 2, len(ISSUES))
    with pytest.raises(UserError, match=r"no shipped issue 'orbit'; a type with an issue of its own makes its draft by Draft\(groups\)"):
        draft.issue("orbit", ideal=(0.0, 1.0), salience=(1.0, 1.0))
    with pytest.raises(UserError, match="no issue 'orbit'"):
        StakesDraft(2).issue("orbit", ideal=0.0, salience=1.0)


def test_stakes_of_one_group_may_leave_out_what_follows_from_that() -> None:
    wide, k = np.zeros((3, 8)), 8
    found = Stakes(np.zeros(3), np.zeros(3), wide, wide, wide, wide, np.zeros(k), np.ones(k))
    assert (len(found), found.start.tolist(), found.party.tolist(), found.lo.shape, found.commitment.tolist()) == (
        1, [0, 3], [-1] * 3, (1, k), [0.0],
    )  # fmt: skip
    assert found.take(np.array([2, 0])).a.shape == (2,)


def test_what_must_be_given_is_the_larger_of_no_agreement_and_what_lies_elsewhere() -> None:
    d = np.array([[-1.0, 2.0]])
    assert reservation(d).tolist() == d.tolist()
    assert reservation(d) is not d
    assert reservation(d, np.array([[0.5, 0.0]])).tolist() == [[-0.5, 2.0]]


@settings(max_examples=40)
@given(st.integers(0, 2**30))
def test_who_could_sign_is_who_loses_nothing_and_passes_at_home(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = with_pivots(random_problems(rng, 20, 3), rng)
    text = rng.uniform(p.lo, np.maximum(p.lo, p.hi))
    found = feasible(p, text)
    for m in range(len(p)):
        assert found.possible[m] == (p.lo[m] <= p.hi[m]).all()
        for i in range(2):
            u, v = (
                float(who.a[m, i] + sum(who.b[m, i] * text[m] - who.w[m, i] * (text[m] - who.theta[m, i]) ** 2)) for who in (p, p.pivot)
            )
            if abs(u - p.r[m, i]) > 1e-9:
                assert found.zone[m, i] == (u > p.r[m, i])
            if abs(v - p.pivot.d[m, i]) > 1e-9:
                assert found.win_set[m, i] == (not p.pivot.active[m, i] or v > p.pivot.d[m, i])
            assert found.signs[m, i] == (found.zone[m, i] and found.win_set[m, i])
    assert (found.all_sign == (found.possible & found.signs.all(axis=1))).all()


def test_the_page_asks_for_the_newest_draft_alone_while_an_answer_is_under_way() -> None:
    script = """(() => {
      const out = [], never = new Promise(() => {});
      const value = CD.latest((x) => { out.push(x); return never; }, () => {});
      [1, 2, 3].forEach((x) => value(x));
      return out;
    })()"""
    assert asked(script, None, "l_seat.js") == [1]


def test_the_page_reckons_no_utility() -> None:
    for path in sorted(ASSETS.glob("*.js")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not ("salience" in line and ("**" in line or "salience *" in line or "/ (2 *" in line)), f"{path.name}:{number}"
