"""How strong the sides of some talks, and those at a table of many, are, and what either could have elsewhere, told party by party."""

from __future__ import annotations

import math
from typing import Any

LEAST_CAPABILITY, LEAST_DEPENDENCE = 1e-6, 0.01


def weights(w: Any, talk: Any) -> tuple[float, float]:
    """Return both sides' bargaining weights: strength to the power of the lever, as shares of one."""
    part = w.part("bargaining")
    one, two = strength(w, talk.first, talk.second) ** part.power, strength(w, talk.second, talk.first) ** part.power
    return one / (one + two), two / (one + two)


def strength(w: Any, party: str, other: str) -> float:
    """Return a party's strength in talks with another: able, not dependent, and rich enough to wait."""
    part = w.part("bargaining")
    dependence = w.trade_known[other, party] / w.imports_known[party]
    able = max(w.capability[party], LEAST_CAPABILITY)
    return able / (dependence + LEAST_DEPENDENCE) ** part.power_dependence * (w.gdp[party] / w.population[party]) ** part.power_patience


def table(w: Any, parties: list[str]) -> list[float]:
    """Return the weights of those who sit at one table, as shares of one; each depends on all the others there."""
    part, strengths = w.part("bargaining"), []
    for party in parties:
        bought = sum(w.trade_known[other, party] for other in parties if (other, party) in w.trade_known and not w.blocked[party, other])
        able = max(w.capability[party], LEAST_CAPABILITY) * (w.gdp[party] / w.population[party]) ** part.power_patience
        strengths.append((able / (bought / w.imports_known[party] + LEAST_DEPENDENCE) ** part.power_dependence) ** part.power)
    return [one / math.fsum(strengths) for one in strengths]


def elsewhere(w: Any, talk: Any, side: int) -> float:
    """Return what one side of some talks could gain from its best alternative partner, at the chance that it comes about."""
    if not w.kinds[talk.type].alternatives[side]:
        return 0.0
    party, other = (talk.first, talk.second) if side == 0 else (talk.second, talk.first)
    hopes = [
        w.prospect[talk.type, party, partner]
        for partner in w.partners[party]
        if partner != other and w.role[talk.type, party, partner] == side
    ]
    best: float = max([0.0, *hopes])
    return best * float(w.part("bargaining").reach)
