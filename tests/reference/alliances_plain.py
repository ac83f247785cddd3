"""The alliance graph of the year, dyad by dyad: its layers read from the dated rows of the roster, and the weight mixed from them."""

from __future__ import annotations

from typing import Any


def begin(w: Any) -> None:
    """Set the layers and the weight of the first year."""
    renew(w)


def step(w: Any, decide: Any) -> None:
    """Look at the layers again each January, and in the first month, when trust has been set."""
    if w.month % 12 == 0 or w.month == w.config.start:
        renew(w)


def renew(w: Any) -> None:
    """Read each layer as it is known this year, and mix them."""
    part, january = w.part("alliances"), w.month - w.month % 12
    hostility, bare = (levels(w, name, january - 1) for name in ("hostility", "without_rivalry"))
    strength = {pair: value for pair, value in levels(w, "alliances", january).items() if value >= part.least_alliance}
    belongs = {party: memberships(w, party) for party in w.parties}
    for dyad in w.dyads:
        one, other = dyad
        w.hostility[dyad] = blocking(pairs(w, hostility, one, other), part.minority)
        w.hostility_without_rivalry[dyad] = blocking(pairs(w, bare, one, other), part.minority)
        w.alliance[dyad] = average(pairs(w, strength, one, other))
        w.shared_organisations[dyad] = in_common(belongs[one], belongs[other])
        w.hostile[dyad] = part.hostility_bars and w.hostility[dyad] >= part.hostile_from
        given = (
            part.alliance_share * w.alliance[dyad]
            + part.affinity_share * w.facts[dyad].affinity
            + part.organisations_share * w.shared_organisations[dyad]
            - part.hostility_share * w.hostility[dyad]
        )
        treaties = sum(bool(w.in_force[kind, one, other]) for kind in w.kinds)
        trust = (w.trust[one, other] + w.trust[other, one]) / 2.0
        made = part.treaties_share * treaties / (treaties + part.treaties_half) + part.trust_share * (2.0 * trust - 1.0)
        w.alliance_given[dyad], w.alliance_weight[dyad] = within(given), within(given + made)


def levels(w: Any, name: str, month: int) -> dict[frozenset[str], float]:
    """Return the largest value of each pair of states that holds in a month."""
    rows, found = w.roster.spells[name], {}
    for first, second, start, until, value in zip(rows.first, rows.second, rows.start, rows.until, rows.value, strict=True):
        if start <= month < until:
            pair = frozenset((w.states[first], w.states[second]))
            found[pair] = max(float(value), found.get(pair, 0.0))
    return found


def pairs(w: Any, value: dict[frozenset[str], float], one: str, other: str) -> list[tuple[float, float]]:
    """List the value and the people of each pair of states that stands for two parties; a state does not stand against itself."""

    def of(party: str) -> list[tuple[str, float]]:
        return [(state, w.population[state]) for state in w.members(party)] if party in w.blocs else [(party, 1.0)]

    return [(value.get(frozenset((a, b)), 0.0), p * q) for a, p in of(one) for b, q in of(other) if a != b]


def blocking(found: list[tuple[float, float]], minority: float) -> float:
    """Return the largest value that pairs with so much of the people reach."""
    whole, reached = sum(people for _, people in found), 0.0
    for value, people in sorted(found, key=lambda one: -one[0]):
        reached += people
        if reached >= minority * whole * (1.0 - 1e-12):
            return value
    return 0.0


def average(found: list[tuple[float, float]]) -> float:
    """Return the mean value, by people."""
    whole = sum(people for _, people in found)
    return sum(value * people for value, people in found) / whole if whole else 0.0


def memberships(w: Any, party: str) -> dict[str, float]:
    """Return what share of a party's people lives in members of each organisation; the United Nations, where all are, do not count."""
    there = {state: w.population[state] for state in w.members(party)} if party in w.blocs else {party: 1.0}
    people = sum(there.values())
    return {
        organisation: sum(each for state, each in there.items() if w.inside(state, organisation)) / people if people else 0.0
        for organisation in w.roster.organisations
        if organisation != "UN"
    }


def in_common(one: dict[str, float], other: dict[str, float]) -> float:
    """Return the share of common memberships."""
    either = sum(max(one[name], other[name]) for name in one)
    return sum(min(one[name], other[name]) for name in one) / either if either else 0.0


def within(value: float) -> float:
    """Hold a weight between -1 and 1."""
    return min(1.0, max(-1.0, value))
