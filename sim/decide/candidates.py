"""Whom each party keeps an eye on: the C partners of largest standing weight, whoever lists it, and whoever it shares an instrument with.

The standing weight of a partner j for a state i is ``GDP_j^gamma * distance_ij^-delta * (1 + alliance + border)``, all at the start
of the run, so that the relation is fixed, symmetric and of bounded size: a run over N states costs N times C, not N squared.
Blocs watch every state and every other bloc, and are watched by all.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import where_true
from sim.data.roster import Roster
from sim.state.world import Edges, Floats, Ints

TIES = ("affinity", "border", "cables", "language")


def build_edges(roster: Roster, month: int, count: int, size_elasticity: float, distance_elasticity: float) -> Edges:
    """Choose each state's partners and read the standing facts of each directed dyad.

    Parameters
    ----------
    roster : Roster
    month : int
        First month of the run.
    count : int
        Partners per state, C; ties in weight are broken by code.
    size_elasticity, distance_elasticity : float
        gamma and delta above.

    Returns
    -------
    Edges
    """
    n, blocs = len(roster.codes), len(roster.blocs)
    gdp = roster.figures["gdp"][int(np.searchsorted(roster.years, month // 12))]
    keep = _keep(roster, month, gdp, min(count, n - 1), size_elasticity, distance_elasticity)
    place = {code: at for at, code in enumerate(roster.codes)}
    for row in roster.instruments:
        places = [place[code] for code in row.parties if code in place]
        for i in places:
            keep[i].update(j for j in places if j != i)
            for j in places:
                if j != i:
                    keep[j].add(i)
    for i in range(n):
        keep[i].update(range(n, n + blocs))
    keep.extend(set(range(n + blocs)) - {n + b} for b in range(blocs))
    row_list = [np.full(len(keep[i]), i, dtype=np.int32) for i in range(n + blocs)]
    col_list = [np.array(sorted(keep[i]), dtype=np.int32) for i in range(n + blocs)]
    start = np.zeros(n + blocs + 1, dtype=np.int64)
    start[1:] = np.cumsum([len(cols) for cols in col_list])
    owner, col = np.concatenate(row_list), np.concatenate(col_list)
    rev = np.lexsort((owner, col)).astype(np.int32)
    distance, affinity, border, cables, language = _facts(roster, gdp, month, owner, col, n)
    return Edges(start, owner, col, rev, distance, affinity, border, cables, language)


def _keep(roster: Roster, month: int, gdp: Floats, count: int, size_elasticity: float, distance_elasticity: float) -> list[set[int]]:
    n = len(gdp)
    if count >= n - 1:
        return [set(range(n)) - {i} for i in range(n)]
    everyone = np.arange(n)
    size, alliance = gdp**size_elasticity, roster.spells["alliances"].strongest(month, n)
    keep: list[set[int]] = [set() for _ in range(n)]
    for i in range(n):
        here = np.full(n, i)
        weight = size * roster.distance(here, everyone) ** -distance_elasticity
        weight = weight * (1.0 + alliance.at(n, here, everyone) + roster.tie("border", here, everyone))
        weight[i] = -1.0
        for j in np.lexsort((everyone, -weight))[:count]:
            keep[i].add(int(j))
            keep[int(j)].add(i)
    return keep


def _facts(roster: Roster, gdp: Floats, month: int, row: Ints, col: Ints, n: int) -> list[Floats]:
    """Read distance and ties of every edge, shape (E,) each; a bloc has the mean of its members, weighted by GDP."""
    states = (row < n) & (col < n)
    facts = []
    members = _members(roster, gdp, month)
    for name in ("distance", *TIES):
        values = np.zeros(len(col))
        values[states] = _between(roster, name, row[states], col[states])
        seen = [_seen_by_bloc(roster, name, inside, share, n) for inside, share in members]
        for at in where_true(~states):
            low, high = sorted((int(row[at]), int(col[at])))
            if low < n:
                values[at] = seen[high - n][low]
            else:
                inside, share = members[low - n]
                values[at] = float(np.sum(share * seen[high - n][inside]))
        facts.append(values)
    return facts


def _between(roster: Roster, name: str, i: Ints, j: Ints) -> Floats:
    return roster.distance(i, j) if name == "distance" else roster.tie(name, i, j)


def _seen_by_bloc(roster: Roster, name: str, inside: Ints, share: Floats, n: int) -> Floats:
    """Return the members' mean of one fact towards each state, shape (N,); a member is left out of the mean towards itself."""
    i, j = np.repeat(inside, n), np.tile(np.arange(n), len(inside))
    weight = np.where(i == j, 0.0, np.repeat(share, n)).reshape(len(inside), n)
    values = _between(roster, name, i, j).reshape(len(inside), n)
    whole = weight.sum(axis=0)
    mean = (weight * values).sum(axis=0) / np.where(whole > 0.0, whole, 1.0)
    return np.where(whole > 0.0, mean, 1000.0 if name == "distance" else 0.0)


def _members(roster: Roster, gdp: Floats, month: int) -> list[tuple[Ints, Floats]]:
    """Return each bloc's members at the start and their shares of its GDP."""
    found = []
    for bloc in roster.blocs:
        at = roster.organisations.index(bloc)
        inside = where_true((roster.member_from[at] <= month) & (month < roster.member_until[at]))
        total = float(np.sum(gdp[inside]))
        found.append((inside, gdp[inside] / total if total > 0.0 else gdp[inside]))
    return found
