"""A world saved is the world: run 36 = run 18 + save + new process + run 18, levers included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import another_process, begun, different, digest, digest_of, lively, months_of, setting_of

from sim import engine
from sim.engine import Action
from sim.state.world import World, clone, snapshot
from sim.types import ModelFault, UserError, month_index

LEVERS = {
    month_index("2019-10"): [Action("agreements.transfer_framework.judge_bar", 0.8), Action("mechanisms.contacts.hours_head", 2.5)],
    month_index("2020-01"): [Action("mechanisms.bargaining.propose_rate", 0.6)],
    month_index("2021-01"): [Action("agreements.transfer_framework.judge_bar", 0.9)],
}
CONTINUE = """
import sys
import numpy as np
from sim import engine
from worlds import digest, months_of, setting_of
import test_snapshot
world = engine.restore(setting_of({plain!r}), np.load({saved!r}))
for _ in months_of(world, actions=test_snapshot.LEVERS):
    pass
print(digest(world))
"""


def until(world: World, month: str) -> World:
    for _ in months_of(world, month_index(month) - world.month, actions=LEVERS):
        pass
    return world


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_a_run_saved_and_continued_in_a_new_process_is_the_run(protocol: str, tmp_path: Path) -> None:
    plain = lively(protocol={"name": protocol})
    whole = begun(plain)
    whole.record_offers = True
    half = clone(whole)
    for _ in months_of(whole, actions=LEVERS):
        pass
    until(half, "2020-12")
    saved = tmp_path / "half.npz"
    np.savez(saved, **snapshot(half))
    assert another_process(CONTINUE.format(plain=plain, saved=str(saved))) == digest(whole)


def test_a_lever_lost_on_the_way_would_be_caught() -> None:
    whole, half = until(begun(lively()), "2021-02"), until(begun(lively()), "2020-12")
    arrays = snapshot(half)
    arrays["levers"] = arrays["levers"][[0, 2]]
    forgetful = until(engine.restore(setting_of(lively()), arrays), "2021-02")
    assert "levers" in different(snapshot(whole), snapshot(forgetful))
    assert different(snapshot(whole), snapshot(forgetful)) & {"array/trust", "array/trust_kept"}


def test_a_snapshot_is_a_copy_and_restores_every_bit() -> None:
    world = until(begun(lively()), "2020-06")
    arrays = snapshot(world)
    kept = digest_of(arrays)
    again = engine.restore(setting_of(lively()), arrays)
    assert digest(again) == kept
    engine.step(world)
    assert digest_of(arrays) == kept == digest(again) != digest(world)
    assert again.setting.config.mechanisms == world.setting.config.mechanisms
    assert again.setting.config.agreements == world.setting.config.agreements


def test_a_clone_lives_its_own_life_and_the_same_one() -> None:
    world = until(begun(lively()), "2020-06")
    twin = clone(world)
    engine.step(twin)
    assert digest(world) != digest(twin)
    engine.step(world)
    assert digest(world) == digest(twin)


def test_a_snapshot_of_another_configuration_is_refused() -> None:
    arrays = snapshot(begun(lively()))
    with pytest.raises(ModelFault, match="made under another configuration"):
        engine.restore(setting_of(lively(end="2020-01")), arrays)


@pytest.mark.parametrize("value", [0.5, np.float64(0.5), np.float32(0.5), 1])
def test_a_lever_of_any_kind_of_number_survives(value: Any, tmp_path: Path) -> None:
    world = begun(lively())
    engine.step(world, [Action("mechanisms.contacts.trust_weight", value)])
    np.savez(tmp_path / "w.npz", **snapshot(world))
    again = engine.restore(setting_of(lively()), np.load(tmp_path / "w.npz"))
    assert again.setting.config.mechanisms["contacts"].trust_weight == float(value)
    engine.step(again)
    engine.step(world)
    assert digest(again) == digest(world)


def test_a_whole_number_lever_may_come_from_numpy(tmp_path: Path) -> None:
    world = begun(lively())
    engine.step(world, [Action("mechanisms.bargaining.lapse", np.int64(4))])
    assert world.setting.config.mechanisms["bargaining"].lapse == 4
    assert digest(engine.restore(setting_of(lively()), snapshot(world))) == digest(world)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("mechanisms.contacts.hats", 1.0, "no parameter 'hats'"),
        ("mechanisms.contact.heads", 1.0, "did you mean 'contacts'"),
        ("mechanisms.contacts.hours_head", 999.0, "lies outside"),
        ("agreements.transfer_framework.judge_bar", "high", "must be a number"),
        ("heads", 1.0, "not of the form"),
        ("protocol.speed", 1.0, "no parameter 'speed'"),
    ],
)
def test_a_lever_that_is_none_is_refused_in_a_sentence_and_nothing_moves(path: str, value: Any, words: str) -> None:
    world = begun(lively())
    before = digest(world)
    good = Action("mechanisms.contacts.hours_head", 2.0)
    with pytest.raises(UserError, match=words):
        engine.step(world, [good, Action(path, value)])
    assert digest(world) == before
