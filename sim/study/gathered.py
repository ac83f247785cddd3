"""What the runs of a shard left, gathered column by column, and the tables made of it.

Nothing of a run is kept but its scalars, and its series where the study records them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import table_of, words_of
from sim.recorder import RunData
from sim.study.design import Row
from sim.study.shards import ROW_DIGEST, SERIES_DIGEST, STUDY
from sim.study.sums import row_digests, summed, written

_KINDS = {"run": np.int64, "draw": np.int64, "seed": np.int64, "twin": np.bool_, "round": np.int64, "seconds": np.float64}


class Gathered:
    """The results of some runs of one round.

    Parameters
    ----------
    number : int
        The round.
    monthly : bool
        Whether series are kept, too.
    """

    def __init__(self, number: int, *, monthly: bool) -> None:
        self.number, self.monthly = number, monthly
        self.failed = 0
        names = ("run", "draw", "seed", "scenario", "twin", "identity", "round", "status", "digest", "seconds", "error", "config")
        self._keys: dict[str, list[Any]] = {name: [] for name in names}
        self._scalars: list[dict[str, float]] = []
        self._series: list[tuple[int, NDArray[np.int64], dict[str, NDArray[np.float64]]]] = []

    def __len__(self) -> int:
        """Count the runs."""
        return len(self._scalars)

    def add(self, row: Row, seconds: float, data: RunData | None, identity: str = "", error: str = "", config: str = "") -> None:
        """Add one run; ``data`` is None if it failed, and then ``error`` and ``config`` say how and of what."""
        status = "failed" if data is None else "done"
        digest = "" if data is None else data.digest
        said = (row.run, row.draw, row.seed, row.scenario, row.twin, identity, self.number, status, digest, seconds, error, config)
        for column, value in zip(self._keys.values(), said, strict=True):
            column.append(value)
        self.failed += data is None
        self._scalars.append({} if data is None else data.scalars)
        if self.monthly and data is not None:
            self._series.append((row.run, data.months, data.series))

    @property
    def runs(self) -> NDArray[np.int64]:
        """Numbers of the runs, in the order they were lived."""
        return np.array(self._keys["run"], dtype=np.int64)

    def join(self, other: Gathered) -> None:
        """Add the runs of another one, after these."""
        for column, more in zip(self._keys.values(), other._keys.values(), strict=True):
            column.extend(more)
        self.failed += other.failed
        self._scalars += other._scalars
        self._series += other._series

    def table(self, study: str = "") -> Any:
        """Return a row a run: the keys of a shard, then the scalars, NaN where a run has none; the study's name goes with it."""
        columns = {name: np.array(made, dtype=_KINDS[name]) if name in _KINDS else words_of(made) for name, made in self._keys.items()}
        columns[SERIES_DIGEST] = words_of(self._series_digests())
        names = list(dict.fromkeys(name for one in self._scalars for name in one))
        values = np.array([_in_order(one, names) for one in self._scalars], dtype=np.float64)
        table = table_of({**columns, **{name: values[:, k] for k, name in enumerate(names)}})
        table = table.append_column(ROW_DIGEST, words_of([one.hex() for one in row_digests(table)]))
        return table.replace_schema_metadata({STUDY: study})

    def _series_digests(self) -> list[str]:
        """Return the digest of the months of every run, empty where there are none."""
        months = self.months()
        if months is None:
            return [""] * len(self)
        found = series_digests(months)
        return [found.get(run, "") for run in self._keys["run"]]

    def months(self) -> Any:
        """Return a row a run and month, or None where no run has any."""
        if not self._series:
            return None
        columns: dict[str, Any] = {
            "run": np.concatenate([np.full(len(months), run, dtype=np.int64) for run, months, _ in self._series]),
            "month": np.concatenate([months for _, months, _ in self._series]),
        }
        for name in dict.fromkeys(name for *_, series in self._series for name in series):
            columns[name] = np.concatenate([series.get(name, np.full(len(months), np.nan)) for _, months, series in self._series])
        return table_of(columns)


def series_digests(months: Any) -> dict[int, str]:
    """Return the digest of the months of every run in a table of months: the sum of the digests of their rows."""
    found: dict[int, int] = {}
    for run, digest in zip(months.column("run").to_pylist(), row_digests(months), strict=True):
        found[run] = summed([digest], found.get(run, 0))
    return {run: written(total) for run, total in found.items()}


def _in_order(scalars: dict[str, float], names: list[str]) -> list[float]:
    return list(scalars.values()) if list(scalars) == names else [scalars.get(name, np.nan) for name in names]
