"""Platforms and interception have plain twins, and a fault planted in either is found."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fault_worlds import instead
from link_worlds import tonga
from platform_worlds import on_bridges, on_screens, with_bans
from twins import Walk, walk
from worlds import setting_of

from sim import engine
from sim.mechanisms import interception
from sim.mechanisms.interception import Interception
from sim.mechanisms.platforms import equations
from sim.mechanisms.platforms import rule as platforms
from sim.mechanisms.platforms.rule import Platforms
from sim.mechanisms.trust.rule import Trust
from sim.shocks.platform_bans import PlatformBans

Patch = pytest.MonkeyPatch
LEVER = {4: [engine.Action("mechanisms.platforms.fear", 0.2)]}
WORLDS = {
    "both": lambda: on_screens("2021-02"),
    "bridges": lambda: on_bridges("2020-10"),
    "recorded": lambda: with_bans("2020-08"),
    "foreign": lambda: with_bans("2020-08", "foreign"),
    "cut": lambda: tonga("cut", start="2020-07", end="2020-09"),
    "hostile": lambda: with_bans("2020-08", "hostile"),
}
OURS = ("platforms", "contacts", "online", "interception", "disruption", "trust")


@functools.cache
def walked(name: str) -> Walk:
    return walk(setting_of(WORLDS[name]()), 3, stubborn=True, actions=LEVER if name == "both" else None)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_month_by_month_the_twins_do_the_same(name: str) -> None:
    found = walked(name)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}


def test_all_that_platforms_and_interception_write_was_written_and_compared() -> None:
    changed = {name: set[str]().union(*(walked(world).changed[name] for world in WORLDS)) for name in OURS}
    assert set(Platforms.writes) <= changed["platforms"] | {"out"}
    assert set(Interception.writes) <= changed["interception"]
    assert {"platform_bars", "ban_readiness"} <= changed["disruption"] and "bridge_asked" in changed["contacts"]
    seen = set[str]().union(*(walked(world).seen for world in WORLDS))
    assert {"OUTAGE", "INTRUSION", "OVERHEARD", "PLATFORM_BARRED"} <= seen


def kernel(patch: Patch, where: Any, name: str, spoil: Callable[..., None]) -> None:
    """Let a kernel do its work, and then spoil what it filled."""
    honest = getattr(where, name)

    def spoilt(*given: Any) -> None:
        honest(*given)
        spoil(*given)

    patch.setattr(where, name, spoilt)


def as_if(patch: Patch, part: Any, method: str, **other: Any) -> None:
    """Let a method live by other parameters."""
    honest = getattr(part, method)
    patch.setattr(part, method, lambda self, *rest: honest(dataclasses.replace(self, **other), *rest))


def lost_never(*given: Any) -> None:
    given[-1][:] = False


def on_the_other_bridge(*given: Any) -> None:
    bridge, col = given[-1], given[2]
    there = bridge >= 0
    bridge[there] = col[there]


def one_more(*given: Any) -> None:
    given[-1][:] = given[-1] * 1.0001


def told_of_the_other(*given: Any) -> None:
    told = given[-1]
    told[:, [1, 2]] = told[:, [2, 1]]


FAULTS: dict[str, tuple[str, str, Callable[[Patch], None]]] = {
    "no bridge is ever full": ("contacts", "bridges", lambda p: kernel(p, equations, "hold", lost_never)),
    "the partner's bridge is always taken": ("platforms", "bridges", lambda p: kernel(p, equations, "choose", on_the_other_bridge)),
    "Erlang's formula is a little off": ("platforms", "bridges", lambda p: kernel(p, equations, "turned_away", one_more)),
    "gateways lose nothing": ("platforms", "both", lambda p: as_if(p, Platforms, "_choose", gateway_loss=0.0)),
    "delay is for nothing": ("platforms", "both", lambda p: as_if(p, Platforms, "_choose", delay_loss=0.0)),
    "friends never listen": ("platforms", "both", lambda p: as_if(p, Platforms, "_listens", friends_listen=0.0)),
    "last month's load is forgotten": ("platforms", "bridges", lambda p: as_if(p, Platforms, "_expect", load_memory=0.0)),
    "a new platform is overlooked": ("platforms", "both", lambda p: p.setattr(platforms, "_turns", lambda _: frozenset())),
    "nobody looks anew in January": ("platforms", "both", lambda p: instead(p, Platforms, "_afresh", False)),
    "the wrong side was heard": ("interception", "both", lambda p: kernel(p, interception, "_intercept", told_of_the_other)),
    "a crisis passes at once": ("interception", "both", lambda p: as_if(p, Interception, "_known", crisis_months=0)),
    "nobody bars on hearsay": ("interception", "both", lambda p: as_if(p, Interception, "_bar", ban_on_hearsay=0.0)),
    "who was heard forgives": ("trust", "both", lambda p: as_if(p, Trust, "_learn", overheard=0.0)),
    "bans on record are twice as wide": ("disruption", "recorded", lambda p: as_if(p, PlatformBans, "changes", extent=2.0)),
    "bans are those on record, whatever the law": ("disruption", "foreign", lambda p: as_if(p, PlatformBans, "_bans", whom="recorded")),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: Patch) -> None:
    mechanism, name, plant = FAULTS[fault]
    plant(monkeypatch)
    found = walk(setting_of(WORLDS[name]()), 3, only=mechanism, stop=True, stubborn=True, actions=LEVER if name == "both" else None)
    assert found.differences[mechanism], fault
    assert np.isfinite(found.last.carries).all()
