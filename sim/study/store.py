"""A study's folder: its manifest, its rounds of work, and what was promised about them.

``manifest.json`` says ``running`` until every run has been collected; ``rounds/N.json`` holds what one start, resumption or growth set out
to do: ranges of runs and the runs a shard. A round's number tells older results from newer ones, so that no clock is needed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.files import is_orphan, read_json, tried, write_new
from sim.folder import write_signed
from sim.older.forms import NEWEST, OLDER, as_written
from sim.params import folder_of
from sim.seal import MANIFEST, Damaged, copy_fault, read_signed
from sim.study.manifest_form import refuse_other_manifests, refuse_other_rounds
from sim.study.plan import Plan, plan_of
from sim.study.shards import DAMAGED, SERIES, SHARDS
from sim.types import UserError

SCHEMA = NEWEST
ROUNDS, KEPT = "rounds", "kept"


@dataclass(frozen=True)
class Round:
    """One stretch of work: which runs, and how many a shard.

    Attributes
    ----------
    number : int
        From 1.
    ranges : tuple of (int, int)
        Runs, first and one past the last.
    chunk : int
        Runs a shard.
    """

    number: int
    ranges: tuple[tuple[int, int], ...]
    chunk: int

    @property
    def n_runs(self) -> int:
        """Runs in all."""
        return sum(end - first for first, end in self.ranges)

    @property
    def n_chunks(self) -> int:
        """Shards in all."""
        return -(-self.n_runs // self.chunk)

    def chunks(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Give the ranges of each shard in order."""
        part: list[tuple[int, int]] = []
        room = self.chunk
        for first, end in self.ranges:
            while first < end:
                stop = min(end, first + room)
                part.append((first, stop))
                room -= stop - first
                first = stop
                if room == 0:
                    yield tuple(part)
                    part, room = [], self.chunk
        if part:
            yield tuple(part)

    def shard(self, part: tuple[tuple[int, int], ...]) -> str:
        """Name the shard of some runs; names sort by run and then by round."""
        return f"part-{part[0][0]:08d}-{part[-1][1] - 1:08d}-{self.number:04d}.parquet"


def study_folder(text: str | Path) -> Path:
    """Return a study's folder as given, or say why it is none.

    Raises
    ------
    UserError
        If it is not the folder of a study, or its manifest cannot be read.
    """
    folder = folder_of("FOLDER", text)
    read_manifest(folder)
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a study, in the newest form.

    Raises
    ------
    UserError
        If there is none, it is damaged, of a newer form, or not a study's.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}")
    try:
        manifest = tried(lambda: read_signed(folder), folder / MANIFEST)[0]
    except FileNotFoundError:
        raise UserError(f"{folder} holds no {MANIFEST}: it is not the folder of a study, or starting it was cut short") from None
    except (OSError, Damaged) as fault:
        raise UserError(f"{folder / MANIFEST} {fault}") from None
    return refuse_other_manifests(str(folder / MANIFEST), manifest)


def is_run_folder(folder: Path) -> bool:
    """Say whether a folder is that of a run, not of a study."""
    try:
        return read_signed(folder)[0].get("kind") != "study"
    except (OSError, Damaged):
        return False


def manifest_faults(folder: Path) -> list[str]:
    """List what is wrong with the manifest of a study that can be read all the same, and with its copy; the next writing mends both."""
    try:
        found = [read_signed(folder)[1], copy_fault(folder)]
    except (OSError, Damaged) as fault:
        found = [f"{folder / MANIFEST} {fault}"]
    return [one for one in found if one is not None]


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest and its copy by rename; that of an older study stays in its own form."""
    whole = as_written(manifest, "study") if OLDER in manifest else {**manifest, "schema": SCHEMA}
    write_signed(folder, {**whole, "kind": "study"})


def plan_in(manifest: dict[str, Any]) -> Plan:
    """Make the plan a manifest holds; parts of the user must have been loaded."""
    return plan_of(manifest["plan"], manifest["name"])


def run_folder(run: int) -> str:
    """Name the folder of a run that is kept."""
    return f"run-{run:08d}"


def make_rooms(folder: Path) -> None:
    """Make the folders inside a study's folder."""
    for name in (SHARDS, ROUNDS):
        (folder / name).mkdir(exist_ok=True)


def new_round(folder: Path, ranges: list[tuple[int, int]], chunk: int) -> Round:
    """Write down a new round under the next free number; two that start at once never share one."""
    number = 1 + max((int(path.stem) for path in (folder / ROUNDS).glob("*.json") if path.stem.isdecimal()), default=0)
    while True:
        text = json.dumps({"number": number, "chunk": chunk, "ranges": [list(one) for one in ranges]})
        if write_new(folder / ROUNDS / f"{number}.json", text):
            return Round(number, tuple(ranges), chunk)
        number += 1


def read_round(folder: Path, number: int) -> Round:
    """Read a round.

    Raises
    ------
    UserError
        If there is no such round or it cannot be read.
    """
    path = folder / ROUNDS / f"{number}.json"
    try:
        tree = refuse_other_rounds(str(path), read_json(path), number)
    except FileNotFoundError:
        raise UserError(f"{path} cannot be read: there is no such round") from None
    return Round(tree["number"], tuple((first, end) for first, end in tree["ranges"]), tree["chunk"])


def set_aside(folder: Path, names: list[str]) -> None:
    """Move damaged shards, and the series that belong to them, out of the way, where they can be looked at."""
    for name in names:
        (folder / DAMAGED).mkdir(exist_ok=True)
        _move(folder / SHARDS / name, folder / DAMAGED / name)
        if os.path.lexists(folder / SERIES / name):
            _move(folder / SERIES / name, folder / DAMAGED / f"{SERIES}-{name}")


def _move(path: Path, target: Path) -> None:
    """Move a file, a link or a folder to a place of its own: what was set aside under that name before stays."""
    number = 1
    while os.path.lexists(target):
        number += 1
        target = target.with_name(f"{target.name.removesuffix(f'-{number - 1}')}-{number}")
    tried(lambda: path.rename(target), path)


def leftovers(folder: Path) -> list[Path]:
    """List what a writer on this machine left half done when it died; what live writers and other machines do stays."""
    rooms = (folder, *(folder / name for name in (SHARDS, SERIES, ROUNDS, KEPT)))
    return sorted(path for room in rooms for path in room.glob(".*.partial") if is_orphan(path))


def clear(folder: Path) -> None:
    """Remove what dead writers left half done."""
    for path in leftovers(folder):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
