"""Tiny studies for the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from sim.folder import column_of, numbers, words_of, write_table
from sim.study import manage, pools
from sim.study.plan import Plan, plan_of
from sim.study.shards import ROW_DIGEST
from sim.study.store import Round, read_manifest
from sim.study.sums import row_digests

SMALL: dict[str, Any] = {
    "set": {"start": "2019-11", "end": "2019-12", "roster.states": ["DEU", "GBR", "USA"]},
    "factors": {"mechanisms.contacts.hours_head": {"low": 1.0, "high": 2.0}, "protocol": {"values": ["nash", "alternating_offers"]}},
    "sampler": {"kind": "grid", "levels": 2},
    "replicates": 3,
    "chunk": 5,
}
RANDOM: dict[str, Any] = {**SMALL, "sampler": {"kind": "random", "size": 3}}


def small(**over: Any) -> Plan:
    return plan_of({**SMALL, **over}, "small")


def here(place: Path, which: Round) -> int:
    """Carry out a round in this process."""
    return pools.carry_out(place, which, workers=1)


def finished(place: Path, **over: Any) -> Path:
    """Run a tiny study to its end and return its folder."""
    folder = manage.begin(small(**over), place)
    manage.resume(folder, here)
    return folder


def digest(folder: Path) -> str:
    return str(read_manifest(folder)["digest"])


def rows(folder: Path, name: str = "scalars.parquet") -> list[dict[str, Any]]:
    """Read a table; what is undefined (not a number) is None, which is equal to itself."""
    return [{key: None if value != value else value for key, value in row.items()} for row in pq.read_table(folder / name).to_pylist()]


def without(rows: list[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key not in keys} for row in rows]


def replaced(table: Any, name: str, values: Any) -> Any:
    """Put other values into a column of a table; a list is one of texts."""
    column = numbers(np.asarray(values)) if isinstance(values, np.ndarray) else words_of(values)
    return table.set_column(table.column_names.index(name), name, column).replace_schema_metadata(table.schema.metadata)


def times_100(table: Any, name: str) -> Any:
    return replaced(table, name, column_of(table, name) * 100.0)


def written_anew(path: Path, table: Any) -> None:
    """Write a shard as a careful forger would: sealed, and with the digests of its rows."""
    rest = table.drop_columns([ROW_DIGEST])
    write_table(path, replaced(table, ROW_DIGEST, [one.hex() for one in row_digests(rest)]))
