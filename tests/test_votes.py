"""Voting rules on known numbers, and coalitions that nobody wants to leave or to join."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.contracts import VOTING
from sim.stakes.coalitions import settle
from sim.stakes.votes import VotingRule, carried
from sim.types import UserError

MILLIONS = np.array([83.2, 67.7, 59.2, 47.4, 37.7, 19.1, 17.6, 11.6, 10.7, 10.4, 10.5, 10.3, 9.7, 9.0, 6.8, 5.9, 5.5, 5.5, 5.1, 3.9, 2.8,
                     2.1, 1.9, 1.3, 0.9, 0.6, 0.5])  # fmt: skip
"""People of the 27 members of the European Union, largest first (Eurostat 2022, rounded)."""
ROME = np.array([4.0, 4.0, 4.0, 2.0, 2.0, 1.0])
"""Germany, France, Italy, Belgium, the Netherlands, Luxembourg, 1958."""


def some(n: int, *places: int) -> np.ndarray:
    out = np.zeros(n, dtype=bool)
    out[list(places)] = True
    return out


def test_unanimity_asks_everybody_and_consensus_nobody_against() -> None:
    two = some(3, 0, 1)
    assert not carried(VotingRule("unanimity"), two)
    assert not carried(VotingRule("consensus"), two)
    assert carried(VotingRule("consensus"), two, against=some(3))
    assert not carried(VotingRule("consensus"), some(3), against=some(3))
    assert carried(VotingRule("unanimity"), some(3, 0, 1, 2))


@pytest.mark.parametrize(
    ("favour", "passes"),
    [
        (range(15), True),
        (range(14), False),  # 14 of 27 states are 51.9 %, though they are nine tenths of the people
        (range(3, 27), False),  # without the three largest: 53 % of the people
        (range(2, 27), True),  # without the two largest: 66 %
        (range(12, 27), False),  # the fifteen smallest
    ],
)
def test_the_union_needs_55_per_cent_of_states_and_65_per_cent_of_people(favour: range, passes: bool) -> None:
    rule = VotingRule("qualified_majority", states=0.55, people=0.65)
    assert carried(rule, some(27, *favour), MILLIONS) is passes


def test_fifty_five_per_cent_of_twenty_is_eleven() -> None:
    rule = VotingRule("qualified_majority", states=0.55)
    assert carried(rule, some(20, *range(11)), np.ones(20))
    assert not carried(rule, some(20, *range(10)), np.ones(20))


def test_luxembourg_never_decided_in_1958() -> None:
    rule = VotingRule("weighted", quota=12.0)
    for code in range(32):
        others = [bool(code >> i & 1) for i in range(5)]
        with_it, without = (carried(rule, np.array([*others, one]), weights=ROME) for one in (True, False))
        assert with_it == without
    assert carried(rule, some(6, 0, 1, 2), weights=ROME)
    assert not carried(rule, some(6, 0, 1, 3), weights=ROME)


def test_the_convention_on_cybercrime_needs_five() -> None:
    rule = VotingRule("critical_mass", k=5)
    assert carried(rule, some(45, 1, 2, 3, 4, 5))
    assert not carried(rule, some(45, 1, 2, 3, 4))


@pytest.mark.parametrize("kind", VOTING)
@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(0, 11))
def test_one_more_in_favour_never_loses_a_vote(kind: str, votes: list[bool], one: int) -> None:
    favour = np.array(votes)
    more = favour.copy()
    more[one % len(votes)] = True
    rule = VotingRule(kind, states=0.55, people=0.65, quota=4.0, k=3)
    people, weights = np.arange(1.0, len(votes) + 1.0), np.arange(len(votes), dtype=float)
    assert carried(rule, more, people, weights) >= carried(rule, favour, people, weights)


@pytest.mark.parametrize("kind", VOTING)
def test_nobody_carries_nothing(kind: str) -> None:
    assert not carried(VotingRule(kind), some(0), np.ones(0), np.ones(0))


def test_a_rule_that_is_none_or_lacks_its_numbers_is_refused() -> None:
    with pytest.raises(UserError, match="no voting rule 'lottery'"):
        VotingRule("lottery")
    with pytest.raises(UserError, match="shares from 0 to 1"):
        VotingRule("qualified_majority", states=55.0)
    with pytest.raises(UserError, match="needs population of shape"):
        carried(VotingRule("qualified_majority"), some(3, 1))
    with pytest.raises(UserError, match="needs weights of shape"):
        carried(VotingRule("weighted"), some(3, 1), weights=np.ones(2))


def public_good(b: float, c: float, n: int):
    """Return each one's gain of being in over being out where members act together if that pays them: Barrett (1994)."""

    def inside(size: int) -> float:
        return max(b * size - c, 0.0) if size else 0.0

    def outside(size: int) -> float:
        return b * size if b * size >= c else 0.0

    def gain(now: np.ndarray) -> np.ndarray:
        size = int(now.sum())
        return np.where(now, inside(size) - outside(size - 1), inside(size + 1) - outside(size))

    return gain


@pytest.mark.parametrize("start", [10, 7, 4])
def test_four_is_the_size_of_barretts_stable_coalition(start: int) -> None:
    gain = public_good(0.3, 1.0, 10)
    assert settle(np.arange(10) < start, gain).sum() == 4


@pytest.mark.parametrize(("b", "size"), [(0.6, 2), (0.4, 3), (0.26, 4), (0.21, 5)])
def test_the_stable_coalition_is_the_smallest_that_acts(b: float, size: int) -> None:
    assert settle(np.ones(12, dtype=bool), public_good(b, 1.0, 12)).sum() == size


def test_a_club_good_takes_everybody_in_and_closed_doors_keep_them_out() -> None:
    def club(now: np.ndarray) -> np.ndarray:
        return np.full(6, 0.5 * now.sum() - 0.8)

    assert settle(np.arange(6) < 2, club).all()
    assert settle(np.arange(6) < 2, club, joining=False).sum() == 2
    assert settle(np.arange(6) < 1, club).sum() == 0
    assert settle(np.zeros(0, dtype=bool), lambda now: np.zeros(0)).size == 0


def test_who_loses_most_goes_first_and_ties_go_to_the_earlier() -> None:
    worth = np.array([-1.0, -3.0, 2.0])
    left = []

    def gain(now: np.ndarray) -> np.ndarray:
        left.append(now.copy())
        return worth

    settle(np.ones(3, dtype=bool), gain, joining=False)
    assert [np.flatnonzero(~now).tolist() for now in left] == [[], [1], [0, 1]]
