"""The worlds in which planted faults are looked for, each lived three months once, the walk that looks, and how faults are planted."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from twin_worlds import barred
from twins import LEVERS, SHORT, demanding, meddle, sated, small, three_months, torn, walk, without_a_voice
from worlds import setting_of

from sim.state.world import Setting, World

Patch = pytest.MonkeyPatch

USUAL: tuple[Callable[[], Setting], ...] = (
    lambda: setting_of(small("nash")),
    lambda: setting_of(small("alternating_offers")),
    lambda: setting_of(small("nash", "baseline")),
)
AT_HOME: tuple[Callable[[], Setting], ...] = (
    lambda: demanding(setting_of(torn("nash"))),
    lambda: demanding(setting_of(torn("alternating_offers"))),
)


@functools.cache
def lived(make: Callable[[], Setting], seed: int) -> World:
    """Live three months once for all faults."""
    return three_months(make(), seed, hands={1: meddle}, stubborn=True, actions=LEVERS)


ON_SCREENS = {**SHORT["mechanisms"], "contacts": {"hour_price": 3.0, "line_enough": 1.0, "novice": 1.0}}
MEDIATED = {**SHORT["mechanisms"], "bodies": {"good_terms": 1.0}, "platforms": {"clouds": False, "ports_usual": 0.0, "ports_least": 2}}
POOR = {**SHORT["mechanisms"], "vaccines": {"can_pay": 6000.0}}
OWN: dict[str, tuple[Callable[[], Setting], int]] = {
    "disruption": (lambda: setting_of(barred()), 3),  # the war finds something in force
    "bargaining": (AT_HOME[0], 5),  # two bid for one host in a month
    "bodies": (lambda: setting_of(small("nash", mechanisms=MEDIATED)), 0),  # few are on good terms, and bridges are small
    "vaccines": (lambda: setting_of(small("nash", mechanisms=POOR, start="2020-11")), 0),  # most cannot pay
    "contacts": (lambda: setting_of(small("nash", mechanisms=ON_SCREENS)), 0),  # thin lines matter to all
    "entry": (AT_HOME[0], 8),  # a bloc that comes to be bound binds its members
    "law": (AT_HOME[1], 5),  # who signs raises its law
    "ratification": (AT_HOME[0], 2),  # one has ratified when the other side refuses
}
"""A world, and its seed, in which there is most to do for one mechanism."""


def worlds(mechanism: str) -> list[World]:
    """List the worlds to walk, each three months old, first those in which a mechanism has most to do."""
    some = AT_HOME + USUAL if mechanism in ("bargaining", "ratification") else USUAL + AT_HOME
    own = [lived(*OWN[mechanism])] if mechanism in OWN else []
    return [*own, *(lived(make, seed) for seed, make in enumerate(some))]


def found(mechanism: str) -> list[str]:
    """Walk until the twin and the mechanism part, in a few worlds, because each has its own occasions."""
    hands = {4: without_a_voice, **({6: sated, 9: sated} if mechanism == "ratification" else {})}
    for begin in worlds(mechanism):
        seen = walk(begin.setting, begin.seed, only=mechanism, stop=True, hands=hands, stubborn=True, actions=LEVERS, begin=begin)
        if seen.differences[mechanism]:
            return seen.differences[mechanism]
    return []


def after(patch: Patch, owner: Any, name: str, spoil: Callable[..., Any]) -> None:
    """Let a function or method do its work, and hand its result and arguments on to be spoilt; None keeps the result."""
    honest = getattr(owner, name)

    def faulty(*args: Any, **kwargs: Any) -> Any:
        result = honest(*args, **kwargs)
        spoilt = spoil(result, *args)
        return result if spoilt is None else spoilt

    patch.setattr(owner, name, faulty)


def instead(patch: Patch, owner: Any, name: str, result: Any = None) -> None:
    patch.setattr(owner, name, lambda *args, **kwargs: result)


def without(patch: Patch, owner: Any, method: str, array: str, value: Any) -> None:
    """Let a method see one array of the world as a constant."""
    honest = getattr(owner, method)

    def blind(self: Any, world: Any, *rest: Any) -> Any:
        kept = getattr(world, array)
        setattr(world, array, np.full_like(kept, value))
        try:
            return honest(self, world, *rest)
        finally:
            setattr(world, array, kept)

    patch.setattr(owner, method, blind)
