"""Our own world map: Equal Earth outlines as ordinary filled lines, so that nothing is ever asked of another machine.

Plotly's ``geo`` maps fetch their outlines from the network; these do not. The projection keeps areas, so a large colour is a large land.
With ``lam`` and ``phi`` longitude from the central meridian and latitude in radians, and ``sin t = sqrt(3)/2 sin phi``::

    x = 2 sqrt(3) lam cos t / (3 (9 A4 t^8 + 7 A3 t^6 + 3 A2 t^2 + A1))
    y = A4 t^9 + A3 t^7 + A2 t^3 + A1 t

Source: Savric, Patterson and Jenny (2019), "The Equal Earth map projection", International Journal of Geographical Information
Science 33(3). Departs from it in its central meridian, 11 degrees east, so that the map's edge runs through the Bering Strait and cuts
no state.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MERIDIAN = 11.0
WEST_EDGE = MERIDIAN - 180.0
BEND = 0.16
"""Degrees of latitude by which a curve bends for each degree of longitude it spans."""
HIGHEST, LOWEST = 66.0, 52.0
"""Latitude north and south that the middle of a curve does not bend past, in degrees."""
SOUTH, NORTH = -60.0, 85.0
"""Latitudes at which the map ends, in degrees: beyond all land but Antarctica, and beyond every curve."""
SEATS: Mapping[str, tuple[float, float]] = {"EU": (50.85, 4.35), "ASEAN": (-6.21, 106.85)}
"""Latitude and longitude of the seat of each bloc, in degrees."""

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def project(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project longitudes and latitudes (degrees, any shape) to Equal Earth.

    Longitudes are taken as they are, without wrapping: bring them within 180 degrees of the central meridian first.

    Returns
    -------
    tuple of arrays
        x and y in radii of the sphere, of the inputs' shape.

    Examples
    --------
    >>> x, y = project(np.array([11.0]), np.array([0.0]))
    >>> float(x[0]), float(y[0])
    (0.0, 0.0)
    """
    lam = np.radians(lon - MERIDIAN)
    t = np.arcsin(np.sqrt(3.0) / 2.0 * np.sin(np.radians(lat)))
    t2 = t * t
    t6 = t2 * t2 * t2
    x = 2.0 * np.sqrt(3.0) * lam * np.cos(t) / (3.0 * (9.0 * _A4 * t6 * t2 + 7.0 * _A3 * t6 + 3.0 * _A2 * t2 + _A1))
    y = t * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    return x, y


def wrapped(lon: Floats) -> Floats:
    """Bring longitudes within 180 degrees of the central meridian."""
    return (np.asarray(lon, dtype=np.float64) - WEST_EDGE) % 360.0 + WEST_EDGE


@dataclass(frozen=True)
class World:
    """Outlines of the states.

    Attributes
    ----------
    arcs : tuple of arrays
        Each border once, (points, 2), longitude and latitude in degrees.
    states : mapping of str to rings
        Rings of arc numbers by ISO3 code; ``~n`` is arc n backwards.
    other : rings
        Land that belongs to no listed state.
    small : frozenset of str
        States also shown as a point.
    source : str
        Where the outlines come from.
    """

    arcs: tuple[Floats, ...]
    states: Mapping[str, Sequence[Sequence[int]]]
    other: Sequence[Sequence[int]]
    small: frozenset[str]
    source: str

    def fill(self, rings: Iterable[Sequence[int]]) -> tuple[list[float | None], list[float | None]]:
        """Return projected x and y of rings, parted by ``None``, for one filled line."""
        return _parted([_whole(self._ring(ring)) for ring in rings])

    def borders(self, codes: Iterable[str] | None = None) -> tuple[list[float | None], list[float | None]]:
        """Return every border once; with codes, only the outer outline of those states taken together."""
        if codes is None:
            lines = list(self.arcs)
        else:
            used: dict[int, int] = {}
            for code in codes:
                for ring in self.states.get(code, ()):
                    for n in ring:
                        used[max(n, ~n)] = used.get(max(n, ~n), 0) + 1
            lines = [self.arcs[n] for n, times in sorted(used.items()) if times == 1]
        return _parted([_whole(line) for line in lines])

    def _ring(self, ring: Sequence[int]) -> Floats:
        return np.concatenate([self.arcs[n] if n >= 0 else self.arcs[~n][::-1] for n in ring])


@cache
def world() -> World:
    """Read the outlines once."""
    table = json.loads(Path(__file__).with_name("geometry").joinpath("world.json").read_text(encoding="utf-8"))
    arcs = tuple(np.cumsum(np.array(arc, dtype=np.int64).reshape(-1, 2), axis=0) / table["per_degree"] for arc in table["arcs"])
    return World(arcs, table["states"], table["other"], frozenset(table["small"]), table["source"])


def edge(points: int = 91) -> tuple[list[float | None], list[float | None]]:
    """Return the outline of the map, as one closed line."""
    lat = np.linspace(SOUTH, NORTH, points)
    lon = np.concatenate([np.full(points, WEST_EDGE), np.full(points, WEST_EDGE + 360.0)])
    return _parted([np.column_stack([lon, np.concatenate([lat, lat[::-1]])])])


def arc(start: tuple[float, float], end: tuple[float, float], points: int = 21) -> tuple[list[float | None], list[float | None]]:
    """Return a curve between two places as projected x and y, parted where it leaves the map's edge.

    The curve goes the shorter way round and bends towards the nearer pole as a great circle does, but less, so that it stays on the map: it
    says who is joined, not which way anything travels.

    Parameters
    ----------
    start, end : tuple of float
        Latitude and longitude in degrees.
    points : int
        Points along the way.
    """
    share = np.linspace(0.0, 1.0, points)
    turn = (end[1] - start[1] + 180.0) % 360.0 - 180.0
    middle = (start[0] + end[0]) / 2.0
    bend = np.copysign(min(BEND * abs(turn), max((HIGHEST if middle >= 0.0 else LOWEST) - abs(middle), 0.0)), middle)
    lon = wrapped(start[1] + share * turn)
    lat = np.clip(start[0] + share * (end[0] - start[0]) + bend * np.sin(np.pi * share), SOUTH, NORTH)
    pieces, first = [], 0
    line = np.column_stack([lon, lat])
    for k in np.flatnonzero(np.abs(np.diff(lon)) > 180.0):
        out, back = (WEST_EDGE, WEST_EDGE + 360.0) if turn < 0.0 else (WEST_EDGE + 360.0, WEST_EDGE)
        there = lat[k] + (lat[k + 1] - lat[k]) * (out - lon[k]) * (points - 1) / turn
        pieces.append(np.vstack([line[first : k + 1], [[out, there]]]))
        line[k] = back, there
        first = int(k)
    return _parted([*pieces, line[first:]])


def _whole(line: Floats) -> Floats:
    """Undo jumps from one side of the world to the other, then carry the line to the side on which most of it lies."""
    lon = np.unwrap(line[:, 0], period=360.0)
    lon = lon - 360.0 * np.floor((lon.mean() - WEST_EDGE) / 360.0)
    return np.column_stack([lon, line[:, 1]])


def _parted(pieces: Sequence[Floats]) -> tuple[list[float | None], list[float | None]]:
    if not pieces:
        return [], []
    both = np.concatenate([np.concatenate([piece, np.full((1, 2), np.nan)]) for piece in pieces])
    x, y = project(both[:, 0], both[:, 1])
    return _plain(x), _plain(y)


def _plain(values: Floats) -> list[float | None]:
    """Round to a ten-thousandth of a radius, finer than a pixel of any screen, and write gaps as ``None``."""
    return [None if np.isnan(v) else round(float(v), 4) for v in values]
