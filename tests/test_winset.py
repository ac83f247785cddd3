"""Win-sets: quotas and pivots, the Nash text that ratifiers accept, and offers made with ratifiers at home."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from offers import in_parts
from reference import optimiser
from reference.problem_draws import one_problem, random_problems, ratified_sets, rescaled, swapped, utilities, with_pivots
from reference.protocols_plain import EXPONENT, alternating_offers
from scipy.optimize import nnls

from sim.bargains.problems import Talks, checked, stack
from sim.bargains.ratified import nash_outcomes
from sim.bargains.winset import S_MAX, Pivots, pivotal_ideal, pivots_at, spreads_for_quota
from sim.registry import shelf
from sim.types import Status, UserError

PROTOCOLS = shelf("protocol")
TACTICS = tuple(EXPONENT)


def _gains(problems, text):
    """Return what ratifiers gain over no agreement, shape (M, 2); infinite where none has a say."""
    v = problems.pivot
    return np.where(v.active, utilities(v, text) - v.d, np.inf)


def _bare(problems):
    return dataclasses.replace(problems, pivot=None)


@examples(25)
@given(ratified_sets())
def test_the_ratified_text_agrees_with_a_general_optimiser_to_six_digits(problems):
    found = nash_outcomes(checked(problems))
    for m in np.nonzero(found.binding.any(axis=1) & (found.status == Status.AGREED))[0]:
        text = optimiser.nash_text(problems, m)
        ahead = optimiser.nash_objective(problems, m, found.text[m]) - optimiser.nash_objective(problems, m, text)
        assert ahead >= -1e-9
        # SLSQP now and then stops short of the best
        if ahead <= 1e-9:
            np.testing.assert_allclose(found.text[m], text, atol=1e-6)


def test_the_drawn_problems_bind_one_pivot_and_both_and_none_and_leave_some_win_sets_empty():
    rng = np.random.default_rng(5)
    found = nash_outcomes(checked(with_pivots(random_problems(rng, 400, 4), rng, reach=0.8, agree=False)))
    agreed = found.binding[found.status == Status.AGREED].sum(axis=1)
    assert (np.bincount(agreed, minlength=3) > 10).all()
    assert (found.status == Status.NO_WIN_SET).sum() > 10


@examples(25)
@given(ratified_sets(reach=1.0, agree=False))
def test_no_win_set_is_said_where_an_optimiser_finds_no_text_for_all(problems):
    found, bare = nash_outcomes(checked(problems)), nash_outcomes(_bare(problems))
    for m in np.nonzero(bare.status == Status.AGREED)[0]:
        margin, _ = optimiser.widest_margin(problems, m)
        if abs(margin) > 1e-7:
            assert found.status[m] == (Status.AGREED if margin > 0 else Status.NO_WIN_SET)
        if found.status[m] == Status.NO_WIN_SET:
            assert found.binding[m].any() and np.isnan(found.text[m]).all() and np.isnan(found.utility[m]).all()


@given(ratified_sets(n=20, gentle=False))
def test_no_ratifier_and_no_executive_is_passed_over_by_one_bit(problems):
    found = nash_outcomes(checked(problems))
    for m in np.nonzero(found.status == Status.AGREED)[0]:
        x = found.text[m]
        assert ((problems.lo[m] <= x) & (x <= problems.hi[m])).all()
        assert (found.utility[m] >= problems.r[m]).all()
        for i in np.nonzero(problems.pivot.active[m])[0]:
            v, total = problems.pivot, problems.pivot.a[m, i]
            for k in range(len(x)):
                gap = x[k] - v.theta[m, i, k]
                total += v.b[m, i, k] * x[k] - v.w[m, i, k] * (gap * gap)
            assert total >= v.d[m, i]


@given(ratified_sets(n=10))
def test_a_ratified_text_is_the_frontier_formula_over_up_to_four_weights(problems):
    found = nash_outcomes(checked(problems))
    v = problems.pivot
    for m in np.nonzero(found.binding.any(axis=1) & (found.status == Status.AGREED))[0]:
        x, voices = found.text[m], [(problems, 0), (problems, 1)] + [(v, i) for i in range(2) if found.binding[m, i]]
        free = (problems.lo[m] + 1e-6 < x) & (x < problems.hi[m] - 1e-6)
        slopes = np.array([p.b[m, i] - 2 * p.w[m, i] * (x - p.theta[m, i]) for p, i in voices])[:, free]
        size = 1.0 + np.abs(slopes).max(initial=0.0)
        gains = found.utility[m] - problems.d[m]
        fixed = (problems.weight[m] / gains) @ slopes[:2] if (found.utility[m] > problems.r[m] + 1e-6).all() else None
        _, rest = nnls(slopes[2:].T, -fixed) if fixed is not None else (None, 0.0)
        assert rest <= 1e-4 * size / gains.min()


@examples(30)
@given(ratified_sets(n=10, gentle=False))
def test_ratifiers_who_accept_move_not_a_bit_and_those_without_a_say_are_not_read(problems):
    bare = nash_outcomes(checked(_bare(problems)))
    willing = dataclasses.replace(problems.pivot, d=problems.pivot.d - 1e9)
    absent = Pivots(*[np.full_like(getattr(problems.pivot, n), np.nan) for n in ("a", "b", "w", "theta", "d")], np.zeros((10, 2), bool))
    for pivot in (willing, absent):
        held = dataclasses.replace(problems, pivot=pivot)
        found = nash_outcomes(checked(held))
        assert found.text.tobytes() == bare.text.tobytes() and not found.binding.any()
        offers = PROTOCOLS.build("alternating_offers")
        assert offers.solve(held).text.tobytes() == offers.solve(_bare(problems)).text.tobytes()


@examples(25)
@given(ratified_sets(n=4))
def test_swapping_and_rescaling_parties_with_their_ratifiers_moves_no_text(problems):
    found = nash_outcomes(checked(problems))
    other, there = nash_outcomes(checked(swapped(problems))), nash_outcomes(checked(rescaled(problems, [1000.0, 0.004], [3.0, -0.5])))
    wide = np.array([optimiser.widest_margin(problems, m)[0] for m in range(4)]) > 1e-6
    np.testing.assert_allclose(found.text[wide], other.text[wide], atol=1e-7)
    np.testing.assert_allclose(found.text[wide], there.text[wide], atol=1e-7)


def _one_issue(ideal, quota, spread=0.2, status_quo=0.0):
    """Party 0 likes ideal, party 1 likes 1, nothing agreed is status_quo; the ratifiers of party 0 lie towards 0."""
    p = one_problem(
        b=[[0.0], [0.0]], w=[[1.0], [1.0]], theta=[[ideal], [1.0]], d=(-((status_quo - ideal) ** 2), -((status_quo - 1.0) ** 2))
    )
    home = pivotal_ideal(p.theta, spread, np.array([[spreads_for_quota(quota), 0.0]]), -1.0)
    pivot = pivots_at(p.a, p.b, p.w, p.d, p.theta, home, np.array([[status_quo]]), np.array([[True, False]]))
    return dataclasses.replace(p, pivot=pivot)


@given(st.floats(0.2, 0.6), st.floats(0.5, 1.0), st.floats(0.05, 0.3))
def test_a_pivot_that_binds_short_of_the_own_ideal_point_strengthens_its_executive(ideal, quota, spread):
    problem = _one_issue(ideal, quota, spread)
    found, bare = nash_outcomes(checked(problem)), nash_outcomes(_bare(problem))
    edge = 2.0 * problem.pivot.theta[0, 0, 0]
    if found.binding[0, 0] and edge >= ideal:
        assert found.text[0, 0] == pytest.approx(edge, abs=1e-7)
        assert found.utility[0, 0] >= bare.utility[0, 0] - 1e-12
        assert found.utility[0, 1] <= bare.utility[0, 1] + 1e-12


def test_schelling_holds_until_the_ratifiers_are_too_far_and_then_talks_fail():
    texts = [nash_outcomes(checked(_one_issue(0.4, quota))) for quota in (0.5, 0.8, 0.84, 0.99)]
    assert [Status(found.status[0]).name for found in texts] == ["AGREED", "AGREED", "AGREED", "NO_WIN_SET"]
    assert texts[0].utility[0, 0] < texts[1].utility[0, 0] < texts[2].utility[0, 0]
    assert [bool(found.binding[0, 0]) for found in texts] == [False, True, True, True]


@pytest.mark.parametrize(("quota", "s"), [(0.0, 0.0), (0.4, 0.0), (0.5, 0.0), (2 / 3, 0.4307), (0.75, 0.6745), (1.0, S_MAX)])
def test_a_quota_asks_for_the_voter_at_its_quantile_and_unanimity_is_capped(quota, s):
    assert spreads_for_quota(quota) == pytest.approx(s, abs=5e-5)


@pytest.mark.parametrize("quota", [-0.1, 1.5, float("nan")])
def test_a_quota_that_is_no_share_is_refused(quota):
    with pytest.raises(UserError, match="a share from 0 to 1 was expected"):
        spreads_for_quota(quota)


@given(st.integers(0, 2**32), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_higher_quota_never_raises_ratification_of_a_text_the_executives_would_sign(seed, one, other):
    rng = np.random.default_rng(seed)
    p = random_problems(rng, 30, 3)
    status_quo, text, direction = rng.random((30, 3)), rng.random((30, 3)), rng.choice([-1.0, 0.0, 1.0], (30, 2, 3))
    p = dataclasses.replace(p, d=utilities(p, status_quo))
    accepted = []
    for quota in sorted((one, other)):
        home = pivotal_ideal(p.theta, 0.2, np.full((30, 2), spreads_for_quota(quota)), direction)
        v = pivots_at(p.a, p.b, p.w, p.d, p.theta, home, status_quo, np.ones((30, 2), bool))
        accepted.append((utilities(v, text) >= v.d - 1e-9) & (utilities(p, text) >= p.d))
    assert (accepted[1] <= accepted[0]).all()


def test_a_ratifier_at_its_executives_ideal_point_gains_what_its_executive_gains():
    p = random_problems(np.random.default_rng(2), 9, 4)
    status_quo, text = np.full((9, 4), 0.3), np.full((9, 4), 0.6)
    v = pivots_at(p.a, p.b, p.w, p.d, p.theta, pivotal_ideal(p.theta, 0.2, np.zeros((9, 2)), 1.0), status_quo, np.ones((9, 2), bool))
    np.testing.assert_allclose(utilities(v, text) - v.d, utilities(p, text) - p.d, rtol=1e-12)
    moved = pivots_at(p.a, p.b, p.w, p.d, p.theta, p.theta + 0.1, status_quo, np.ones((9, 2), bool))
    more = utilities(moved, text) - moved.d - (utilities(p, text) - p.d)
    np.testing.assert_allclose(more, 2 * 0.1 * 0.3 * p.w.sum(axis=2), rtol=1e-9)


@examples(12)
@given(ratified_sets(n=3), st.sampled_from(TACTICS), st.sampled_from(TACTICS), st.integers(2, 8), st.sampled_from((None, 0.1)))
def test_offers_agree_with_two_plain_sides_each_with_its_own_ratifier(problems, tactic, second, deadline, caution):
    chosen = {"deadline_rounds": deadline, "tactic": tactic, "tactic_second": second}
    protocol = PROTOCOLS.build("alternating_offers", chosen | ({} if caution is None else {"learning": "concessions", "caution": caution}))
    first = np.arange(3) % 2
    found, log = protocol.advance(problems, Talks.opened(first, 3, problems.n_issues), np.full(3, deadline), record=True)
    for m in range(3):
        status, step, text, offers, narrowest = alternating_offers(problems, m, int(first[m]), deadline, tactic, second, caution)
        mine = log.talk == m
        if narrowest < 1e-6 or (offers and np.abs(_edges(problems, m, log, mine)).min() < 1e-6):
            continue
        assert (Status(found.status[m]).name, int(found.step[m])) == (status, step)
        if offers:
            np.testing.assert_allclose(log.text[mine], [x for _, x in offers], atol=2e-6)
        if text is not None:
            np.testing.assert_allclose(found.text[m], text, atol=2e-6)


@pytest.mark.parametrize("seed", [16, 44, 45, 50, 56])
def test_a_side_that_its_ratifiers_hold_back_from_its_best_text_asks_for_no_more_than_it_aspires_to(seed):
    """The way to its own best text ends at the box, not at the best text that its ratifiers would pass."""
    rng = np.random.default_rng(seed)
    problems = with_pivots(random_problems(rng, 3, int(rng.integers(1, 7)), gentle=True), rng)
    for second in ("linear", "tit_for_tat"):
        protocol = PROTOCOLS.build("alternating_offers", {"deadline_rounds": 12, "tactic": "boulware", "tactic_second": second})
        found, log = protocol.advance(problems, Talks.opened(0, 3, problems.n_issues), np.full(3, 12), record=True)
        for m in range(3):
            status, step, _, offers, _ = alternating_offers(problems, m, 0, 12, "boulware", second)
            assert (Status(found.status[m]).name, int(found.step[m])) == (status, step)
            if offers:
                np.testing.assert_allclose(log.text[log.talk == m], [x for _, x in offers], atol=1e-5)


def _edges(problems, m, log, mine):
    """Return by how much each offer passes, or fails to pass, with the other side's ratifier: near 0 an answer is a tie."""
    gain = np.array([_gains(problems.take([m]), x[None])[0] for x in log.text[mine]])
    return gain[np.arange(mine.sum()), 1 - log.proposer[mine]]


@examples(30)
@given(ratified_sets(n=6, gentle=False, reach=0.6, agree=False), st.sampled_from(TACTICS))
def test_a_side_offers_and_accepts_only_inside_its_own_win_set(problems, tactic):
    protocol = PROTOCOLS.build("alternating_offers", {"tactic": tactic})
    found, log = protocol.advance(problems, Talks.opened(0, 6, problems.n_issues), np.full(6, 20), record=True)
    size = 1.0 + np.abs(problems.pivot.d)
    for talk, me, text, value in zip(log.talk, log.proposer, log.text, log.utility, strict=True):
        assert _gains(problems.take([talk]), text[None])[0, me] >= -1e-12 * size[talk, me]
        assert value[me] >= problems.r[talk, me]
    agreed = found.status == Status.AGREED
    assert (_gains(problems, found.text)[agreed] >= -1e-12 * size[agreed]).all()
    assert (found.utility[agreed] >= problems.r[agreed]).all()


@examples(20)
@given(ratified_sets(n=3), st.integers(1, 5))
def test_any_split_of_the_rounds_gives_the_same_bits_with_ratifiers_too(problems, some):
    protocol = PROTOCOLS.build("alternating_offers", {"deadline_rounds": 12})
    whole = protocol.solve(problems)
    text, _, _ = in_parts(protocol, problems, lambda _: some)
    assert text.tobytes() == whole.text.tobytes()


def test_a_side_whose_ratifiers_accept_nothing_it_gains_from_ends_the_talk_at_once():
    found = PROTOCOLS.build("alternating_offers").solve(_one_issue(0.4, 1.0))
    assert (found.status[0], found.step[0], found.binding[0].tolist()) == (Status.NO_WIN_SET, 0, [True, False])


def test_a_win_set_of_one_text_is_offered_and_the_edge_it_lies_on_is_reported():
    problem = one_problem(b=[[0.0], [0.0]], w=[[1.0], [1.0]], theta=[[0.5], [0.2]], d=(-1.0, -1.0))
    only = Pivots(problem.a, problem.b, problem.w, problem.theta * 0.5, np.zeros((1, 2)), np.array([[True, False]]))
    found = PROTOCOLS.build("alternating_offers").solve(dataclasses.replace(problem, pivot=only))
    assert (found.status[0], found.text[0, 0]) == (Status.AGREED, 0.25)
    assert found.binding[0].tolist() == [True, False]


def test_problems_with_and_without_ratifiers_are_solved_the_same_apart_and_stacked():
    rng = np.random.default_rng(1)
    bare, held = random_problems(rng, 4, 3), with_pivots(random_problems(rng, 6, 3), rng)
    together = nash_outcomes(checked(stack([bare, held, held.take([2, 5])])))
    assert together.text[:4].tobytes() == nash_outcomes(bare).text.tobytes()
    assert together.text[4:10].tobytes() == nash_outcomes(held).text.tobytes()
    assert together.text[10].tobytes() == together.text[6].tobytes()
    assert stack([bare, bare]).pivot is None and stack([bare, held]).pivot.active[:4].sum() == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("theta", np.full((2, 2, 3), np.nan), "negotiation 0, party 1, issue 0: pivot theta = nan; a finite number was expected"),
        ("w", np.full((2, 2, 3), -1.0), "pivot w = -1.0; a finite salience of at least 0"),
        ("d", np.zeros((2, 3)), "pivot d has shape (2, 3); (2, 2) was expected"),
    ],
)
def test_an_unsound_pivot_is_refused_in_one_clear_sentence(name, value, words):
    problems = with_pivots(random_problems(np.random.default_rng(0), 2, 3), np.random.default_rng(1))
    pivot = dataclasses.replace(problems.pivot, active=np.array([[False, True], [True, True]]), **{name: value})
    with pytest.raises(UserError) as fault:
        checked(dataclasses.replace(problems, pivot=pivot))
    assert words in str(fault.value)
