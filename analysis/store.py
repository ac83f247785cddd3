"""The one door to stored runs: a folder in, arrays out; nothing here steps a model or writes a file.

A run folder holds ``manifest.json`` (written last, so that its presence means the run is whole), ``scalars.parquet`` (a row a run),
``series.parquet`` (run, month, a column a metric), ``panels.parquet`` (run, month, party, metric, value) and ``events.parquet``
(the ledger). Months are ``12 * year + month - 1``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.older_names import asked_in_old_names, in_names_of_now
from analysis.stored_form import (
    TABLES,
    Tie,
    checked_manifest,
    refuse_other_columns,
    refuse_other_rows,
    refuse_tables_of_other_runs,
    ties,
)
from analysis.stored_parties import Bond, Roster, shared
from sim.dated import kinds_of
from sim.files import tried
from sim.ledger.words import vocabulary
from sim.older import names
from sim.older.forms import writer
from sim.seal import MANIFEST, Damaged, read_signed, table_fault
from sim.types import NEVER, UserError, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class StoredRun:
    """A complete run folder, read table by table when first asked for."""

    def __init__(self, folder: Path, manifest: dict[str, Any], note: str | None = None) -> None:
        self.folder, self.manifest, self.note = folder, manifest, note

    @property
    def writer(self) -> str:
        """The version that wrote the folder and the schema it is of, as words."""
        stated = self.manifest.get("versions", {}).get("cloud-diplomacy", "not stated")
        return writer(self.manifest) or f"version {stated} (schema {self.manifest['schema']})"

    @property
    def id(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @cached_property
    def roster(self) -> Roster:
        """States and blocs of the run."""
        table = self.manifest["roster"]
        blocs = table.get("blocs", ())
        names = table.get("bloc_names", {})
        return Roster(
            tuple(table["codes"]),
            tuple(table["names"]),
            tuple(table["regions"]),
            shared(np.array(table["lat"], dtype=np.float64)),
            shared(np.array(table["lon"], dtype=np.float64)),
            {code: tuple(states) for code, states in table.get("members", {}).items()},
            names if isinstance(names, dict) else dict(zip(blocs, names, strict=True)),
        )

    @cached_property
    def graph(self) -> tuple[Tie, ...]:
        """The alliance graph of the last month, had nothing been signed, sorted; of a folder of 0.1.0 its pacts, as alliances."""
        return ties(self.manifest)

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Seed of each run, in the order of the runs."""
        return tuple(int(s) for s in self.manifest["seeds"])

    @cached_property
    def months(self) -> Ints:
        """Months recorded, ascending, (T,)."""
        return shared(np.unique(self._series_table["month"].to_numpy()).astype(np.int64))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the monthly series."""
        return tuple(c for c in self._series_table.column_names if c not in ("run", "month", "seed"))

    def starting_with(self, prefix: str) -> list[str]:
        """Return the series whose name begins so, with that beginning taken off, in the order of the table."""
        return [c.removeprefix(prefix) for c in self.columns if c.startswith(prefix)]

    def series(self, name: str) -> Floats:
        """Return a monthly series of every run, (runs, T), in the metric's unit.

        Raises
        ------
        UserError
            If the run has no such series.
        """
        if name not in self.columns:
            raise UserError(f"{self.folder} has no series {name!r}; {names.near('column', name, self.columns)}")
        out = np.full((len(self._runs), len(self.months)), np.nan)
        rows = np.searchsorted(self._runs, self._series_table["run"].to_numpy())
        columns = np.searchsorted(self.months, self._series_table["month"].to_numpy())
        out[rows, columns] = self._series_table[name].to_numpy(zero_copy_only=False)
        return out

    def about(self, name: str) -> dict[str, str]:
        """Return what is declared of a metric: unit, title, sentence."""
        return {
            "title": name.replace("_", " "),
            "unit": "",
            "sentence": "",
            **names.renamed("column", self.manifest.get("metrics", {})).get(name, {}),
        }

    def scalar(self, name: str) -> Floats:
        """Return one number a run, (runs,)."""
        table = read_table(self, "scalars.parquet")
        if name not in table.column_names:
            raise UserError(f"{self.folder} has no scalar {name!r}; {names.near('column', name, table.column_names)}")
        return np.asarray(table[name].to_numpy(zero_copy_only=False), dtype=np.float64)

    def panel(self, metric: str) -> dict[str, Floats]:
        """Return a metric by party at the last month recorded, code to (runs recorded,); empty if it was not recorded."""
        path = self.folder / "panels.parquet"
        if not path.exists():
            return {}
        table = read_table(self, path.name, filters=[("metric", "in", [metric])])
        if not len(table):
            return {}
        month = table["month"].to_numpy()
        last = month == month.max()
        out: dict[str, list[float]] = {}
        for code, value in zip(table["party"].to_numpy(zero_copy_only=False)[last], table["value"].to_numpy()[last], strict=True):
            out.setdefault(str(code), []).append(float(value))
        return {code: np.array(values) for code, values in sorted(out.items())}

    @cached_property
    def words(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What the run's events, reasons, occasions, channels and issues are called, by kind and name; ours where it does not say."""
        ours = vocabulary().told()
        told = {**ours, **self.manifest.get("words", {})}
        return {kind: {name: {**ours.get(kind, {}).get(name, {}), **one} for name, one in words.items()} for kind, words in told.items()}

    @cached_property
    def endings(self) -> tuple[str, ...]:
        """Events after which an instrument is no longer in force."""
        return tuple(name for name, one in self.words["event"].items() if one.get("ends"))

    @property
    def has_ledger(self) -> bool:
        """Whether the folder keeps the events, without which nobody can say who is bound to whom."""
        return (self.folder / "events.parquet").exists()

    @cached_property
    def bonds(self) -> tuple[Bond, ...]:
        """Every agreement that was in force at some month, in every run, told by the ledger.

        Raises
        ------
        UserError
            If the folder keeps no ledger: the agreements at the start alone would be a falsehood about every later month.
        """
        if not self.has_ledger:
            raise UserError(f"{self.folder} keeps no ledger of events: run again with record=panels")
        opens: dict[tuple[int, str], Bond] = {}
        done: list[Bond] = []
        first = int(self.months[0])
        for start in self.manifest.get("instruments_at_start", ()):
            a, b = sorted(start["parties"])[:2]
            name = start.get("instrument") or f"{start['type']} {a} {b}"
            for run in range(len(self._runs)):
                opens[run, name] = Bond(run, start["type"], name, a, b, int(start.get("in_force", first - 1)), NEVER, True)
        for run, month, event, a, b, type_, name in self._ledger():
            key = (run, name)
            if event == "entry_into_force" and key not in opens:
                opens[key] = Bond(run, type_, name, a, b, month, NEVER, month < first)
            elif event in self.endings and key in opens:
                bond = opens.pop(key)
                done.append(Bond(run, bond.type, name, bond.party_a, bond.party_b, bond.start, month, bond.from_start))
            elif event == "resumption" and key not in opens:
                # What was suspended binds again: one more bond of the same name.
                opens[key] = Bond(run, type_, name, a, b, month, NEVER, month < first)
        whole = [*done, *opens.values()]
        return tuple(sorted(whole, key=lambda bond: (bond.run, bond.start, bond.instrument)))

    @cached_property
    def talks(self) -> Sequence[tuple[int, int, int, bool]]:
        """Return when talks opened and were concluded: row of the run, month opened, month of the event, whether it is a conclusion.

        Empty where the folder keeps no ledger.
        """
        path = self.folder / "events.parquet"
        if not self.has_ledger:
            return ()
        wanted, kinds = ["run", "month", "event", "negotiation"], ["negotiation_opened", "negotiation_concluded"]
        rows = sorted(
            read_table(self, path.name, columns=wanted, filters=[("event", "in", kinds)]).to_pylist(), key=lambda r: (r["run"], r["month"])
        )
        opened = {(r["run"], r["negotiation"]): int(r["month"]) for r in rows if r["event"] == kinds[0]}
        listed = []
        for row in rows:
            run, month = int(np.searchsorted(self._runs, row["run"])), int(row["month"])
            listed.append((run, opened.get((row["run"], row["negotiation"]), -1), month, row["event"] == kinds[1]))
        return listed

    def told(self, kinds: Sequence[str], columns: Sequence[str]) -> list[tuple[int, dict[str, Any]]]:
        """Return the ledger's rows of some kinds of event with the row of their run, by run and month; none where there is no ledger."""
        path = self.folder / "events.parquet"
        if not self.has_ledger:
            return []
        rows = read_table(self, path.name, columns=["run", "month", "event", *columns], filters=[("event", "in", list(kinds))]).to_pylist()
        return sorted(((int(np.searchsorted(self._runs, row["run"])), row) for row in rows), key=lambda pair: (pair[0], pair[1]["month"]))

    def in_force(self, month: int) -> tuple[Bond, ...]:
        """Return the agreements in force in a month, of every run."""
        return tuple(bond for bond in self.bonds if bond.start <= month < bond.end)

    def suspended(self, month: int) -> tuple[Bond, ...]:
        """Return the agreements that are suspended in a month, of every run, from the month of suspension on: they bind nobody."""
        held: dict[tuple[int, str], Bond] = {}
        for run, when, event, a, b, type_, name in self._ledger():
            if when <= month:
                held.pop((run, name), None)
                if event == "suspension":
                    held[run, name] = Bond(run, type_, name, a, b, when, NEVER, False)
        return tuple(held.values())

    def declared(self, name: str) -> pa.Table:
        """Return a table that a part declares, or ``panels_AXIS``, in words; refuse one that the folder does not keep."""
        known = [*self.manifest.get("declared", {}), *(f"panels_{axis}" for axis in self.manifest.get("axes", {}))]
        if name not in known:
            raise UserError(f"{self.folder} keeps no table {name!r} of a part; {nearest(name, known)}")
        return read_table(self, f"{name}.parquet")

    @cached_property
    def knows_start(self) -> bool:
        """Whether the folder says what was in force before the first month."""
        return "instruments_at_start" in self.manifest or any(bond.from_start for bond in self.bonds)

    @property
    def scenario(self) -> str:
        """Name of the scenario; ``unnamed`` where the manifest does not say."""
        return str(self.config.get("scenario", "unnamed"))

    @property
    def config(self) -> Mapping[str, Any]:
        """Composed configuration of the model."""
        tree = self.manifest.get("config")
        return tree if isinstance(tree, dict) else {}

    @property
    def shocks(self) -> tuple[str, ...]:
        """Kinds of the shocks of the run, sorted."""
        return tuple(sorted(str(kind) for kind in kinds_of(self.config.get("shocks"), self.config.get("events"))))

    @property
    def n_runs(self) -> int:
        """How many runs the folder holds."""
        return len(self._runs)

    def _ledger(self) -> Sequence[tuple[int, int, str, str, str, str, str]]:
        path = self.folder / "events.parquet"
        wanted = ["run", "month", "event", "party_a", "party_b", "type", "instrument"]
        kept = []
        for row in read_table(
            self, path.name, columns=wanted, filters=[("event", "in", ["entry_into_force", "resumption", *self.endings])]
        ).to_pylist():
            a, b = sorted((str(row["party_a"]), str(row["party_b"])))
            run = int(np.searchsorted(self._runs, row["run"]))
            kept.append((run, int(row["month"]), str(row["event"]), a, b, str(row["type"]), str(row["instrument"])))
        return sorted(kept, key=lambda k: (k[0], k[1], k[2] != "entry_into_force", k[6]))

    @cached_property
    def _series_table(self) -> pa.Table:
        return read_table(self, "series.parquet")

    @cached_property
    def _runs(self) -> Ints:
        return shared(np.unique(self._series_table["run"].to_numpy()).astype(np.int64))


def open_run(folder: Path | str) -> StoredRun:
    """Open a run folder.

    Raises
    ------
    UserError
        If there is no such folder, its manifest is missing, unreadable, incomplete or of a newer schema, or a table is missing.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(f"there is no run folder {folder}")
    path = folder / MANIFEST
    try:
        manifest, note = tried(lambda: read_signed(folder), path)
    except FileNotFoundError:
        raise UserError(f"{folder} holds no manifest.json: the run did not finish, or this is not a run folder") from None
    except OSError as fault:
        raise UserError(f"{path} cannot be read: {fault.strerror or fault}") from None
    except Damaged as fault:
        raise UserError(f"{path} {fault}") from None
    manifest = checked_manifest(path, manifest)
    if not os.path.lexists(folder / "series.parquet"):
        raise UserError(f"{folder} holds no series.parquet: run again with record=series or more")
    run = StoredRun(folder, manifest, note)
    # First, because it names the cause: the bytes of another run's table are not those that the manifest tells of either.
    refuse_tables_of_other_runs(folder, manifest)
    for name in TABLES:
        if os.path.lexists(table := folder / f"{name}.parquet"):
            _check_bytes(run, table.name)
            refuse_other_columns(name, table, _reading(table, functools.partial(pq.read_schema, table)))
    refuse_other_rows(folder / "series.parquet", run._series_table, run.seeds)
    return run


def band(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the 10th, 50th and 90th percentile over runs: the edges of the middle 80 per cent, and its median.

    Parameters
    ----------
    values : array
        (runs, T), any unit; NaN where a run has no value, and in the answer where none has.
    """
    out = np.full((3, *values.shape[1:]), np.nan)
    told = ~np.isnan(values).all(axis=0)
    if told.any():
        out[:, told] = np.nanquantile(values[:, told], [0.1, 0.5, 0.9], axis=0)
    return out[0], out[1], out[2]


def read_table(run: StoredRun, name: str, **options: Any) -> pa.Table:
    """Read a table of a run folder whose bytes are those that its manifest tells of; its pages are checked once more."""
    path = run.folder / name
    _check_bytes(run, name)
    # partitioning: a folder with "=" in its path would otherwise add columns of its own.
    options = asked_in_old_names(options)
    return in_names_of_now(_reading(path, lambda: pq.read_table(path, page_checksum_verification=True, partitioning=None, **options)))


def _check_bytes(run: StoredRun, name: str) -> None:
    path = run.folder / name
    if path.is_dir():
        raise UserError(f"{path} is a folder; a table was expected")
    fault = table_fault(run.folder, run.manifest, name)
    if fault is not None:
        raise UserError(f"{path} {fault}")


def _reading(path: Path, read: Callable[[], Any]) -> Any:
    try:
        return tried(read, path)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as fault:
        raise UserError(f"{path} cannot be read as Parquet: {' '.join(str(fault).split())[:200]}") from None
