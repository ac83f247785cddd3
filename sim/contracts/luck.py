"""Whether a user's part draws from a generator that no seed of a run decides."""

from __future__ import annotations

import random
from typing import Any

import numpy.random

UNNAMED = (
    "draws from numpy.random or random, the process's own generators, which the seed of a run does not decide; "
    "draw by name and identity (sim.rng)"
)


def global_luck() -> Any:
    """Return the state of the process's own generators, ``numpy.random`` and ``random``, to be compared; nothing is drawn from them."""
    words: Any = numpy.random.get_state()
    return words[1].tobytes(), words[2:], random.getstate()
