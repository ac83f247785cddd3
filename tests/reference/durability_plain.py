"""How long a text lasts, when it is looked at again and how a side leaves it, instrument by instrument."""

from __future__ import annotations

import math
from typing import Any

from reference.keeping_plain import better, held, of_two
from reference.leverage_plain import weights
from reference.plain_world import code
from reference.renewal_plain import reopen
from reference.staff_plain import talks_cost
from sim.types import NEVER, Reason, Stage


def step(w: Any, decide: Any) -> None:
    """Settle the clauses of what was signed this month; hold the reviews that are due; let terms come."""
    if w.month == w.config.start:
        _listed(w)
    for _, one in of_two(w, Stage.SIGNED):
        if one.signed == w.month:
            _settle(w, one)
    there = [(row, one) for row, one in of_two(w, Stage.IN_FORCE) if one.in_force < w.month]
    for row, one in there:
        if one.review > 0 and (w.month - one.in_force) % one.review == 0:
            opened = better(w, one) and reopen(w, row, pressed=False)
            _tell(w, "review", row, value=float(opened))
    for row, one in there:
        if w.month == one.in_force + one.months_barred + one.term and w.kinds[one.type].ending != "completion":
            _end_of_term(w, row, one)


def _listed(w: Any) -> None:
    """Read the clauses of what was in force before the run; a term that is over has been prolonged until it is not."""
    for one in w.instruments:
        said = None if one.listed is None else w.roster.instruments[one.listed].clauses
        if said is not None:
            one.renewal, one.review, one.disputes = said.renewal, said.review, said.disputes
            one.notice = None if said.withdrawal < 0 else said.withdrawal
            one.term = said.duration
            while one.term < NEVER and one.in_force + one.term <= w.month:
                one.term += said.renewal if said.renewal > 0 else said.duration


def _settle(w: Any, one: Any) -> None:
    """Give a text just signed the clauses that are worth having, among those that its type knows."""
    part, may, parties = w.part("durability"), getattr(w.kinds[one.type], "lasting", None), (one.first, one.second)
    if may is None or one.talk is None:
        return
    talk = w.talks[one.talk]
    value = [talk.utility[role] - talk.disagreement_value[role] for role in (0, 1)]
    if any(math.isnan(x) for x in value):
        return
    usd = max(x * w.gdp[party] for x, party in zip(value, parties, strict=True)) / 1e4
    cost = sum(talks_cost(w, one.type, role, party) for role, party in enumerate(parties))
    trust = 0.5 * (w.trust[parties] + w.trust[parties[::-1]])
    unsure = part.uncertainty * (1.0 - trust)
    if may.duration is not None:
        months = 12.0 * _years(part, cost, usd, unsure)
        if months <= may.duration[1]:
            one.term = one.renewal = _half_years(months, may.duration)
    if may.review is not None and unsure > 0.0:
        one.review = _half_years(12.0 * _years(part, part.review_cost * cost, usd, unsure), may.review)
    if may.notice is not None and part.withdrawal_from > 0.0 and unsure >= part.withdrawal_from:
        low, high = may.notice
        one.notice = _half_years(low + (high - low) * min(1.0, usd / part.long_notice), may.notice)
    if may.disputes:
        saving = [0.0 if math.isnan(x) else x for x in held(w, one)[1]]
        strong = max(weights(w, w.talks[one.talk])) >= part.strongest
        one.disputes = not strong and max(saving) >= part.disputes_from * max(min(value), 1e-12)


def _years(part: Any, cost: float, usd: float, unsure: float) -> float:
    """Return after how long two would talk again: 2 sqrt(C / (kappa u^2 G))."""
    if min(usd, unsure, part.drift) <= 0.0:
        return math.inf
    return 2.0 * math.sqrt(cost / (part.drift * unsure**2 * usd))


def _half_years(months: float, span: tuple[int, int]) -> int:
    low, high = span
    if months >= high:
        return high
    return int(max(6 * round(months / 6.0), low)) if 6 * round(months / 6.0) <= high else high


def _end_of_term(w: Any, row: int, one: Any) -> None:
    """Prolong what is still worth something to both; else let it run out, and talk on another text where both would gain."""
    if min(one.value_first, one.value_second) >= 0.0 and one.renewal > 0:
        one.term += one.renewal
        _tell(w, "prolongation", row, reason=Reason.RENEWED)
    else:
        reopen(w, row, pressed=True)


def _tell(w: Any, what: str, row: int, **more: Any) -> None:
    one = w.instruments[row]
    w.say(code(what), party_a=one.first, party_b=one.second, type=one.type, instrument=row, **more)
