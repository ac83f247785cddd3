"""Who took part in a stored run, and who was bound to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bond:
    """An agreement between two parties in one run.

    Attributes
    ----------
    run : int
        Row of the run, from 0.
    type, instrument : str
        Agreement type and the instrument's identity.
    party_a, party_b : str
        Codes, sorted.
    start, end : int
        First month in force and first month no longer so (``NEVER`` where it does not end).
    from_start : bool
        True if it was in force before the first month of the run.
    """

    run: int
    type: str
    instrument: str
    party_a: str
    party_b: str
    start: int
    end: int
    from_start: bool


@dataclass(frozen=True)
class Roster:
    """Who took part: codes, names, regions, and capitals in degrees, in the run's own order; then the blocs and their members."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    lat: Floats
    lon: Floats
    members: Mapping[str, tuple[str, ...]]
    bloc_names: Mapping[str, str]

    def name(self, code: str) -> str:
        """Return the name of a state or bloc; its code where it has none."""
        return self._names.get(code, code)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {**dict(zip(self.codes, self.names, strict=True)), **self.bloc_names}


def shared(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array to read only: every figure of a run sees the same one, and none may change what the next one draws."""
    values.flags.writeable = False
    return values
