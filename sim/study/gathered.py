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

    def join(self, other: Gathered) -> None:
        """Add the runs of another one, after these."""
        for column, more in zip(self._keys.values(), other._keys.values(), strict=True):
            column.extend(more)
        self.failed += other.failed
        self._scalars += other._scalars
        self._series += other._series

    def table(self) -> Any:
        """Return a row a run: the keys of a shard, then the scalars, NaN where a run has none."""
        columns = {name: np.array(made, dtype=_KINDS[name]) if name in _KINDS else words_of(made) for name, made in self._keys.items()}
        names = list(dict.fromkeys(name for one in self._scalars for name in one))
        values = np.array([_in_order(one, names) for one in self._scalars], dtype=np.float64)
        return table_of({**columns, **{name: values[:, k] for k, name in enumerate(names)}})

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


def _in_order(scalars: dict[str, float], names: list[str]) -> list[float]:
    return list(scalars.values()) if list(scalars) == names else [scalars.get(name, np.nan) for name in names]
