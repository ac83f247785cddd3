"""In worlds in which promises are broken, left and taken to court, every mechanism of the month and its twin do the same."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pytest
from promise_worlds import broken, restless, sued, swift
from reference.plain_month import TWINS
from twins import Walk, walk
from worlds import setting_of

from sim.state.world import World

OFFERS = {"name": "alternating_offers", "deadline_rounds": 14}
WALKS: dict[str, Callable[[], Walk]] = {
    "words broken and left, from 2000 on": lambda: walk(setting_of(broken("2000-08", 120, shocks=[{"kind": "leak"}])), 4),
    "words broken and left, from 2015 on": lambda: walk(setting_of(broken()), 5),
    "words broken and left, and a court that teaches": lambda: walk(setting_of(broken()), 4),
    "taken to court": lambda: walk(swift(setting_of(sued())), 14),
    "members walk out": lambda: walk(setting_of(restless()), 1),
    "taken to court, offers": lambda: walk(swift(setting_of(sued(months=60, protocol=OFFERS))), 5),
}


@functools.cache
def walked(name: str) -> Walk:
    """Walk once for all tests."""
    return WALKS[name]()


@pytest.mark.parametrize("name", WALKS)
def test_every_mechanism_and_its_twin_do_the_same(name: str) -> None:
    assert {mechanism: found[:5] for mechanism, found in walked(name).differences.items() if found} == {}
    assert set(walked(name).differences) == set(TWINS)


def _rulings(world: World) -> set[str]:
    """Name what became of cases: upheld, struck, moot."""
    return {("pending", "upheld", "struck", "moot")[one] for one in world.cases["outcome"].tolist()}


def _after_grace(world: World) -> int:
    """Count the annulments that came some months after their ruling."""
    cases = world.cases
    rows = np.flatnonzero((cases["outcome"] == 2) & (cases["ends"] > cases["due"]))
    return sum(int(world.instruments["ended"][cases["instrument"][c]] == cases["ends"][c]) for c in rows)


@pytest.mark.parametrize("mechanism", ["compliance", "durability", "withdrawals", "courts", "certification", "walkouts"])
def test_what_a_mechanism_may_write_was_written_on_the_way(mechanism: str) -> None:
    setting = setting_of(broken())
    part = setting.config.mechanisms[mechanism]
    changed = set().union(*(walked(name).changed[mechanism] for name in WALKS))
    assert changed == {*setting.schema.writes_of(part), *part.tables}


def test_a_recorded_leak_was_laid_on_the_way() -> None:
    assert "leaked" in set().union(*(walked(name).changed["disruption"] for name in WALKS))


def test_all_that_becomes_of_promises_was_seen() -> None:
    seen = set().union(*(walked(name).seen for name in WALKS))
    assert seen >= {
        *("LEAK", "COMPLAINT", "RULING", "ANNULMENT", "STRUCK_DOWN", "REVIEW", "PROLONGATION", "EXPIRY", "SUCCESSION", "REPLACED"),
        *("BREACH", "BREACH_FOUND", "BREACH_CURED", "IN_KIND", "NOT_CURED", "SUSPENSION", "RESUMPTION", "DENUNCIATION", "WOULD_LOSE"),
        *("NEW_GOVERNMENT", "OTHERS_LEFT", "NOTICE_WITHDRAWN", "NO_TEXT", "WALKOUT", "PROCEDURE"),
    }
    worlds = [walked(name).last for name in WALKS]
    assert set().union(*(_rulings(world) for world in worlds)) >= {"upheld", "struck", "moot"}
    assert sum(_after_grace(world) for world in worlds) > 0
    assert {int(one) for world in worlds for one in world.breaches["standing"]} >= {3, 4, 5}
    assert any((world.talks["succeeds"] >= 0).any() and not world.talks["pressed"].all() for world in worlds)
    assert any(world.talks["pressed"].any() for world in worlds)
    assert any((world.array("coming_back") > 0.0).any() for world in worlds)
    review = [world.setting.words.code("event", "review") for world in worlds]
    said = {float(one) for world, code in zip(worlds, review, strict=True) for one in world.events["value"][world.events["event"] == code]}
    assert said == {0.0, 1.0}
