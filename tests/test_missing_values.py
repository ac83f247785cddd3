"""A value that is undefined stays missing on its way: scalars, series, panels, a report, and the tables of a study."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from analysis.__main__ import main as analyse
from sim.__main__ import main

PART = '''
"""A metric that is undefined for some or all."""
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from sim.parts import part


@part("metric", name="{name}", title="Odd", title_id="Ganjil", sentence_id="Kadang tidak terdefinisi.")
@dataclass(frozen=True)
class Odd:
    """A number that is undefined for some."""

    unit: ClassVar[str] = "share"
    axis: ClassVar[str] = "{axis}"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting):
        return ("{name}",)

    def measure(self, world):
        return {value}
'''
FEW = ["roster.states=[DEU,GBR,USA]", "start=2019-11", "end=2020-01", "parts=mine"]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine" / "metrics"
    folder.mkdir(parents=True)
    some = "np.where(np.arange(world.setting.n_parties) == 0, 0.5, np.nan)[None, :]"
    for name, axis, value in (("never", "world", "np.array([np.nan])"), ("some", "party", some)):
        (folder / f"{name}.py").write_text(PART.format(name=name, axis=axis, value=value), encoding="utf-8")
    return tmp_path


def last_folder(said: str, word: str) -> Path:
    return Path(next(line for line in reversed(said.splitlines()) if line.startswith(f"{word}: ")).removeprefix(f"{word}: "))


def test_a_users_metric_may_be_missing_from_the_run_to_the_report(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios=baseline", "record=panels", *FEW]) == 0
    folder = last_folder(capsys.readouterr().out, "run")
    for table in ("scalars", "series"):
        found = pq.read_table(folder / f"{table}.parquet")
        assert np.isnan(np.array(found["never"].to_pylist(), dtype=np.float64)).all()
        assert (np.array(found["some"].to_pylist()) == 0.5).all()
    panel = pq.read_table(folder / "panels.parquet", filters=[("metric", "in", ["some"])])
    values = np.array(panel["value"].to_pylist(), dtype=np.float64)
    assert np.isnan(values).any() and (values[~np.isnan(values)] == 0.5).all()
    assert analyse(["report", str(folder)]) == 0


def test_a_metric_that_is_missing_goes_into_a_studys_tables(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = mine / "plan.yaml"
    plan.write_text(
        "set: {start: 2019-11, end: 2019-12, roster.states: [DEU, GBR, USA]}\n"
        "factors: {mechanisms.contacts.hours_head: {low: 1.0, high: 2.0}}\nsampler: {kind: grid, levels: 2}\n",
        encoding="utf-8",
    )
    assert main([f"study={plan}", "parts=mine"]) == 0, capsys.readouterr().err
    folder = last_folder(capsys.readouterr().out, "study")
    found = pq.read_table(folder / "scalars.parquet")
    assert len(found) == 2 and np.isnan(np.array(found["never"].to_pylist(), dtype=np.float64)).all()
    assert np.isnan(np.array(found["never_ratified"].to_pylist(), dtype=np.float64)).all()
