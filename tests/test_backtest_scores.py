"""Scores: ties are expectations, resampling is by parties, and its intervals hold what they promise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from analysis.backtest.resampling import drawn, interval, jackknife, resampled, share_above
from analysis.backtest.scores import area_under_roc, average_precision, hits, partner_ranks, ranked

SMALL = st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6).filter(lambda rows: any(y for _, y in rows))


def orders(score: np.ndarray) -> list[np.ndarray]:
    """Every order that ranks higher scores first."""
    blocks = [np.flatnonzero(score == value) for value in sorted(set(score.tolist()), reverse=True)]
    every = itertools.product(*(itertools.permutations(block.tolist()) for block in blocks))
    return [np.array(list(itertools.chain.from_iterable(one))) for one in every]


@given(SMALL)
@settings(max_examples=60, deadline=None)
def test_a_tie_is_scored_as_the_mean_over_all_its_orders(rows: list[tuple[int, bool]]) -> None:
    score, signed = np.array([float(s) for s, _ in rows]), np.array([float(y) for _, y in rows])
    each = []
    for order in orders(score):
        y = signed[order]
        each.append((np.cumsum(y) / np.arange(1, len(y) + 1))[y > 0].mean())
    assert average_precision(ranked(score), signed, np.ones(len(score))) == pytest.approx(np.mean(each))


@given(SMALL, st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_hits_among_the_first_are_the_mean_over_all_orders(rows: list[tuple[int, bool]], first: int) -> None:
    score, signed = np.array([float(s) for s, _ in rows]), np.array([float(y) for _, y in rows])
    assert hits(ranked(score), signed, first) == pytest.approx(np.mean([signed[order][:first].sum() for order in orders(score)]))


@given(st.lists(st.tuples(st.floats(0.01, 1), st.booleans()), min_size=2, max_size=40).filter(lambda rows: any(y for _, y in rows)))
@settings(max_examples=60, deadline=None)
def test_without_ties_weights_count_as_scikit_learn_counts_them(rows: list[tuple[float, bool]]) -> None:
    score = np.arange(len(rows), dtype=np.float64)[::-1]
    weight, signed = np.array([w for w, _ in rows]), np.array([float(y) for _, y in rows])
    assert average_precision(ranked(score), signed, weight) == pytest.approx(average_precision_score(signed, score, sample_weight=weight))


def test_weights_inside_a_tie_come_near_the_mean_over_orders() -> None:
    score, signed = np.zeros(7), np.array([1.0, 1, 0, 0, 0, 0, 0])
    weight = np.array([1.0, 0.1, 1, 1, 1, 1, 1])
    each = []
    for order in orders(score):
        y, w = signed[order], weight[order]
        each.append((np.cumsum(y * w) / np.cumsum(w) * w)[y > 0].sum() / (signed * weight).sum())
    assert average_precision(ranked(score), signed, weight) == pytest.approx(np.mean(each), rel=0.03)


def test_a_unit_of_no_weight_is_as_if_it_were_not_there() -> None:
    score, signed = np.array([3.0, 2, 2, 2, 1, 1]), np.array([0.0, 1, 0, 1, 1, 0])
    weight = np.array([1.0, 1, 1, 0, 1, 1])
    kept = weight > 0
    without = average_precision(ranked(score[kept]), signed[kept], weight[kept])
    assert average_precision(ranked(score), signed, weight) == pytest.approx(without)


def test_where_nothing_was_signed_there_is_no_area() -> None:
    score, signed = np.arange(4.0), np.zeros(4)
    assert np.isnan(average_precision(ranked(score), signed, np.ones(4))) and np.isnan(area_under_roc(score, signed, np.ones(4)))


def test_partners_are_ranked_among_the_signers_own_dyads_and_ties_at_their_mean() -> None:
    first, second = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 2, 3, 2, 3, 3])
    score, signed = np.array([5.0, 5, 1, 9, 0, 0]), np.array([1.0, 0, 0, 0, 0, 0])
    assert partner_ranks(score, signed, first, second, directed=False).tolist() == [1.5, 2.0]
    assert partner_ranks(score, signed, first, second, directed=True).tolist() == [1.5]


def test_a_resample_draws_as_many_parties_as_there_are_and_the_same_each_time() -> None:
    assert drawn(167, 3).sum() == 167 and (drawn(167, 3) == drawn(167, 3)).all() and (drawn(167, 3) != drawn(167, 4)).any()
    times = np.mean([drawn(50, r) for r in range(200)], axis=0)
    assert abs(times - 1.0).max() < 0.35


def test_a_score_set_against_itself_differs_in_no_resample() -> None:
    first, second = np.triu_indices(12, 1)
    score, signed = np.cos(np.arange(len(first))), (np.arange(len(first)) % 9 == 0).astype(np.float64)
    again = resampled([ranked(score), ranked(2 * score)], signed, np.ones(len(first)), first, second, 12, 30)
    assert np.array_equal(again[:, 0], again[:, 1], equal_nan=True) and share_above(again[:, 0] - again[:, 1]) == 0.5


def test_the_jackknife_leaves_out_every_dyad_of_a_party() -> None:
    first, second = np.triu_indices(5, 1)
    score, signed = np.sin(np.arange(10.0)), (np.arange(10) % 3 == 0).astype(np.float64)
    kept = (first != 2) & (second != 2)
    alone = average_precision(ranked(score[kept]), signed[kept], np.ones(int(kept.sum())))
    assert jackknife([ranked(score)], signed, np.ones(10), first, second, np.array([2]))[0, 0] == pytest.approx(alone)


@pytest.mark.parametrize("effects", [0.0, 0.7])
def test_intervals_hold_the_truth_and_equal_scores_raise_no_alarm(effects: float) -> None:
    """Conservative: 95 % intervals held the truth in 99 % or more of 150 worlds, with less than 1 % of false alarms; here a few worlds."""
    luck = np.random.default_rng(5)

    def world(n: int) -> tuple[np.ndarray, ...]:
        i, j = np.triu_indices(n, 1)
        own, noise = luck.normal(size=n) * effects, luck.normal(size=(3, len(i)))
        bias = luck.normal(size=(2, n)) * effects
        s = own[i] + own[j] + noise[0]
        y = (luck.random(len(i)) < 1 / (1 + np.exp(5.0 - 1.5 * s))).astype(np.float64)
        return i, j, y, *(s + noise[1 + k] + bias[k][i] + bias[k][j] for k in (0, 1))

    big = world(600)
    truth = average_precision(ranked(big[3]), big[2], np.ones(len(big[2])))
    held = alarms = 0
    for seed in range(25):
        i, j, y, one, two = world(40)
        again = resampled([ranked(one), ranked(two)], y, np.ones(len(y)), i, j, 40, 60, seed)
        area, apart = interval(0.0, again[:, 0]), interval(0.0, again[:, 0] - again[:, 1])
        held += area.low <= truth <= area.high
        alarms += not apart.low <= 0.0 <= apart.high
    assert held >= 23 and alarms <= 1
