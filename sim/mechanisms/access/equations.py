r"""Access in compiled form: whom price, income and skills let use the internet, and how use follows.

Incomes within a state are lognormal about GDP per head with spread ``s``. Who would have to pay more than a share ``m`` of income cannot
afford the price ``p``, and of those who can, some lack skills:

.. math:: A = \Phi\left( \frac{\ln (m y / 12 p)}{s} - \frac{s}{2} \right), \qquad
          C = T \, (1 - w (1 - A)) \, (1 - v (1 - k))
"""

from __future__ import annotations

import math

from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints

KNOTS = (0.15, 0.5, 0.9)
"""Use at which the elasticity is the low, the middle and the high one; straight lines between."""
_ROOT = math.sqrt(2.0)


@jit
def elasticity(use: float, low: float, middle: float, high: float) -> float:
    """Return by how much use grows in logs where the price grows by one; at most 0."""
    if use <= KNOTS[0]:
        return low
    if use <= KNOTS[1]:
        return low + (middle - low) * (use - KNOTS[0]) / (KNOTS[1] - KNOTS[0])
    if use <= KNOTS[2]:
        return middle + (high - middle) * (use - KNOTS[1]) / (KNOTS[2] - KNOTS[1])
    return high


@jit
def affordable(price: float, income: float, share: float, spread: float) -> float:
    """Return the part of people for whom a price (USD a month) is at most a share of their income (USD a year a head)."""
    if income <= 0.0:
        return 0.0
    if price <= 0.0:
        return 1.0
    at = math.log(share * income / (12.0 * price)) / spread - 0.5 * spread
    return 0.5 * math.erfc(-at / _ROOT)


@jit
def of_blocs(member: Bools, known: Bools, population: Floats, use: Floats) -> None:
    """Fill the use of blocs, the last of (P,): the mean of members by people, of those alone whose figure was known where there are any."""
    n_blocs, n = member.shape
    for b in range(n_blocs):
        any_known = False
        for i in range(n):
            any_known = any_known or (member[b, i] and known[i])
        people, online = 0.0, 0.0
        for i in range(n):
            if member[b, i] and (known[i] or not any_known):
                people += population[i]
                online += use[i] * population[i]
        use[n + b] = online / people if people > 0.0 else 0.0


@jit
def renew(
    price: Floats, landed: Floats, subsidised: Floats, felt: Floats, skills: Floats, gdp: Floats, population: Floats, cut_off: Bools,
    member: Bools, known: Bools, grown: float, lag: float, most: float, share: float, spread: float, price_weight: float,
    skills_weight: float, low: float, middle: float, high: float, learning: float, ceiling: Floats, use: Floats,
) -> None:  # fmt: skip
    """Move skills, ceilings, what users have felt of the price and use by a month, (N,) each.

    Use of blocs, the last of (P,), follows. ``grown`` is the growth of use far below the ceiling and ``learning`` that of skills where
    all are online, a month; ``lag`` in months.
    """
    for i in range(skills.shape[0]):
        income = gdp[i] / population[i] if population[i] > 0.0 else 0.0
        skills[i] += learning * use[i] * (1.0 - skills[i])
        paid = 1.0 - subsidised[i]
        fit = affordable(price[i] * paid, income, share, spread)
        ceiling[i] = most * (1.0 - price_weight * (1.0 - fit)) * (1.0 - skills_weight * (1.0 - skills[i]))
        before = felt[i]
        felt[i] = before + (landed[i] * paid - before) / lag
        now = use[i]
        if now < ceiling[i] and not cut_off[i]:
            now += grown * now * (1.0 - now / ceiling[i])
        answer = now
        if felt[i] != before:
            answer = now * math.exp(elasticity(now, low, middle, high) * math.log(felt[i] / before))
        if answer > now:
            answer = now if cut_off[i] else min(answer, max(now, ceiling[i]))
        use[i] = answer
    of_blocs(member, known, population, use)


@jit
def cut_off(reaches: Ints, satellite: Bools, first: Ints, second: Ints, status: Ints, serving: int, out: Bools) -> None:
    """Say for whom all links are down and no satellite flies, (N,); who has no link that serves, of (R,), is told by other ways."""
    for i in range(out.shape[0]):
        out[i] = False
    for r in range(first.shape[0]):
        if status[r] == serving:
            for end in range(2):
                i = first[r] if end == 0 else second[r]
                if reaches[i] == 0 and not satellite[i]:
                    out[i] = True


@jit
def land(first: Ints, second: Ints, serves: Bools, new: Ints, fall: float, few: float, landed: Floats, price: Floats) -> None:
    """Let prices fall where links land, (M,) rows of links in their order: by ``fall`` in states of few links, else by less.

    ``serves`` says which links are in service, (R,), new ones included; ``few`` is a number of links.
    """
    for k in range(new.shape[0]):
        row = new[k]
        for end in range(2):
            i = first[row] if end == 0 else second[row]
            held = 0
            for r in range(first.shape[0]):
                if serves[r] and (first[r] == i or second[r] == i):
                    later = False
                    for other in range(k + 1, new.shape[0]):
                        later = later or new[other] == r
                    if not later:
                        held += 1
            ratio = 1.0 - fall * min(1.0, few / held)
            landed[i] *= ratio
            price[i] *= ratio


@jit
def spend(funds: Floats, price: Floats, use: Floats, population: Floats, most: float, subsidised: Floats) -> None:
    """Spend states' funds, (N,) USD, on their users' bills of the month, and fill which part of the price they pay."""
    for i in range(price.shape[0]):
        subsidised[i] = 0.0
        bills = use[i] * population[i] * price[i]
        if funds[i] > 0.0 and bills > 0.0:
            subsidised[i] = min(most, funds[i] / bills)
            # All is spent but where the share is capped: what rounding would leave is no money.
            funds[i] = funds[i] - most * bills if funds[i] > most * bills else 0.0


@jit
def hand_on(funds: Floats, member: Bools, population: Floats) -> None:
    """Hand what blocs hold, the last of (P,), to their members by people; where nobody is a member it stays."""
    n_blocs, n = member.shape
    for b in range(n_blocs):
        if funds[n + b] == 0.0:
            continue
        people = 0.0
        for i in range(n):
            if member[b, i]:
                people += population[i]
        if people > 0.0:
            for i in range(n):
                if member[b, i]:
                    funds[i] += funds[n + b] * (population[i] / people)
            funds[n + b] = 0.0
