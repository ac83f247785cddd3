"""Hat algebra told a second time, importer by importer over whole matrices: the twin that ``sim.trade.hat`` is held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def changed(flow: Floats, home: Floats, gain: Floats, elasticity: float) -> tuple[Floats, Floats, Floats]:
    """Return prices (R,), flows (R, P) and purchases at home (R,) from flows (R, P): shares first, then shares after, then money."""
    spending = flow.sum(axis=1) + home
    share = np.hstack([flow, home[:, None]]) / spending[:, None]
    ease = np.hstack([1.0 + gain, np.ones((len(home), 1))])
    index = (share * ease).sum(axis=1)
    after = share * ease / index[:, None] * spending[:, None]
    return index ** (-1.0 / elasticity), after[:, :-1], after[:, -1]
