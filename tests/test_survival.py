"""How long agreements last: the estimator against examples worked elsewhere and by hand, and its curves of a stored run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.survival import Spell, at_risk, survival

TREATED = ((6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0), (20, 0), (22, 1),
           (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0))  # fmt: skip
"""Weeks of remission under 6-mercaptopurine, and whether it ended: Freireich et al. (1963), Blood 21; worked in most textbooks."""


def spells(*rows: tuple[int, int, int]) -> list[Spell]:
    return [Spell(since, until, bool(ended)) for since, until, ended in rows]


def test_remissions_of_a_textbook_have_the_shares_printed_there() -> None:
    curve = survival([Spell(0, weeks, bool(ended)) for weeks, ended in TREATED])
    assert curve.age.tolist() == [0, 6, 7, 10, 13, 16, 22, 23]
    assert np.round(curve.share, 3).tolist() == [1.0, 0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    # Greenwood's standard errors, as printed beside them: 0.0764 at 6 weeks, 0.0963 at 10, 0.1346 at 23.
    for weeks, error in ((6, 0.0764), (10, 0.0963), (23, 0.1346)):
        at = curve.age.tolist().index(weeks)
        assert curve.share[at] - curve.low[at] == pytest.approx(1.96 * error, abs=2e-3)


def test_numbers_at_risk_are_those_of_the_textbook() -> None:
    some = [Spell(0, weeks, bool(ended)) for weeks, ended in TREATED]
    assert [at_risk(some, weeks) for weeks in (0, 6, 7, 10, 13, 16, 22, 23)] == [21, 21, 17, 15, 12, 11, 7, 6]


def test_what_comes_into_sight_late_is_not_at_risk_before() -> None:
    # At age 2 one of two ends; the third is seen from age 3 on, and at age 4 one of two ends.
    curve = survival(spells((0, 2, 1), (0, 4, 1), (3, 6, 0)))
    assert curve.age.tolist() == [0, 2, 4]
    assert curve.share.tolist() == [1.0, 0.5, 0.25]
    assert [at_risk(spells((0, 2, 1), (0, 4, 1), (3, 6, 0)), age) for age in (0, 2, 3, 4, 6)] == [2, 2, 1, 2, 1]


def test_where_all_end_at_once_the_interval_is_as_wide_as_can_be() -> None:
    curve = survival(spells((0, 36, 1), (0, 36, 1)))
    assert (curve.share[-1], curve.low[-1], curve.high[-1]) == (0.0, 0.0, 1.0)


def test_of_nothing_the_share_is_one_at_age_nought_alone() -> None:
    assert survival([]).age.tolist() == [0]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40), st.booleans()), max_size=30))
def test_shares_fall_within_nought_and_one_and_lie_in_their_interval(some: list[tuple[int, int, bool]]) -> None:
    curve = survival([Spell(since, since + for_long, ended) for since, for_long, ended in some])
    assert (np.diff(curve.share) <= 0).all()
    assert ((curve.low <= curve.share) & (curve.share <= curve.high)).all()
    assert curve.low.min() >= 0.0
    assert curve.high.max() <= 1.0


@given(st.lists(st.tuples(st.integers(1, 30), st.just(True)), min_size=1, max_size=30))
def test_without_any_out_of_sight_the_shares_are_plain_frequencies(some: list[tuple[int, bool]]) -> None:
    curve = survival([Spell(0, until, ended) for until, ended in some])
    for age, share in zip(curve.age.tolist(), curve.share, strict=True):
        assert share == pytest.approx(sum(until > age for until, _ in some) / len(some))
