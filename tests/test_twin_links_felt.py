"""Where links are cut, all that rests on them does as its plain twin, and a fault planted there is found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fault_worlds import instead, without
from link_worlds import tonga
from test_twin_links import kernel
from twins import Walk, walk
from worlds import setting_of

from sim import engine
from sim.decide import agenda
from sim.mechanisms.assembly import Assembly
from sim.mechanisms.bodies import kernels as bodies
from sim.mechanisms.bodies.rule import Bodies
from sim.mechanisms.effects import cuts
from sim.mechanisms.effects import rule as effects
from sim.mechanisms.links.rule import Links
from sim.mechanisms.platforms import ways
from sim.mechanisms.platforms.rule import Platforms

Patch = pytest.MonkeyPatch
WIDE = {"video_mbps": 20.0, "meetings_at_once": 1000.0}
THIN = {"kind": "link_cuts", "what": "hub", "extent": 0.9999}
LEVER = {3: [engine.Action("mechanisms.links.felt", False)], 5: [engine.Action("mechanisms.links.felt", True)]}
WORLDS: dict[str, Callable[[], dict[str, Any]]] = {
    "cut": lambda: tonga("cut", start="2020-06", end="2021-03"),
    "served": lambda: tonga("served", start="2020-06", end="2021-03"),
    "blocs": lambda: tonga("cut", start="2020-06", end="2020-12", roster={"states": ["DEU", "FJI", "FRA", "IDN", "SGP", "TON", "USA"]}),
    "thin": lambda: {**tonga("whole", end="2020-08", mechanisms={"platforms": WIDE}), "shocks": [THIN, {"kind": "travel_closure"}]},
    "faults": lambda: tonga("whole", end="2020-12", mechanisms={"links": {"fault_rate": 0.2, "repair_days": 60.0, "announce_rate": 1.0}}),
    "felt late": lambda: tonga("cut", start="2020-06", end="2020-12"),
}


@functools.cache
def walked(name: str) -> Walk:
    return walk(setting_of(WORLDS[name]()), 3, stubborn=True, actions=LEVER if name == "felt late" else None)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_month_by_month_the_twins_do_the_same(name: str) -> None:
    found = walked(name)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}


def test_all_that_rests_on_links_was_written_and_compared() -> None:
    changed = {name: set[str]().union(*(walked(world).changed[name] for world in WORLDS)) for name in ("links", "platforms", "effects")}
    assert {"joined"} <= changed["links"]
    assert {"way_out", "way_between", "latency_then", "platform_between"} <= changed["platforms"]
    assert {"trade", "imports", "trade_halted", "imports_halted"} <= changed["effects"]


def nearer(*given: Any) -> None:
    given[-1][:] *= 0.9


def wider(*given: Any) -> None:
    given[-1][:] = np.maximum(given[-1], 0.6)


def stays(*given: Any) -> None:
    given[-1][:] = False


def lost_twice(*given: Any) -> None:
    given[-1][:] *= 2.0


def all_see(*given: Any) -> None:
    given[-3][:] = True


FAULTS: dict[str, tuple[str, str, Callable[[Patch], None]]] = {
    "nobody is told what joins it": ("links", "cut", lambda p: instead(p, Links, "_join")),
    "servers are a tenth nearer": ("platforms", "cut", lambda p: kernel(p, ways, "to_sites", nearer)),
    "satellites are wider": ("platforms", "served", lambda p: kernel(p, ways, "ways_out", wider)),
    "nobody sees that ways have changed": ("platforms", "cut", lambda p: kernel(p, ways, "rerouted", stays)),
    "links do not count for a screen": ("platforms", "cut", lambda p: without(p, Platforms, "step", "joined", 2)),
    "a thin way counts as none": ("contacts", "served", lambda p: without_width(p, 0.0)),
    "a thin way counts as wide": ("contacts", "thin", lambda p: without_width(p, 1.0)),
    "who is cut off sits on a screen": ("bodies", "cut", lambda p: kernel(p, bodies, "attend", all_see)),
    "a body asks nobody's way": ("bodies", "served", lambda p: without(p, Bodies, "step", "way_out", 1.0)),
    "the assembly hears everybody": ("assembly", "cut", lambda p: without(p, Assembly, "step", "joined", 2)),
    "imports lose twice": ("effects", "cut", lambda p: kernel(p, cuts, "halt", lost_twice)),
    "what is cut stays cut": ("effects", "cut", lambda p: p.setattr(effects, "mend", lambda world: False)),
    "nothing is cut": ("effects", "cut", lambda p: p.setattr(effects, "cut", lambda world, *keeps: False)),
    "who is served keeps as little": ("effects", "served", lambda p: without(p, effects.Effects, "step", "joined", 0)),
    "blocs trade on": ("effects", "blocs", lambda p: deaf(p)),
}


def without_width(patch: Patch, value: float) -> None:
    """Let contacts see every way as equally wide."""
    honest = agenda._circumstances

    def faulty(*given: Any) -> Any:
        found = honest(*given)
        return (*found[:6], np.full_like(found[6], value), *found[7:])

    patch.setattr(agenda, "_circumstances", faulty)


def deaf(patch: Patch) -> None:
    """Let the sum over members be taken before trade is cut, not after."""
    honest = effects.cut

    def silent(world: Any, *keeps: float) -> bool:
        honest(world, *keeps)
        return False

    patch.setattr(effects, "cut", silent)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: Patch) -> None:
    mechanism, name, plant = FAULTS[fault]
    plant(monkeypatch)
    found = walk(setting_of(WORLDS[name]()), 3, only=mechanism, stop=True, stubborn=True)
    assert found.differences[mechanism], fault
