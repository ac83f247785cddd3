"""Invariant 10: the plain world (agents and environment in plain Python) and the compiled engine agree, event for event and to 1e-9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import plain_month
from reference.plain_world import PlainWorld, array_of, differences, told
from twins import MONTHS, Agents, demanding, live_plainly, small, torn
from worlds import setting_of, tree

from sim import engine
from sim.decide import agenda
from sim.mechanisms import bargaining
from sim.mechanisms.effects import rule as effects
from sim.state.world import Setting
from sim.types import Event, Institution, Reason

LEVERS = {
    5: (engine.Action("mechanisms.contacts.trust_weight", 3.0),),
    9: (engine.Action("agreements.transfer_framework.trade_effect", 0.1),),
}


def first_difference(setting: Setting, seed: int, months: int = MONTHS, levers: Any = LEVERS) -> tuple[list[str], PlainWorld]:
    """Live the same months compiled and plain, each from its own beginning, until they differ; return how, and the plain world."""
    compiled, agents = engine.start(setting, seed, record_offers=True), Agents(setting, seed)
    w = plain_month.begin(setting.config, setting.roster, setting.schema, seed)
    w.record_offers = True
    found = differences(w, told(compiled, like=w))
    for month in range(months):
        if found:
            break
        engine.step(compiled, levers.get(month, ()))
        live_plainly(w, agents, levers.get(month, ()))
        found = differences(w, told(compiled, like=w))
    return found[:10], w


@pytest.mark.parametrize(("protocol", "seed"), [("nash", 3), ("alternating_offers", 3)])
def test_two_years_with_everything_on_are_the_same_in_plain_python(protocol: str, seed: int) -> None:
    setting = setting_of(small(protocol))
    found, w = first_difference(setting, seed)
    assert found == []
    assert w.month == w.config.end + 1
    seen = {setting.words.events[row.event].upper() for row in w.events}  # rules add events of their own
    assert seen >= {"ACTION", "ATTENDANCE", "BOUND", "COMPLETION", "ENTRY_INTO_FORCE", "MEMBERSHIP_ENDED", "RATIFICATION", "RELEASED"}
    assert max(w.closure.values()) == 1.0
    assert bool(w.offers) == (protocol == "alternating_offers")


@pytest.mark.parametrize(("protocol", "seed"), [("nash", 31), ("alternating_offers", 3)])
def test_two_years_torn_at_home_are_the_same_in_plain_python(protocol: str, seed: int) -> None:
    found, w = first_difference(demanding(setting_of(torn(protocol))), seed)
    assert found == []
    assert w.month == w.config.end + 1
    reasons = {Reason(row.reason).name for row in (*w.events, *w.talks)}
    assert reasons >= {"NOT_RATIFIED"} | ({"NOT_RATIFIABLE", "OUTBID", "WITHDRAWN"} if protocol == "nash" else set())
    assert {row.institution for row in w.adherence} >= set(Institution)
    assert {row.event for row in w.events} >= {Event.RATIFICATION, Event.TERMINATION, Event.NEGOTIATION_FAILED}


@settings(max_examples=4)
@given(
    seed=st.integers(0, 2**63 - 1),
    states=st.lists(st.sampled_from(["AUS", "BRA", "EST", "IRL", "KEN", "KOR", "MYS", "TUV"]), min_size=1, max_size=3, unique=True),
    protocol=st.sampled_from(["nash", "alternating_offers"]),
    candidates=st.sampled_from([2, 192]),
)
def test_they_are_the_same_on_any_roster_and_seed(seed: int, states: list[str], protocol: str, candidates: int) -> None:
    asked = small(protocol, start="2019-11", end="2020-03", candidates=candidates, roster={"states": ["DEU", "GBR", "USA", *states]})
    assert first_difference(setting_of(asked), seed, 5, {})[0] == []


@pytest.mark.parametrize("candidates", [2, 192])
def test_ties_read_pair_by_pair_from_the_roster_are_those_of_the_edges(candidates: int) -> None:
    states = ["AUS", "BRA", "CHN", "DEU", "FRA", "IDN", "JPN", "KEN", "SGP", "USA"]
    setting = setting_of(tree(candidates=candidates, roster={"states": states}))
    w, edges = PlainWorld(setting.config, setting.roster, setting.schema, 0, setting.config.start), setting.edges
    assert w.dyads == [(setting.codes[i], setting.codes[j]) for i, j in zip(edges.row, edges.col, strict=True)]
    assert (len(w.dyads) < 12 * 11) == (candidates == 2)
    for name in ("distance", "affinity", "border", "cables"):
        np.testing.assert_allclose([getattr(fact, name) for fact in w.facts.values()], getattr(edges, name), rtol=1e-12, atol=1e-15)


def test_a_world_told_in_dicts_is_the_same_world_back_in_arrays() -> None:
    world = engine.start(setting_of(small()), 3)
    engine.step(world)
    w = told(world)
    for name in ("trust", "open_talk", "principal", "member", "in_force", "role"):
        np.testing.assert_array_equal(array_of(w, name), getattr(world, name))
    w.trust["DEU", "USA"] += 1e-6
    w.principal["transfer_framework", "DEU"] = "DEU"
    w.events[3].channel = None
    assert {one.split("[")[0] for one in differences(w, told(world))} == {"trust", "principal", "events"}


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "trade is a millionth larger": lambda patch: patch.setattr(
        effects.sparse, "sales", lambda *args, original=effects.sparse.sales: (original(*args), args[-1].__imul__(1.0 + 1e-6))
    ),
    "commitments are a millionth larger": lambda patch: patch.setattr(
        bargaining, "sign", lambda *args, whole, original=bargaining.sign, **more: original(*args, whole=whole * (1.0 + 1e-6), **more)
    ),
    "officials have an hour more": lambda patch: patch.setattr(
        agenda, "budgets", lambda world, original=agenda.budgets: original(world) + np.array([0.0, 0.0, 1.0])
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_engine_does_not_survive_the_plain_world(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert first_difference(setting_of(small()), 1)[0] != []
