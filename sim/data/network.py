"""The lines of a run's start: submarine links of the table, land lines of neighbours, and what a stated rule lays where a table is silent.

**Table.** A link is in service from July of its year; a list is of the end of its year. Two neighbours with a coast are joined by land, but
where ``gateways.csv`` says that none joins them. A state without a coast is joined to its gateways alone, from the year given; where both
name each other, from the later. The roster holds what is in service as the run begins, and what has been announced by then: nothing that
the tables say of later months.

**Rule.** Where the table says nothing of the run's states (synthetic ones, a user's own, or ``terms="open"``, since the list of cables is
for non-commercial use), each state with a coast is joined to the two nearest of its kind. Where the run has some of the states only, or
lines by rule, parts that no line joins are joined by the shortest line between capitals (a minimum spanning tree: Prim 1957): it stands for
ways through states that are not in the run, and does not fail. In the whole world by our table nobody is joined so: a state without a cable
has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.fields import load_further
from sim.data.further.ground import Cut, Ground, Lines
from sim.data.source import Source
from sim.data.ties import Tie, great_circle
from sim.types import NEVER

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAREST = 2
"""How many of its nearest coastal states a state is joined to by rule."""
LEAST_KM = 50.0


@dataclass(frozen=True, eq=False)
class Network:
    """Lines of a run's start, submarine ones by states and system, then land lines by states: (R,) each.

    Attributes
    ----------
    names : tuple of str
        Identity of each line, by which luck knows it.
    first, second : int array
        Places of the two states, the smaller first.
    land : bool array
        Whether it is a land line.
    km : array
        Length: of the cable, or between capitals by land.
    since : int array
        Month in which it came into service; NEVER for one that is announced.
    planned : int array
        Month in which an announced one is to be in service.
    stands : bool array
        Whether it stands for ways through states that are not in the run, so that it does not fail as one line does.
    owner : int array
        Place in :data:`sim.data.further.ground.OWNERS`.
    coast : bool array, shape (N,)
        Whether a state has a coast on the ocean.
    service, barred, barred_until : int array, shape (N,)
        Satellites as of the start, as in :class:`sim.data.further.ground.Ground`.
    cuts : tuple of Cut
        Cuts on record; a shock lays them.
    """

    names: tuple[str, ...]
    first: Ints
    second: Ints
    land: NDArray[np.bool_]
    km: Floats
    since: Ints
    planned: Ints
    stands: NDArray[np.bool_]
    owner: Ints
    coast: NDArray[np.bool_]
    service: Ints
    barred: Ints
    barred_until: Ints
    cuts: tuple[Cut, ...]


def laid(source: Source, rows: Ints, border: Tie, start: int, terms: str) -> Network:
    """Lay the lines of a run's start.

    Parameters
    ----------
    source : Source
        All states of the tables.
    rows : int array, shape (N,)
        Those of the run.
    border : Tie
        Which of them share a land border.
    start : int
        First month of the run; nothing later is looked at.
    terms : str
        ``"open"`` leaves out our own list of cables.
    """
    lat, lon, codes = source.lat[rows], source.lon[rows], tuple(source.codes[i] for i in rows)
    ground = source.ground.among(rows, len(source.codes))
    now, whole = ground.known(start), len(rows) == len(source.codes)
    lines = Lines.none() if terms == "open" and now.listed else now.lines
    by_rule = not len(lines.first)
    lines = lines.some(lines.until > start)
    kinds = [_sea(lines, codes), _land(now, border, codes, lat, lon)]
    if by_rule:
        kinds.insert(1, _near(now.coast, codes, lat, lon))
    if by_rule or not whole:
        open_now = [(one["first"][one["since"] <= start], one["second"][one["since"] <= start]) for one in kinds]
        ends = (np.concatenate([pair[k] for pair in open_now]) for k in (0, 1))
        kinds.append(_made("join", *joining(lat, lon, *ends), codes, lat, lon))
    columns: dict[str, Any] = {
        name: np.concatenate([one[name] for one in kinds])
        for name in ("first", "second", "land", "km", "since", "planned", "stands", "owner")
    }
    names = tuple(name for one in kinds for name in one["names"])
    return Network(
        names, **columns, coast=now.coast, service=now.service, barred=now.barred, barred_until=now.barred_until, cuts=ground.cuts
    )


def told(source: Source, terms: str) -> tuple[tuple[str, str], ...]:
    """Say that our list of cables is left out where only open terms are wanted."""
    if terms != "open" or not source.ground.listed:
        return ()
    return (("links.km", f"left out: its terms are {load_further()['links', 'km'].terms}; lines between states are laid by rule"),)


def _sea(lines: Lines, codes: tuple[str, ...]) -> dict[str, Any]:
    names = [f"{codes[i]}:{codes[j]}:{system}" for i, j, system in zip(lines.first, lines.second, lines.system, strict=True)]
    land = np.zeros(len(names), dtype=np.bool_)
    told = {name: getattr(lines, name) for name in ("first", "second", "km", "since", "planned", "owner")}
    return {"names": names, "land": land, "stands": land, **told}


def _made(word: str, first: Ints, second: Ints, codes: tuple[str, ...], lat: Floats, lon: Floats, land: bool = False) -> dict[str, Any]:
    """Return lines as long as the way between capitals, in service since ever."""
    n, nobody = len(first), np.zeros(len(first), dtype=np.int64)
    return {
        "names": [f"{codes[i]}:{codes[j]}:{word}" for i, j in zip(first, second, strict=True)],
        "first": first,
        "second": second,
        "land": np.full(n, land),
        "km": great_circle(lat, lon, first, second, LEAST_KM),
        "since": nobody,
        "planned": np.full(n, NEVER, dtype=np.int64),
        "stands": np.full(n, word == "join"),
        "owner": nobody,
    }


def _land(ground: Ground, border: Tie, codes: tuple[str, ...], lat: Floats, lon: Floats) -> dict[str, Any]:
    """Return the land lines of neighbours that are there by now, sorted by states."""
    told: dict[tuple[int, int], int] = {}
    bound = set(ground.state[ground.land_since < NEVER].tolist()) | set(np.flatnonzero(~ground.coast & _named(ground)).tolist())
    for state, gateway, since in zip(ground.state.tolist(), ground.gateway.tolist(), ground.land_since.tolist(), strict=True):
        pair = (min(state, gateway), max(state, gateway))
        told[pair] = max(since, told.get(pair, 0))
    pairs = {pair for pair, since in told.items() if since < NEVER}
    for pair in zip(border.first.tolist(), border.second.tolist(), strict=True):
        if pair not in told and not bound & set(pair):
            pairs.add(pair)
    first, second = (np.array([pair[k] for pair in sorted(pairs)], dtype=np.int64) for k in (0, 1))
    return _made("land", first, second, codes, lat, lon, land=True)


def _named(ground: Ground) -> NDArray[np.bool_]:
    """Say whose gateways the table names, whether or not a line is there by now, (N,)."""
    found = np.zeros(len(ground.coast), dtype=np.bool_)
    found[ground.state] = True
    return found


def _near(coast: NDArray[np.bool_], codes: tuple[str, ...], lat: Floats, lon: Floats) -> dict[str, Any]:
    """Return lines from each state with a coast to the nearest of its kind; ties go to the first by code."""
    shore = np.flatnonzero(coast)
    pairs = set()
    for i in shore.tolist():
        others = shore[shore != i]
        km = great_circle(lat, lon, np.array([i]), others, LEAST_KM)
        for j in others[np.argsort(km, kind="stable")[:NEAREST]].tolist():
            pairs.add((min(i, j), max(i, j)))
    first, second = (np.array([pair[k] for pair in sorted(pairs)], dtype=np.int64) for k in (0, 1))
    return _made("near", first, second, codes, lat, lon)


def joining(lat: Floats, lon: Floats, first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Return the shortest lines that join what no line joins yet, as places of states, sorted: a minimum spanning tree of the parts.

    Parameters
    ----------
    lat, lon : array, shape (N,)
        Degrees.
    first, second : int array, shape (R,)
        Lines that are there.
    """
    n = len(lat)
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        neighbours[i].append(j)
        neighbours[j].append(i)
    everyone, inside = np.arange(n), np.zeros(n, dtype=np.bool_)
    way, whence = np.full(n, np.inf), np.zeros(n, dtype=np.int64)
    pairs, at = [], 0
    while True:
        heap = [at]
        while heap:
            one = heap.pop()
            if inside[one]:
                continue
            inside[one] = True
            km = great_circle(lat, lon, np.array([one]), everyone, LEAST_KM)
            nearer = km < way
            way[nearer], whence[nearer] = km[nearer], one
            heap += neighbours[one]
        if inside.all():
            break
        at = int(np.argmin(np.where(inside, np.inf, way)))
        pairs.append((min(at, int(whence[at])), max(at, int(whence[at]))))
    pairs.sort()
    return np.array([pair[0] for pair in pairs], dtype=np.int64), np.array([pair[1] for pair in pairs], dtype=np.int64)
