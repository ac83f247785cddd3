"""Whether a user's part draws from a generator that no seed of a run decides."""

from __future__ import annotations

import importlib
from typing import Any

UNNAMED = (
    "draws from numpy.random or random, the process's own generators, which the seed of a run does not decide; "
    "draw by name and identity (sim.rng)"
)

# Looked up by name, because nothing of ours may use them: they are watched here and never drawn from.
_WATCHED: tuple[Any, Any] = importlib.import_module("numpy.random"), importlib.import_module("random")


def global_luck() -> Any:
    """Return the state of the process's own generators, ``numpy.random`` and ``random``, to be compared."""
    words = _WATCHED[0].get_state()
    return words[1].tobytes(), words[2:], _WATCHED[1].getstate()
