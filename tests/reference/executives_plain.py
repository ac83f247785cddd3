"""Who governs, state by state: a government comes with an election, or by succession, and stays as it is until the next one comes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from reference.plain_world import ISSUES
from sim import luck
from sim.rng import identity, uniform, uniforms


def begin(w: Any) -> None:
    """Let every state have a government, which came to office the month before."""
    for state in w.states:
        _come(w, state, w.month - 1)
    _lead_blocs(w)


def step(w: Any, decide: Any) -> None:
    """Let those who voted, or whose ruler is succeeded, have a new government."""
    part = w.part("executives")
    for state in w.states:
        if not part.differ:
            w.leaning[state] = w.pivot[state] = 0.0
        if w.figure("regime", state) >= 1.0:
            if w.elected[state]:
                _come(w, state, w.month)
        elif uniform(w.seed, luck.SUCCESSION, w.month, identity(state)) < part.succession_rate:
            _come(w, state, w.month)
    _lead_blocs(w)


def _come(w: Any, state: str, month: int) -> None:
    part = w.part("executives")
    w.in_office[state] = month
    if not part.differ:
        return
    regime = w.figure("regime", state) / 3.0
    lean, split, where = _three(w, month, state)
    wide = (1.0 - regime) * part.leaning_closed + regime * part.leaning_liberal
    far = (1.0 - regime) * part.pivot_closed + regime * part.pivot_liberal
    w.leaning[state] = wide * (2.0 * lean - 1.0)
    w.pivot[state] = far * where if split < part.divided else 0.0


def _three(w: Any, month: int, state: str) -> list[float]:
    """Return the first three numbers of the luck by which a government comes to office."""
    return [float(uniforms(w.seed, luck.GOVERNMENT, month, np.array([identity(state)]), word=word)[0]) for word in range(3)]


def _lead_blocs(w: Any) -> None:
    for bloc in w.blocs:
        members = w.members(bloc)
        people = math.fsum(w.population[state] for state in members)
        led_by = math.fsum(w.population[state] * w.leaning[state] for state in members)
        w.leaning[bloc] = led_by / people if people > 0.0 else 0.0


def lean(w: Any, kind: str, side: int, party: str, ideal: Any, d: float, salience: Any, today: Any) -> tuple[list[float], float]:
    """Return a party's ideal points, by issue, and its value of no agreement as its executive sees them."""
    ideal, step = [float(one) for one in ideal], w.leaning[party] * w.part("ratification").spread
    for issue, sides in getattr(w.kinds[kind], "ratifiers", {}).items():
        k = ISSUES.index(issue)
        before, ideal[k] = ideal[k], ideal[k] + sides[side] * step
        d += float(salience[k]) * ((float(today[k]) - before) ** 2 - (float(today[k]) - ideal[k]) ** 2)
    return ideal, float(d)


def led(w: Any, kind: str, c: Any, parties: tuple[str, str]) -> Any:
    """Return the coefficients of one dyad as both executives see them."""
    theta, d = c.theta.copy(), c.d.copy()
    for side, party in enumerate(parties):
        theta[0, side], d[0, side] = lean(w, kind, side, party, c.theta[0, side], c.d[0, side], c.w[0, side], c.status_quo[0])
    return replace(c, theta=theta, d=d)


def led_at_table(w: Any, kind: str, c: Any, parties: list[str]) -> Any:
    """Return the stakes of some parties at one table as their executives see them."""
    theta, d = c.theta.copy(), c.d.copy()
    for i, party in enumerate(parties):
        theta[i], d[i] = lean(w, kind, 0, party, c.theta[i], c.d[i], c.w[i], c.status_quo[i])
    return replace(c, theta=theta, d=d)
