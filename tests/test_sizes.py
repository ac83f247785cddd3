"""Ten states, the whole world and two thousand synthetic states live by the same rules."""

from __future__ import annotations

import numpy as np
import pytest

from sim import engine
from sim.recorder import Recorder
from sim.types import Event

TEN = ["BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "KEN", "USA"]
SIZES = {
    10: {"roster": {"states": TEN}},
    193: {},
    2000: {"roster": {"kind": "synthetic", "n": 2000}},
}


@pytest.mark.parametrize("n", SIZES)
def test_a_world_of_any_size_meets_trades_and_is_measured(n: int) -> None:
    setting = engine.build({**SIZES[n], "end": "2019-03"})
    assert setting.n_states == n
    world, record = engine.start(setting, 1), Recorder(setting, "scalars")
    while world.month <= setting.config.end:
        engine.step(world)
        record.measure(world)
    data = record.finish(world)
    contacts = int((world.events["event"] == Event.CONTACT).sum())
    assert contacts > 3 * n
    undefined = {column for metric in record.metrics if hasattr(metric, "undefined") for column in metric.columns(setting)}
    assert all(np.isfinite(value) for name, value in data.scalars.items() if name not in undefined)
    assert "contacts_held" not in undefined and not np.isinf([*data.scalars.values()]).any()
    assert data.scalars["digital_trade"] > 0.0
    assert setting.edges.n <= 2 * n * setting.config.candidates + 4 * n + 2


def test_candidates_bound_the_partners_a_state_keeps_an_eye_on() -> None:
    few = engine.build({"candidates": 20, "end": "2019-01"})
    everyone = engine.build({"end": "2019-01"})
    assert few.edges.n < 0.35 * everyone.edges.n
    assert np.diff(few.edges.start)[: few.n_states].min() >= 20
