"""Whom each party keeps an eye on and the standing facts of each dyad, read from the roster pair by pair."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

TIES = ("distance", "affinity", "border", "cables", "language")
FAR = {"distance": 1000.0}
"""What holds between a bloc and a state where no other member of the bloc is there to be asked; 0 for every tie."""


@functools.cache
def facts_of(roster: Any, start: int, candidates: int, size_elasticity: float, distance_elasticity: float) -> dict[tuple[str, str], Any]:
    """Return distance and ties of each directed dyad that is kept, owners and partners in the order of parties.

    Each state watches the candidates it likes best at the start, those who watch it, those it ever shared an instrument with, and every
    bloc; a bloc watches everybody.
    """
    states, blocs, gdp, ties = list(roster.codes), list(roster.blocs), wealth(roster, start), ties_of(roster)

    allied: dict[frozenset[str], float] = {}
    rows = roster.spells["alliances"]
    for a, b, since, until, strength in zip(rows.first, rows.second, rows.start, rows.until, rows.value, strict=True):
        if since <= start < until:
            pair = frozenset((states[a], states[b]))
            allied[pair] = max(float(strength), allied.get(pair, 0.0))

    def liking(one: str, other: str) -> float:
        tie = ties[one, other]
        near = gdp[other] ** size_elasticity * tie["distance"] ** -distance_elasticity
        return near * (1.0 + allied.get(frozenset((one, other)), 0.0) + tie["border"])

    watched: dict[str, set[str]] = {one: set(blocs) for one in states} | {bloc: {*states, *blocs} for bloc in blocs}
    for one in states:
        others = [other for other in states if other != one]
        for other in sorted(others, key=lambda other, one=one: (-liking(one, other), other))[:candidates]:
            watched[one].add(other)
            watched[other].add(one)
    for row in roster.instruments:
        signed = [code for code in row.parties if code in gdp]
        for one in signed:
            watched[one].update(signed)
    kept = [(one, other) for one in (*states, *blocs) for other in (*states, *blocs) if other != one and other in watched[one]]
    inside = {bloc: {state: gdp[state] for state in members(roster, start, bloc)} for bloc in blocs}
    return {dyad: SimpleNamespace(**(ties[dyad] if dyad in ties else of_blocs(ties, inside, *dyad))) for dyad in kept}


def wealth(roster: Any, start: int) -> dict[str, float]:
    """Return the GDP of each state as known at the start (USD a year)."""
    return dict(zip(roster.codes, roster.figures["gdp"][start // 12 - int(roster.years[0])].tolist(), strict=True))


def between(roster: Any, name: str, one: str, other: str) -> float:
    """Read one fact of two states."""
    i, j = [roster.codes.index(one)], [roster.codes.index(other)]
    return float(roster.distance(i, j)[0] if name == "distance" else roster.tie(name, i, j)[0])


def ties_of(roster: Any) -> dict[tuple[str, str], dict[str, float]]:
    """Read every fact of every two states."""
    everyone = range(len(roster.codes))
    found = {}
    for i, one in enumerate(roster.codes):
        columns = [(roster.distance([i], everyone) if name == "distance" else roster.tie(name, [i], everyone)).tolist() for name in TIES]
        for other, *values in zip(roster.codes, *columns, strict=True):
            found[one, other] = dict(zip(TIES, values, strict=True))
    return found


def of_blocs(ties: Any, inside: dict[str, dict[str, float]], one: str, other: str) -> dict[str, float]:
    """Return what holds with a bloc: the mean of those who were members at the start, by their GDP, without the other side itself."""
    if one in inside and other in inside:
        bloc, asking = sorted((one, other), reverse=True)  # the first by code asks the members of the second
        asked = {state: (share, of_blocs(ties, inside, bloc, state)) for state, share in inside[asking].items()}
    else:
        bloc, asking = (one, other) if one in inside else (other, one)
        asked = {state: (share, ties[state, asking]) for state, share in inside[bloc].items() if state != asking}
    whole = sum(share for share, _ in asked.values())
    means = {name: sum(share * tie[name] for share, tie in asked.values()) for name in TIES}
    return {name: mean / whole if whole > 0.0 else FAR.get(name, 0.0) for name, mean in means.items()}


def members(roster: Any, start: int, bloc: str) -> list[str]:
    """List who belongs to a bloc at the start."""
    o = roster.organisations.index(bloc)
    return [state for n, state in enumerate(roster.codes) if roster.member_from[o, n] <= start < roster.member_until[o, n]]
