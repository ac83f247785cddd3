"""One tidy table of a study: a row a run that succeeded, in order of run, with its factors beside its scalars (``scalars.parquet``).

Runs that failed stand in ``failed.parquet`` with their errors. A table's digest is the sum, modulo 2^128, of the digests of its rows: of
every value in them, the factors' too, but not of their number in this study. No order, chunking, worker count or engine moves it.
Everything is streamed, a window of the design at a time.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import column_of, numbers, write_tables
from sim.run import now
from sim.study.design import ROWS_A_GROUP, opened_design
from sim.study.own import own_design
from sim.study.shards import KEYS, ROW_DIGEST, SERIES, SERIES_DIGEST, SHARDS, Index, index_of, opened, read_shard, reason
from sim.study.store import read_manifest, write_manifest
from sim.study.sums import row_digests, summed, written
from sim.types import UserError

SCALARS, FAILED, MONTHLY = "scalars.parquet", "failed.parquet", "series.parquet"
_HIDDEN = ("round", "status", "seconds", "error", "config", SERIES_DIGEST, ROW_DIGEST)
_HIDDEN_IF_FAILED = ("status", "digest", "identity", SERIES_DIGEST, ROW_DIGEST)
NUMBER = ("run",)
"""What a table's digest leaves out: a study that has grown numbers its runs in another order than one begun as large."""
_DAMAGE = (OSError, ValueError)


def collect(folder: Path, *, partial: bool = False) -> dict[str, Any]:
    """Write the tables of a study whose every run has been tried, and say so in its manifest, which is returned.

    With ``partial`` the tables hold what is there; the manifest then says ``partial``, and how many runs are missing.

    Raises
    ------
    UserError
        If runs are missing, or a shard is damaged; with ``partial``, if no run is there.
    """
    manifest, index = read_manifest(folder), index_of(folder)
    total = int(own_design(folder, manifest).metadata.num_rows)
    missing = index.missing(total, failed=False)
    if partial and not len(index.run):
        raise UserError(f"{folder} holds no run yet; {_resume(folder)} does them")
    if index.bad and not partial:
        name, why = next(iter(index.bad.items()))
        raise UserError(f"{folder / SHARDS / name} is damaged ({why}); {_resume(folder)} does its runs again")
    if len(missing) and not partial:
        raise UserError(
            f"{len(missing):,} of {total:,} runs are missing, the first is {missing[0]}; {_resume(folder)} does them, "
            "collect partial=true makes a table without them"
        )
    sums = {SCALARS: 0, FAILED: 0, MONTHLY: 0}
    write_tables(folder / SCALARS, _counted(_scalars(folder, index, done=True), sums, SCALARS), ROWS_A_GROUP)
    failed = int((~index.done).sum())
    for name, wanted in ((SCALARS, index.done.any()), (FAILED, failed)):
        if not wanted:
            (folder / name).unlink(missing_ok=True)
    write_tables(folder / FAILED, _counted(_scalars(folder, index, done=False), sums, FAILED), ROWS_A_GROUP)
    if manifest["plan"]["record"] == "series":
        write_tables(folder / MONTHLY, _counted(_series(folder, index), sums, MONTHLY))
    done = {
        **manifest,
        "status": "partial" if len(missing) else "complete",
        "missing": len(missing),
        "runs": total,
        "failed": failed,
        "digest": written(sums[SCALARS]),
        "digest_of_failed": written(sums[FAILED]),
        "digest_of_series": written(sums[MONTHLY]),
        "seconds_of_runs": round(float(index.seconds.sum()), 3),
        "bytes_of_shards": index.bytes,
        "finished": now(),
    }
    write_manifest(folder, done)
    return done


def _resume(folder: Path) -> str:
    return f"python -m sim resume {shlex.quote(str(folder))}"


def _counted(tables: Iterator[Any], sums: dict[str, int], name: str) -> Iterator[Any]:
    """Pass tables on and add up the digests of their rows."""
    for table in tables:
        sums[name] = summed(row_digests(table, leave_of(name)), sums[name])
        yield table


def leave_of(name: str) -> tuple[str, ...]:
    """Return the columns that the digest of a table leaves out; how long a failed run took is nobody's promise."""
    return {SCALARS: NUMBER, FAILED: (*NUMBER, "round", "seconds"), MONTHLY: ()}[name]


def _scalars(folder: Path, index: Index, *, done: bool) -> Iterator[Any]:
    """Give the winning rows, successes or failures, window by window, with their factors."""
    names = _columns(folder, index)
    with opened_design(folder) as design:
        first = 0
        for group in range(design.num_row_groups):
            rows = design.metadata.row_group(group).num_rows
            lo, hi = np.searchsorted(index.run, [first, first + rows])
            chosen = np.arange(lo, hi)[index.done[lo:hi] == done]
            first += rows
            if len(chosen):
                yield _window(folder, index, chosen, design.read_row_group(group), first - rows, names, done=done)


def _window(folder: Path, index: Index, chosen: NDArray[np.int64], design: Any, first: int, names: list[str], *, done: bool) -> Any:
    """Read some winning rows, sort them by run, and put the design's factors before their scalars."""
    import pyarrow as pa

    def one(at: int, place: NDArray[np.int64]) -> Any:
        table = read_shard(folder / SHARDS / index.names[at]).take(numbers(place))
        blank = numbers(np.full(table.num_rows, np.nan))
        return pa.table({name: table.column(name) if name in table.column_names else blank for name in [*KEYS, *names]})

    table = pa.concat_tables(_by_shard(index, chosen, one))
    table = table.take(numbers(np.argsort(column_of(table, "run"), kind="stable")))
    picked = design.take(numbers(column_of(table, "run") - first))
    head = [name for name in KEYS if name not in (_HIDDEN if done else _HIDDEN_IF_FAILED)]
    columns = {name: table.column(name) for name in head}
    columns |= {name: picked.column(name) for name in design.column_names if name not in columns}
    if done:
        columns |= {name: table.column(name) for name in names}
    return pa.table(columns)


def _by_shard(index: Index, chosen: NDArray[np.int64], one: Callable[[int, NDArray[np.int64]], Any]) -> list[Any]:
    """Apply a function to each shard and the places of the chosen rows in it."""
    order = chosen[np.argsort(index.shard[chosen], kind="stable")]
    parts = np.split(order, np.flatnonzero(np.diff(index.shard[order])) + 1)
    return [one(int(index.shard[part[0]]), index.place[part]) for part in parts]


def _columns(folder: Path, index: Index) -> list[str]:
    """List the scalars that any shard has, in the order they first come."""
    import pyarrow.parquet as pq

    found: dict[str, None] = {}
    for name in index.names:
        found |= dict.fromkeys(pq.read_schema(folder / SHARDS / name).names)
    return [name for name in found if name not in KEYS]


def _series(folder: Path, index: Index) -> Iterator[Any]:
    """Give the monthly series of the winning rows, shard by shard in order of their first run."""
    import pyarrow as pa

    winning = np.flatnonzero(index.done)
    names = list(dict.fromkeys(n for at in np.unique(index.shard[winning]) for n in _series_of(folder, index.names[at]).schema_arrow.names))
    firsts = {int(at): int(index.run[winning][index.shard[winning] == at][0]) for at in np.unique(index.shard[winning])}
    for at in sorted(firsts, key=lambda shard: firsts[shard]):
        table = _series_of(folder, index.names[at]).read()
        runs = index.run[winning][index.shard[winning] == at]
        table = table.take(numbers(np.flatnonzero(np.isin(column_of(table, "run"), runs))))
        blank = numbers(np.full(table.num_rows, np.nan))
        yield pa.table({name: table.column(name) if name in table.column_names else blank for name in names})


def _series_of(folder: Path, name: str) -> Any:
    try:
        return opened(folder / SERIES / name)
    except _DAMAGE as fault:
        raise UserError(
            f"{folder / SERIES / name} is damaged ({reason(fault)}); delete {folder / SHARDS / name}, "
            f"then {_resume(folder)} does its runs again"
        ) from None
