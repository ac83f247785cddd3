"""A result's folder: made alone, filled by rename, and never looking finished before it is.

Tiers: ``scalars`` (a row a run), ``series`` (a row a month), ``panels`` (a row a month, party and metric, a table for each other axis
along which something is measured, the ledger, and the instruments with their texts), ``full`` (and every offer). Tables that parts declare
are kept from the tier they name. The manifest is written last and by rename: a folder without it is not a result. Tables carry their seal
(:mod:`sim.seal`), the manifest the digest of each table's file and its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.alliances.ties import joined
from sim.along import FILE, HERE, Along, along_words
from sim.contracts.meanings import meanings_of
from sim.data.roster import Roster
from sim.engine import undisturbed
from sim.files import flush_folder, named, partial_name, tried, write_text
from sim.older.forms import NEWEST
from sim.params import Config
from sim.recorder import RunData
from sim.scenario import scenario_text
from sim.seal import COPY, EMPTY, KEY, MANIFEST, file_digest, seal, signed
from sim.state.world import SCHEMA as SNAPSHOT
from sim.state.world import Setting, listed_identity
from sim.types import UserError, month_label

SCHEMA = NEWEST
"""Form of what is written; older forms are read too (:mod:`sim.older.forms`)."""
RESULT = "cloud_diplomacy.result"
"""Key of a table's metadata under which the mark of its result stands."""
__all__ = [
    "RESULT", "SCHEMA", "assumed_parameters", "column_of", "describe", "metric_words", "new_folder", "numbers", "partial_name",
    "result_mark", "table_of", "words_of", "write_json", "write_manifest", "write_runs", "write_signed", "write_table", "write_tables",
]  # fmt: skip


def new_folder(outputs: Path, stem: str) -> Path:
    """Make a folder of its own for a result; two that start in the same second never share one.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1_000_000):
            folder = outputs / f"{stem}-{number:03d}"
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    except OSError as fault:
        raise UserError(f"outputs={outputs} cannot be written: {fault.strerror or fault}") from None
    raise UserError(f"outputs={outputs} already holds a million results called {stem}")


def write_runs(folder: Path, setting: Setting, runs: Sequence[RunData], tier: str) -> None:
    """Write the tables of some runs, sorted by seed; each says in its metadata to which result it belongs."""
    import pyarrow as pa

    runs = sorted(runs, key=lambda one: one.seed)
    mark = {RESULT: result_mark({str(one.seed): one.digest for one in runs})}

    def write(name: str, table: Any) -> None:
        write_table(folder / f"{name}.parquet", table.replace_schema_metadata(mark))

    scalars: dict[str, Any] = {"run": np.array([r.seed for r in runs], dtype=np.int64), "digest": words_of([r.digest for r in runs])}
    scalars |= {name: np.array([r.scalars[name] for r in runs]) for name in runs[0].scalars}
    write("scalars", table_of(scalars))
    if tier == "scalars":
        return
    run = np.concatenate([np.full(len(r.months), r.seed) for r in runs])
    month = np.concatenate([r.months for r in runs])
    columns = {name: np.concatenate([r.series[name] for r in runs]) for name in runs[0].series}
    write("series", table_of({"run": run, "month": month, **columns}))
    if tier == "series":
        return
    write("panels", pa.concat_tables([_panel(setting, r, name) for r in runs for name in r.panels]))
    for axis in runs[0].along:
        write(f"{FILE}{axis}", pa.concat_tables([_along(r.seed, r.along[axis]) for r in runs]))
    write("events", pa.concat_tables([_in_words(r.seed, r.events) for r in runs]))
    write("instruments", pa.concat_tables([_in_words(r.seed, r.instruments) for r in runs]))
    for name in runs[0].tables:
        write(name, pa.concat_tables([_in_words(r.seed, r.tables[name]) for r in runs]))
    if tier == "full":
        write("offers", pa.concat_tables([_in_words(r.seed, r.offers) for r in runs]))


def result_mark(digests: Mapping[str, str]) -> str:
    """Return the mark of a result, by the digest of each of its runs (seed to digest): equal for the tables of one folder only."""
    return hashlib.blake2b(json.dumps(sorted(digests.items())).encode(), digest_size=16).hexdigest()


def _panel(setting: Setting, run: RunData, name: str) -> Any:
    months, parties = run.panels[name].shape
    party = np.tile(np.arange(parties, dtype=np.int32), months)
    return table_of(
        {
            "run": np.full(months * parties, run.seed, dtype=np.int64),
            "month": np.repeat(run.months, parties).astype(np.int64),
            "party": _coded(party, setting.codes),
            "metric": _coded(np.zeros(months * parties, dtype=np.int32), (name,)),
            "value": run.panels[name].ravel(),
        }
    )


def _along(seed: int, one: Along) -> Any:
    """Make the long table of an axis."""
    columns: dict[str, Any] = {"run": np.full(int(one.counts.sum()), seed, dtype=np.int64), **one.table}
    columns[one.label] = _coded(one.place.astype(np.int32), one.labels)
    return table_of(columns)


def _in_words(seed: int, columns: dict[str, NDArray[Any]]) -> Any:
    made: dict[str, Any] = {"run": np.full(len(next(iter(columns.values()))), seed, dtype=np.int64)}
    for name, values in columns.items():
        if values.dtype == object:
            places: dict[str, int] = {}
            codes = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int32)
            made[name] = _coded(codes, tuple(places))
        else:
            made[name] = values
    return table_of(made)


# Arrow arrays are built from their buffers: pa.array() would import pandas, half a second in every process that writes.
def table_of(columns: dict[str, Any]) -> Any:
    """Make an Arrow table of NumPy columns (numbers, yes or no) and of Arrow arrays."""
    import pyarrow as pa

    arrays = [numbers(values) if isinstance(values, np.ndarray) else values for values in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def numbers(values: NDArray[Any]) -> Any:
    """Make an Arrow array of numbers, or of yes and no."""
    import pyarrow as pa

    flat = np.ascontiguousarray(values)
    if flat.dtype == np.bool_:
        bits = np.packbits(flat, bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(flat), [None, pa.py_buffer(bits)])
    return pa.Array.from_buffers(pa.from_numpy_dtype(flat.dtype), len(flat), [None, pa.py_buffer(flat)])


def column_of(table: Any, name: str) -> NDArray[Any]:
    """Return a column of numbers without gaps as a NumPy array, which may not be written to; its own ``to_numpy()`` would import pandas."""
    chunks = table.column(name).chunks
    parts = [np.from_dlpack(chunk) for chunk in chunks if len(chunk)]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, table.column(name).type.to_pandas_dtype()), *parts])


def words_of(values: Sequence[str]) -> Any:
    """Make an Arrow array of texts."""
    import pyarrow as pa

    raw = [value.encode() for value in values]
    ends = np.cumsum([0, *(len(one) for one in raw)]).astype(np.int32)
    return pa.Array.from_buffers(pa.string(), len(raw), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(raw))])


def _coded(codes: NDArray[np.int32], values: Sequence[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers(codes), words_of(values)).dictionary_decode()


def write_table(path: Path, table: Any, rows_a_group: int | None = None) -> None:
    """Write one table: it is there whole or not at all."""
    tried(lambda: write_tables(path, [table], rows_a_group), path)


def write_tables(path: Path, tables: Iterable[Any], rows_a_group: int | None = None) -> None:
    """Write tables of one form below one another under another name, flush them to the disk, and give them their name.

    The other name carries this machine and process, so that two that write the same table do not meet. Without tables nothing is written.

    Raises
    ------
    OSError
        If the disk does not take it, with the file's name in it.
    """
    import pyarrow.parquet as pq

    temporary, writer = path.with_name(partial_name(path.name)), None
    try:
        with temporary.open("w+b") as file:
            for table in tables:
                writer = writer or pq.ParquetWriter(
                    file, table.schema, compression="zstd", use_dictionary=_repeating(table.schema), write_page_checksum=True
                )
                writer.write_table(table, row_group_size=rows_a_group)
            if writer is not None:
                writer.add_key_value_metadata({KEY: EMPTY})
                writer.close()
                seal(file)
                file.flush()
                os.fsync(file.fileno())
        if writer is not None:
            temporary.rename(path)
            flush_folder(path.parent)
    except OSError as fault:
        if writer is not None:
            writer.is_open = False  # what is left of it would be written when it is forgotten, and fail once more
        raise named(fault, path) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _repeating(schema: Any) -> list[str]:
    """List the columns worth a dictionary: not measurements, which seldom repeat and would fill one a column in memory."""
    import pyarrow as pa

    return [field.name for field in schema if not pa.types.is_floating(field.type)]


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest by rename, with the digests of the tables: from now on the folder is a result."""
    tables = {path.name: file_digest(path) for path in sorted(folder.glob("*.parquet"))}
    write_signed(folder, {"schema": SCHEMA, "status": "complete", "tables": tables, **manifest})


def write_signed(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest with its digest, and then its copy."""
    whole = signed(manifest)
    write_json(folder / MANIFEST, whole)
    write_json(folder / COPY, whole)


def write_json(path: Path, tree: dict[str, Any]) -> None:
    """Write a tree under another name, flush it to the disk, and give it its name."""
    write_text(path, json.dumps(tree, indent=1, sort_keys=True, allow_nan=False))


def describe(setting: Setting) -> dict[str, Any]:
    """Describe a setting for the manifest: parties, inputs that are assumed or filled, metrics and types."""
    roster, config = setting.roster, setting.config
    return {
        "config": config.tree,
        "config_digest": setting.digest,
        "data_digest": roster.digest,
        "replaced_tables": [{"table": f"{name}.csv", "digest": digest, "rows": rows} for name, digest, rows in roster.replaced],
        "start": month_label(config.start),
        "end": month_label(config.end),
        "roster": {
            "codes": list(roster.codes),
            "names": list(roster.names),
            "regions": list(roster.regions),
            "lat": [float(v) for v in roster.lat],
            "lon": [float(v) for v in roster.lon],
            "blocs": list(roster.blocs),
            "bloc_names": list(roster.bloc_names),
            "members": {bloc: _members(roster, bloc, config.start) for bloc in roster.blocs},
        },
        "graph": _graph(setting),
        "instruments_at_start": _at_start(setting),
        "assumed": [list(pair) for pair in roster.assumed],
        "filled": [list(pair) for pair in roster.filled],
        "assumed_parameters": assumed_parameters(config),
        "metrics": metric_words(setting),
        **({"axes": told} if (told := along_words(setting)) else {}),
        "types": {
            one.name: {"title": one.title, "title_id": one.title_id, "sentence": one.sentence, "sentence_id": one.sentence_id}
            for one in setting.types
        },
        "words": setting.words.told(),
        "codes": {kind: list(names) for kind, names in setting.words.told().items()},
        "declared_tables": _declared(setting),
        "snapshot_schema": SNAPSHOT,
        "scenario_text": scenario_text(config.source),
    }


def _declared(setting: Setting) -> list[dict[str, Any]]:
    """List every table by name: the tier from which it is written (None: never), and whether the run's digest covers it."""
    measured = [{"name": name, "tier": name, "digested": True} for name in ("scalars", "series", "panels")]
    measured += [{"name": f"{FILE}{axis}", "tier": "panels", "digested": True} for axis in along_words(setting)]
    return measured + [{"name": name, "tier": one.tier, "digested": one.digested} for name, one in setting.schema.tables.items()]


def assumed_parameters(config: Config) -> list[str]:
    """List the parameters in use that are assumed, as ``part.parameter = value (unit)``."""
    used = [config.protocol, *(one for _, one in sorted(config.agreements.items())), *(one for _, one in sorted(config.mechanisms.items()))]
    return [
        f"{part.name}.{field.name} = {getattr(part, field.name)} ({field.metadata['unit']})"
        for part in used
        for field in dataclasses.fields(part)
        if str(field.metadata["source"]).startswith("assumed")
    ]


def _members(roster: Roster, bloc: str, month: int) -> list[str]:
    at = roster.organisations.index(bloc)
    inside = (roster.member_from[at] <= month) & (month < roster.member_until[at])
    return [roster.codes[i] for i in np.flatnonzero(inside)]


def _graph(setting: Setting) -> list[list[Any]]:
    """List the alliance graph of the last month, had nothing been signed: code, code, weight, strength of alliance, hostility."""
    world, edges, codes = undisturbed(setting, setting.config.end), setting.edges, setting.codes
    return [
        [codes[edges.row[e]], codes[edges.col[e]], *(round(float(layer[e]), 4) for layer in layers)]
        for layers in [(world.alliance_weight, world.alliance, world.hostility)]
        for e in joined(world)[0].tolist()
    ]


def _at_start(setting: Setting) -> list[dict[str, Any]]:
    """List the instruments of history that are in force as the run begins."""
    listed = []
    for row in setting.roster.instruments:
        if row.in_force_at(setting.config.start) and row.type in setting.type_names and all(code in setting.codes for code in row.parties):
            identity = listed_identity(row.type, row.parties[0], row.parties[1], row.signed)
            listed.append(
                {
                    "type": row.type,
                    "instrument": identity,
                    "name": row.name,
                    "parties": list(row.parties),
                    "in_force": row.in_force,
                    "grade": row.grade,
                }
            )
    return listed


def metric_words(setting: Setting) -> dict[str, dict[str, str]]:
    """Describe every column of the series, for manifests and pages."""
    words = {}
    shelf = setting.config.shelves["metric"]
    for name in shelf.names():
        metric = shelf.build(name)
        meanings = meanings_of(metric, setting)
        for column in metric.columns(setting):
            words[column] = {
                "metric": name,
                "title": metric.title,
                "sentence": metric.sentence,
                "unit": metric.unit,
                "axis": metric.axis,
                **({"over_parties": metric.over_parties} if metric.axis in HERE else {"over_rows": metric.over_rows}),
                "over_months": metric.over_months,
                **({"undefined": metric.undefined} if hasattr(metric, "undefined") else {}),
                **({f"column_{key}": text for key, text in meanings[column]._asdict().items()} if column in meanings else {}),
            }
    return words
