"""Access told state by state: prices, programmes, skills, technology, and who comes online."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist
from typing import Any

from sim.types import Flag

IN_SERVICE = 1


def begin(w: Any) -> None:
    """Set prices by income, skills by the government's services, and technology by own providers."""
    part = w.part("access")
    year = w.month / 12.0 - 2022
    for state in w.states:
        income = w.gdp[state] / max(w.population[state], 1.0)
        poorest = part.price_share * 750.0 / 12.0
        w.access_price[state] = poorest * (1.0 - part.price_trend) ** year * (income / 750.0) ** part.price_income
        w.skills[state], w.technology[state] = w.digital_government[state], 0.0
    host, home, many = (one.tolist() for one in w.roster.clouds.pairs(w.month))
    for at, state in enumerate(w.states):
        own = sum(count for s, p, count in zip(host, home, many, strict=True) if s == p == at)
        w.technology[state] = own / max(sum(count for s, count in zip(host, many, strict=True) if s == at), 1)


def step(w: Any, decide: Any) -> None:
    """Live a month."""
    part = w.part("access")
    for state in w.states:
        w.access_price[state] *= (1.0 - part.price_trend) ** (1.0 / 12.0)
    _land(w, part)
    for purse in (w.access_funds, w.learning_funds):
        _hand_on(w, purse)
    for state in w.states:
        _pay_bills(w, part, state)
        _teach(w, part, state)
    _hand_over(w)
    for state in w.states:
        _grow(w, part, state)
    for bloc in w.blocs:
        _of_members(w, bloc)


def _land(w: Any, part: Any) -> None:
    """Let the price fall in the two states of each new link, link by link, by the less the more links they have."""
    waiting = [row for row in w.links if row.due == w.month and row.status == IN_SERVICE]
    there = [row for row in w.links if row.status == IN_SERVICE and row not in waiting]
    for link in waiting:
        there.append(link)
        for state in (link.first, link.second):
            held = sum(state in (row.first, row.second) for row in there)
            ratio = 1.0 - part.landing_price * (1.0 if held <= part.few_links else part.few_links / held)
            w.landed_price[state] *= ratio
            w.access_price[state] *= ratio


def _hand_on(w: Any, purse: dict[str, float]) -> None:
    for bloc in w.blocs:
        members = w.members(bloc)
        people = sum(w.population[state] for state in members)
        if purse[bloc] and people > 0.0:
            for state in members:
                purse[state] += purse[bloc] * w.population[state] / people
            purse[bloc] = 0.0


def _pay_bills(w: Any, part: Any, state: str) -> None:
    """Let programmes pay this month's bills as far as their funds go, and never more than a part of each."""
    bills = w.internet_use[state] * w.population[state] * w.access_price[state]
    w.subsidised[state] = min(part.most_subsidised, w.access_funds[state] / bills) if bills > 0.0 else 0.0
    w.access_funds[state] = max(0.0, w.access_funds[state] - part.most_subsidised * bills)


def _teach(w: Any, part: Any, state: str) -> None:
    taught = min(1.0, w.learning_funds[state] / part.learner_cost / max(w.population[state], 1.0))
    w.skills[state] += (1.0 - w.skills[state]) * taught
    w.learning_funds[state] = 0.0


def _hand_over(w: Any) -> None:
    for state in w.states:
        offered = w.technology_offered[state] + sum(w.technology_offered[bloc] for bloc in w.blocs if w.member[bloc, state])
        w.technology[state] = min(1.0, w.technology[state] + offered)
    w.technology_offered = dict.fromkeys(w.parties, 0.0)


def _grow(w: Any, part: Any, state: str) -> None:
    """Let skills grow with use, and use up to whom price, income and skills let use it; then answer what has become of the price."""
    w.skills[state] += part.learning / 12.0 * w.internet_use[state] * (1.0 - w.skills[state])
    paid = 1.0 - w.subsidised[state]
    able = 1.0 - part.price_weight * (1.0 - _affordable(w, part, state, paid))
    w.use_ceiling[state] = part.most * able * (1.0 - part.skills_weight * (1.0 - w.skills[state]))
    before, use, top = w.price_felt[state], w.internet_use[state], w.use_ceiling[state]
    w.price_felt[state] += (w.landed_price[state] * paid - before) / part.lag
    cut = _cut_off(w, state)
    if use < top and not cut:
        use += part.growth / 12.0 * use * (1.0 - use / top)
    answer = use * (w.price_felt[state] / before) ** _elasticity(part, use)
    if answer > use:
        answer = use if cut else min(answer, max(use, top))
    w.internet_use[state] = answer


def _affordable(w: Any, part: Any, state: str, paid: float) -> float:
    if w.population[state] <= 0.0 or w.gdp[state] <= 0.0:
        return 0.0
    needed = 12.0 * w.access_price[state] * paid / part.affordable_share
    # Incomes are lognormal; their mean is GDP per head.
    mean = math.log(w.gdp[state] / w.population[state]) - part.income_spread**2 / 2.0
    return NormalDist().cdf((mean - math.log(needed)) / part.income_spread)


def _elasticity(part: Any, use: float) -> float:
    knots = ((0.15, part.elasticity_low), (0.5, part.elasticity_middle), (0.9, part.elasticity_high))
    if use <= knots[0][0]:
        return float(knots[0][1])
    for (left, low), (right, high) in itertools.pairwise(knots):
        if use <= right:
            return float(low + (high - low) * (use - left) / (right - left))
    return float(knots[-1][1])


def _cut_off(w: Any, state: str) -> bool:
    """Say whether a state has lines, all of them down, and no satellite."""
    if w.reaches[state] > 0 or w.satellite[state]:
        return False
    return any(row.status == IN_SERVICE and state in (row.first, row.second) for row in w.links)


def _of_members(w: Any, bloc: str) -> None:
    row = w.config.start // 12 - int(w.roster.years[0])
    members = w.members(bloc)
    known = [state for state in members if w.roster.flags["internet_use"][row, w.place[state]] < Flag.FILLED] or members
    people = sum(w.population[state] for state in known)
    w.internet_use[bloc] = sum(w.internet_use[state] * w.population[state] for state in known) / people if people > 0.0 else 0.0
