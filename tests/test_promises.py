"""Trust follows promises kept and broken: who was wronged, who hears of it, what is made good, and what meetings are worth."""

from __future__ import annotations

from typing import Any

import pytest
from courts import live, world_of
from test_durability import STILL

from sim.mechanisms.trust.reputation import reputation
from sim.state.world import World
from sim.types import Event, Reason


def _edge(world: World, one: str, two: str) -> int:
    return world.setting.edges.find(world.setting.codes.index(one), world.setting.codes.index(two))


def _told(world: World, event: int, party: str, other: str, **more: Any) -> None:
    codes = world.setting.codes
    world.events.append(month=world.month, event=event, party_a=codes.index(party), party_b=codes.index(other), **more)


def test_a_breach_counts_fully_for_who_was_wronged_and_at_a_discount_for_everybody_else() -> None:
    world = live(world_of(mechanisms=STILL), 2)
    part, before, trusted = world.setting.config.mechanisms["trust"], world.trust_broken.copy(), world.trust.copy()
    _told(world, world.setting.words.code("event", "breach_found"), "USA", "EU", reason=Reason.NONE)
    part._learn(world)
    more = world.trust_broken - before
    assert more[_edge(world, "EU", "USA")] == part.broken
    onlooker = _edge(world, "CAN", "USA")
    assert more[onlooker] == pytest.approx(part.broken * part.heard * trusted[_edge(world, "CAN", "EU")])
    # Nobody learns anything of anybody else.
    assert (more[world.setting.edges.col != world.setting.codes.index("USA")] == 0.0).all()


def test_a_month_of_keeping_counts_little_and_a_breach_undoes_years_of_it() -> None:
    part = world_of(mechanisms=STILL).setting.config.mechanisms["trust"]
    kept = sum(part.kept * part.memory**k for k in range(240))
    high, low = reputation(kept, 0.0, 2.0, 2.0), reputation(kept, part.broken, 2.0, 2.0)
    assert reputation(4.0, 1.0, 0.0, 0.0) == pytest.approx(5 / 7)  # Josang and Ismail (2002)
    assert part.broken / part.kept > 36 and high > 0.6 > 0.45 > low


def test_what_is_made_good_gives_back_a_part_and_a_signature_that_falls_at_home_counts_against_its_side() -> None:
    world = live(world_of(mechanisms=STILL), 2)
    part = world.setting.config.mechanisms["trust"]
    kept, broken = world.trust_kept.copy(), world.trust_broken.copy()
    _told(world, world.setting.words.code("event", "breach_cured"), "USA", "EU")
    _told(world, Event.RATIFICATION_FAILED, "CAN", "USA", reason=Reason.NOT_RATIFIED)
    part._learn(world)
    assert (world.trust_kept - kept)[_edge(world, "EU", "USA")] == pytest.approx(part.mended)
    assert (world.trust_broken - broken)[_edge(world, "USA", "CAN")] == pytest.approx(part.fallen)
    assert (world.trust_broken - broken)[_edge(world, "CAN", "USA")] == 0.0


def test_meetings_hardly_make_trust_and_keep_it() -> None:
    part = world_of(mechanisms=STILL).setting.config.mechanisms["trust"]
    # A visit every month for five years is worth less than one breach.
    assert sum(part.visit * part.memory**k for k in range(60)) < part.broken
    assert 0.3 <= part.tended <= 0.7
