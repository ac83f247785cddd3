"""The closed-form frontier and the Nash point: known numbers, a general optimiser, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from reference import optimiser
from reference.problem_draws import one_problem, problem_sets, rescaled, swapped, utilities

from sim.bargains.frontier import best_texts
from sim.bargains.problems import Problems, checked, stack
from sim.bargains.ratified import nash_outcomes
from sim.types import K, ModelFault, Status, UserError


@examples(30)
@given(problem_sets(gentle=True))
def test_the_nash_text_agrees_with_a_general_optimiser_to_six_digits(problems):
    found = nash_outcomes(problems)
    assert (found.status == Status.AGREED).all()
    for m in range(len(problems)):
        text = optimiser.nash_text(problems, m)
        np.testing.assert_allclose(found.text[m], text, atol=1e-6)
        assert optimiser.nash_objective(problems, m, found.text[m]) >= optimiser.nash_objective(problems, m, text) - 1e-9


@examples(30)
@given(problem_sets(zone=False, gentle=True))
def test_no_zone_is_said_where_an_optimiser_finds_no_text_better_for_both(problems):
    found = nash_outcomes(problems)
    for m in range(len(problems)):
        margin, _ = optimiser.widest_margin(problems, m)
        if abs(margin) > 1e-7:
            assert found.status[m] == (Status.AGREED if margin > 0 else Status.NO_ZONE)


@given(problem_sets(n=30))
def test_nobody_signs_below_its_reservation_value_not_by_one_bit(problems):
    found = nash_outcomes(problems)
    assert (found.status == Status.AGREED).all()
    assert (found.utility >= problems.r).all()
    assert ((problems.lo <= found.text) & (found.text <= problems.hi)).all()
    np.testing.assert_allclose(found.utility, utilities(problems, found.text), rtol=1e-9, atol=1e-9)


@given(problem_sets(n=10))
def test_swapping_the_parties_swaps_their_gains(problems):
    one, other = nash_outcomes(problems), nash_outcomes(swapped(problems))
    np.testing.assert_allclose(one.text, other.text, atol=1e-9)
    np.testing.assert_allclose(one.utility, other.utility[:, ::-1], rtol=1e-9, atol=1e-9)


@given(problem_sets(n=10))
def test_the_unit_of_a_party_does_not_move_the_text(problems):
    there = nash_outcomes(rescaled(problems, [1000.0, 0.004], [3.0, -0.5]))
    np.testing.assert_allclose(nash_outcomes(problems).text, there.text, atol=1e-7)


@pytest.mark.parametrize(("weight", "share"), [((0.5, 0.5), 0.5), ((0.7, 0.3), 0.7), ((0.1, 0.9), 0.1)])
def test_a_unit_surplus_is_split_by_the_bargaining_weights(weight, share):
    cake = one_problem(b=[[1.0], [-1.0]], w=[[1e-8], [1e-8]], theta=[[0.0], [0.0]], a=(0.0, 1.0), weight=weight)
    found = nash_outcomes(checked(cake))
    np.testing.assert_allclose(found.utility[0], [share, 1.0 - share], atol=1e-6)


@pytest.mark.parametrize("stake", [1.0, 1e3, 1e6])
def test_a_nearly_linear_issue_is_split_as_exactly_as_any(stake):
    cake = one_problem(b=[[stake, 0.0], [-stake, 0.0]], w=[[1e-9, 1.0]] * 2, theta=[[0.0, 0.3], [0.0, 0.7]], d=(0.0, -stake - 1.0))
    text = nash_outcomes(checked(cake)).text[0]
    gains = utilities(cake, text[None]) - cake.d
    # where utility passes freely between the sides, the other issue is settled for the largest sum and the gains are equal
    assert text[1] == pytest.approx(0.5, abs=1e-6)
    assert gains[0, 0] == pytest.approx(gains[0, 1], rel=1e-6)


def test_an_outside_option_bounds_the_split_and_is_not_split_from():
    cake = one_problem(b=[[1.0], [-1.0]], w=[[1e-8], [1e-8]], theta=[[0.0], [0.0]], a=(0.0, 1.0), r=(0.6, 0.0))
    np.testing.assert_allclose(nash_outcomes(cake).utility[0], [0.6, 0.4], atol=1e-6)
    slack = dataclasses.replace(cake, r=np.array([[0.3, 0.3]]))
    np.testing.assert_allclose(nash_outcomes(slack).utility[0], [0.5, 0.5], atol=1e-6)


def test_two_ideal_points_meet_in_the_middle_and_salience_pulls():
    same = one_problem(b=[[0.0], [0.0]], w=[[1.0], [1.0]], theta=[[0.2], [0.8]], d=(-1.0, -1.0))
    assert nash_outcomes(same).text[0, 0] == pytest.approx(0.5, abs=1e-12)
    traded = one_problem(b=[[0.0] * 2] * 2, w=[[4.0, 1.0], [1.0, 4.0]], theta=[[0.0, 0.0], [1.0, 1.0]], d=(-3.0, -3.0))
    np.testing.assert_allclose(nash_outcomes(traded).text[0], [0.2, 0.8], atol=1e-12)


def test_an_issue_one_side_ignores_goes_to_the_other_side():
    ignored = one_problem(b=[[0.0, 0.0], [0.0, 0.0]], w=[[1.0, 0.0], [1.0, 1.0]], theta=[[0.2, 0.9], [0.8, 0.3]], d=(-1.0, -1.0))
    np.testing.assert_allclose(nash_outcomes(ignored).text[0], [0.5, 0.3], atol=1e-7)


def test_a_zone_that_is_a_single_point_is_no_zone():
    touching = one_problem(b=[[0.0], [0.0]], w=[[1.0], [1.0]], theta=[[0.0], [1.0]], d=(-0.25, -0.25))
    assert nash_outcomes(touching).status[0] == Status.NO_ZONE
    wider = dataclasses.replace(touching, d=touching.d - 1e-9, r=touching.r - 1e-9)
    assert nash_outcomes(wider).status[0] == Status.AGREED


def test_an_empty_box_has_no_text_and_a_fixed_one_keeps_its_text():
    empty = one_problem(b=[[0.0], [0.0]], w=[[1.0], [1.0]], theta=[[0.0], [1.0]], d=(-9.0, -9.0), lo=[0.6], hi=[0.4])
    found = nash_outcomes(checked(empty))
    assert found.status[0] == Status.NO_TEXT
    assert np.isnan(found.text).all() and np.isnan(found.utility).all()
    fixed = dataclasses.replace(empty, lo=np.array([[0.4]]))
    assert nash_outcomes(checked(fixed)).text[0, 0] == 0.4


@given(problem_sets(n=6))
def test_no_text_beats_a_partys_best_text(problems):
    text, value = best_texts(problems)
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = problems.lo + (problems.hi - problems.lo) * rng.random(problems.lo.shape)
        assert (utilities(problems, other) <= value + 1e-9 * (1.0 + np.abs(value))).all()
    assert ((problems.lo[:, None] <= text) & (text <= problems.hi[:, None])).all()


def _sound() -> Problems:
    return one_problem(b=[[0.0] * K] * 2, w=[[1.0] * K] * 2, theta=[[0.2] * K, [0.8] * K], d=(-9.0, -9.0))


def _with(name, index, value):
    problems = _sound()
    getattr(problems, name)[index] = value
    return problems


@pytest.mark.parametrize(
    ("problems", "words"),
    [
        (_with("a", (0, 1), np.nan), "negotiation 0, party 1: a = nan; a finite number was expected"),
        (_with("w", (0, 1, 2), -0.2), "negotiation 0, party 1, issue 'localisation': w = -0.2; a finite salience of at least 0"),
        (_with("theta", (0, 0, 0), np.inf), "issue 'safeguards': theta = inf"),
        (_with("r", (0, 0), -10.0), "party 0: r = -10.0; a finite number no less than the disagreement value"),
        (_with("weight", (0, 0), 0.9), "weight = [0.9, 0.5]; bargaining weights that sum to one"),
        (_with("weight", (0, 0), 0.0), "a positive bargaining weight"),
        (_with("hi", (0, 7), np.nan), "issue 'hosting_control': hi = nan"),
        (_with("w", (0, slice(None), 3), 0.0), "issue 'security': w = [0.0, 0.0]; a joint salience of at least 1e-09"),
        (dataclasses.replace(_sound(), a=np.zeros((1, 1))), "a has 1 parties"),
        (dataclasses.replace(_sound(), b=np.zeros((1, 2, 3))), f"b has shape (1, 2, 3); (1, 2, {K}) was expected"),
    ],
)
def test_an_unsound_problem_is_refused_in_one_clear_sentence(problems, words):
    with pytest.raises(UserError) as fault:
        checked(problems)
    assert words in str(fault.value)


def test_fields_kept_for_later_are_refused():
    with pytest.raises(ModelFault, match="two parties"):
        checked(dataclasses.replace(_sound(), group=1))


@given(problem_sets(n=5))
def test_a_row_is_solved_the_same_alone_and_in_company(problems):
    together = nash_outcomes(checked(stack([problems, problems.take([3, 1])])))
    alone = nash_outcomes(checked(problems.take([3])))
    assert together.text[3].tobytes() == together.text[5].tobytes() == alone.text[0].tobytes()


def test_no_problems_have_no_outcomes():
    none = nash_outcomes(checked(_sound().take([])))
    assert none.text.shape == (0, K) and none.status.shape == (0,)
