"""The bargaining plane of every finished negotiation of two: frontier, walls, points of theory, win-sets, offers.

All in basis points of each side's own GDP a year. The frontier is walked with the model's own functions (:mod:`sim.bargains.frontier`), the
Nash and Kalai-Smorodinsky points are those between the executives alone, without ratifiers, so that the page can show what ratifiers
changed. Both are weighed by bargaining power, as the protocols of these names are: where no ratifier binds, the point is what that protocol
signs.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from analysis.app.packing import shorts
from analysis.app.watching import Notes
from analysis.app.zones import DIGITS, obstacles, zones
from sim.bargains.fair import kalai_smorodinsky_outcomes
from sim.bargains.feasible import gains
from sim.bargains.frontier import best_texts, frontier_text, unit_scales
from sim.bargains.problems import Floats, Problems, checked, stack
from sim.bargains.ratified import nash_outcomes
from sim.bargains.winset import Pivots
from sim.bargains.worth import box_is_empty, utility_at
from sim.types import Status
from sim.world import World

STEPS = 24
"""Pieces of a frontier as it is drawn, about equally long."""
STILL = 1e-3
"""Share of a gain by which a text may lie elsewhere and count as not moved."""
DENSE = 240
"""Pieces of a frontier as it is walked: where ratifiers begin to refuse may lie between two of the drawn ones."""


def planes(notes: Notes) -> dict[str, Any]:
    """Describe every finished negotiation, by its row as text."""
    closed, world = notes.closed_tables(), notes.world
    if not closed or world is None:
        return {}
    rows = list(closed)
    believed = checked(stack([pair[0] for pair in closed.values()]))
    known = checked(stack([pair[1] for pair in closed.values()]))
    bare = dataclasses.replace(believed, pivot=None)
    nash, fair = nash_outcomes(bare), kalai_smorodinsky_outcomes(bare)
    moved, (inside, zone), stood = _moved(world, bare, known), zones(bare), obstacles(bare)
    at_home = _passes(known.pivot, inside)
    text, curve = frontiers(bare)
    best, _ = best_texts(bare)
    passes = _passes(believed.pivot, text)
    guessed = _passes(known.pivot, text)
    talks = world.talks
    out: dict[str, Any] = {}
    for at, row in enumerate(rows):
        kind = world.setting.types[int(talks["type"][row])]
        active = [world.setting.words.issues.index(issue) for issue in kind.issues]
        utility = talks["utility"][row]
        grid = _Grid(curve[at], believed.d[at], believed.r[at])
        kept = _kept(curve[at], np.concatenate([passes[at], guessed[at]], axis=1))
        out[str(row)] = {
            "frontier": grid(curve[at][kept]),
            "texts": shorts(text[at][kept][:, active], 3),
            "ratified": _flags(passes[at][kept]),
            "guessed": _flags(guessed[at][kept]),
            "d": grid(believed.d[at]),
            "r": grid(believed.r[at]),
            "zone": grid(zone[at]) if np.isfinite(zone[at]).all() else [],
            # Whether some ratifiers would refuse every text of the zone, as the table knows them.
            "refuse": [bool(np.isfinite(zone[at]).all() and not at_home[at, :, side].any()) for side in range(2)],
            "weight": shorts(believed.weight[at], 3),
            "nash": grid(nash.utility[at]) if nash.status[at] == Status.AGREED else None,
            "fair": grid(fair.utility[at]) if fair.status[at] == Status.AGREED else None,
            "result": grid(utility) if np.isfinite(utility).all() else None,
            "moved": bool(moved[at]),
            "ideal": shorts(best[at][:, active], 3),
            "salience": shorts(believed.w[at][:, active], 3),
            "box": shorts([believed.lo[at][active], believed.hi[at][active]], 3),
        }
        if (stands := stood[at]) is not None:
            out[str(row)]["obstacle"] = _of_kind(stands, active, grid)
        if row in notes.halves:
            out[str(row)]["half"] = True
    _add_offers(out, world)
    return out


class _Grid:
    """Rounds the utilities of one table, each side's to a millionth of what there is to win or lose.

    A gain is a small difference of two utilities, so significant digits would not do; on one grid, what is no less stays no less.
    """

    def __init__(self, curve: Floats, d: Floats, r: Floats) -> None:
        told = np.vstack([curve[~np.isnan(curve).any(axis=1)], d, r])
        self.places = [6 - int(np.floor(np.log10(wide))) for wide in np.maximum(np.ptp(told, axis=0), 1e-12)]

    def __call__(self, utility: Floats) -> list[Any]:
        """Return utilities, (2,) or (S, 2), as lists."""
        rounded = [np.round(utility[..., side], places) for side, places in enumerate(self.places)]
        told: list[Any] = shorts(np.stack(rounded, axis=-1), DIGITS)
        return told


def _of_kind(stands: dict[str, Any], active: list[int], grid: _Grid) -> dict[str, Any]:
    """Tell an obstacle on the grid of its table, its issue by its place among the type's own."""
    issue = stands["issue"]
    most, beside = (grid(np.array(stands[key], dtype=np.float64)) for key in ("most", "beside"))
    return {**stands, "most": most, "beside": beside, "issue": active.index(issue) if issue in active else None}


def _moved(world: World, bare: Problems, known: Problems) -> Any:
    """Tell where ratifiers, as the table knows them, change what the run's own protocol would sign, bool (M,).

    Under a protocol by rounds no single text would be signed without them, and nothing is said to have moved.
    """
    protocol = world.setting.config.protocol
    if protocol.rounds or known.pivot is None:
        return np.zeros(len(bare), dtype=np.bool_)
    alone, held = protocol.solve(bare), protocol.solve(known)
    both = (alone.status == Status.AGREED) & (held.status == Status.AGREED)
    gain = np.maximum(np.abs(alone.utility - bare.d), 1e-12)
    return both & (np.abs(held.utility - alone.utility) > STILL * gain).any(axis=1)


def _kept(curve: Floats, consent: Any) -> list[int]:
    """Choose the points of a walked frontier, (S, 2), to draw: equally far apart, both ends, and both sides of each change of consent."""
    if np.isnan(curve).any():
        return list(range(STEPS + 1))
    wide = np.ptp(curve, axis=0)
    along = np.hypot(*(np.diff(curve, axis=0) / np.where(wide > 0.0, wide, 1.0)).T)
    gone = np.concatenate([[0.0], np.cumsum(along)])
    even = np.searchsorted(gone, np.linspace(0.0, gone[-1], STEPS + 1))
    change = np.flatnonzero((consent[1:] != consent[:-1]).any(axis=1))
    return sorted({0, *np.minimum(even, len(curve) - 1).tolist(), *change.tolist(), *(change + 1).tolist(), len(curve) - 1})


def frontiers(problems: Problems, steps: int = DENSE) -> tuple[Floats, Floats]:
    """Walk each frontier from the second party's best text to the first's.

    Returns
    -------
    tuple of arrays
        Texts (M, steps + 1, K) and utilities (M, steps + 1, 2), in basis points; NaN where no text is possible.
    """
    p, m, k = problems, len(problems), problems.n_issues
    text, utility = np.full((m, steps + 1, k), np.nan), np.full((m, steps + 1, 2), np.nan)
    ends = np.empty((2, k))
    for row in range(m):
        if box_is_empty(p.lo, p.hi, row):
            continue
        scale = unit_scales(p.a, p.b, p.w, p.theta, p.lo, p.hi, row, ends)
        text[row, 0], text[row, steps] = ends[1], ends[0]
        for step in range(1, steps):
            # Even steps of the share of the weight leave long gaps at the ends, where one side's weight is tiny.
            share = 0.5 - 0.5 * np.cos(np.pi * step / steps)
            frontier_text(p.b, p.w, p.theta, p.lo, p.hi, row, share / scale[0], (1.0 - share) / scale[1], text[row, step])
        for step in range(steps + 1):
            for side in range(2):
                utility[row, step, side] = utility_at(p.a, p.b, p.w, p.theta, row, side, text[row, step])
    return text, utility


def _passes(pivot: Pivots | None, text: Floats) -> Any:
    """Tell at which texts (M, S, K) each side's ratifiers would consent, bool (M, S, 2)."""
    if pivot is None:
        return np.ones((*text.shape[:2], 2), dtype=np.bool_)
    return np.stack([gains(pivot, np.ascontiguousarray(text[:, step])) >= 0.0 for step in range(text.shape[1])], axis=1)


def _flags(passes: Any) -> list[str]:
    """Write who would consent along the frontier as a word of 0 and 1 for each side."""
    return ["".join("1" if one else "0" for one in passes[:, side]) for side in range(2)]


def _add_offers(out: dict[str, Any], world: World) -> None:
    """Lay the recorded offers, round by round, beside their tables."""
    offers, talks = world.offers, world.talks
    for at in range(len(offers)):
        plane = out.get(str(int(offers["talk"][at])))
        if plane is None:
            continue
        row = int(offers["talk"][at])
        side = 0 if offers["proposer"][at] == talks["first"][row] else 1
        kind = world.setting.types[int(talks["type"][row])]
        level = offers["text"][at][[world.setting.words.issues.index(issue) for issue in kind.issues]]
        told = [int(offers["month"][at] - world.setting.config.start), int(offers["step"][at]), side]
        plane.setdefault("offers", []).append([*told, shorts(offers["utility"][at]), shorts(level, 3)])
