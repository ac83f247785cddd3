"""What a shock says of a month: sparse changes to forcing arrays, and events that it raises.

A shock's method ``changes(view, month, since)`` gives them; the mechanism ``disruption`` lays them over the month. Each month begins with
every forcing array as it starts (``forcing=True`` in :func:`sim.declare.arrays.array`): a shock that gives nothing leaves nothing behind.

>>> Change("cut", 1.0, at=(3,)).how
'set'
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

HOWS: dict[str, Callable[[Any, Any], Any]] = {
    "set": lambda _held, value: value,
    "add": np.add,
    "scale": np.multiply,
    "most": np.maximum,
    "least": np.minimum,
}
"""How a value and what an array holds make what it holds next."""


@dataclass(frozen=True)
class Change:
    """One change to a forcing array.

    Attributes
    ----------
    array : str
        Its name.
    value : number, or array of the shape of the places
    at : tuple of int arrays, int or slice, one for each leading axis, or None
        Places, such as ``(edges,)`` on directed dyads or ``(rows,)`` of a table. No place is named twice. None is every state of an array
        on parties, and every place of any other.
    how : str
        One of ``HOWS``.
    """

    array: str
    value: Any
    at: tuple[Any, ...] | None = None
    how: str = "set"


@dataclass(frozen=True)
class Raised:
    """One event that a shock writes into the ledger this month.

    Attributes
    ----------
    event : str
        A declared event, by name (:func:`sim.declare.words.event`).
    party_a, party_b, type, instrument : int
        Places of whom and what it concerns; -1 for none.
    value : float
    """

    event: str
    party_a: int = -1
    party_b: int = -1
    type: int = -1
    instrument: int = -1
    value: float = math.nan
