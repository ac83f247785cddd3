"""Whom each party keeps an eye on and the standing facts of each dyad, read from the roster pair by pair."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

TIES = ("distance", "affinity", "pact", "border", "cables", "rivalry")
FAR = {"distance": 1000.0}
"""What holds between a bloc and a state where no other member of the bloc is there to be asked; 0 for every tie."""


@functools.cache
def facts_of(roster: Any, start: int, candidates: int, size_elasticity: float, distance_elasticity: float) -> dict[tuple[str, str], Any]:
    """Return distance and ties of each directed dyad that is kept, owners and partners in the order of parties.

    Each state watches the candidates it likes best at the start, those who watch it, those it ever shared an instrument with, and every
    bloc; a bloc watches everybody.
    """
    states, blocs, gdp = list(roster.codes), list(roster.blocs), wealth(roster, start)

    def liking(one: str, other: str) -> float:
        size, nearness = gdp[other] ** size_elasticity, between(roster, "distance", one, other) ** -distance_elasticity
        return size * nearness * (1.0 + between(roster, "pact", one, other) + between(roster, "border", one, other))

    watched: dict[str, set[str]] = {one: set(blocs) for one in states} | {bloc: {*states, *blocs} for bloc in blocs}
    for one in states:
        others = [other for other in states if other != one]
        for other in sorted(others, key=lambda other, one=one: (-liking(one, other), other))[:candidates]:
            watched[one].add(other)
            watched[other].add(one)
    for row in roster.instruments:
        signed = [code for code in row.parties if code in states]
        for one in signed:
            watched[one].update(signed)
    kept = [(one, other) for one in (*states, *blocs) for other in (*states, *blocs) if other != one and other in watched[one]]
    return {dyad: SimpleNamespace(**{name: fact(roster, start, name, *dyad) for name in TIES}) for dyad in kept}


def wealth(roster: Any, start: int) -> dict[str, float]:
    """Return the GDP of each state as known at the start (USD a year)."""
    return dict(zip(roster.codes, roster.figures["gdp"][start // 12 - int(roster.years[0])].tolist(), strict=True))


def between(roster: Any, name: str, one: str, other: str) -> float:
    """Read one fact of two states."""
    i, j = [roster.codes.index(one)], [roster.codes.index(other)]
    return float(roster.distance(i, j)[0] if name == "distance" else roster.tie(name, i, j)[0])


def fact(roster: Any, start: int, name: str, one: str, other: str) -> float:
    """Return one fact of two parties; a bloc has the mean of those who were members at the start, by their GDP."""
    if {one, other} <= set(roster.codes):
        return between(roster, name, one, other)
    if {one, other} <= set(roster.blocs):
        bloc, other = sorted((one, other), reverse=True)  # the first by code asks the members of the second
    else:
        bloc, other = (one, other) if one in roster.blocs else (other, one)
    gdp = wealth(roster, start)
    if other in roster.blocs:
        asked = {state: gdp[state] for state in members(roster, start, other)}
        return sum(share * fact(roster, start, name, bloc, state) for state, share in asked.items()) / sum(asked.values())
    asked = {state: gdp[state] for state in members(roster, start, bloc) if state != other}
    whole = sum(asked.values())
    return sum(share * between(roster, name, state, other) for state, share in asked.items()) / whole if whole > 0.0 else FAR.get(name, 0.0)


def members(roster: Any, start: int, bloc: str) -> list[str]:
    """List who belongs to a bloc at the start."""
    o = roster.organisations.index(bloc)
    return [state for n, state in enumerate(roster.codes) if roster.member_from[o, n] <= start < roster.member_until[o, n]]
