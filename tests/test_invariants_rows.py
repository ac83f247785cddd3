"""Invariant 5: the order of the rows of any input table changes nothing, to the byte."""

from __future__ import annotations

import dataclasses
import random
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from worlds import ROOT, digest, tree

from sim import engine
from sim.data import roster as room
from sim.data.source import Source
from sim.run import one_run

OURS = ROOT / "sim" / "data" / "un"


def shuffle(folder: Path, seed: int, only: str | None = None) -> None:
    """Put the rows of every table of a folder in another order, headers apart."""
    luck = random.Random(seed)
    for path in sorted(folder.glob("*.csv")):
        if only in (None, path.stem):
            header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
            luck.shuffle(rows)
            path.write_text("".join([header, *rows]), encoding="utf-8")


def story(folder: Path, **over: Any) -> tuple[str, str, str]:
    """Run the small world on a folder's tables: digest of the roster, of the record and of all that the world holds at its end."""
    setting = engine.build(tree(data={"folder": str(folder)}, end="2020-06", **over))
    world = engine.start(setting, 7)
    while world.month <= setting.config.end:
        engine.step(world)
    return setting.roster.digest, one_run(setting, 7, "scalars").digest, digest(world)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    shutil.copytree(OURS, tmp_path / "tables")
    return tmp_path / "tables"


@pytest.mark.parametrize("over", [{}, {"candidates": 3}], ids=["all partners", "three partners"])
def test_shuffled_rows_change_nothing(tables: Path, over: dict[str, Any]) -> None:
    as_written = story(tables, **over)
    for seed in (1, 2):
        shuffle(tables, seed)
        assert story(tables, **over) == as_written


def test_a_table_believed_in_the_order_of_its_file_would_be_caught(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.read_source

    def trusting(folder: Path | None) -> Source:
        assert folder is not None
        first = (folder / "states.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
        source = honest(folder)
        lat = source.lat.copy()
        lat[source.codes.index(first)] *= 0.9
        return dataclasses.replace(source, lat=lat)

    monkeypatch.setattr(room, "read_source", trusting)
    small = {"roster": {"states": ["AFG", "DEU", "FRA", "USA"]}}
    first = (tables / "states.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    assert first == "AFG"
    as_written = story(tables, **small)
    shuffle(tables, 1, only="states")
    assert all(one != two for one, two in zip(story(tables, **small), as_written, strict=True))


def test_the_order_in_which_states_are_named_changes_nothing() -> None:
    codes = tree()["roster"]["states"]
    there, back = (engine.build(tree(end="2019-12", roster={"states": names})) for names in (codes, codes[::-1]))
    assert there.codes == back.codes
    assert there.digest == back.digest
    worlds = [engine.start(setting, 7) for setting in (there, back)]
    for world in worlds:
        while world.month <= world.setting.config.end:
            engine.step(world)
    assert worlds[0].events["value"].tobytes() == worlds[1].events["value"].tobytes()
    assert worlds[0].trade.tobytes() == worlds[1].trade.tobytes()
    assert worlds[0].trust.tobytes() == worlds[1].trust.tobytes()


def test_the_same_tables_in_another_folder_are_the_same_setting_and_changed_tables_are_not(tmp_path: Path) -> None:
    digests = []
    for name, whole in (("one", True), ("two", True), ("three", False)):
        folder = tmp_path / name
        folder.mkdir()
        lines = (OURS / "borders.csv").read_text(encoding="utf-8").splitlines()
        kept = lines if whole else lines[:-1]
        (folder / "borders.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
        digests.append(engine.build({"data": {"folder": str(folder)}}).digest)
    assert digests[0] == digests[1] != digests[2]


def test_our_tables_are_what_the_package_ships() -> None:
    assert Path(str(resources.files("sim.data"))) / "un" == OURS
