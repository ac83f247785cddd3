"""What is written down: the month's measurements, the run's digest, and a folder that never looks finished before it is.

Tiers: ``scalars`` (a row a run), ``series`` (a row a month), ``panels`` (a row a month, party and metric, and the ledger), ``full``
(and every offer). Lower tiers are
aggregates of higher ones. The manifest is written last and by rename: a folder without it is not a result.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.roster import Roster
from sim.params import TIERS, Config
from sim.registry import shelf
from sim.types import ISSUES, Channel, Event, Occasion, Rank, Reason, UserError, month_label
from sim.world import Setting, World

SCHEMA = 1
_WORDS: dict[str, Any] = {"event": Event, "channel": Channel, "rank": Rank, "occasion": Occasion, "reason": Reason}


@dataclass(frozen=True)
class RunData:
    """One run's record.

    Attributes
    ----------
    seed : int
    digest : str
        Canonical digest of the ledger and of every measurement; the same at every tier.
    months : int (M,)
    scalars, series : dict of str to float, or to float64 (M,)
    panels : dict of str to float64 (M, P)
    events, offers : dict of str to arrays
        The ledger's columns in words, empty below tier ``panels`` (``full`` for offers).
    """

    seed: int
    digest: str
    months: NDArray[np.int64]
    scalars: dict[str, float]
    series: dict[str, NDArray[np.float64]]
    panels: dict[str, NDArray[np.float64]]
    events: dict[str, NDArray[Any]]
    offers: dict[str, NDArray[Any]]


class Recorder:
    """Measures each month of one run."""

    def __init__(self, setting: Setting, tier: str) -> None:
        self.setting, self.tier = setting, tier
        self.metrics = [shelf("metric").build(name) for name in shelf("metric").names()]
        self._digest = hashlib.blake2b(digest_size=16)
        self._digest.update("\n".join([setting.digest, *setting.codes, *setting.type_names]).encode())
        self._months: list[int] = []
        self._series: dict[str, list[float]] = {}
        self._panels: dict[str, list[NDArray[np.float64]]] = {}

    def measure(self, world: World) -> None:
        """Measure the month that has just ended."""
        self._months.append(world.month - 1)
        for metric in self.metrics:
            # A copy: a metric may hand over an array of the world, which goes on changing.
            values = np.array(metric.measure(world), dtype=np.float64)
            self._digest.update(values.tobytes())
            for name, value in zip(metric.columns(self.setting), values, strict=True):
                if metric.axis == "party":
                    if self.tier in TIERS[2:]:
                        self._panels.setdefault(name, []).append(value)
                    value = over_parties(metric.over_parties, value[: self.setting.n_states])
                self._series.setdefault(name, []).append(float(value))

    @property
    def latest(self) -> dict[str, float]:
        """The last month's value of every column of the series."""
        return {name: values[-1] for name, values in self._series.items()}

    def finish(self, world: World) -> RunData:
        """Close the record of a run that has reached its end."""
        for name in world.events.columns:
            self._digest.update(name.encode() + np.ascontiguousarray(world.events[name]).tobytes())
        series = {name: np.array(values) for name, values in self._series.items()}
        scalars = {}
        for metric in self.metrics:
            for name in metric.columns(self.setting):
                scalars[name] = over_months(metric.over_months, series[name])
        panels = {name: np.array(values) for name, values in self._panels.items()}
        events = ledger_in_words(world) if self.tier in TIERS[2:] else {}
        offers = offers_in_words(world) if self.tier == "full" else {}
        return RunData(world.seed, self._digest.hexdigest(), np.array(self._months), scalars, series, panels, events, offers)


def over_parties(how: str, values: NDArray[np.float64]) -> float:
    """Aggregate a party measurement over states, ``sum`` or ``mean``."""
    return float(np.sum(values) if how == "sum" else np.mean(values))


def over_months(how: str, values: NDArray[np.float64]) -> float:
    """Aggregate a series over the run: ``sum``, ``mean`` or ``last``."""
    if how == "last":
        return float(values[-1])
    return float(np.sum(values) if how == "sum" else np.mean(values))


def metric_words(setting: Setting) -> dict[str, dict[str, str]]:
    """Describe every column of the series, for manifests and pages."""
    words = {}
    for name in shelf("metric").names():
        metric = shelf("metric").build(name)
        for column in metric.columns(setting):
            words[column] = {
                "metric": name,
                "title": metric.title,
                "sentence": metric.sentence,
                "unit": metric.unit,
                "axis": metric.axis,
                "over_parties": metric.over_parties,
                "over_months": metric.over_months,
            }
    return words


def ledger_in_words(world: World) -> dict[str, NDArray[Any]]:
    """Return the ledger with names for numbers; an absent name is an empty string."""
    events, setting = world.events, world.setting
    codes = np.array([*setting.codes, ""], dtype=object)
    types = np.array([*setting.type_names, ""], dtype=object)
    talks = np.array([*(world.talk_identity(row) for row in range(len(world.talks))), ""], dtype=object)
    instruments = np.array([*(world.instrument_identity(row) for row in range(len(world.instruments))), ""], dtype=object)
    out: dict[str, NDArray[Any]] = {"month": events["month"].copy()}
    for name, words in _WORDS.items():
        out[name] = np.array([*(word.name.lower() for word in words), ""], dtype=object)[events[name]]
    out["reason"] = np.where(out["reason"] == "none", "", out["reason"])
    out["party_a"], out["party_b"] = codes[events["party_a"]], codes[events["party_b"]]
    out["type"], out["negotiation"], out["instrument"] = types[events["type"]], talks[events["talk"]], instruments[events["instrument"]]
    out["value"] = events["value"].copy()
    return out


def offers_in_words(world: World) -> dict[str, NDArray[Any]]:
    """Return every offer recorded, with names for numbers."""
    offers = world.offers
    talks = np.array([*(world.talk_identity(row) for row in range(len(world.talks))), ""], dtype=object)
    out: dict[str, NDArray[Any]] = {"month": offers["month"].copy(), "negotiation": talks[offers["talk"]], "step": offers["step"].copy()}
    out["proposer"] = np.array([*world.setting.codes, ""], dtype=object)[offers["proposer"]]
    for k, issue in enumerate(ISSUES):
        out[issue] = offers["text"][:, k].copy()
    out["utility_first"], out["utility_second"] = offers["utility"][:, 0].copy(), offers["utility"][:, 1].copy()
    return out


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
    """Write the tables of some runs, sorted by seed."""
    import pyarrow as pa

    runs = sorted(runs, key=lambda one: one.seed)
    scalars = {"run": [r.seed for r in runs], "digest": [r.digest for r in runs]} | {
        name: [r.scalars[name] for r in runs] for name in runs[0].scalars
    }
    _write(folder / "scalars.parquet", pa.table(scalars))
    if tier == "scalars":
        return
    run = np.concatenate([np.full(len(r.months), r.seed) for r in runs])
    month = np.concatenate([r.months for r in runs])
    columns = {name: np.concatenate([r.series[name] for r in runs]) for name in runs[0].series}
    _write(folder / "series.parquet", pa.table({"run": run, "month": month, **columns}))
    if tier == "series":
        return
    _write(folder / "panels.parquet", pa.concat_tables([_panel(setting, r, name) for r in runs for name in r.panels]))
    _write(folder / "events.parquet", pa.concat_tables([_in_words(r.seed, r.events) for r in runs]))
    if tier == "full":
        _write(folder / "offers.parquet", pa.concat_tables([_in_words(r.seed, r.offers) for r in runs]))


def _panel(setting: Setting, run: RunData, name: str) -> Any:
    import pyarrow as pa

    months, parties = run.panels[name].shape
    return pa.table(
        {
            "run": np.full(months * parties, run.seed),
            "month": np.repeat(run.months, parties),
            "party": pa.DictionaryArray.from_arrays(pa.array(np.tile(np.arange(parties, dtype=np.int32), months)), pa.array(setting.codes)),
            "metric": pa.DictionaryArray.from_arrays(pa.array(np.zeros(months * parties, dtype=np.int32)), pa.array([name])),
            "value": run.panels[name].ravel(),
        }
    ).cast(
        pa.schema([("run", pa.int64()), ("month", pa.int64()), ("party", pa.string()), ("metric", pa.string()), ("value", pa.float64())])
    )


def _in_words(seed: int, columns: dict[str, NDArray[Any]]) -> Any:
    import pyarrow as pa

    n = len(columns["month"])
    made = {name: pa.array(values, type=pa.string()) if values.dtype == object else pa.array(values) for name, values in columns.items()}
    return pa.table({"run": np.full(n, seed), **made})


def _write(path: Path, table: Any) -> None:
    """Write one table under another name, flush it to the disk, and give it its name."""
    import pyarrow.parquet as pq

    temporary = path.with_name(f".{path.name}.partial")
    with temporary.open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest by rename: from now on the folder is a result."""
    temporary = folder / ".manifest.json.partial"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"schema": SCHEMA, "status": "complete", **manifest}, file, indent=1, sort_keys=True, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(folder / "manifest.json")


def describe(setting: Setting) -> dict[str, Any]:
    """Describe a setting for the manifest: parties, inputs that are assumed or filled, metrics and types."""
    roster, config = setting.roster, setting.config
    return {
        "config": config.tree,
        "config_digest": setting.digest,
        "data_digest": roster.digest,
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
            "pacts": _pacts(setting),
        },
        "instruments_at_start": _at_start(setting),
        "assumed": [list(pair) for pair in roster.assumed],
        "filled": [list(pair) for pair in roster.filled],
        "assumed_parameters": assumed_parameters(config),
        "metrics": metric_words(setting),
        "types": {
            one.name: {"title": one.title, "title_id": one.title_id, "sentence": one.sentence, "sentence_id": one.sentence_id}
            for one in setting.types
        },
    }


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


def _pacts(setting: Setting) -> list[list[Any]]:
    """List formal pacts among states that keep an eye on one another: code, code, strength."""
    edges, n = setting.edges, setting.n_states
    rows = np.flatnonzero((edges.pact > 0.0) & (edges.row < edges.col) & (edges.col < n))
    return [[setting.codes[edges.row[e]], setting.codes[edges.col[e]], float(edges.pact[e])] for e in rows]


def _at_start(setting: Setting) -> list[dict[str, Any]]:
    """List the instruments of history that are in force as the run begins."""
    listed = []
    for row in setting.roster.instruments:
        if row.in_force_at(setting.config.start) and row.type in setting.type_names and all(code in setting.codes for code in row.parties):
            identity = ":".join([row.type, *sorted(row.parties), str(row.signed)])
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
