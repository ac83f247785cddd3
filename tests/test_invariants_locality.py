"""Invariant 2: the future never reaches back, and a mechanism reads and writes what it declares and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from worlds import CHANGES_LATER, begun, different, digest_of, lively, months_of, setting_of

from sim import engine
from sim.decide.decisions import Compiled
from sim.engine import MONTH, Action
from sim.mechanisms.trust.rule import Trust
from sim.state.world import World, clone, snapshot
from sim.types import month_index

LEVERS = [
    Action("mechanisms.contacts.hours_head", 4.0),
    Action("mechanisms.bargaining.propose_rate", 0.1),
    Action("agreements.transfer_framework.judge_bar", 1.0),
    Action("agreements.transfer_framework.trade_effect", 0.14),
    Action("mechanisms.trust.memory", 0.9),
    Action("protocol.contacts_to_conclude", 9),
]
DATED = {"talks": "opened", "instruments": "signed", "adherence": "since", "events": "month"}


def history(world: World, before: int) -> dict[str, NDArray[Any]]:
    """Return all that is settled for ever before a month."""
    settled = {}
    for table, key in DATED.items():
        old = world.__dict__[table][key] < before
        for name in world.setting.schema.forms[table]:
            if name not in CHANGES_LATER.get(table, ()):
                settled[f"{table}/{name}"] = world.__dict__[table][name][old]
    return settled


def two_futures(at: int, lever: Action) -> tuple[World, World]:
    worlds = []
    for actions in ({}, {at: [lever]}):
        world = begun(lively(end="2021-03"))
        for _ in months_of(world, actions=actions):
            pass
        worlds.append(world)
    return worlds[0], worlds[1]


@settings(max_examples=6)
@given(st.integers(month_index("2019-07"), month_index("2020-12")), st.sampled_from(LEVERS))
def test_a_lever_moved_in_a_month_changes_nothing_before_it(at: int, lever: Action) -> None:
    quiet, moved = two_futures(at, lever)
    assert different(history(quiet, at), history(moved, at)) == set()


def test_every_lever_changes_something_after_it() -> None:
    for lever in LEVERS:
        quiet, moved = two_futures(month_index("2019-09"), lever)
        lasting = different(snapshot(quiet), snapshot(moved)) - {"levers"}
        assert any(name.startswith("array/") for name in lasting), lever


def test_a_lever_that_rewrites_the_past_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    move = engine.move_lever

    def worse(world: World, action: Action) -> None:
        move(world, action)
        world.events["rank"][3] = (world.events["rank"][3] + 1) % 3

    monkeypatch.setattr(engine, "move_lever", worse)
    at = month_index("2020-02")
    quiet, moved = two_futures(at, LEVERS[0])
    assert different(history(quiet, at), history(moved, at)) == {"events/rank"}


def scrambled(array: NDArray[Any], luck: np.random.Generator) -> NDArray[Any]:
    """Return an array of the same kind in which every number is another."""
    if array.dtype == np.bool_:
        return ~array
    if array.dtype.kind == "i":
        return (array + 1).astype(array.dtype)
    return array * luck.uniform(1.5, 3.0, array.shape) + luck.uniform(0.1, 0.9, array.shape)


def broken_promises(world: World, name: str, luck: np.random.Generator) -> list[str]:
    """Live one mechanism's part of the month in place, and say how it breaks what it declares."""
    part = world.setting.config.mechanisms[name]
    before, blind = snapshot(world), clone(world)
    schema = world.setting.schema
    hidden = [field for field in schema.arrays if field not in schema.reads_of(part) and field not in schema.writes_of(part)]
    for field in hidden:
        getattr(blind, field)[...] = scrambled(getattr(blind, field), luck)
    as_hidden = snapshot(blind)
    part.step(world, Compiled())
    part.step(blind, Compiled())
    after, after_blind = snapshot(world), snapshot(blind)
    faults = []
    for key in after:
        kind, _, word = key.partition("/")
        if kind == "array" and word in hidden:
            if different({key: before[key]}, {key: after[key]}) or different({key: as_hidden[key]}, {key: after_blind[key]}):
                faults.append(f"{name} writes {word} without saying so")
        elif different({key: after[key]}, {key: after_blind[key]}):
            faults.append(f"{name}: {key} depends on something it does not say it reads")
        if kind == "table":
            table = word.split("/")[0]
            if table not in part.tables and different({key: before[key]}, {key: after[key]}):
                faults.append(f"{name} writes the table {table} without saying so")
            if table in ("events", "offers") and after[key][: len(before[key])].tobytes() != before[key].tobytes():
                faults.append(f"{name} rewrites {key}")
    return faults


def faults_of_a_run(plain: dict[str, Any]) -> list[str]:
    world, luck, faults = begun(plain), np.random.default_rng(1), []
    while world.month <= world.setting.config.end:
        for _, name in MONTH:
            faults += broken_promises(world, name, luck)
        world.month += 1
    return sorted(set(faults))


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_every_mechanism_reads_and_writes_only_what_it_declares(protocol: str) -> None:
    assert faults_of_a_run(lively(end="2021-04", protocol={"name": protocol})) == []


def test_what_is_declared_exists() -> None:
    setting = setting_of(lively())
    for part in setting.config.mechanisms.values():
        assert set(part.reads) | set(part.writes) <= {*setting.schema.arrays, *setting.schema.on_rows}, part.name
        assert set(part.tables) <= set(setting.schema.tables), part.name


def test_a_mechanism_that_peeks_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Trust.step

    def peeking(self: Trust, world: World, decide: Any) -> None:
        honest(self, world, decide)
        world.trust *= 1e12 / (1e12 + world.gdp[world.setting.edges.row])

    monkeypatch.setattr(Trust, "step", peeking)
    found = faults_of_a_run(lively(end="2019-07"))
    assert found == ["trust: array/trust depends on something it does not say it reads"]


def test_a_mechanism_that_meddles_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Trust.step

    def meddling(self: Trust, world: World, decide: Any) -> None:
        honest(self, world, decide)
        world.gdp *= 1.01
        world.talks["credit"][:] += 1
        world.events["month"][0] += 0
        world.events["rank"][0] = (world.events["rank"][0] + 1) % 3

    monkeypatch.setattr(Trust, "step", meddling)
    found = faults_of_a_run(lively(end="2019-08"))
    assert "trust writes gdp without saying so" in found
    assert "trust writes the table talks without saying so" in found
    assert "trust rewrites table/events/rank" in found


def test_stepping_in_pieces_is_stepping_at_once() -> None:
    whole, pieces = begun(lively(end="2020-06")), begun(lively(end="2020-06"))
    for _ in months_of(whole):
        pass
    while pieces.month <= pieces.setting.config.end:
        pieces = clone(pieces)
        engine.step(pieces)
    assert digest_of(snapshot(whole)) == digest_of(snapshot(pieces))
