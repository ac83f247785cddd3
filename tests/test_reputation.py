"""Trust is a beta reputation with forgetting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import begun, tree

from sim import engine
from sim.decide import contacts
from sim.mechanisms.trust.reputation import believe, reputation
from sim.state.world import World

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


@given(st.lists(st.tuples(COUNT, COUNT, st.floats(-1.0, 1.0)), min_size=1, max_size=5))
def test_belief_rests_on_evidence_and_on_a_disposition_from_what_is_given_of_the_alliance_graph(rows: list[tuple[float, ...]]) -> None:
    kept, broken, given = (np.array(side) for side in zip(*rows, strict=True))
    trust = np.empty(len(rows))
    believe(kept, broken, given, 4.0, trust)
    good, bad = kept + 2.0 * (1.0 + given), broken + 2.0 * (1.0 - given)
    np.testing.assert_allclose(trust, (1.0 + good) / (2.0 + good + bad), rtol=1e-14)


SILENT = {"visit": 0.0, "summit": 0.0, "call": 0.0, "video": 0.0, "message": 0.0, "kept": 0.0, "failed": 0.0}


def test_a_visit_prevents_half_of_a_months_forgetting_and_what_is_online_less() -> None:
    world = begun(tree(end="2019-07", mechanisms={"trust": SILENT, "image": {"belief": 0.0}}))
    world.trust_kept[:] = 10.0
    engine.step(world)
    keeps, met = world.setting.config.mechanisms["trust"].keeps(), np.zeros(len(world.trust_kept))
    held = contacts.contacts_of_month(_a_month_back(world))
    for edge, channel in zip(held.edge, held.channel, strict=True):
        for e in (edge, world.setting.edges.rev[edge]):
            met[e] = max(met[e], keeps[channel])
    assert len(set(met.tolist())) > 2 and (met == 0.0).any() and (met == 1.0).any()
    np.testing.assert_allclose(world.trust_kept, 9.8 + 0.1 * met, rtol=1e-12)


def _a_month_back(world: World) -> World:
    world.month -= 1
    return world


def test_a_world_that_is_not_tended_forgets_at_the_declared_rate() -> None:
    plain = tree(end="2019-12", mechanisms={"trust": {**SILENT, "tended": 0.0}, "image": {"belief": 0.0}})
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
