"""How strong the sides of some talks, and those at a table of many, are, and what either could have elsewhere, told party by party."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.executives_plain import led
from reference.plain_world import ISSUES, View
from sim.stakes.payoffs import Groups

LEAST_CAPABILITY, LEAST_DEPENDENCE, LEAST_SALIENCE = 1e-6, 0.01, 1e-8


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
    """Return what one side of some talks counts on of the best bid of another partner."""
    return best_bid(w, talk, side) * float(w.part("bargaining").reach)


def best_bid(w: Any, talk: Any, side: int) -> float:
    """Return what one side of some talks would gain by the best bid of a rival of the other side; 0 where none bids."""
    kind = w.kinds[talk.type]
    if not kind.alternatives[side]:
        return 0.0
    party, other = (talk.first, talk.second) if side == 0 else (talk.second, talk.first)
    bids = [bid(w, kind, party, rival, side) for rival in w.partners[party] if rival != other and _may_bid(w, kind, party, rival, side)]
    return max([0.0, *bids])


def _may_bid(w: Any, kind: Any, party: str, rival: str, side: int) -> bool:
    """Say whether a party hopes for something from a rival in the role it has, and the two may talk."""
    here = (kind.name, party, rival)
    if w.role[here] != side or w.prospect[here] <= 0.0 or w.cooldown[here] > w.month or w.principal[kind.name, rival] != rival:
        return False
    settled = any(w.in_force[(name, party, rival)] for name in (kind.name, *kind.excluded_by) if name in w.kinds)
    return not (settled or w.blocked[party, rival] or w.hostile[party, rival] or w.bars(party, rival))


def bid(w: Any, kind: Any, party: str, rival: str, side: int) -> float:
    """Return a party's gain, as executives see it, by the text midway to a rival; 0 where the rival would not, or may not be."""
    first, second = (party, rival) if side == 0 else (rival, party)
    places = (w.place[first], w.place[second], w.edge_at[first, second], w.edge_at[second, first])
    view, groups = View(w), Groups(*(np.array([place]) for place in places), ISSUES)
    if not bool(kind.eligible(view, groups)[0]):
        return 0.0
    gains = midway(led(w, kind.name, kind.coefficients(view, groups).dyads(), (first, second)))
    return gains[side] if gains is not None and min(gains) > 0.0 else 0.0


def midway(c: Any) -> tuple[float, float] | None:
    """Return what each side of one dyad gains by the text halfway between both sides' best ones; None where no text is allowed."""
    text, gains = [], []
    for k in range(c.b.shape[-1]):
        low, high = float(c.lo[0, k]), float(c.hi[0, k])
        if low > high:
            return None
        gain, salience, ideal = ([float(one[0, i, k]) for i in (0, 1)] for one in (c.b, c.w, c.theta))
        best = [min(max(ideal[i] + gain[i] / (2.0 * max(salience[i], LEAST_SALIENCE)), low), high) for i in (0, 1)]
        text.append(0.5 * (best[0] + best[1]))
    for i in (0, 1):
        total = float(c.a[0, i]) - float(c.d[0, i])
        for k, x in enumerate(text):
            total += float(c.b[0, i, k]) * x - float(c.w[0, i, k]) * (x - float(c.theta[0, i, k])) ** 2
        gains.append(total)
    return gains[0], gains[1]


def outbid(w: Any, talk: Any, stake: Any) -> bool:
    """Say whether it is for rivals that two parties found no text: midway both would gain, and a bid counts."""
    gains = midway(stake) if talk.package is None else None
    return gains is not None and min(gains) > 0.0 and any(elsewhere(w, talk, side) > 0.0 for side in (0, 1))


def taken(w: Any, talk: Any) -> bool:
    """Say whether a side that chooses among partners has signed with another of them this month."""
    new = [one for one in w.instruments if one.type == talk.type and one.signed == w.month and one.talk is not None]
    chooses = w.kinds[talk.type].alternatives
    return any((chooses[0] and one.first == talk.first) or (chooses[1] and one.second == talk.second) for one in new)
