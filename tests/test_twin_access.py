"""Access has a plain twin, programmes too, and a fault planted in either is found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from access_worlds import helped, silent
from fault_worlds import instead
from twins import Walk, walk
from worlds import setting_of

from sim import engine
from sim.consequences.hands_over import HandsOver
from sim.consequences.subsidises import Subsidises
from sim.consequences.trains import Trains
from sim.mechanisms.access import equations
from sim.mechanisms.access.rule import Access
from sim.mechanisms.roster.rule import RosterOfTheMonth
from sim.state.world import World

Patch = pytest.MonkeyPatch
LEVER = {5: [engine.Action("mechanisms.access.landing_price", 0.3)]}
WORLDS: dict[str, Callable[[], dict[str, Any]]] = {"helped": helped, "silent": lambda: helped("2020-03", negotiated=[])}
HANDS: dict[str, dict[int, Callable[[World], None]]] = {"helped": {}, "silent": {1: silent}}


@functools.cache
def walked(name: str) -> Walk:
    return walk(setting_of(WORLDS[name]()), 3, actions=LEVER if name == "helped" else None, hands=HANDS[name])


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_month_by_month_the_twins_do_the_same(name: str) -> None:
    found = walked(name)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}


def test_all_that_access_writes_was_written_and_compared() -> None:
    assert set(Access.writes) <= walked("helped").changed["access"]
    assert {"paid", "received", "overhead", "access_funds", "learning_funds", "technology_offered"} <= walked("helped").changed["effects"]
    kinds = walked("helped").last.instruments["type"]
    assert (kinds == walked("helped").last.setting.type_names.index("capacity_programme")).sum() >= 5


def kernel(patch: Patch, name: str, spoil: Callable[..., None]) -> None:
    """Let a kernel do its work, and then spoil what it filled."""
    honest = getattr(equations, name)

    def spoilt(*given: Any) -> Any:
        found = honest(*given)
        spoil(*given)
        return found

    patch.setattr(equations, name, spoilt)


def a_little_more(*given: Any) -> None:
    use = given[-1]
    use[: len(given[-2])] *= 1.0 + 1e-6


def no_skills(*given: Any) -> None:
    given[-2][:] *= 1.01


def one_purse(*given: Any) -> None:
    given[0][:] += 1.0


def cheaper(*given: Any) -> None:
    given[-1][:] *= 0.999


def known_to_all(*given: Any) -> None:
    use, n = given[-1], len(given[-2])
    use[n:] = use[:n].mean()


def looked_up(self: Any, world: World) -> None:
    roster, n = world.setting.roster, world.setting.n_states
    world.internet_use[:n] = roster.figure("internet_use", world.month)


FAULTS: dict[str, tuple[str, str, Callable[[Patch], None]]] = {
    "a few more come online": ("helped", "access", lambda p: kernel(p, "renew", a_little_more)),
    "ceilings are too high": ("helped", "access", lambda p: kernel(p, "renew", no_skills)),
    "what was spent stays": ("helped", "access", lambda p: kernel(p, "spend", one_purse)),
    "prices fall too far": ("helped", "access", lambda p: kernel(p, "land", cheaper)),
    "nothing lands": ("helped", "access", lambda p: instead(p, Access, "_land", None)),
    "nobody helps": ("helped", "access", lambda p: instead(p, Access, "_help", None)),
    "members count alike": ("helped", "access", lambda p: kernel(p, "renew", known_to_all)),
    "who is cut off goes on growing": (
        "silent", "access",
        lambda p: p.setattr(Access, "_cut_off", lambda self, world: np.zeros(world.setting.n_states, dtype=np.bool_)),
    ),
    "the roster looks use up": ("helped", "roster", lambda p: p.setattr(RosterOfTheMonth, "_promises", looked_up)),
    "bills are paid twice": ("helped", "bargaining", lambda p: filled(p, Subsidises, "subsidy_funds", 2.0)),
    "teaching is free": ("helped", "bargaining", lambda p: filled(p, Trains, "training_overhead", 0.0)),
    "too much technology takes root": ("helped", "bargaining", lambda p: filled(p, HandsOver, "technology_a_month", 1.5)),
}  # fmt: skip


def filled(patch: Patch, which: Any, column: str, factor: float) -> None:
    """Let a consequence fill in another number."""
    honest = which.compile
    patch.setattr(which, "compile", lambda self, made: {**honest(self, made), column: factor * honest(self, made)[column]})


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: Patch) -> None:
    name, mechanism, plant = FAULTS[fault]
    plant(monkeypatch)
    found = walk(setting_of(WORLDS[name]()), 3, only=mechanism, stop=True, hands=HANDS[name])
    assert found.differences[mechanism], fault


def test_money_added_in_another_array_is_found(monkeypatch: Patch) -> None:
    from sim.mechanisms.effects import rule

    monkeypatch.setattr(rule, "add_of_the_month", lambda world: None)
    assert walk(setting_of(helped()), 3, only="effects", stop=True).differences["effects"]
