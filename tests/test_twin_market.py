"""Data centres and the cloud market have plain twins, and a fault planted in either is found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fault_worlds import instead
from market_worlds import busy
from twins import Walk, walk
from worlds import setting_of

from sim.mechanisms import data_centres
from sim.mechanisms.data_centres import DataCentres
from sim.mechanisms.market import equations
from sim.mechanisms.market.rule import Market

Patch = pytest.MonkeyPatch
SHOCKS: dict[str, dict[str, Any]] = {
    "provider_outage": {"extent": 0.4},
    "provider_outage of the second": {"whose": "second"},
    "price_step": {"factor": 2.0},
    "price_step of all": {"whose": "all"},
    "surveillance_leak": {},
    "site_limits": {},
    "site_limits everywhere": {"what": "everywhere", "extent": 0.5},
}
WORLDS: dict[str, Any] = {"busy": busy, "calm": lambda: {**busy(), "start": "2021-02", "end": "2022-02"}}


@functools.cache
def walked(name: str) -> Walk:
    return walk(setting_of(WORLDS[name]()), 3)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_month_by_month_the_twins_do_the_same(name: str) -> None:
    found = walked(name)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}


def test_all_that_they_write_was_written_and_compared() -> None:
    for name, cls in (("market", Market), ("data_centres", DataCentres)):
        changed = set[str]().union(*(walked(world).changed[name] for world in WORLDS))
        written = set(cls.writes) - {"place_pull", "failures", "cut_off_from_data", "exposed_to"}
        assert written <= changed, name
    assert "CLOUD_REGION_OPENED" in set[str]().union(*(walked(world).seen for world in WORLDS))


def kernel(patch: Patch, where: Any, name: str, spoil: Callable[..., None]) -> None:
    """Let a kernel do its work, and then spoil what it filled."""
    honest = getattr(where, name)

    def spoilt(*given: Any) -> Any:
        found = honest(*given)
        spoil(*given)
        return found

    patch.setattr(where, name, spoilt)


def dearer(*given: Any) -> None:
    given[-1][:] *= 1.001


def moved(*given: Any) -> None:
    free = given[-2]
    free[0], free[1] = free[0] + 0.01, free[1] - 0.01


def unbound(*given: Any) -> None:
    given[-1][:] = given[-2]


def forgotten(*given: Any) -> None:
    given[-1][:] = 0.0


def swapped(*given: Any) -> None:
    given[-1][:] = given[-1][::-1].copy()


FAULTS: dict[str, tuple[str, Callable[[Patch], None]]] = {
    "prices are a little too high": ("market", lambda p: kernel(p, equations, "prices", dearer)),
    "a hundredth lies elsewhere": ("market", lambda p: kernel(p, equations, "renew", moved)),
    "law binds nothing": ("market", lambda p: kernel(p, equations, "renew", unbound)),
    "offers serve nobody": ("market", lambda p: kernel(p, equations, "add_up", forgotten)),
    "what is reached is forgotten": ("market", lambda p: kernel(p, equations, "between", forgotten)),
    "blocs hold nothing": ("market", lambda p: p.setattr(equations, "of_blocs", lambda *given: None)),
    "load abroad draws others": ("market", lambda p: kernel(p, equations, "pulls", swapped)),
    "all renew in another month": ("market", lambda p: instead(p, Market, "_choose", None)),
    "nobody is afraid": ("market", lambda p: p.setattr(Market, "_fear", lambda self, world: np.zeros(world.setting.n_states))),
    "building takes a month less": ("data_centres", lambda p: kernel(p, data_centres, "build", dearer)),
    "nothing is built abroad": ("data_centres", lambda p: p.setattr(data_centres, "abroad", lambda *given: None)),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: Patch) -> None:
    name, plant = FAULTS[fault]
    setting = setting_of(WORLDS["busy"]())
    plant(monkeypatch)
    assert walk(setting, 3, only=name, stop=True).differences[name], fault


@pytest.mark.parametrize("shock", sorted(SHOCKS))
def test_shocks_to_the_market_have_twins(shock: str) -> None:
    world = {**busy(), "start": "2019-02", "end": "2019-05", "shocks": [{"kind": shock.split(" ")[0], **SHOCKS[shock]}]}
    found = walk(setting_of(world), 3)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}
    assert found.changed["disruption"]
