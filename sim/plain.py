"""Plain values of what is given from Python: NumPy's numbers and arrays, and paths of any kind, as the command line would give them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def plain_tree(value: Any) -> Any:
    """Return a tree in plain Python values: NumPy's numbers as numbers, arrays and tuples as lists, paths of any kind as their texts."""
    if isinstance(value, Mapping):
        return {key.item() if isinstance(key, np.generic) else key: plain_tree(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_tree(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, os.PathLike) and not isinstance(value, Path):
        return os.fspath(value)
    return plain_tree(value.tolist()) if isinstance(value, np.ndarray) else value
