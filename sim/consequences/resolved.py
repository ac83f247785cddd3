"""What the types of a run do, laid together: numbers by type, who does what, and what is carried out month by month."""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.consequences.adds_trade import AddsTrade
from sim.consequences.base import Adds, Consequence, Covers, Rate


@dataclass(frozen=True, eq=False)
class Doings:
    """What the types of a run do, with parameters as they stand now.

    Attributes
    ----------
    types : tuple of agreement types
        In the order of the T axis.
    """

    types: tuple[Any, ...]

    @functools.cached_property
    def _rates(self) -> dict[Rate, NDArray[np.float64]]:
        rates: dict[Rate, NDArray[np.float64]] = {}
        for t, kind in enumerate(self.types):
            for one in kind.does:
                for rate in one.rates:
                    values = rates.setdefault(rate, np.full(len(self.types), rate.absent))
                    if name := getattr(one, rate.field):
                        values[t] = float(getattr(kind, name))
        for values in rates.values():
            values.setflags(write=False)
        return rates

    def rate(self, rate: Rate) -> NDArray[np.float64]:
        """Return a number of each type, shape (T,), to read."""
        found = self._rates.get(rate)
        return np.full(len(self.types), rate.absent) if found is None else found

    def doing(self, cls: type[Consequence]) -> NDArray[np.bool_]:
        """Return which types do something, shape (T,), to read: a consequence of a class, or of one derived from it."""
        found = self._done.get(cls)
        if found is None:
            found = np.array([any(isinstance(one, cls) for one in kind.does) for kind in self.types], dtype=np.bool_)
            found.setflags(write=False)
            self._done[cls] = found
        return found

    @functools.cached_property
    def _done(self) -> dict[type[Consequence], NDArray[np.bool_]]:
        """What has been asked of :meth:`doing` so far: types do the same for as long as they are these."""
        return {}

    @functools.cached_property
    def without_trade(self) -> tuple[Any, ...]:
        """The types as they would be if none of them added any trade: what they say of a text is then all but the trade it brings."""
        return tuple(_without_trade(kind) for kind in self.types)

    @functools.cached_property
    def covers(self) -> tuple[Covers, ...]:
        """What is the largest over what is in force on each edge, each once."""
        return tuple(dict.fromkeys(each for kind in self.types for one in kind.does for each in one.covers))

    @functools.cached_property
    def adding(self) -> NDArray[np.bool_]:
        """Which types add anything month by month, shape (T,), to read."""
        found = np.array([any(one.adds for one in kind.does) for kind in self.types], dtype=np.bool_)
        found.setflags(write=False)
        return found

    @functools.cached_property
    def adds(self) -> tuple[Adds, ...]:
        """What is added month by month, each once."""
        return tuple(dict.fromkeys(each for kind in self.types for one in kind.does for each in one.adds))


def _without_trade(kind: Any) -> Any:
    # A copy, not dataclasses.replace: the number may be a constant of the class.
    found = copy.copy(kind)
    for one in kind.does:
        if isinstance(one, AddsTrade):
            object.__setattr__(found, one.effect, 0.0)
    return found
