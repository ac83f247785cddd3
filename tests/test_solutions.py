"""Solutions on the frontier: known numbers, agreement with a general optimiser, ratifiers, and who proposes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from reference import solutions
from reference.problem_draws import one_problem, problem_sets, random_problems, ratified_sets, swapped, utilities, with_pivots

from sim import engine
from sim.bargains.fair import distance_to_frontier, egalitarian_outcomes, kalai_smorodinsky_outcomes
from sim.bargains.problems import Outcomes, checked, first_proposers, stack
from sim.bargains.ratified import nash_outcomes
from sim.bargains.rubinstein import rubinstein_outcomes, waiting_factors
from sim.bargains.splits import ideal_values, weighted_best
from sim.registry import shelf
from sim.types import Status, TalkStage, UserError

PROTOCOLS = shelf("protocol")
FRONTIER = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "take_it_or_leave_it", "rubinstein")
CAKE = one_problem(b=[[1.0], [-1.0]], w=[[1e-8], [1e-8]], theta=[[0.0], [0.0]], a=(0.0, 1.0))
DELTA = (0.9, 0.8)


def _agrees(ours, theirs, found, text):
    """Ours is no worse; where SLSQP is as good (it now and then stops short), the texts are the same."""
    assert ours >= theirs - 1e-8
    if ours <= theirs + 1e-9:
        np.testing.assert_allclose(found, text, atol=1e-6)


def _weighted_agrees(problems, rule=weighted_best):
    found = rule(problems, problems.weight)
    for m in np.nonzero(found.status == Status.AGREED)[0]:
        value, text = solutions.weighted_text(problems, m, problems.weight[m])
        _agrees(float(problems.weight[m] @ found.utility[m]), value, found.text[m], text)


def _proportional_agrees(problems, found, share):
    for m in np.nonzero(found.status == Status.AGREED)[0]:
        least, text = solutions.proportional_text(problems, m, problems.d[m], share[m])
        shares = (found.utility[m] - problems.d[m]) / share[m]
        assert shares.min() >= least - 1e-8
        if shares.max() - shares.min() < 1e-9:
            np.testing.assert_allclose(found.text[m], text, atol=1e-6)


def _rubinstein_agrees(problems, q):
    found, _ = rubinstein_outcomes(problems, q)
    first = first_proposers(problems)
    for m in np.nonzero(found.status == Status.AGREED)[0]:
        i = first[m]
        assert found.utility[m, i] - problems.d[m, i] == pytest.approx(solutions.rubinstein_gain(problems, m, i, q[m]), abs=1e-6)


def free_and_ratified(n):
    """Draw n problems without and with ratifiers."""
    return st.one_of(problem_sets(n=n, gentle=True), ratified_sets(n=n))


@examples(8)
@given(free_and_ratified(2))
def test_the_largest_sum_agrees_with_a_general_optimiser(problems):
    _weighted_agrees(problems)


@examples(12)
@given(free_and_ratified(2))
def test_equal_gains_agree_with_a_general_optimiser(problems):
    _proportional_agrees(problems, egalitarian_outcomes(checked(problems)), problems.weight)


@examples(8)
@given(free_and_ratified(2))
def test_equal_shares_of_ideal_gains_agree_with_a_general_optimiser(problems):
    ideal = np.array([solutions.ideal_values(problems, m) for m in range(2)])
    ours = ideal_values(checked(problems))[0]
    found = kalai_smorodinsky_outcomes(checked(problems))
    agreed = found.status == Status.AGREED
    assert (ours[agreed] >= ideal[agreed] - 1e-8).all()
    _proportional_agrees(problems, found, problems.weight * (ours - problems.d))


@examples(8)
@given(free_and_ratified(1))
def test_the_first_proposal_agrees_with_a_general_optimiser(problems):
    _rubinstein_agrees(checked(problems), waiting_factors(problems, DELTA, 0.0, 1.0))


def test_the_comparison_with_the_optimiser_catches_a_weight_a_share_and_a_factor_that_are_wrong():
    problem = one_problem(b=[[0.0, 0.0]] * 2, w=[[4.0, 1.0], [1.0, 4.0]], theta=[[0.0, 0.0], [1.0, 1.0]], d=(-4.0, -4.5))
    with pytest.raises(AssertionError):
        _weighted_agrees(problem, lambda p, _: weighted_best(p, [0.501, 0.499]))
    with pytest.raises(AssertionError):
        _proportional_agrees(problem, kalai_smorodinsky_outcomes(problem), problem.weight)
    with pytest.raises(AssertionError):
        q = waiting_factors(problem, DELTA, 0.0, 1.0)
        there = rubinstein_outcomes(problem, q)[0].utility - problem.d
        assert there[0, 0] == pytest.approx(solutions.rubinstein_gain(problem, 0, 0, q[0] * 0.9999), abs=1e-6)


def test_rubinstein_on_a_unit_surplus_gives_the_known_share_to_whoever_proposes():
    for first, share in ((0, 0.7142857), (1, 1.0 - 0.7142857)):
        cake = checked(dataclasses.replace(CAKE, first=np.array([first])))
        found, answer = rubinstein_outcomes(cake, waiting_factors(cake, DELTA, 0.0, 1.0))
        assert found.utility[0, 0] == pytest.approx(share, abs=1e-6)
        waits = utilities(cake, answer)[0, first]
        assert waits == pytest.approx(0.9 * found.utility[0, first], abs=1e-6)


@pytest.mark.parametrize(("breakdown", "weight"), [(0.0, (0.5, 0.5)), (0.02, (0.5, 0.5)), (0.02, (0.7, 0.3))])
def test_as_offers_follow_faster_the_proposal_goes_to_the_nash_point_with_weights_by_patience(breakdown, weight):
    rng = np.random.default_rng(3)
    problems = random_problems(rng, 20, 4, gentle=True)
    problems = checked(dataclasses.replace(problems, r=problems.d, weight=np.tile(weight, (20, 1)), first=np.arange(20) % 2))
    hurry = -np.log(waiting_factors(problems, DELTA, breakdown, 1.0))
    limit = nash_outcomes(dataclasses.replace(problems, weight=(1.0 / hurry) / (1.0 / hurry).sum(axis=1, keepdims=True)))
    far = []
    for interval in (0.1, 0.01, 0.001):
        found, _ = rubinstein_outcomes(problems, waiting_factors(problems, DELTA, breakdown, interval))
        far.append(np.abs(found.text - limit.text).max())
    assert far[1] < 0.6 * far[0] and far[2] < 0.2 * far[1] and far[2] < 0.003


@examples(20)
@given(ratified_sets(n=6))
def test_both_proposals_leave_the_side_that_answers_indifferent_or_the_proposer_at_its_best(problems):
    problems = checked(dataclasses.replace(problems, first=np.arange(6) % 2))
    q = waiting_factors(problems, DELTA, 0.01, 1.0)
    found, answer = rubinstein_outcomes(problems, q)
    value, ideal = utilities(problems, answer), ideal_values(problems)[0]
    for m in np.nonzero(found.status == Status.AGREED)[0]:
        f, g = m % 2, 1 - m % 2
        gain, later, size = found.utility[m] - problems.d[m], value[m] - problems.d[m], 1e-6 * (1.0 + np.abs(problems.d[m]))
        floor = problems.r[m] - problems.d[m]
        asked = max(floor[g], q[m, g] * later[g]), max(floor[f], q[m, f] * gain[f])
        assert gain[g] >= asked[0] - size[g] and later[f] >= asked[1] - size[f]
        assert gain[g] <= asked[0] + size[g] or found.utility[m, f] >= ideal[m, f] - size[f]
        assert later[f] <= asked[1] + size[f] or value[m, g] >= ideal[m, g] - size[g]


def test_a_unit_surplus_is_divided_as_each_rule_says():
    half = one_problem(b=[[1.0], [-1.0]], w=[[1e-8], [1e-8]], theta=[[0.0], [0.0]], a=(0.0, 1.0), d=(0.0, 0.4), weight=(0.5, 0.5))
    for name, share in {"egalitarian": 0.3, "kalai_smorodinsky": 0.3, "nash": 0.3, "take_it_or_leave_it": 0.6}.items():
        assert PROTOCOLS.build(name).solve(half).utility[0, 0] == pytest.approx(share, abs=1e-6), name
    tilted = dataclasses.replace(half, weight=np.array([[0.75, 0.25]]))
    for name in ("egalitarian", "kalai_smorodinsky"):
        assert PROTOCOLS.build(name).solve(tilted).utility[0, 0] == pytest.approx(0.45, abs=1e-6), name


def test_two_ideal_points_meet_where_hand_calculation_puts_them():
    # gains 1 - x^2 and 4 - 4 (1 - x)^2: the sum is largest at x = 4/5; ideal gains are 1 and 4, so equal shares are at x = 1/2;
    # equal gains 1 - x^2 = 8 x - 4 x^2 at x = (8 - sqrt(52)) / 6.
    problem = one_problem(b=[[0.0], [0.0]], w=[[1.0], [4.0]], theta=[[0.0], [1.0]], d=(-1.0, -4.0))
    for name, text in {"utilitarian": 0.8, "kalai_smorodinsky": 0.5, "egalitarian": (8 - np.sqrt(52)) / 6}.items():
        assert PROTOCOLS.build(name).solve(problem).text[0, 0] == pytest.approx(text, abs=1e-12), name


def test_where_equal_gains_are_not_efficient_the_side_that_gains_less_has_all_it_can_and_the_other_the_rest():
    # party 0 can gain at most 0.25 and does not care about issue 1, which then goes to party 1
    problem = one_problem(b=[[0.0, 0.0]] * 2, w=[[1.0, 0.0], [1.0, 1.0]], theta=[[0.5, 0.0], [0.0, 0.7]], d=(-0.25, -9.0))
    pivot = with_pivots(problem, np.random.default_rng(0)).pivot
    held = dataclasses.replace(
        pivot, b=problem.b, w=np.ones((1, 2, 2)), theta=np.full((1, 2, 2), 0.5), d=np.full((1, 2), -0.03), active=[[True, True]]
    )
    free, ratified = (PROTOCOLS.build("egalitarian").solve(p) for p in (problem, dataclasses.replace(problem, pivot=held)))
    np.testing.assert_allclose(free.text[0], [0.5, 0.7], atol=1e-7)
    np.testing.assert_allclose(ratified.text[0], [0.5, 0.5 + np.sqrt(0.03)], atol=1e-6)


@pytest.mark.parametrize("name", FRONTIER)
@examples(15)
@given(problems=ratified_sets(n=12, gentle=False, reach=0.6, agree=False))
def test_no_executive_and_no_ratifier_is_passed_over_by_one_bit(name, problems):
    found = PROTOCOLS.build(name).solve(problems)
    reference = nash_outcomes(checked(problems)).status
    agreed = found.status == Status.AGREED
    assert (found.utility[agreed] >= problems.r[agreed]).all()
    assert ((problems.lo <= found.text) & (found.text <= problems.hi))[agreed].all()
    np.testing.assert_array_equal(agreed, reference == Status.AGREED)
    v = problems.pivot
    for m, i in zip(*np.nonzero(v.active & agreed[:, None]), strict=True):
        total = v.a[m, i]
        for k in range(problems.n_issues):
            gap = found.text[m, k] - v.theta[m, i, k]
            total += v.b[m, i, k] * found.text[m, k] - v.w[m, i, k] * (gap * gap)
        assert total >= v.d[m, i]
    assert np.isnan(found.text[~agreed]).all() and np.isnan(found.utility[~agreed]).all()


@pytest.mark.parametrize("name", FRONTIER)
@given(problems=problem_sets(n=6, zone=False))
def test_where_there_is_no_zone_every_solution_says_so(name, problems):
    np.testing.assert_array_equal(PROTOCOLS.build(name).solve(problems).status, nash_outcomes(checked(problems)).status)


@pytest.mark.parametrize("name", FRONTIER)
def test_an_empty_box_no_rows_and_unsound_numbers_are_answered_clearly(name):
    protocol = PROTOCOLS.build(name)
    assert protocol.solve(dataclasses.replace(CAKE, lo=CAKE.hi + 1.0)).status[0] == Status.NO_TEXT
    assert protocol.solve(CAKE.take([])).text.shape == (0, 1)
    for field, value in (("theta", np.nan), ("w", -1.0), ("hi", np.inf)):
        with pytest.raises(UserError, match=f"{field} = "):
            protocol.solve(dataclasses.replace(CAKE, **{field: np.full_like(getattr(CAKE, field), value)}))
    with pytest.raises(UserError, match="two parties bargain"):
        protocol.solve(dataclasses.replace(CAKE, a=np.zeros((1, 1))))


@pytest.mark.parametrize("name", ["take_it_or_leave_it", "rubinstein"])
@examples(15)
@given(problems=ratified_sets(n=6))
def test_who_proposes_matters_and_not_which_name_it_has(name, problems):
    protocol = PROTOCOLS.build(name)
    one, two = (dataclasses.replace(problems, first=np.full(6, first, np.int8)) for first in (0, 1))
    mine, yours, there = protocol.solve(one), protocol.solve(two), protocol.solve(dataclasses.replace(swapped(one), first=two.first))
    np.testing.assert_allclose(mine.utility, there.utility[:, ::-1], rtol=1e-7, atol=1e-7)
    agreed = mine.status == Status.AGREED
    assert (mine.utility[agreed, 0] >= yours.utility[agreed, 0] - 1e-7).all()


def test_the_first_proposer_is_carried_by_take_and_stack_and_must_be_one_of_the_two():
    one = dataclasses.replace(stack([CAKE, CAKE]), first=np.array([1, 0], np.int8))
    assert first_proposers(stack([CAKE, one.take([0])])).tolist() == [0, 1]
    assert stack([CAKE, CAKE]).first is None
    for wrong in ([2, 0], [0], [0.5, 1]):
        with pytest.raises(UserError, match="party 0 or party 1 for each of 2"):
            checked(dataclasses.replace(one, first=np.array(wrong)))


@examples(15)
@given(ratified_sets(n=6))
def test_a_row_is_solved_the_same_alone_and_in_company(problems):
    for name in FRONTIER:
        together = PROTOCOLS.build(name).solve(stack([problems, problems.take([3, 1])]))
        alone = PROTOCOLS.build(name).solve(problems.take([3]))
        assert together.text[3].tobytes() == together.text[6].tobytes() == alone.text[0].tobytes()


def test_the_distance_to_the_frontier_is_what_both_could_still_share():
    # ideal gains are 1 and 1; at x = (0, 0) both have what they had without agreement, on the frontier both have 3/4 at (1/2, 1/2)
    problem = one_problem(b=[[0.0, 0.0]] * 2, w=[[1.0, 0.0], [1.0, 1.0]], theta=[[0.0, 0.0], [1.0, 1.0]], d=(-1.0, -2.0))
    text = np.array([[0.5, 1.0], [0.5, 0.0]])
    both = stack([problem, problem])
    outcomes = Outcomes(text, utilities(both, text), np.full(2, Status.AGREED, np.int8), np.zeros(2, np.int32))
    away = distance_to_frontier(both, outcomes)
    assert away[0] == pytest.approx(0.0, abs=1e-9) and away[1] > 0.1
    assert np.isnan(distance_to_frontier(problem, nash_outcomes(dataclasses.replace(problem, r=problem.r + 9.0)))).all()


@pytest.mark.parametrize("name", PROTOCOLS.names())
def test_a_small_world_bargains_under_every_protocol(name):
    states = ["USA", "CHN", "IDN", "SGP", "KEN", "BRA", "JPN", "DEU", "FRA", "IRL"]
    setting = engine.build({"roster": {"states": states}, "protocol": {"name": name}, "end": "2020-12"})
    world = engine.start(setting, 1)
    while world.month <= setting.config.end:
        engine.step(world)
    concluded = world.talks["stage"] == TalkStage.CONCLUDED
    assert concluded.any()
    assert (world.talks["utility"][concluded] >= world.talks["disagreement_value"][concluded]).all()
