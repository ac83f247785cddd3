"""Trust is a beta reputation with forgetting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import begun, tree

from sim import engine
from sim.theory.reputation import remember, reputation

COUNT = st.floats(0.0, 1e6)


def test_four_promises_kept_and_one_broken_give_five_sevenths() -> None:
    assert reputation(4.0, 1.0, 0.0, 0.0) == 5 / 7


def test_a_stranger_is_trusted_by_half() -> None:
    assert reputation(0.0, 0.0, 0.0, 0.0) == 0.5


@given(COUNT, COUNT, COUNT, COUNT, st.floats(0.1, 1e3))
def test_kept_words_raise_trust_and_broken_ones_lower_it(kept: float, broken: float, one: float, two: float, more: float) -> None:
    now = reputation(kept, broken, one, two)
    assert 0.0 < now < 1.0
    assert reputation(kept + more, broken, one, two) > now > reputation(kept, broken + more, one, two)


@given(st.lists(st.tuples(COUNT, COUNT), min_size=1, max_size=5), st.floats(0.0, 1.0))
def test_memory_fades_to_the_standing_disposition_and_never_past_it(pairs: list[tuple[float, float]], share: float) -> None:
    kept, broken = (np.array(side) for side in zip(*pairs, strict=True))
    prior = np.full(len(pairs), 3.0), np.full(len(pairs), 1.0)
    trust, before = np.empty(len(pairs)), (kept.copy(), broken.copy())
    remember(kept, broken, *prior, share, trust)
    np.testing.assert_array_equal(kept, before[0] * share)
    np.testing.assert_array_equal(broken, before[1] * share)
    np.testing.assert_allclose(trust, (1 + 3 + kept) / (2 + 3 + 1 + kept + broken), rtol=1e-15)
    remember(kept, broken, *prior, 0.0, trust)
    np.testing.assert_allclose(trust, 4 / 6, rtol=1e-15)


def test_a_silent_world_forgets_at_the_declared_rate() -> None:
    plain = tree(
        end="2019-12",
        mechanisms={"trust": {"visit": 0.0, "summit": 0.0, "call": 0.0, "video": 0.0, "message": 0.0, "kept": 0.0, "failed": 0.0}},
    )
    world = begun(plain)
    world.trust_kept[:] = 10.0
    while world.month <= world.setting.config.end:
        engine.step(world)
    assert world.trust_kept == pytest.approx(10.0 * 0.98**7, rel=1e-12)
    assert (world.trust_broken == 0.0).all()


def test_rivals_begin_with_less_trust_and_allies_with_more() -> None:
    world = begun(tree())
    edges = world.setting.edges

    def trust(one: str, two: str) -> float:
        return float(world.trust[edges.find(world.setting.party(one), world.setting.party(two))])

    assert trust("USA", "CHN") < trust("USA", "KEN") < trust("USA", "GBR")
    assert trust("DEU", "FRA") > 0.5 > trust("CHN", "USA")
