"""What hands bring about that luck seldom does: talks in turned roles and bars over breaches, for every mechanism and its twin alike."""

from __future__ import annotations

import functools
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from promise_worlds import FEW, broken, restless
from reference.plain_month import TWINS
from test_sanctions import sanctioned
from twins import walk
from worlds import setting_of

from sim.contracts import are_alike, is_screened
from sim.ledger import barred, close_talk, made_by_many, open_talk, sign, suspended
from sim.mechanisms import entry
from sim.mechanisms.compliance import rule as compliance
from sim.mechanisms.effects.rule import Effects
from sim.mechanisms.roster import rule as roster
from sim.stakes import packages, renewal
from sim.state.world import Setting, World
from sim.types import Stage, TalkStage

Patch = pytest.MonkeyPatch


@functools.cache
def world_of_words() -> Setting:
    # Hours are cheap, so that there are agreements of every kind in force to turn.
    cheap = {"contacts": {"hour_price": 1.0, "hours_minister": 60.0, "hours_official": 60.0}}
    return setting_of({**broken(months=30), "mechanisms": {**broken()["mechanisms"], **cheap}})


@functools.cache
def world_of_members() -> Setting:
    mechanisms = {**restless()["mechanisms"], "walkouts": {"may": False}}
    small = restless()["agreements"]["infrastructure_pact"]
    late = {"infrastructure_pact": {**small, "months_to_force": 8}}
    return setting_of(restless(end="2021-12", mechanisms=mechanisms, agreements=late))


@functools.cache
def world_of_bars() -> Setting:
    """Return a world in which all are barred from all for some months, again and again, while words are broken and answered."""
    spells = ((2016, 3), (2017, 5), (2019, 1), (2020, 4), (2021, 2))
    months = [(f"{year}-{month:02d}", f"{year}-{month + 4:02d}") for year, month in spells]
    rows = [(*pair, *spell, "0.9", "sourced") for pair in itertools.permutations(FEW, 2) for spell in months]
    with tempfile.TemporaryDirectory() as folder:
        return setting_of(broken(shocks=[{"kind": "sanctions"}], data={"folder": sanctioned(Path(folder), *rows)}))


def free(world: World, *, alike: bool) -> list[int]:
    """List what is in force between two that speak for themselves, hold no talks and are not barred, of types with like roles or not."""
    t, setting, found = world.instruments, world.setting, []
    for row in np.flatnonzero((t["stage"] == Stage.IN_FORCE) & ~made_by_many(world)).tolist():
        kind, first, second = (int(t[key][row]) for key in ("type", "first", "second"))
        edge, one = setting.edges.find(first, second), setting.types[kind]
        speak = edge >= 0 and world.principal[kind, first] == first and world.principal[kind, second] == second
        fit = setting.negotiated[kind] and are_alike(one) is alike and not is_screened(one)
        if speak and fit and world.open_talk[kind, edge] < 0 and not world.blocked[edge]:
            found.append(row)
    return found


def turn(world: World) -> None:
    """Open talks in the other order of roles beside agreements, sign some as successors, and let the terms of others run out."""
    t, soon = world.instruments, np.full(world.instruments["text"].shape[1], 0.5)
    for alike, signed in ((True, ("law_enforcement_access",)), (False, ("infrastructure_pact",))):
        for row in free(world, alike=alike)[:4]:
            kind, first, second = (int(t[key][row]) for key in ("type", "first", "second"))
            if world.setting.type_names[kind] in signed:
                talk = open_talk(world, kind, second, first, second, succeeds=row)
                close_talk(world, talk, TalkStage.CONCLUDED)
                sign(world, talk, soon, due=world.month)
            else:
                open_talk(world, kind, second, first, second)
                t["term"][row] = world.month - t["in_force"][row] - world.array("months_barred")[row]
                world.array("renewal")[row] = 0


def renew(world: World) -> None:
    """Open talks in the other order of roles on what would replace agreements that stay in force meanwhile."""
    for row in free(world, alike=True):
        kind, first, second = (int(world.instruments[key][row]) for key in ("type", "first", "second"))
        open_talk(world, kind, second, first, second, succeeds=row)


def empty(world: World) -> None:
    """Let all members of the coalition walk out at once."""
    bloc = world.setting.party("SOUTH") - world.setting.n_states
    world.gone[bloc, np.flatnonzero(world.member[bloc])] = True


SEEN: set[int] = set()


def remember(world: World) -> None:
    """Note for what instruments have been suspended."""
    SEEN.update(world.array("suspended_for").tolist())


Hands = dict[int, Callable[[World], None]]
TURNED: tuple[Callable[[], Setting], int, Hands] = world_of_words, 7, {5: turn, 14: turn, 20: renew}
BARRED: tuple[Callable[[], Setting], int, Hands] = world_of_bars, 7, {}
LEFT: tuple[Callable[[], Setting], int, Hands] = world_of_members, 3, {18: empty}


def test_every_mechanism_and_its_twin_do_the_same_as_roles_are_turned() -> None:
    found = walk(world_of_words(), 7, hands=TURNED[2])
    assert {mechanism: some[:5] for mechanism, some in found.differences.items() if some} == {}
    assert set(found.differences) == set(TWINS)
    old = found.last.instruments["successor_of"]
    new = np.flatnonzero((old >= 0) & (found.last.instruments["in_force"] >= 0))
    assert any(found.last.instruments["first"][row] == found.last.instruments["second"][old[row]] for row in new.tolist())


def test_every_mechanism_and_its_twin_do_the_same_under_bars_and_breaches() -> None:
    found, both = walk(world_of_bars(), 7, hands=dict.fromkeys(range(96), remember)), SEEN.copy()
    assert {mechanism: some[:5] for mechanism, some in found.differences.items() if some} == {}
    assert both == {0, 1, 2, 3}


@pytest.mark.parametrize("after", [10, 25, 30])
def test_every_mechanism_and_its_twin_do_the_same_as_the_last_member_of_a_coalition_goes(after: int) -> None:
    found = walk(world_of_members(), 0, hands={after: empty})
    assert {mechanism: some[:5] for mechanism, some in found.differences.items() if some} == {}
    assert found.seen & {"COMPETENCE_LOST", "TOO_FEW"}


FAULTS: dict[tuple[str, str], tuple[Callable[[Patch], None], Callable[[], Setting], int, Hands]] = {
    ("entry", "what is replaced in turned roles lives on"): (lambda p: answers(p, entry, "are_alike", False), *TURNED),
    ("entry", "what has other roles is replaced"): (lambda p: answers(p, entry, "are_alike", True), *TURNED),
    ("durability", "talks in turned roles do for what has other roles"): (lambda p: answers(p, renewal, "are_alike", True), *TURNED),
    ("durability", "talks in turned roles do for nothing"): (lambda p: answers(p, renewal, "are_alike", False), *TURNED),
    ("bargaining", "each side counts what the other has"): (lambda p: p.setattr(packages, "kept_gain", other_way_round), *TURNED),
    ("roster", "what nobody signed lives on"): (lambda p: answers(p, roster, "dissolve", None), *LEFT),
    ("disruption", "a bar that is lifted takes a breach with it"): (lambda p: p.setattr(barred, "lift", whatever_holds_it), *BARRED),
    ("disruption", "a bar over what a breach suspends is not noted"): (lambda p: p.setattr(barred, "suspend", in_force_alone), *BARRED),
    ("compliance", "a cure lifts the bar"): (lambda p: p.setattr(compliance, "lift", whatever_holds_it), world_of_bars, 1, {}),
    ("compliance", "an answer under a bar is not noted"): (lambda p: p.setattr(compliance, "suspend", in_force_alone), *BARRED),
    ("effects", "a host counts on what fell"): (lambda p: answers(p, Effects, "_waited", True), *LEFT),
}


def answers(patch: Patch, owner: Any, name: str, answer: Any) -> None:
    patch.setattr(owner, name, lambda *some: answer)


def whatever_holds_it(world: World, row: int, cause: int) -> bool:
    world.array("suspended_for")[row] = cause
    return suspended.lift(world, row, cause)


def in_force_alone(world: World, row: int, cause: int) -> bool:
    return world.instruments["stage"][row] == Stage.IN_FORCE and suspended.suspend(world, row, cause)


def other_way_round(world: World, row: int) -> np.ndarray:
    return renewal.kept_gain(world, row)[::-1]


@pytest.mark.parametrize(("mechanism", "fault"), FAULTS)
def test_a_fault_in_what_hands_bring_about_is_found(mechanism: str, fault: str, monkeypatch: Patch) -> None:
    plant, setting, seed, hands = FAULTS[mechanism, fault]
    made = setting()
    plant(monkeypatch)
    assert walk(made, seed, only=mechanism, stop=True, hands=hands).differences[mechanism] != []
