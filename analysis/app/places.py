"""Where things lie on the page's map: outlines as SVG paths, capitals, and the way of each agreement.

Projection and curves are those of :mod:`analysis.maps`; a unit of the page is a hundredth of the sphere's radius, y points down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from analysis import maps
from sim.state.world import Setting

UNIT = 100.0
"""Units of the page's map in a radius of the sphere."""


def path_of(x: Sequence[float | None], y: Sequence[float | None], *, close: bool) -> str:
    """Write a line parted by None as an SVG path, relative steps in tenths of a unit.

    Examples
    --------
    >>> path_of([0.0, 0.01, None], [0.0, 0.02, None], close=False)
    'M0 0l1-2'
    """
    out: list[str] = []
    begun, left, top = False, 0, 0
    for u, v in zip([*x, None], [*y, None], strict=True):
        if u is None or v is None:
            if begun and close:
                out.append("z")
            begun = False
            continue
        at = round(u * UNIT), round(-v * UNIT)
        if not begun:
            out.append(f"M{at[0]} {at[1]}")
            begun = True
        elif at != (left, top):
            right, down = at[0] - left, at[1] - top
            out.append(f"l{right}{'' if down < 0 else ' '}{down}")
        left, top = at
    return "".join(out)


@cache
def geometry() -> dict[str, Any]:
    """Return the map that all films share: outlines by code, other land, borders, the edge, the frame and whose borders they are."""
    world = maps.world()
    fine = _fine()
    x, y = maps.edge()
    return {
        "states": {code: fine(*world.fill(rings)) for code, rings in sorted(world.states.items())},
        "other": fine(*world.fill(world.other)),
        "borders": fine(*world.borders(), close=False),
        "edge": fine(x, y),
        "small": sorted(world.small),
        "scale": UNIT,
        "frame": _frame(x, y),
        "source": world.source,
    }


def _fine() -> Any:
    def write(x: Sequence[float | None], y: Sequence[float | None], *, close: bool = True) -> str:
        # Ten times finer than the unit: the page scales the outlines by a tenth.
        return path_of([None if u is None else 10.0 * u for u in x], [None if v is None else 10.0 * v for v in y], close=close)

    return write


def _frame(x: Sequence[float | None], y: Sequence[float | None]) -> list[float]:
    left, right = (UNIT * fn(u for u in x if u is not None) for fn in (min, max))
    low, high = (-UNIT * fn(v for v in y if v is not None) for fn in (max, min))
    return [round(v, 1) for v in (left, low, right - left, high - low)]


def outline(codes: Iterable[str]) -> str:
    """Return the outer outline of some states taken together, as a path ten times finer than the unit."""
    write = _fine()
    path: str = write(*maps.world().borders(codes), close=False)
    return path


def seats(setting: Setting) -> list[list[float]]:
    """Return x and y of every party's capital on the page's map; a bloc without a known seat lies amid its members."""
    out = []
    for lat, lon in _places(setting):
        x, y = maps.project(maps.wrapped(np.array([lon])), np.array([lat]))
        out.append([round(float(x[0]) * UNIT, 1), round(float(-y[0]) * UNIT, 1)])
    return out


def _places(setting: Setting) -> list[tuple[float, float]]:
    roster = setting.roster
    states = list(zip(roster.lat.tolist(), roster.lon.tolist(), strict=True))
    rows = [roster.organisations.index(code) for code in roster.blocs]
    blocs = []
    for code, row in zip(roster.blocs, rows, strict=True):
        inside = np.flatnonzero(roster.member_until[row] > setting.config.start)
        middle = (float(roster.lat[inside].mean()), float(roster.lon[inside].mean())) if len(inside) else (0.0, 0.0)
        blocs.append(maps.SEATS.get(code, middle))
    return [*states, *blocs]


def arc_path(setting: Setting, parties: Sequence[int]) -> str:
    """Return the way of an agreement: an arc between two, from the first to each other of many."""
    at = _places(setting)
    return "".join(_way(at[parties[0]], at[other]) for other in list(dict.fromkeys(parties))[1:])


@lru_cache(maxsize=20_000)
def _way(start: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = maps.arc(start, end, 13)
    return path_of([None if u is None else 10.0 * u for u in x], [None if v is None else 10.0 * v for v in y], close=False)
