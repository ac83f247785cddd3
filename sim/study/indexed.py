"""A quick index of a study's shards for those who only ask how far it is, kept in the study's folder as ``.index.npz``.

A shard is read once; while its name, size and time of change stay, what was read then stands. An index that cannot be read or does not
fit is made anew. Only ``status`` looks at it: what is collected, checked or resumed is read from the shards themselves.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import column_of, partial_name
from sim.study.manifest_form import fault_of_rows
from sim.study.shards import FOREIGN, SERIES, SHARDS, fault_in, owner_of, read_shard, study_of

FILE = ".index.npz"
_FORM = 1
_ROW = {"run": np.int64, "round": np.int64, "seconds": np.float64, "done": np.bool_}


@dataclass(frozen=True)
class Quick:
    """What the shards of a study hold.

    Attributes
    ----------
    run, round, seconds, done : arrays (rows,)
        Every row of every sound shard, in order of the shards' names; a run may stand in several.
    failed : list of (int, int, str)
        Run, round and error of every row that failed.
    names : tuple of str
        Sound shards; ``rows`` (shards,) says how many rows each has, ``changed`` (shards,) when it was written, seconds since 1970.
    bad : dict of str to str
        Shards that cannot be read, each with the reason.
    bytes : int
        Of all shards and series.
    read : int
        Shards that had to be read this time.
    """

    run: NDArray[np.int64]
    round: NDArray[np.int64]
    seconds: NDArray[np.float64]
    done: NDArray[np.bool_]
    failed: list[tuple[int, int, str]]
    names: tuple[str, ...]
    rows: NDArray[np.int64]
    changed: NDArray[np.float64]
    bad: dict[str, str]
    bytes: int
    read: int


def quick_index(folder: Path) -> Quick:
    """Return what the shards hold; read only those that are new or changed, and keep what was read where the folder can be written."""
    there, series = _listed(folder / SHARDS), _listed(folder / SERIES)
    known, study = _kept(folder), study_of(folder)
    pieces: list[dict[str, Any]] = []
    read = 0
    for name in sorted(there):
        before = known.get(name)
        wanted = (there[name], series.get(name, (0, 0)))
        if before is None or (before["key"], before["series"]) != wanted:
            before = {"name": name, "key": wanted[0], "series": wanted[1], **_read(folder, name, study, monthly=(folder / SERIES).is_dir())}
            read += 1
        pieces.append(before)
    if read or len(known) != len(there):
        _keep(folder, pieces)
    sound = [piece for piece in pieces if not piece["fault"]]
    columns = {key: np.concatenate([np.zeros(0, dtype=kind), *(piece[key] for piece in sound)]) for key, kind in _ROW.items()}
    return Quick(
        **columns,
        failed=[row for piece in sound for row in piece["failed"]],
        names=tuple(piece["name"] for piece in sound),
        rows=np.array([len(piece["run"]) for piece in sound], dtype=np.int64),
        changed=np.array([piece["key"][1] / 1e9 for piece in sound]),
        bad={piece["name"]: piece["fault"] for piece in pieces if piece["fault"]},
        bytes=sum(size for size, _ in [*there.values(), *series.values()]),
        read=read,
    )


def _listed(room: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change (ns) of every shard in a folder."""
    found = {}
    try:
        with os.scandir(room) as entries:
            for entry in entries:
                if entry.name.startswith("part-") and entry.name.endswith(".parquet"):
                    try:
                        stat = entry.stat()
                        found[entry.name] = (stat.st_size, stat.st_mtime_ns)
                    except OSError:  # it is there, and cannot be looked at: reading it says why
                        found[entry.name] = (0, 0)
    except OSError:
        return found
    return found


def _read(folder: Path, name: str, study: str | None, *, monthly: bool) -> dict[str, Any]:
    path = folder / SHARDS / name
    empty: dict[str, Any] = {key: np.zeros(0, dtype=kind) for key, kind in _ROW.items()}
    fault = fault_in(path)
    try:
        if fault is None:
            table = read_shard(path, ["run", "round", "seconds", "status", "error"])
            done = np.array([word == "done" for word in table.column("status").to_pylist()], dtype=np.bool_)
            if study not in (None, owner_of(table)):
                fault = FOREIGN
            elif (fault := fault_of_rows(table)) is not None:
                pass
            elif monthly and done.any() and (fault := fault_in(folder / SERIES / name)) is not None:
                fault = f"its series: {fault}"
            else:
                rows = {key: column_of(table, key) for key in ("run", "round", "seconds")}
                errors = table.column("error").to_pylist()
                failed = [(int(rows["run"][at]), int(rows["round"][at]), errors[at]) for at in np.flatnonzero(~done)]
                return {**rows, "done": done, "failed": failed, "fault": ""}
    except (OSError, ValueError, KeyError) as damage:
        fault = " ".join(str(damage).split())[:200] or type(damage).__name__
    return {**empty, "failed": [], "fault": fault or "it cannot be read"}


def _kept(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the index that was kept; nothing if it cannot be used."""
    try:
        with (folder / FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            found = {key: file[key] for key in file.files}
        if int(found["form"]) != _FORM:
            return {}
        ends = np.cumsum(found["n_rows"])
        errors = np.cumsum(found["n_failed"])
        if ends[-1:].sum() != len(found["run"]) or errors[-1:].sum() != len(found["failed_run"]):
            return {}
        failed = list(zip(found["failed_run"].tolist(), found["failed_round"].tolist(), found["error"].tolist(), strict=True))
        rows = {key: np.split(found[key], ends[:-1]) for key in _ROW}
        stats = found["stats"].tolist()
        names, faults, starts = found["name"].tolist(), found["fault"].tolist(), (errors - found["n_failed"]).tolist()
        return {
            name: {
                "name": name,
                "key": (stats[at][0], stats[at][1]),
                "series": (stats[at][2], stats[at][3]),
                "fault": faults[at],
                "failed": failed[starts[at] : errors[at]],
                **{key: rows[key][at] for key in _ROW},
            }
            for at, name in enumerate(names)
        }
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile):
        return {}


def _keep(folder: Path, pieces: list[dict[str, Any]]) -> None:
    """Write the index by rename; a folder that cannot be written is looked at all the same."""
    failed = [row for piece in pieces for row in piece["failed"]]
    columns: dict[str, Any] = {
        "form": np.array(_FORM),
        "name": np.array([piece["name"] for piece in pieces], dtype=np.str_),
        "fault": np.array([piece["fault"] for piece in pieces], dtype=np.str_),
        "stats": np.array([[*piece["key"], *piece["series"]] for piece in pieces], dtype=np.int64).reshape(-1, 4),
        "n_rows": np.array([len(piece["run"]) for piece in pieces], dtype=np.int64),
        "n_failed": np.array([len(piece["failed"]) for piece in pieces], dtype=np.int64),
        "failed_run": np.array([run for run, _, _ in failed], dtype=np.int64),
        "failed_round": np.array([number for _, number, _ in failed], dtype=np.int64),
        "error": np.array([error[:300] for _, _, error in failed], dtype=np.str_),
    }
    columns |= {key: np.concatenate([np.zeros(0, dtype=kind), *(piece[key] for piece in pieces)]) for key, kind in _ROW.items()}
    temporary = folder / partial_name(FILE)
    try:
        with temporary.open("wb") as file:
            np.savez(file, **columns)
        temporary.replace(folder / FILE)
    except OSError:
        temporary.unlink(missing_ok=True)
