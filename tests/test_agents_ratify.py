"""Ratification is told twice: plain ratifiers and compiled ones agree, and an agent may have ratifiers of its own mind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from test_agents import blank_with, first_difference, wrapped
from torn import TORN
from worlds import setting_of

from sim.agents import BlocAgent, Negotiation, StateAgent
from sim.decide import assent, decisions
from sim.decide.decisions import Compiled
from sim.model import DiplomacyModel
from sim.state.world import Setting
from sim.types import Event, Reason, UserError

TURNS = (("nash", 18), ("alternating_offers", 12))
"""Protocols and seeds with which governments withdraw, too."""


def torn(protocol: str) -> Setting:
    # Few states share what would be hours for two hundred.
    mechanisms = {**TORN["mechanisms"], "contacts": {"hour_price": 3.0}}
    return setting_of(TORN | {"protocol": {"name": protocol}, "end": "2021-10", "mechanisms": mechanisms})


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
@pytest.mark.parametrize("seed", [7, 12, 18])
def test_plain_ratifiers_and_compiled_ones_agree_event_for_event(protocol: str, seed: int) -> None:
    assert first_difference(torn(protocol), seed) is None


def test_the_comparison_sees_ratifiers_of_every_kind() -> None:
    reasons: set[int] = set()
    for protocol, seed in TURNS:
        model = DiplomacyModel(seed=seed, setting=torn(protocol), plain=True)
        model.run()
        world = model.world
        reasons |= set(world.talks["reason"].tolist())
        reasons |= set(world.events["reason"][world.events["event"] == Event.RATIFICATION_FAILED].tolist())
        assert (world.events["event"] == Event.RATIFICATION).any()
        assert (world.adherence["institution"] == 3).any()
    assert {Reason.NOT_RATIFIABLE, Reason.WITHDRAWN, Reason.NOT_RATIFIED} <= reasons


def everyone(answer: Reason) -> Callable[..., Any]:
    return lambda self, world, places: np.full(len(places), answer, dtype=np.int8)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "ratify: everything passes": lambda patch: patch.setattr(Compiled, "ratify", everyone(Reason.NONE)),
    "ratify: ratifiers stand where the executive stands": lambda patch: patch.setattr(
        assent, "pivots", lambda c, spread, s, direction, active, original=assent.pivots: original(c, spread, 0.0 * s, direction, active)
    ),
    "ratify: ratifiers lie on the other side": lambda patch: patch.setattr(
        assent, "pivots", lambda c, spread, s, direction, active, original=assent.pivots: original(c, spread, s, -direction, active)
    ),
    "ratify: the government never withdraws": lambda patch: patch.setattr(
        assent, "gain", lambda c, x, original=assent.gain: original(c, x) + 1e6
    ),
    "ratify: a bloc's members are not asked": lambda patch: patch.setattr(assent, "assents", lambda *args: False),
    "ratify: trust is taken as none": lambda patch: patch.setattr(
        Compiled, "ratify", wrapped("ratify", lambda world: blank_with(world, "trust", 0.0))
    ),
    "accept: nobody fears its ratifiers": lambda patch: patch.setattr(
        decisions, "feasible", lambda p, *rest, original=decisions.feasible: original(replace(p, pivot=None), *rest)
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_the_ratifiers_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert any(first_difference(torn(protocol), seed) is not None for protocol, seed in TURNS)


class Isolationist(StateAgent):
    def ratify(self, negotiation: Negotiation, text: Mapping[str, float]) -> Reason:
        return Reason.NOT_RATIFIED


class Assembly(BlocAgent):
    def ratify(self, negotiation: Negotiation, text: Mapping[str, float]) -> bool:  # type: ignore[override]
        return False


def test_ratifiers_that_refuse_everything_ratify_nothing() -> None:
    model = DiplomacyModel(seed=7, setting=torn("nash"), agent_class=Isolationist, bloc_class=Assembly)
    assert model.decided_by_agents == ("ratify",)
    model.run()
    events = model.world.events
    assert not (events["event"] == Event.RATIFICATION).any()
    failed = events["event"] == Event.RATIFICATION_FAILED
    assert failed.any()
    assert set(events["reason"][failed].tolist()) == {int(Reason.NOT_RATIFIED)}


def test_an_answer_that_is_none_is_refused_in_a_sentence() -> None:
    class Puzzled(StateAgent):
        def ratify(self, negotiation: Negotiation, text: Mapping[str, float]) -> Any:
            return "perhaps"

    with pytest.raises(UserError, match=r"answered 'perhaps'; Reason\.NONE, NOT_RATIFIED or WITHDRAWN was expected"):
        DiplomacyModel(seed=7, setting=torn("nash"), agent_class=Puzzled).run()


def test_an_agent_can_be_asked_about_its_own_home() -> None:
    model = DiplomacyModel(seed=7, setting=torn("nash"))
    while not model.state("USA").negotiations:
        model.step()
    us = model.state("USA")
    talks = us.negotiations[0]
    institution, quota = us.consent_needed(talks.type)
    assert 0.0 <= quota <= 1.0
    assert institution.name in {"EXECUTIVE_ACT", "MAJORITY", "SUPERMAJORITY"}
    assert us.ratifiers_distance(talks) >= 0.0
    assert us.believed_distance(talks) >= 0.0
