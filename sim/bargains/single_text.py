r"""A mediator revises one text, proposing what it likes best itself among the changes that both sides prefer to what stands.

The mediator opens halfway between the two sides' positions. A change moves one issue by a step, or two issues by a step each, up or down.
Both sides say only whether they prefer the changed text; of those that both do, the mediator takes the one nearest to where it would have
the text itself, ``x^med = lo + lean (hi - lo)``. Where no change is left the step is halved, down to ``FINEST`` of an issue's range.

A side prefers a text that is worth more to it and that its ratifiers accept; where they do not accept the text as it stands either, one
that is also worth more to them.

Symbols: ``lean`` from 0 to 1 (no unit); the rest as in :mod:`sim.bargains.problems`.

Source: Fisher (1978), "International Mediation: A Working Guide" (one text, as at Camp David); Raiffa (1982), "The Art and Science of
Negotiation", chapter 14; as a search: Klein, Faratin, Sayama and Bar-Yam (2003), "Negotiating Complex Contracts", Group Decision and
Negotiation 12.
Departs from the last in a fixed list of changes instead of random ones. It ends where no change of one or two issues helps both, which
need not be on the frontier: it claims nothing, and :func:`sim.bargains.fair.distance_to_frontier` tells how far it is.
"""

from __future__ import annotations

import numpy as np

from sim.bargains.feasible import PivotArrays, passes_at_home
from sim.bargains.frontier import clip, copy_text
from sim.bargains.problems import Floats, Problems
from sim.bargains.splits import pivot_arrays
from sim.bargains.stances import stances
from sim.bargains.worth import box_is_empty, utility_at
from sim.kernels import jit

FIRST_STEP = 0.25
FINEST = 1.0 / 256.0


def single_texts(problems: Problems, lean: float, revisions: int) -> Floats:
    """Return the text that the mediator's revisions lead to, shape (M, K); NaN where lo > hi.

    Parameters
    ----------
    problems : Problems
        M problems that passed :func:`sim.bargains.problems.checked`.
    lean : float
        Where the mediator would have the text between the bounds of every issue, 0 to 1.
    revisions : int
        Revisions at most.
    """
    p = problems
    position, _ = stances(p)
    text = 0.5 * (position[:, 0] + position[:, 1])
    _revise(p.a, p.b, p.w, p.theta, p.lo, p.hi, pivot_arrays(p), lean, revisions, text)
    return text


@jit
def _revise(
    a: Floats, b: Floats, w: Floats, theta: Floats, lo: Floats, hi: Floats, pivot: PivotArrays | None, lean: float, revisions: int,
    text: Floats,
) -> None:  # fmt: skip
    """Revise text (M, K) in place."""
    n_issues = lo.shape[1]
    x, y, best = np.empty(n_issues), np.empty(n_issues), np.empty(n_issues)
    for m in range(lo.shape[0]):
        if box_is_empty(lo, hi, m):
            continue
        copy_text(text[m], x)
        step, left = FIRST_STEP, revisions
        while left > 0 and step >= FINEST:
            nearest = np.inf
            for p in range(n_issues):
                for q in range(p, n_issues):
                    for way in range(4):
                        # p = q: one issue, up (0) or down (3); else both up, apart, apart, both down.
                        if p == q and way in (1, 2):
                            continue
                        copy_text(x, y)
                        y[p] = _moved(x[p], step, way < 2, lo[m, p], hi[m, p])
                        if q > p:
                            y[q] = _moved(x[q], step, way % 2 == 0, lo[m, q], hi[m, q])
                        away = _away(y, lo, hi, m, lean)
                        if away < nearest and _prefers(a, b, w, theta, pivot, m, 0, x, y) and _prefers(a, b, w, theta, pivot, m, 1, x, y):
                            nearest = away
                            copy_text(y, best)
            if nearest < np.inf:
                copy_text(best, x)
                left -= 1
            else:
                step *= 0.5
        copy_text(x, text[m])


@jit
def _moved(x: float, step: float, up: bool, low: float, high: float) -> float:
    """Return an issue moved by a share of its range, inside it."""
    moved: float = clip(x + step * (high - low) if up else x - step * (high - low), low, high)
    return moved


@jit
def _away(y: Floats, lo: Floats, hi: Floats, m: int, lean: float) -> float:
    """Return the squared distance of a text, shape (K,), from where the mediator would have it."""
    away = 0.0
    for k in range(y.shape[0]):
        gap = y[k] - (lo[m, k] + lean * (hi[m, k] - lo[m, k]))
        away += gap * gap
    return away


@jit
def _prefers(a: Floats, b: Floats, w: Floats, theta: Floats, pivot: PivotArrays | None, m: int, i: int, x: Floats, y: Floats) -> bool:
    """Tell whether party i of negotiation m would rather have text y than x, both of shape (K,)."""
    if utility_at(a, b, w, theta, m, i, y) <= utility_at(a, b, w, theta, m, i, x):
        return False
    if pivot is None or passes_at_home(pivot, m, i, y):
        return True
    if passes_at_home(pivot, m, i, x):
        return False
    v_a, v_b, v_w, v_theta, _, _ = pivot
    warmer: bool = utility_at(v_a, v_b, v_w, v_theta, m, i, y) > utility_at(v_a, v_b, v_w, v_theta, m, i, x)
    return warmer
