"""Luck is Philox by name and identity: right to the bit, uniform, and nobody's draw tells another's."""

from __future__ import annotations

import hashlib
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import luck, rng
from sim.rng import decision, decision_names, exponential, identities, identity, philox, uniform, uniforms
from sim.types import ModelFault

WORD = st.integers(0, 2**64 - 1)
N = 20_000
FALSE_ALARM = 1e-6  # of each statistical test below, were the draws perfect; examples are fixed, so none alarms twice
NAMED = [getattr(luck, name) for name in dir(luck) if isinstance(getattr(luck, name), rng.Decision)]
PARTIES = identities([f"S{i:05d}" for i in range(N)])


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_philox_is_numpys_philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> None:
    whole = sum(word << (64 * at) for at, word in enumerate(counter))
    oracle = np.random.Philox(counter=(whole - 1) % 2**256, key=key[0] | key[1] << 64).random_raw(4)
    ours = philox(*(np.uint64(word) for word in (*counter, *key)))
    assert [int(word) for word in ours] == oracle.tolist()


@given(st.integers(0, 2**63 - 1), st.integers(24168, 24431), st.text(min_size=1), st.text(min_size=1))
def test_a_draw_is_a_pure_function_of_seed_name_month_and_identities(seed: int, month: int, one: str, two: str) -> None:
    ids = identity(one), identity(two)
    u = uniform(seed, luck.PARTNER, month, *ids)
    assert 0.0 < u < 1.0
    assert u == uniforms(seed, luck.PARTNER, month, np.array([ids[0]]), np.array([ids[1]]))[0]
    assert exponential(seed, luck.PARTNER, month, *ids) == -math.log(u)
    raw = np.random.Philox(counter=(month | int(ids[0]) << 64 | int(ids[1]) << 128) - 1, key=seed | int(luck.PARTNER.key) << 64).random_raw(
        4
    )
    words = [uniforms(seed, luck.PARTNER, month, np.array([ids[0]]), np.array([ids[1]]), word=w)[0] for w in range(4)]
    assert words == [((int(word) >> 11) + 0.5) / 2**53 for word in raw]


def test_identities_are_those_of_blake2b_and_do_not_change() -> None:
    assert int(identity("IDN")) == int.from_bytes(hashlib.blake2b(b"IDN", digest_size=8).digest(), "little")
    assert len(set(PARTIES.tolist())) == N


@pytest.mark.parametrize("what", NAMED, ids=lambda d: d.name)
def test_draws_are_uniform(what: rng.Decision) -> None:
    for word in range(4):
        draws = uniforms(7, what, 24240, PARTIES, word=word)
        assert stats.kstest(draws, "uniform").pvalue > FALSE_ALARM
        assert stats.kstest((draws * 1000.0) % 1.0, "uniform").pvalue > FALSE_ALARM


def test_draws_of_different_names_words_months_seeds_and_orders_are_uncorrelated() -> None:
    back = PARTIES[::-1].copy()
    streams = {what.name: uniforms(7, what, 24240, PARTIES) for what in NAMED}
    first = NAMED[0]
    streams |= {f"word {w}": uniforms(7, first, 24240, PARTIES, word=w) for w in (1, 2, 3)}
    streams |= {"next month": uniforms(7, first, 24241, PARTIES), "next seed": uniforms(8, first, 24240, PARTIES)}
    streams |= {"there": uniforms(7, first, 24240, PARTIES, back), "back": uniforms(7, first, 24240, back, PARTIES)}
    streams |= {"next index": uniforms(7, first, 24240, PARTIES, index=1), "neighbour": np.roll(streams[first.name], 1)}
    pairs = list(itertools.combinations(sorted(streams), 2))
    limit = stats.norm.isf(FALSE_ALARM / (2 * len(pairs))) / math.sqrt(N)
    for one, two in pairs:
        assert abs(np.corrcoef(streams[one], streams[two])[0, 1]) < limit, (one, two)


def test_a_correlated_stream_would_be_caught() -> None:
    one = uniforms(7, NAMED[0], 24240, PARTIES)
    two = 0.9 * uniforms(7, NAMED[1], 24240, PARTIES) + 0.1 * one
    assert abs(np.corrcoef(one, two)[0, 1]) > stats.norm.isf(FALSE_ALARM) / math.sqrt(N)
    assert stats.kstest(two, "uniform").pvalue < FALSE_ALARM


def test_equal_names_of_decisions_are_refused() -> None:
    with pytest.raises(ModelFault, match=r"two decisions are called 'contacts\.partner': in sim\.luck and in tests\.elsewhere"):
        decision("contacts.partner", "tests.elsewhere")
    assert decision("contacts.partner", "sim.luck") == luck.PARTNER
    assert decision_names() == sorted(set(decision_names()))
    assert {what.name for what in NAMED} <= set(decision_names())
    assert len({int(what.key) for what in NAMED}) == len(NAMED)


def test_a_race_is_won_in_proportion_to_weight() -> None:
    weight = np.array([1.0, 2.0, 5.0])
    runners = identities(["A", "B", "C"])
    owner = [uniforms(7, luck.PARTNER, 24240, PARTIES, np.full(N, runner)) for runner in runners]
    winner = np.argmin(-np.log(np.stack(owner, axis=1)) / weight, axis=1)
    expected = N * weight / weight.sum()
    assert stats.chisquare(np.bincount(winner, minlength=3), expected).pvalue > FALSE_ALARM
