"""Invariant 1: the same configuration and seed give the same run, wherever, however and by whomever it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import TINY, another_process, begun, digest, lived, lively, setting_of

from sim import engine
from sim.params import TIERS
from sim.recorder import Recorder
from sim.run import one_run, run
from sim.state.world import World

SMALL = {"start": "2019-11", "end": "2021-02", "roster": {"states": ["DEU", "GBR", "IDN", "KEN", "USA"]}}
TELL = f"""
import sys
from worlds import digest, lived
from sim.run import one_run
from worlds import setting_of
plain = {SMALL!r}
print(digest(lived(plain)), one_run(setting_of(plain), 7, "scalars").digest)
"""
BY_HASH = """
import numpy as np
import sim.engine
sim.engine.identities = lambda codes: np.array([hash(code) & 0xFFFFFFFFFFFFFFFF for code in codes], dtype=np.uint64)
"""
PLACES = {
    "another hash seed": {"PYTHONHASHSEED": "1"},
    "a random hash seed and a far time zone": {"PYTHONHASHSEED": "random", "TZ": "Pacific/Kiritimati"},
    "another locale and the plain C encoding": {"LC_ALL": "C", "TZ": "America/St_Johns"},
}


@pytest.fixture(scope="module")
def here() -> str:
    return f"{digest(lived(SMALL))} {one_run(setting_of(SMALL), 7, 'scalars').digest}"


@pytest.mark.parametrize("place", sorted(PLACES))
def test_another_process_tells_the_same_story(place: str, here: str, tmp_path: Path) -> None:
    assert another_process(TELL, cwd=tmp_path, **PLACES[place]) == here


def test_luck_by_pythons_own_hash_would_be_caught() -> None:
    one, two = (another_process(BY_HASH + TELL, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert one != two


def test_plain_kernels_give_the_same_bits_as_compiled_ones() -> None:
    code = f"from worlds import digest, lived\nimport sim.kernels\nprint(sim.kernels.COMPILED, digest(lived({TINY!r})))"
    assert another_process(code, CLOUD_DIPLOMACY_JIT="off") == f"False {digest(lived(TINY))}"


def test_the_tier_of_recording_changes_no_digest_and_lower_tiers_are_aggregates_of_higher_ones() -> None:
    setting = setting_of(lively(end="2020-12", protocol={"name": "alternating_offers"}))
    runs = {tier: one_run(setting, 3, tier) for tier in TIERS}
    assert len({one.digest for one in runs.values()}) == 1
    whole = runs["full"]
    for name in whole.scalars:
        assert {one.scalars[name] for one in runs.values()} == {whole.scalars[name]}
    summed = {metric.name for metric in Recorder(setting, "full").metrics if metric.axis == "party" and metric.over_parties == "sum"}
    for metric in Recorder(setting, "full").metrics:
        for name in metric.columns(setting) if metric.name in summed else ():
            np.testing.assert_allclose(whole.panels[name][:, : setting.n_states].sum(axis=1), whole.series[name], rtol=1e-12)
    assert len(whole.offers["month"]) > 0
    assert len(runs["panels"].offers) == 0


def test_a_digest_that_saw_the_tier_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    start = engine.start

    def worse(setting: Any, seed: int, *, record_offers: bool = False) -> World:
        world = start(setting, seed, record_offers=record_offers)
        world.seed += record_offers
        return world

    monkeypatch.setattr(engine, "start", worse)
    setting = setting_of(SMALL)
    assert one_run(setting, 3, "full").digest != one_run(setting, 3, "scalars").digest


def test_many_workers_give_the_records_of_one_process(tmp_path: Path) -> None:
    result = run("baseline", outputs=tmp_path, seed=4, seeds=3, record="series", **SMALL)
    assert [one.seed for one in result.runs] == [4, 5, 6]
    assert [one.digest for one in result.runs] == [run("baseline", seed=seed, **SMALL).runs[0].digest for seed in (4, 5, 6)]
    assert len({one.digest for one in result.runs}) == 3


def test_a_run_watched_and_a_run_from_python_are_one_run() -> None:
    heard: list[int] = []
    watched = run("baseline", seed=7, heard=heard.append, **SMALL)
    assert sum(heard) == len(watched.months)
    assert watched.runs[0].digest == run("baseline", seed=7, **SMALL).runs[0].digest


def test_two_worlds_of_one_setting_never_touch_each_other() -> None:
    alone = digest(lived(SMALL, seed=7))
    one, two = begun(SMALL, seed=7), begun(SMALL, seed=8)
    while one.month <= one.setting.config.end:
        engine.step(two)
        engine.step(one)
    assert digest(one) == alone != digest(two)
