"""Bargaining problems of n parties, drawn for tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from sim.bargains.group import GroupProblem


def drawn(rng, n, k, *, careless=0.2, slope=0.3, apart=0.0, units=1.0):
    """Draw a problem of n parties and k issues with a zone of agreement around a random text, which is returned too.

    careless: share of (party, issue) that does not care; apart: share of reservation values above the value of no agreement;
    units: how far the parties' units differ (1: not at all).
    """
    w, theta = rng.uniform(0.1, 3.0, (n, k)), rng.uniform(-0.2, 1.2, (n, k))
    w[(rng.random((n, k)) < careless) & (np.arange(n)[:, None] > 0)] = 0.0
    b, a = rng.normal(0.0, slope, (n, k)), rng.normal(0.0, 1.0, n)
    scale = units ** rng.uniform(-1.0, 1.0, n)
    a, b, w = a * scale, b * scale[:, None], w * scale[:, None]
    lo, hi = rng.uniform(0.0, 0.2, k), rng.uniform(0.7, 1.0, k)
    x = lo + (hi - lo) * rng.random(k)
    reached = a + (b * x - w * (x - theta) ** 2).sum(axis=1)
    d = reached - scale * rng.uniform(0.05, 1.0, n)
    r = np.where(rng.random(n) < apart, d + rng.uniform(0.1, 0.9, n) * (reached - d), d)
    share = rng.uniform(0.5, 1.5, n)
    return GroupProblem(a, b, w, theta, d, r, lo, hi, share / share.sum()), x


@st.composite
def groups(draw, largest=8, **more):
    """Draw a problem of two to ``largest`` parties."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, k = draw(st.integers(2, largest)), draw(st.integers(1, 5))
    return drawn(rng, n, k, careless=draw(st.sampled_from([0.0, 0.4])), slope=draw(st.sampled_from([0.0, 0.5])), **more)[0]


def reordered(p, order):
    """Return the same problem with the parties in another order."""
    return GroupProblem(*(getattr(p, name)[order] for name in ("a", "b", "w", "theta", "d", "r")), p.lo, p.hi, p.weight[order])
