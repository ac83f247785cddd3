"""Shards: the results of some runs in one file, written whole or not at all, read only after their seals have been checked.

A row a run: run, draw, seed, scenario, twin, identity, round, status (``done`` or ``failed``), digest, seconds, error and config (both
empty unless it failed), a column a scalar, the digest of the run's months, and the digest of all the row's other values. A run may stand
in several shards, after a retry or when two workers did the same; the newest success wins: done before failed, then the later round, then
the later name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.files import tried
from sim.folder import column_of
from sim.seal import checked, read_signed
from sim.study.manifest_form import fault_of_columns, fault_of_design, fault_of_rows, fault_of_shard

SHARDS, SERIES, DAMAGED = "shards", "series", "damaged"
ROW_DIGEST, SERIES_DIGEST = "row_digest", "series_digest"
STUDY, FOREIGN = "study", "it belongs to another study"
KEYS = (
    "run", "draw", "seed", "scenario", "twin", "identity", "round", "status", "digest", "seconds", "error", "config",
    SERIES_DIGEST, ROW_DIGEST,
)  # fmt: skip


@dataclass(frozen=True)
class Index:
    """What the shards of a study hold.

    Attributes
    ----------
    run : int64 (n,)
        Runs found, sorted, each once.
    done : bool (n,)
        Whether the newest row of each is a success.
    shard, place : int64 (n,)
        Where that row is: which of ``names``, and which row in it.
    seconds : float64 (n,)
        How long it took.
    names : tuple of str
        Shards that can be read.
    bad : dict of str to str
        Shards that cannot be read, each with the reason.
    rows : int
        Rows in all shards, repeats included.
    bytes : int
    """

    run: NDArray[np.int64]
    done: NDArray[np.bool_]
    shard: NDArray[np.int64]
    place: NDArray[np.int64]
    seconds: NDArray[np.float64]
    names: tuple[str, ...]
    bad: dict[str, str]
    rows: int
    bytes: int

    def missing(self, total: int, *, failed: bool) -> NDArray[np.int64]:
        """Return the runs of 0 to ``total`` - 1 that have no row; with ``failed``, also those that only failed."""
        there = np.zeros(total, dtype=np.bool_)
        known = self.run[self.done | (not failed)]
        there[known[known < total]] = True
        return np.flatnonzero(~there).astype(np.int64)


def shard_names(folder: Path) -> list[str]:
    """List the shards in a study's folder, whole or not, sorted."""
    return sorted(path.name for path in (folder / SHARDS).glob("part-*.parquet"))


def fault_in(path: Path) -> str | None:
    """Return why a shard, its series or a design cannot be trusted, by its seal and its columns; None if it can. Every byte is read."""
    try:
        with opened(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
    except (OSError, ValueError) as fault:
        return reason(fault)
    if metadata.num_rows == 0:
        return "it holds no row"
    if path.parent.name == SERIES:
        return fault_of_columns(schema, {"run": "int64", "month": "int64"})
    return fault_of_shard(path.name, schema) if path.parent.name == SHARDS else fault_of_design(schema)


def read_shard(path: Path, columns: list[str] | None = None) -> Any:
    """Read some columns of a shard whose bytes are those that were written.

    Raises
    ------
    OSError, ValueError
        If it is damaged.
    """
    with opened(path) as file:
        return file.read(columns=columns, use_threads=False)


def opened(path: Path) -> Any:
    """Open a sealed table whose bytes are those that were written; its pages are checked once more as they are read.

    Raises
    ------
    OSError, ValueError
        If it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    def read() -> Any:
        return pq.ParquetFile(checked(path), page_checksum_verification=True)

    try:
        return tried(read, path)
    except (TypeError, pa.ArrowException) as fault:
        raise ValueError(reason(fault)) from None


def reason(fault: Exception) -> str:
    """Put what is wrong with a file into one line."""
    return " ".join(str(getattr(fault, "strerror", None) or fault).split())[:200] or type(fault).__name__


def study_of(folder: Path) -> str | None:
    """Return the name that the shards of a study carry, None where its manifest cannot be read."""
    try:
        return str(read_signed(folder)[0]["id"])
    except (OSError, ValueError, KeyError):
        return None


def owner_of(table: Any) -> str:
    """Return the name of the study that a shard was written for."""
    return str((table.schema.metadata or {}).get(STUDY.encode(), b"").decode(errors="replace"))


def index_of(folder: Path) -> Index:
    """Read which runs the shards hold; what cannot be read is named, not raised."""
    names: list[str] = []
    bad: dict[str, str] = {}
    columns: dict[str, list[NDArray[Any]]] = {"run": [], "round": [], "seconds": [], "done": [], "shard": [], "place": []}
    size, monthly, study = 0, (folder / SERIES).is_dir(), study_of(folder)
    for name in shard_names(folder):
        path = folder / SHARDS / name
        fault = fault_in(path)
        try:
            table = None if fault else read_shard(path, ["run", "round", "status", "seconds"])
            size += path.stat().st_size
            fault = fault if table is None else fault_of_rows(table)
            if table is not None and study not in (None, owner_of(table)):
                fault = FOREIGN
            if fault is None and monthly and table is not None and "done" in table.column("status").to_pylist():
                fault = fault_in(folder / SERIES / name)
                fault = None if fault is None else f"its series: {fault}"
        except (OSError, ValueError) as damage:
            fault = reason(damage)
        if fault or table is None:
            bad[name] = fault or "it cannot be read"
            continue
        for key in ("run", "round", "seconds"):
            columns[key].append(column_of(table, key))
        columns["done"].append(np.array([word == "done" for word in table.column("status").to_pylist()], dtype=np.bool_))
        columns["shard"].append(np.full(table.num_rows, len(names), dtype=np.int64))
        columns["place"].append(np.arange(table.num_rows, dtype=np.int64))
        names.append(name)
    kinds = {"run": np.int64, "round": np.int64, "seconds": np.float64, "done": np.bool_, "shard": np.int64, "place": np.int64}
    whole = {key: np.concatenate([np.zeros(0, dtype=kinds[key]), *parts]) for key, parts in columns.items()}
    order = np.lexsort((whole["shard"], whole["round"], whole["done"], whole["run"]))
    run = whole["run"][order]
    newest = order[np.append(run[1:] != run[:-1], True)] if len(run) else order
    found = {key: column[newest] for key, column in whole.items()}
    return Index(found["run"], found["done"], found["shard"], found["place"], found["seconds"], tuple(names), bad, len(run), size)
