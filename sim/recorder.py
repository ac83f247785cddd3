"""What is written down: the month's measurements, the run's digest, and a folder that never looks finished before it is.

Tiers: ``scalars`` (a row a run), ``series`` (a row a month), ``panels`` (a row a month, party and metric, what is measured along other
axes, and the ledger), ``full`` (and every offer). Lower tiers are aggregates of higher ones. The manifest is written last and by rename: a
folder without it is not a result.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.along import HERE, Along, laid_out, over_rows, size_of, taken_by
from sim.arrays import where_true
from sim.bargains.quality import QUALITIES
from sim.contracts import fault_of, is_own, seen
from sim.contracts.meanings import meanings_of
from sim.params import TIERS
from sim.rows import added_columns, recorded_tables, refuse_twin_columns, table_in_words
from sim.state.schema import refuse_other_axes
from sim.state.world import Ints, Setting, World
from sim.types import NEVER, Rank, Stage, UserError, month_label

_FLOAT = np.dtype(np.float64)
_KEYS = ("run", "month", "digest", "seed")
"""Columns of the tables that are no metric's."""


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
    events, instruments, offers : dict of str to arrays
        The ledger, the instruments with their texts, and the offers, in words; empty below tier ``panels`` (``full`` for offers).
    tables : dict of str to dict of str to arrays
        Every other table that a part declares to be recorded at this tier, in words (:mod:`sim.rows`).
    along : dict of str to Along
        What was measured along other axes than the parties, by axis; empty below tier ``panels``.
    """

    seed: int
    digest: str
    months: NDArray[np.int64]
    scalars: dict[str, float]
    series: dict[str, NDArray[np.float64]]
    panels: dict[str, NDArray[np.float64]]
    events: dict[str, NDArray[Any]]
    instruments: dict[str, NDArray[Any]]
    offers: dict[str, NDArray[Any]]
    tables: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)
    along: dict[str, Along] = field(default_factory=dict)


class Recorder:
    """Measures each month of one run."""

    def __init__(self, setting: Setting, tier: str, *, portable: bool = False) -> None:
        """Begin a record; one that is ``portable`` keeps what its digest has read, so that it can be pickled before the end."""
        self.setting, self.tier = setting, tier
        self._names: list[str] = []
        shelf = setting.config.shelves["metric"]
        self.metrics = [shelf.build(name) for name in shelf.names()]
        refuse_other_axes(setting.schema, self.metrics)
        refuse_twin_columns(setting)
        self._theirs = [is_own(metric) for metric in self.metrics]
        self._axes = sorted({metric.axis for metric in self.metrics} - set(HERE))
        self.columns: list[tuple[str, ...]] = []
        for metric in self.metrics:
            self.columns.append(self._columns_of(metric))
        self._digest = hashlib.blake2b(digest_size=16)
        self._read: list[bytes] | None = [] if portable else None
        self._update("\n".join([setting.digest, *setting.codes, *setting.type_names, *self._names]).encode())
        self._months: list[int] = []
        self._rows: list[NDArray[np.float64]] = []
        self._panels: dict[str, list[NDArray[np.float64]]] = {}
        self._along: dict[str, dict[str, list[NDArray[np.float64]]]] = {}

    def measure(self, world: World) -> None:
        """Measure the month that has just ended.

        Raises
        ------
        UserError, ModelFault
            If a metric, the user's or ours, gives values of another shape than it declares, or an infinite one. NaN says that a value is
            undefined this month; one of ours has to declare that it may be.
        """
        self._months.append(world.month - 1)
        shown = seen(world)
        sizes = {axis: size_of(world, axis) for axis in self._axes}
        # Ours only read, which a test holds; a user's metric is shown a face that refuses a write, at the price of a look.
        measured = [
            self._values_of(metric, len(columns), shown if theirs else world, sizes)
            for metric, columns, theirs in zip(self.metrics, self.columns, self._theirs, strict=True)
        ]
        # All metrics are looked through at once: this is done every month, and a value that is no number is rare.
        everything = np.concatenate([values.ravel() for values in measured])
        strange = where_true(~np.isfinite(everything))
        if len(strange):
            self._check_finite(measured, strange, world.month - 1)
            # One pattern of bits for all that is undefined, whatever gave it.
            everything[strange] = np.nan
        self._update(everything.tobytes())
        if self._axes:
            # The same numbers, cut otherwise among metrics, are another month.
            cut = (f"{one.name} {one.axis} {values.shape}" for one, values in zip(self.metrics, measured, strict=True) if one.axis in sizes)
            self._update(";".join(cut).encode())
        row, n = [], self.setting.n_states
        for metric, columns, values in zip(self.metrics, self.columns, measured, strict=True):
            if metric.axis == "world":
                row.append(values)
                continue
            if metric.axis != "party":
                row.append(over_rows(metric.over_rows, values))
                if self.tier in TIERS[2:]:
                    for name, value in zip(columns, values, strict=True):
                        self._along.setdefault(metric.axis, {}).setdefault(name, []).append(value)
                continue
            row.append(over_parties(metric.over_parties, values[:, :n]))
            if self.tier in TIERS[2:]:
                for name, value in zip(columns, values, strict=True):
                    self._panels.setdefault(name, []).append(value)
        self._rows.append(np.concatenate(row))

    def _check_finite(self, measured: list[NDArray[np.float64]], strange: Ints, month: int) -> None:
        """Refuse what may not be; ``strange`` are the places, in all metrics laid flat, of what is not a finite number."""
        ends = np.array([values.size for values in measured]).cumsum()
        for m in sorted(set(ends.searchsorted(strange, side="right").tolist())):
            metric, values = self.metrics[m], measured[m]
            if np.isinf(values).any():
                raise fault_of(
                    metric, "measure", f"measure() gave an infinite value in {month_label(month)}; NaN says that it is undefined"
                )
            if np.isnan(values).any() and not is_own(metric) and not hasattr(metric, "undefined"):
                raise fault_of(metric, "measure", f"measure() gave a value that is not a number in {month_label(month)}")

    def _columns_of(self, metric: Any) -> tuple[str, ...]:
        columns = metric.columns(self.setting)
        if not isinstance(columns, tuple) or not all(isinstance(name, str) and name for name in columns):
            raise fault_of(metric, "columns", f"columns() must give a tuple of names, not {columns!r}")
        if is_own(metric):
            # What a user's metric says of its columns goes into the manifest, which is written last: a fault is told now.
            meanings_of(metric, self.setting)
        taken = [*self._names, *_KEYS, *taken_by(self.setting.schema, metric.axis)]
        for name in columns:
            if name in taken or columns.count(name) > 1:
                raise self._twice(metric, name)
        self._names.extend(columns)
        return columns

    def _twice(self, metric: Any, name: str) -> Exception:
        """Return the fault of a column that two metrics name: a user's metric is at fault, or a user's word or type that ours names."""
        before = next((one for one, columns in zip(self.metrics, self.columns, strict=False) if name in columns), None)
        own = next((one for one in (metric, before) if one is not None and is_own(one)), None)
        folder = self.setting.config.shelves.folder
        if own is None and before is not None and folder is not None:
            return UserError(
                f"parts={folder}: by a channel or an agreement type there, the metrics {before.name} and {metric.name} both have a column "
                f"{name!r}; choose another name for it"
            )
        return fault_of(own or metric, "columns", f"there is already a column {name!r}; choose another name")

    def _values_of(self, metric: Any, n_columns: int, world: World, sizes: dict[str, int]) -> NDArray[np.float64]:
        """Return a metric's values, shape (columns,), (columns, P) or (columns, places on its axis); ``sizes`` of the axes of the run."""
        wanted = (n_columns,) if metric.axis == "world" else (n_columns, sizes.get(metric.axis, self.setting.n_parties))
        measured = metric.measure(world)
        # A copy: a metric may hand over an array of the world, which goes on changing.
        if type(measured) is np.ndarray and measured.dtype is _FLOAT and measured.shape == wanted:
            return measured.copy()
        try:
            if np.iscomplexobj(measured):
                raise TypeError
            values = np.array(measured, dtype=np.float64)
        except (TypeError, ValueError):
            raise fault_of(metric, "measure", f"measure() must give numbers of shape {wanted}, not {type(measured).__name__}") from None
        if values.shape != wanted:
            axes = "columns" if metric.axis == "world" else f"columns, {'parties' if metric.axis == 'party' else f'axis {metric.axis}'}"
            raise fault_of(metric, "measure", f"measure() must give numbers of shape {wanted} ({axes}), not {values.shape}")
        return values

    def latest(self, column: str) -> float:
        """Return the last month's value of one column of the series."""
        return float(self._rows[-1][self._names.index(column)])

    @property
    def panels(self) -> dict[str, list[NDArray[np.float64]]]:
        """Metrics by party as far as measured, a row (P,) a month; empty below tier ``panels``."""
        return self._panels

    def along(self, world: World) -> dict[str, Along]:
        """Return what has been measured along other axes than the parties, by axis; nothing below tier ``panels``."""
        return {axis: laid_out(world, axis, self._months, columns) for axis, columns in sorted(self._along.items())}

    @property
    def series(self) -> dict[str, NDArray[np.float64]]:
        """Every column for the world as a whole as far as measured, (M,)."""
        if not self._rows:
            return {name: np.empty(0) for name in self._names}
        return dict(zip(self._names, np.array(self._rows).T.copy(), strict=True))

    def copy(self) -> Recorder:
        """Return an independent recorder that has measured the same months."""
        twin = object.__new__(Recorder)
        twin.__dict__.update(self.__dict__)
        twin._digest, twin._months, twin._rows = self._digest.copy(), [*self._months], [*self._rows]
        twin._panels = {name: [*values] for name, values in self._panels.items()}
        twin._along = {axis: {name: [*values] for name, values in columns.items()} for axis, columns in self._along.items()}
        twin._names, twin._read = [*self._names], None if self._read is None else [*self._read]
        return twin

    def __copy__(self) -> Recorder:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Recorder:
        # What has been measured is never written to again, so that arrays may be shared.
        twin = self.copy()
        memo[id(self)] = twin
        twin.setting = copy.deepcopy(self.setting, memo)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        if self._read is None:
            raise TypeError("this record cannot be pickled before its end: make it portable")
        return {key: value for key, value in self.__dict__.items() if key != "_digest"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._digest = hashlib.blake2b(b"".join(self._read or ()), digest_size=16)

    def _update(self, read: bytes) -> None:
        self._digest.update(read)
        if self._read is not None:
            self._read.append(read)

    def finish(self, world: World, moves: str = "") -> RunData:
        """Close the record of a run that has reached its end; ``moves`` of a played seat, as text, are part of what the run is."""
        self._digest.update(moves.encode())
        for name in world.setting.schema.digested:
            table = world.table(name)
            for column in sorted(table.columns):
                self._digest.update(f"{name}.{column}".encode() + _one_nan(table[column]).tobytes())
        series = self.series if self._rows else {}
        scalars = {}
        for metric, columns in zip(self.metrics, self.columns, strict=True):
            for name in columns:
                scalars[name] = over_months(metric.over_months, series[name])
        panels = {name: np.array(values) for name, values in self._panels.items()}
        events = ledger_in_words(world) if self.tier in TIERS[2:] else {}
        instruments = instruments_in_words(world) if self.tier in TIERS[2:] else {}
        offers = offers_in_words(world) if self.tier == "full" else {}
        tables = {name: table_in_words(world, name) for name in recorded_tables(world.setting, self.tier)}
        digest, months = self._digest.hexdigest(), np.array(self._months)
        return RunData(world.seed, digest, months, scalars, series, panels, events, instruments, offers, tables, self.along(world))


def over_parties(how: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Aggregate party measurements, shape (columns, N), over states, ``sum`` or ``mean``, to (columns,).

    States for which a value is undefined (NaN) are left out; where it is so for all, so is the aggregate.
    """
    # The mean as NumPy takes it, without its detours: this is asked of every metric in every month.
    total: NDArray[np.float64] = np.add.reduce(values, axis=1)
    if np.isnan(total).any():
        return np.array([_of_defined(how, row) for row in values])
    return total if how == "sum" else total / values.shape[1]


def over_months(how: str, values: NDArray[np.float64]) -> float:
    """Aggregate a series over the run: ``sum``, ``mean`` or ``last``; months that are undefined are left out of a sum or a mean."""
    if how == "last":
        # The one NaN that Python has, so that two records of one run are equal.
        return np.nan if np.isnan(values[-1]) else float(values[-1])
    if np.isnan(values).any():
        return _of_defined(how, values)
    return float(np.sum(values) if how == "sum" else np.mean(values))


def _of_defined(how: str, values: NDArray[np.float64]) -> float:
    defined = values[~np.isnan(values)]
    if len(defined) == 0:
        return np.nan
    return float(np.sum(defined) if how == "sum" else np.mean(defined))


def _one_nan(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column in which every NaN has the same bits: they differ by processor, and say nothing."""
    if column.dtype.kind != "f":
        return np.ascontiguousarray(column)
    return np.where(np.isnan(column), np.nan, column)


def ledger_in_words(world: World, rows: Ints | None = None) -> dict[str, NDArray[Any]]:
    """Return the ledger, or some rows of it, with names for numbers; an absent name is an empty string."""
    table, setting = world.events, world.setting
    events = {name: table[name] if rows is None else table[name][rows] for name in table.columns}
    codes = np.array([*setting.codes, ""], dtype=object)
    types = np.array([*setting.type_names, ""], dtype=object)
    talks = np.array([*(world.talk_identity(row) for row in range(len(world.talks))), ""], dtype=object)
    instruments = np.array([*(world.instrument_identity(row) for row in range(len(world.instruments))), ""], dtype=object)
    out: dict[str, NDArray[Any]] = {"month": events["month"].copy()}
    names = setting.words.names
    ranks = tuple(rank.name.lower() for rank in Rank)
    for name, words in (
        ("event", names["event"]), ("channel", names["channel"]), ("rank", ranks), ("occasion", names["occasion"]),
        ("reason", names["reason"]),
    ):  # fmt: skip
        out[name] = np.array([*words, ""], dtype=object)[events[name]]
    out["reason"] = np.where(out["reason"] == "none", "", out["reason"])
    out["party_a"], out["party_b"] = codes[events["party_a"]], codes[events["party_b"]]
    out["type"], out["negotiation"], out["instrument"] = types[events["type"]], talks[events["talk"]], instruments[events["instrument"]]
    met = np.array([*(world.conference_identity(row) for row in range(len(world.conferences))), ""], dtype=object)
    named = met[events["conference"]]
    out["negotiation"] = np.where(named != "", named, out["negotiation"])
    out["value"] = events["value"].copy()
    return {**out, **{name: column if rows is None else column[rows] for name, column in added_columns(world, "events").items()}}


def instruments_in_words(world: World) -> dict[str, NDArray[Any]]:
    """Return every instrument with its text, stage and dates, and what it was worth to each side when it was signed.

    ``gain_first`` and ``gain_second`` are utility less the value of no agreement, in bp of own GDP a year; NaN for what was in force
    before the run; of half a package its own, which may be a loss. Months that have not come are -1, and so is a term without end.
    ``successor_of`` is what it replaced, or began to. Of each deal its quality
    (``sim.bargains.quality``; of a package that of the whole), rounds, months of talks and contacts by channel.
    """
    table, talks, setting = world.instruments, world.talks, world.setting
    codes, types = np.array([*setting.codes, ""], dtype=object), np.array(setting.type_names, dtype=object)
    out: dict[str, NDArray[Any]] = {"instrument": np.array([world.instrument_identity(row) for row in range(len(table))], dtype=object)}
    out["type"], out["party_first"], out["party_second"] = types[table["type"]], codes[table["first"]], codes[table["second"]]
    out["stage"] = np.array([stage.name.lower() for stage in Stage], dtype=object)[table["stage"]]
    for name in ("signed", "in_force", "ended"):
        out[name] = table[name].copy()
    for k, issue in enumerate(setting.words.issues):
        out[issue] = table["text"][:, k].copy()
    gain = np.full((len(table), 2), np.nan)
    made = table["talk"] >= 0
    of = table["talk"][made]
    gain[made] = talks["utility"][of] - talks["disagreement_value"][of]
    out["gain_first"], out["gain_second"] = gain[:, 0].copy(), gain[:, 1].copy()
    out["commitment"], out["payment"] = table["commitment"].copy(), table["payment"].copy()
    # The talks that lead the package an instrument belongs to; the same for both its halves, empty for what was signed alone.
    leading = np.array([*(world.talk_identity(row) for row in range(len(talks))), ""], dtype=object)
    out["package"] = leading[table["package"]]
    out["term"] = np.where(table["term"] >= NEVER, -1, table["term"]).astype(np.int32)
    out["successor_of"] = np.array([*out["instrument"], ""], dtype=object)[table["successor_of"]]
    # How it came about and how good it is; absent for what was in force before the run.
    for k, name in enumerate(QUALITIES):
        out[name] = np.full(len(table), np.nan)
        out[name][made] = talks["quality"][of, k]
    counts = {"rounds": talks["step"], "months_of_talks": talks["closed"] - talks["opened"]}
    counts |= {f"contacts_{channel}": talks["n_by_channel"][:, at] for at, channel in enumerate(setting.words.channels)}
    for name, column in counts.items():
        out[name] = np.full(len(table), -1, dtype=np.int32)
        out[name][made] = column[of]
    # What consequences and other parts add; the two above are consequences too, and stand where they always stood.
    return {**out, **{name: column for name, column in added_columns(world, "instruments").items() if name not in out}}


def offers_in_words(world: World) -> dict[str, NDArray[Any]]:
    """Return every offer recorded, with names for numbers."""
    offers = world.offers
    talks = np.array([*(world.talk_identity(row) for row in range(len(world.talks))), ""], dtype=object)
    out: dict[str, NDArray[Any]] = {"month": offers["month"].copy(), "negotiation": talks[offers["talk"]], "step": offers["step"].copy()}
    out["proposer"] = np.array([*world.setting.codes, ""], dtype=object)[offers["proposer"]]
    for k, issue in enumerate(world.setting.words.issues):
        out[issue] = offers["text"][:, k].copy()
    out["utility_first"], out["utility_second"] = offers["utility"][:, 0].copy(), offers["utility"][:, 1].copy()
    return {**out, **added_columns(world, "offers")}
