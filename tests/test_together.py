"""A folder whose tables come from two runs is noticed by every reader."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fake_run
import pytest

from analysis.store import open_run
from sim import run
from sim.types import UserError

FEW = {"roster": {"states": ["DEU", "FRA", "IDN", "SGP"]}, "end": "2019-04"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the folders of two runs that differ in their protocol alone: the same seed, months and columns."""
    outputs = tmp_path_factory.mktemp("two")
    first, second = (run("baseline", seed=3, protocol=name, outputs=outputs, **FEW).folder for name in ("nash", "alternating_offers"))
    assert first is not None and second is not None
    return first, second


@pytest.mark.parametrize("table", ["scalars", "series", "panels", "events", "instruments"])
def test_a_table_of_another_run_is_refused(table: str, two: tuple[Path, Path], tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    shutil.copytree(two[0], mixed)
    assert open_run(mixed).seeds == (3,)
    shutil.copy(two[1] / f"{table}.parquet", mixed)
    with pytest.raises(UserError, match=rf"{table}\.parquet belongs to another run than .*manifest\.json"):
        open_run(mixed)


def test_a_manifest_of_another_run_is_refused(two: tuple[Path, Path], tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    shutil.copytree(two[0], mixed)
    shutil.copy(two[1] / "manifest.json", mixed)
    with pytest.raises(UserError, match="belongs to another run"):
        open_run(mixed)


def test_tables_without_a_mark_are_held_against_the_seeds(tmp_path: Path) -> None:
    folder = fake_run.write(tmp_path / "old", n_runs=2, months=3)
    assert open_run(folder).seeds == (0, 1)
    other = fake_run.write(tmp_path / "other", n_runs=3, months=3)
    shutil.copy(other / "series.parquet", folder)
    with pytest.raises(UserError, match=r"series\.parquet belongs to another run"):
        open_run(folder)


@pytest.mark.usefixtures("one_process")
def test_a_result_of_many_seeds_belongs_together(tmp_path: Path) -> None:
    made = run("baseline", seed=3, seeds=2, outputs=tmp_path, **FEW)
    assert made.folder is not None
    assert open_run(made.folder).seeds == (3, 4)
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["digests"]) == 2


def test_what_figures_share_of_a_run_is_to_read_only(two: tuple[Path, Path]) -> None:
    stored = open_run(two[0])
    for shared in (stored.months, stored.roster.lat, stored.roster.lon):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 0
    stored.series("contacts_visit")[0] = -1.0
    assert (stored.series("contacts_visit") >= 0.0).all()
