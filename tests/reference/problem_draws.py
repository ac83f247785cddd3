"""Hypothesis strategies for bargaining problems, and the same problems seen from other sides."""

from __future__ import annotations

import dataclasses
from hashlib import blake2b

import numpy as np
from hypothesis import strategies as st

from sim.bargains.problems import Problems, Talks
from sim.bargains.ratified import nash_outcomes
from sim.bargains.winset import Pivots
from sim.registry import shelf


@st.composite
def problem_sets(draw, n=4, zone=True, gentle=False):
    """Draw n problems; see :func:`random_problems`."""
    return random_problems(
        np.random.default_rng(draw(st.integers(0, 2**32))),
        n,
        draw(st.integers(1, 6)),
        careless=draw(st.sampled_from([0.0, 0.3, 1.0])),
        slope=draw(st.sampled_from([0.0, 0.3, 2.0])),
        zone=zone,
        gentle=gentle,
    )


@st.composite
def ratified_sets(draw, n=4, gentle=True, reach=0.3, agree=True):
    """Draw n problems whose ratifiers often reject the executives' text; see :func:`with_pivots`."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    k = draw(st.integers(1, 6))
    return with_pivots(random_problems(rng, n, k, careless=draw(st.sampled_from([0.0, 0.3])), gentle=gentle), rng, reach, agree)


def with_pivots(problems, rng, reach=0.3, agree=True):
    """Give most parties a ratifier with other ideal points who would accept a text part of the way from the Nash text to a random one.

    reach: the largest part of that way; agree: both sides' ratifiers would accept the same such text.
    """
    p, (n, k) = problems, problems.lo.shape
    theta = p.theta + rng.normal(0.0, 0.4, p.theta.shape)
    text = nash_outcomes(p).text
    other = p.lo[:, None] + (p.hi - p.lo)[:, None] * rng.random((n, 1 if agree else 2, k))
    inside = np.where(np.isnan(text)[:, None], other, text[:, None])
    inside = inside + reach * rng.random((n, 1, 1)) * (other - inside)
    value = p.a + (p.b * inside - p.w * (inside - theta) ** 2).sum(axis=2)
    d = value - 0.02 * rng.random((n, 2)) * (1e-3 * p.w.max(axis=2) + np.abs(value))
    return dataclasses.replace(p, pivot=Pivots(p.a, p.b, p.w, theta, d, rng.random((n, 2)) < 0.8))


def random_problems(rng, n, k, *, careless=0.3, slope=0.3, zone=True, gentle=False):
    """Make n problems of k issues: some bounds bind, some issues are fixed, one side may not care, r may exceed d.

    careless: share of issues that one side does not care about; slope: size of b; zone: set r part of the way to a text both can
    reach, so that agreement exists; gentle: both sides use the same unit, so that a general optimiser finds six digits.
    """
    w = rng.uniform(0.1, 3.0, (n, 2, k))
    without = rng.integers(0, 2, (n, k))
    for m, j in zip(*np.nonzero(rng.random((n, k)) < careless), strict=True):
        w[m, without[m, j], j] = 0.0
    theta = rng.uniform(-0.3, 1.3, (n, 2, k))
    b = rng.normal(0.0, 1.0, (n, 2, k)) * slope
    lo, hi = rng.uniform(0.0, 0.4, (n, k)), rng.uniform(0.6, 1.0, (n, k))
    fixed = rng.random((n, k)) < 0.15
    hi[fixed] = lo[fixed]
    a = rng.normal(0.0, 1.0, (n, 2))
    scale = np.ones((n, 2)) if gentle else 10.0 ** rng.uniform(-2, 3, (n, 2))
    a, b, w = a * scale, b * scale[:, :, None], w * scale[:, :, None]
    share0 = rng.uniform(0.2, 0.8, (n, 1))
    weight = np.concatenate([share0, 1.0 - share0], axis=1)
    some = lo + (hi - lo) * rng.random((n, k))
    reached = a + (b * some[:, None] - w * (some[:, None] - theta) ** 2).sum(axis=2)
    d = reached - scale * rng.uniform(0.05, 1.0, (n, 2)) if zone else reached + scale * rng.normal(0.0, 0.5, (n, 2))
    r = d + (reached - d) * rng.uniform(0.0, 0.95, (n, 2)) * (rng.random((n, 2)) < 0.5) if zone else d
    return Problems(a=a, b=b, w=w, theta=theta, d=d, r=np.maximum(r, d), lo=lo, hi=hi, weight=weight)


def bits(n, k):
    """Digest every bit that all protocols make of a fixed set of problems, offers included: n of each kind, of k issues."""
    made = blake2b(digest_size=16)
    for seed, zone in ((1, True), (2, False)):
        problems = random_problems(np.random.default_rng(seed), n, k, zone=zone)
        _add_bits(made, problems)
    _add_bits(made, with_pivots(random_problems(np.random.default_rng(3), min(n, 8), 3), np.random.default_rng(4)))
    return made.hexdigest()


def _add_bits(made, problems):
    n, k = problems.lo.shape
    talks = Talks.opened(np.arange(n) % 2, n, k)
    protocol = shelf("protocol").build("alternating_offers", {"tactic": "boulware", "tactic_second": "conceder"})
    outcomes, log = protocol.advance(problems, talks, np.full(n, 20), record=True)
    # The slower ones only on a few: uncompiled they take seconds a problem.
    few = problems.take(np.arange(min(n, 5)))
    solved = [shelf("protocol").build(name).solve(problems if name == "nash" else few) for name in shelf("protocol").names()]
    for thing in (*solved, outcomes, talks, log):
        for field in dataclasses.fields(thing):
            value = getattr(thing, field.name)
            made.update(b"" if value is None else value.tobytes())


def utilities(problems, text):
    """Return the utility of each party, shape (M, 2), at texts (M, K), by whole arrays."""
    x = text[:, None]
    return problems.a + (problems.b * x - problems.w * (x - problems.theta) ** 2).sum(axis=2)


def swapped(problems):
    """Return the same problems with the parties in the other order."""
    sides = {name: getattr(problems, name)[:, ::-1] for name in ("a", "b", "w", "theta", "d", "r", "weight")}
    pivot = problems.pivot and Pivots(*(getattr(problems.pivot, f.name)[:, ::-1] for f in dataclasses.fields(Pivots)))
    first = None if problems.first is None else 1 - problems.first
    return dataclasses.replace(problems, **sides, pivot=pivot, first=first)


def rescaled(problems, factor, shift):
    """Return the same problems with utility i measured as factor_i u_i + shift_i."""
    f, s = np.asarray(factor), np.asarray(shift)
    v = problems.pivot
    return dataclasses.replace(
        problems,
        pivot=v and dataclasses.replace(v, a=v.a * f + s, d=v.d * f + s, b=v.b * f[:, None], w=v.w * f[:, None]),
        a=problems.a * f + s,
        d=problems.d * f + s,
        r=np.maximum(problems.r * f + s, problems.d * f + s),
        b=problems.b * f[:, None],
        w=problems.w * f[:, None],
    )


def one_problem(b, w, theta, d=(0.0, 0.0), r=None, a=(0.0, 0.0), weight=(0.5, 0.5), lo=None, hi=None):
    """Return one problem from plain lists; b, w, theta are [party][issue], the box is [0, 1]."""
    b = np.array([b], float)
    k = b.shape[2]
    return Problems(
        a=np.array([a], float),
        b=b,
        w=np.array([w], float),
        theta=np.array([theta], float),
        d=np.array([d], float),
        r=np.array([d if r is None else r], float),
        lo=np.zeros((1, k)) if lo is None else np.array([lo], float),
        hi=np.ones((1, k)) if hi is None else np.array([hi], float),
        weight=np.array([weight], float),
    )
