"""Procedures that move positions or texts: known numbers, who gives way to whom, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from reference.problem_draws import one_problem, problem_sets, random_problems, ratified_sets, swapped, utilities

from sim.bargains.challenge import challenge_texts, expected_gain, gives_way, win_chance
from sim.bargains.election import candidates, chances, contests, elected
from sim.bargains.exchange import equal_gain, exchange_texts, trade
from sim.bargains.fair import distance_to_frontier
from sim.bargains.problems import checked
from sim.bargains.ratified import nash_outcomes
from sim.bargains.single_text import single_texts
from sim.bargains.stances import judged, stances
from sim.registry import shelf
from sim.types import Status

PROTOCOLS = shelf("protocol")
PROCEDURES = ("equal_gain_exchange", "condorcet", "expected_utility", "single_text")
STRENGTHS = np.array([3.0, 2.0, 1.0])
SWAP = one_problem(b=[[0.0, 0.0]] * 2, w=[[3.0, 1.0], [1.0, 3.0]], theta=[[0.0, 0.0], [1.0, 1.0]], d=(-4.0, -4.0))
"""Two issues, stakes 3 and 1 against 1 and 3: each cares for another one."""


def test_strengths_of_three_two_and_one_give_the_known_chances():
    beats = STRENGTHS[:, None] / (STRENGTHS[:, None] + STRENGTHS)
    np.testing.assert_allclose(chances(beats[None], True)[0], [1 / 2, 1 / 3, 1 / 6], atol=1e-12)
    np.testing.assert_allclose(chances(beats[None], False)[0], [0.5625, 0.3333, 0.1042], atol=5e-5)


@given(st.integers(2, 8), st.integers(0, 2**32))
def test_the_chances_of_the_markov_process_stay_as_they_are_from_one_challenge_to_the_next(n, seed):
    odds = np.random.default_rng(seed).uniform(0.01, 1.0, (n, n))
    beats = odds / (odds + odds.T)
    step = beats.T / (n - 1)
    np.fill_diagonal(step, 0.0)
    np.fill_diagonal(step, 1.0 - step.sum(axis=1))
    found = chances(beats[None], True)[0]
    assert found.sum() == pytest.approx(1.0, abs=1e-12) and (found > 0).all()
    np.testing.assert_allclose(found @ step, found, atol=1e-12)


def test_a_candidate_that_nothing_beats_is_elected_for_certain():
    beats = np.array([[[0.5, 0.7, 0.0], [0.3, 0.5, 0.0], [1.0, 1.0, 0.5]]])
    for order in ([0, 1, 2], [2, 0, 1]):
        for markov in (True, False):
            found = chances(beats[:, order][:, :, order], markov)[0]
            assert found[order.index(2)] == pytest.approx(1.0, abs=1e-12)


def test_a_contest_goes_by_weight_and_by_how_much_is_at_stake():
    beats = contests(np.array([[0.75, 0.25]]), np.array([[[1.0, 0.0], [0.5, 1.0], [0.5, 1.0]]]))
    assert beats[0, 0, 1] == pytest.approx(0.375 / (0.375 + 0.25))
    assert beats[0, 1, 0] == pytest.approx(1.0 - beats[0, 0, 1])
    assert beats[0, 1, 2] == 0.5


def test_the_election_of_equals_is_won_by_the_text_between_them():
    found, chance = elected(checked(SWAP), 9, True)
    assert np.argmax(chance[0]) == 4
    np.testing.assert_allclose(chance[0], chance[0, ::-1], atol=1e-9)
    np.testing.assert_allclose(found.text[0], [0.25, 0.75], atol=1e-9)
    heavy = elected(checked(dataclasses.replace(SWAP, weight=np.array([[0.9, 0.1]]))), 9, True)[0]
    assert heavy.utility[0, 0] > found.utility[0, 0]


@examples(15)
@given(ratified_sets(n=5, gentle=False))
def test_every_candidate_is_one_that_all_would_sign(problems):
    found, value, status = candidates(checked(problems), 5)
    agreed = status == Status.AGREED
    for c, one in enumerate(found):
        assert (one.utility[agreed] >= problems.r[agreed]).all()
        assert ((value[agreed, c] >= 0) & (value[agreed, c] <= 1 + 1e-6)).all()


@given(st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4), st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4))
def test_a_trade_gains_both_the_same_and_goes_as_far_as_there_is_room(salience, space):
    s, room = np.reshape(salience, (2, 2)), np.reshape(space, (2, 2))
    i = 0 if s[0, 1] * s[1, 0] > s[0, 0] * s[1, 1] else 1
    dp, dq, gain = trade(s, room, i, 0, 1)
    assert dq == pytest.approx(dp * (s[0, 0] + s[1, 0]) / (s[0, 1] + s[1, 1]), rel=1e-12)
    assert gain == pytest.approx(s[1 - i, 0] * dp - s[1 - i, 1] * dq, abs=1e-12)
    assert gain >= -1e-12
    assert max(dp / room[i, 0], dq / room[1 - i, 1]) == pytest.approx(1.0, rel=1e-12)


def test_the_equal_gain_formula_has_its_known_value_and_a_trade_the_other_way_loses():
    assert equal_gain(0.2, 0.1, 0.5, 0.6, 0.2) == pytest.approx(0.2 * 0.6 / 0.8)
    s, room = np.array([[0.75, 0.25], [0.25, 0.75]]), np.full((2, 2), 0.5)
    assert trade(s, room, 1, 0, 1)[2] > 0 > trade(s, room, 0, 0, 1)[2]


def test_two_parties_who_care_for_different_issues_swap_them_whole():
    np.testing.assert_allclose(exchange_texts(checked(SWAP))[0], [0.0, 1.0], atol=1e-12)
    alike = dataclasses.replace(SWAP, w=np.ones((1, 2, 2)))
    np.testing.assert_allclose(exchange_texts(checked(alike))[0], [0.5, 0.5], atol=1e-12)


@given(problem_sets(n=5))
def test_exchanges_never_leave_both_with_less_of_what_they_count_than_the_settlement_without_them(problems):
    """What they count: salience times the distance from the own position, taken as even along the way."""
    position, stake = stances(checked(problems))
    text = exchange_texts(checked(problems))
    gap = np.where(position[:, 1] == position[:, 0], 1.0, position[:, 1] - position[:, 0])
    moved = (text - position[:, 0]) / gap
    total = np.where(stake.sum(axis=2) > 0, stake.sum(axis=2), 1.0)
    s = stake / total[:, :, None]
    pull = problems.weight[:, :, None] * s
    both = np.where(pull.sum(axis=1) > 0, pull.sum(axis=1), 1.0)
    before = np.where(pull.sum(axis=1) > 0, pull[:, 1] / both, moved)
    gain0, gain1 = (s[:, 0] * (before - moved)).sum(axis=1), (s[:, 1] * (moved - before)).sum(axis=1)
    np.testing.assert_allclose(gain0, gain1, atol=1e-9)
    assert (gain0 >= -1e-9).all()


def test_the_chance_to_win_sums_to_one_as_corrected_and_to_one_half_as_published():
    assert win_chance(3.0, 1.0, False) + win_chance(1.0, 3.0, False) == 1.0
    assert win_chance(3.0, 1.0, True) + win_chance(1.0, 3.0, True) == 0.5
    assert win_chance(3.0, 1.0, False) == 0.75


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_what_a_challenge_is_worth_follows_the_formula_in_short(distance, chance, resists):
    assert expected_gain(distance, chance, resists) == pytest.approx(2 * distance * (1 - 2 * resists * (1 - chance)), abs=1e-12)


@pytest.mark.parametrize(
    ("mine", "theirs", "share"),
    [(0.2, 0.5, 1.0), (0.5, 0.2, 0.0), (0.5, 0.5, 0.0), (-0.1, 0.4, 0.25), (-0.4, 0.1, 1.0), (-0.1, -0.2, 0.0), (0.3, -0.1, 0.0)],
)
def test_who_gives_way_and_how_far(mine, theirs, share):
    assert gives_way(mine, theirs) == pytest.approx(share)


def test_a_side_that_minds_an_issue_less_gives_way_and_equals_meet_half_way():
    # saliences 1 and 1/3, P = 3/4 and 1/4: one expects 5/3 D, the other -D, so it goes 3/5 of the way each time; then a quarter of the rest
    np.testing.assert_allclose(challenge_texts(checked(SWAP), 1, False)[0], [0.4 / 4, 1 - 0.4 / 4], atol=1e-12)
    np.testing.assert_allclose(challenge_texts(checked(SWAP), 3, False)[0], [0.4**3 / 4, 1 - 0.4**3 / 4], atol=1e-12)
    alike = dataclasses.replace(SWAP, w=np.ones((1, 2, 2)))
    np.testing.assert_allclose(challenge_texts(checked(alike), 3, False)[0], [0.5, 0.5], atol=1e-12)
    # as published nobody expects to win, both stay, and the mean decides: 3/4 of the way to who has 3/4 of the pull
    tilted = dataclasses.replace(alike, weight=np.array([[0.25, 0.75]]))
    np.testing.assert_allclose(challenge_texts(checked(tilted), 3, True)[0], [0.75, 0.75], atol=1e-12)
    assert (challenge_texts(checked(tilted), 3, False)[0] > 0.9).all()


@examples(20)
@given(problem_sets(n=5))
def test_a_mediator_only_ever_makes_it_better_for_both(problems):
    problems = checked(problems)
    before, after = (utilities(problems, single_texts(problems, 0.3, n)) for n in (0, 100))
    assert (after >= before - 1e-9 * (1.0 + np.abs(before))).all()
    fewer = utilities(problems, single_texts(problems, 0.3, 3))
    assert (after >= fewer - 1e-9 * (1.0 + np.abs(fewer))).all()


def test_a_mediator_finds_the_trade_and_leans_its_own_way_where_the_sides_leave_room():
    found = PROTOCOLS.build("single_text").solve(SWAP)
    assert found.status[0] == Status.AGREED
    assert distance_to_frontier(checked(SWAP), found)[0] < 0.01
    many = checked(random_problems(np.random.default_rng(0), 40, 4))
    low, high = (single_texts(many, lean, 100).mean() for lean in (0.0, 1.0))
    assert low < high


def test_positions_are_the_best_texts_that_pass_at_home_and_an_indifferent_side_stands_where_the_other_does():
    problem = one_problem(b=[[0.0, 0.0]] * 2, w=[[1.0, 0.0], [2.0, 1.0]], theta=[[0.2, 0.9], [0.7, 0.3]], d=(-9.0, -9.0))
    position, stake = stances(checked(problem))
    assert position[0].tolist() == [[0.2, 0.3], [0.7, 0.3]]
    np.testing.assert_allclose(stake[0], [[0.25, 0.0], [0.5, 0.0]])


def test_a_text_is_judged_signed_refused_or_impossible():
    apart = one_problem(b=[[0.0], [0.0]], w=[[1.0], [1.0]], theta=[[0.0], [1.0]], d=(-0.5, -0.5))
    text = np.array([[0.5]])
    assert judged(apart, text).status[0] == Status.AGREED
    refused = judged(apart, np.array([[0.9]]))
    assert refused.status[0] == Status.REFUSED and np.isnan(refused.text).all() and np.isnan(refused.utility).all()
    hopeless = dataclasses.replace(apart, r=apart.r + 0.4)
    assert judged(hopeless, text).status[0] == Status.NO_ZONE
    assert judged(dataclasses.replace(apart, lo=apart.hi + 1.0), text).status[0] == Status.NO_TEXT


@pytest.mark.parametrize("name", PROCEDURES)
@examples(15)
@given(problems=ratified_sets(n=8, gentle=False, reach=0.6, agree=False))
def test_nobody_signs_at_a_loss_and_a_refusal_means_that_there_was_something_to_sign(name, problems):
    found = PROTOCOLS.build(name).solve(problems)
    there_is = nash_outcomes(checked(problems)).status
    agreed = found.status == Status.AGREED
    assert (found.utility[agreed] > problems.r[agreed]).all() and np.isnan(found.text[~agreed]).all()
    assert ((problems.lo <= found.text) & (found.text <= problems.hi))[agreed].all()
    v = problems.pivot
    gains = np.where(v.active, utilities(v, found.text) - v.d, 0.0)
    assert (gains[agreed] >= -1e-12 * (1.0 + np.abs(v.d[agreed]))).all()
    assert (there_is[found.status == Status.REFUSED] == Status.AGREED).all()
    rest = ~agreed & (found.status != Status.REFUSED)
    np.testing.assert_array_equal(found.status[rest], there_is[rest])


@pytest.mark.parametrize("name", PROCEDURES)
def test_an_empty_box_and_no_rows_are_answered(name):
    empty = dataclasses.replace(SWAP, lo=SWAP.hi + 1.0)
    assert PROTOCOLS.build(name).solve(empty).status[0] == Status.NO_TEXT
    assert PROTOCOLS.build(name).solve(SWAP.take([])).text.shape == (0, 2)


@examples(15)
@given(problem_sets(n=6))
def test_the_form_of_a_challenge_is_the_same_seen_from_either_side(problems):
    for published in (True, False):
        here, there = (challenge_texts(checked(p), 2, published) for p in (problems, swapped(problems)))
        np.testing.assert_allclose(here, there, atol=1e-9)
