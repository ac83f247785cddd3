"""Build ``world.json``, the outlines that every map of this project draws, from Natural Earth's 1:50m boundaries.

Run once by hand: ``python -m analysis.geometry.build countries-50m.json states.csv world.json``, where the first file is the topology
of the npm package ``world-atlas`` 2.0.2 (Natural Earth 4.1, public domain) and the second lists the states with columns ``iso3`` and
``m49``. Borders shared by two states are kept once, so simplification never opens a gap between neighbours.

Simplification: Visvalingam and Whyatt (1993), "Line generalisation by repeated elimination of points", The Cartographic Journal 30(1):
the vertex whose triangle with its neighbours is smallest is dropped until every triangle is at least ``LEAST_TRIANGLE``.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

LEAST_TRIANGLE = 0.012
"""Smallest triangle kept, in square degrees at the equator."""
LEAST_ISLAND = 0.08
"""Smallest island kept beside a larger one of the same state, in square degrees at the equator."""
SMALL_STATE = 1.2
"""A state smaller than this (square degrees at the equator, about 15,000 square kilometres) is also shown as a point."""
PER_DEGREE = 10
ANTARCTICA = "010"

Line = list[tuple[float, float]]


def build(topology: dict[str, Any], code_of: dict[int, str]) -> dict[str, Any]:
    """Turn a TopoJSON of countries into the compact table.

    Parameters
    ----------
    topology : dict
        TopoJSON with an object ``countries`` whose ids are ISO numeric (M49) strings.
    code_of : dict of int to str
        ISO3 code of each M49 number.

    Returns
    -------
    dict
        ``arcs``: lists of longitude and latitude differences in tenths of a degree, the first pair absolute; ``states``: rings of arc
        numbers by ISO3 code (``~n`` means arc n backwards); ``other``: rings of land that belongs to no listed state; ``small``: codes
        of states also shown as a point.
    """
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    raw: list[Line] = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        raw.append(line)
    states: dict[str, list[list[int]]] = {}
    other: list[list[int]] = []
    for shape in topology["objects"]["countries"]["geometries"]:
        if shape.get("id") == ANTARCTICA:
            continue
        pieces = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [ring for piece in pieces for ring in piece]
        code = code_of.get(int(shape["id"])) if shape.get("id") else None
        largest = max(_area(_ring(ring, raw)) for ring in rings)
        kept = [ring for ring in rings if (area := _area(_ring(ring, raw))) >= LEAST_ISLAND or (code and area == largest)]
        if code:
            states.setdefault(code, []).extend(kept)
        else:
            other.extend(kept)
    area_of = {code: sum(_area(_ring(ring, raw)) for ring in rings) for code, rings in states.items()}
    used = sorted({_number(n) for rings in [*states.values(), other] for ring in rings for n in ring})
    place = {old: new for new, old in enumerate(used)}

    def renumbered(rings: list[list[int]]) -> list[list[int]]:
        return [[place[n] if n >= 0 else ~place[~n] for n in ring] for ring in rings]

    return {
        "source": "Natural Earth 4.1, 1:50m, public domain, by way of world-atlas 2.0.2; de facto boundaries, no position implied",
        "per_degree": PER_DEGREE,
        "small": sorted(code for code in code_of.values() if area_of.get(code, 0.0) < SMALL_STATE),
        "states": {code: renumbered(states[code]) for code in sorted(states)},
        "other": renumbered(other),
        "arcs": [_encoded(_simplified(raw[n])) for n in used],
    }


def _number(n: int) -> int:
    return n if n >= 0 else ~n


def _ring(ring: list[int], arcs: list[Line]) -> Line:
    points: Line = []
    for n in ring:
        line = arcs[n] if n >= 0 else arcs[~n][::-1]
        points.extend(line[1:] if points else line)
    return points


def _area(points: Line) -> float:
    """Area of a ring in square degrees at the equator."""
    total = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        total += (x0 * y1 - x1 * y0) / 2
    middle = sum(y for _, y in points) / len(points)
    return abs(total) * math.cos(math.radians(middle))


def _simplified(line: Line) -> Line:
    points = list(line)
    closed = points[0] == points[-1]
    fewest = 5 if closed else 2
    while len(points) > fewest:
        sizes = [_area(points[i - 1 : i + 2]) for i in range(1, len(points) - 1)]
        least = min(range(len(sizes)), key=sizes.__getitem__)
        if sizes[least] >= LEAST_TRIANGLE:
            break
        del points[least + 1]
    return points


def _encoded(line: Line) -> list[int]:
    """Return longitude and latitude in tenths of a degree, each as the difference from the last, repeated points dropped."""
    out: list[int] = []
    before = (0, 0)
    for x, y in line:
        now = (round(x * PER_DEGREE), round(y * PER_DEGREE))
        if not out or now != before:
            out += [now[0] - before[0], now[1] - before[1]]
        before = now
    return out


def main(arguments: list[str]) -> None:
    """Read the topology and the list of states, write the table."""
    source, table, target = (Path(a) for a in arguments)
    with table.open(encoding="utf-8", newline="") as handle:
        code_of = {int(row["m49"]): row["iso3"] for row in csv.DictReader(handle)}
    text = json.dumps(build(json.loads(source.read_text(encoding="utf-8")), code_of), separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
