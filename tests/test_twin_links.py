"""Links have a plain twin, and a fault planted in them is found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fault_worlds import instead
from link_worlds import busy
from twins import Walk, walk
from worlds import setting_of

from sim import engine
from sim.ground import paths, widths
from sim.mechanisms.links import equations, growth
from sim.mechanisms.links.rule import Links
from sim.shocks.link_cuts import LinkCuts

Patch = pytest.MonkeyPatch
LEVER = {5: [engine.Action("mechanisms.links.built", 0.1)]}
WORLDS = {
    "quiet": lambda: busy("2020-09", fault_rate=0.09, land_fault_rate=0.0),
    "busy": busy,
    "recorded": lambda: busy("2020-01", "recorded") | {"start": "2019-01"},
    "widest": lambda: busy("2020-02", "widest"),
    "hub": lambda: busy("2020-02", "hub"),
}


@functools.cache
def walked(name: str) -> Walk:
    return walk(setting_of(WORLDS[name]()), 3, actions=LEVER if name == "busy" else None)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_month_by_month_the_twins_do_the_same(name: str) -> None:
    found = walked(name)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}


def test_all_that_links_write_was_written_and_compared() -> None:
    changed = {name: set[str]().union(*(walked(world).changed[name] for world in WORLDS)) for name in ("links", "disruption")}
    # Some states have all been joined as the run begins; test_links_felt has others.
    assert set(Links.writes) <= changed["links"] | {"linked"}
    assert {"links", "ways", "events"} <= changed["links"]
    assert "links" in changed["disruption"]
    seen = set[str]().union(*(walked(world).seen for world in WORLDS))
    assert {"LINK_FAULT", "LINK_REPAIRED", "LINK_ANNOUNCED", "LINK_LANDED", "LINK_ABANDONED", "LINK_RETIRED", "SATELLITE_SERVICE"} <= seen


def kernel(patch: Patch, where: Any, name: str, spoil: Callable[..., None]) -> None:
    """Let a kernel do its work, and then spoil what it filled."""
    honest = getattr(where, name)

    def spoilt(*given: Any) -> Any:
        found = honest(*given)
        spoil(*given)
        return found

    patch.setattr(where, name, spoilt)


def longer(*given: Any) -> None:
    latency = given[-2]
    latency[0, 1:] += 1


def narrower(*given: Any) -> None:
    given[-1][given[-1] > 0] -= 1


def sooner(*given: Any) -> None:
    down, failed = given[-2], given[-1]
    down[failed] = np.maximum(down[failed] - 1, 1)


def open_all_month(*given: Any) -> None:
    given[-2][:] = np.maximum(given[-2], 1)


def no_need(*given: Any) -> None:
    given[-2][:] = given[-2] > 0.0


FAULTS: dict[str, tuple[str, Callable[[Patch], None]]] = {
    "a path is a nanosecond too long": ("busy", lambda p: kernel(p, paths, "renew", longer)),
    "the widest path is a Mbit/s too narrow": ("busy", lambda p: kernel(p, widths, "forest", narrower)),
    "repairs are a day too fast": ("busy", lambda p: kernel(p, equations, "fail", sooner)),
    "who is closed carries a little": ("busy", lambda p: kernel(p, equations, "supply", open_all_month)),
    "wants are all alike": ("busy", lambda p: kernel(p, equations, "pull", no_need)),
    "nothing that is announced is given up": ("busy", lambda p: instead(p, growth, "deliver", None)),
    "old links stay": ("busy", lambda p: instead(p, growth, "age", None)),
    "nobody repairs": ("busy", lambda p: instead(p, Links, "_repair", None)),
    "satellites never come": ("busy", lambda p: instead(p, Links, "_serve", None)),
    "latency waits": ("hub", lambda p: p.setattr(paths, "renew", lambda *given: 0)),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: Patch) -> None:
    name, plant = FAULTS[fault]
    plant(monkeypatch)
    found = walk(setting_of(WORLDS[name]()), 3, only="links", stop=True, actions=LEVER if name == "busy" else None)
    assert found.differences["links"], fault


def test_a_cut_that_is_too_small_is_found(monkeypatch: Patch) -> None:
    honest = LinkCuts._cuts
    monkeypatch.setattr(LinkCuts, "_cuts", lambda self, *rest: (honest(self, *rest)[0], 0.5 * honest(self, *rest)[1]))
    assert walk(setting_of(WORLDS["hub"]()), 3, only="disruption", stop=True).differences["disruption"]
