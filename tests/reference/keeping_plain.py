"""What an instrument in force is worth to either side today, what breaking it would save, and what a breach takes from the other side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.executives_plain import led
from reference.plain_world import ISSUES, View
from reference.risk_plain import told_exactly
from reference.staff_plain import talks_in_bp
from sim.stakes.payoffs import Groups
from sim.types import Stage

NOTHING = (math.nan, math.nan)
LEAST_SALIENCE = 1e-8


def asked(w: Any, first: str, second: str) -> Groups:
    """Return a dyad as agreement types are asked about it."""
    places = (w.place[first], w.place[second], w.edge_at[first, second], w.edge_at[second, first])
    return Groups(*(np.array([place]) for place in places), ISSUES)


def at_stake(w: Any, view: View, kind: str, first: str, second: str) -> tuple[Any, Any]:
    """Return what is at stake as the type tells it, and the same as both executives see it."""
    made = w.kinds[kind].coefficients(view, asked(w, first, second))
    return made, led(w, kind, made.dyads(), (first, second))


def halfway(c: Any) -> list[float]:
    """Return the text halfway between what either side would choose within what is allowed."""
    text = []
    for k in range(c.b.shape[-1]):
        low, high = float(c.lo[0, k]), float(c.hi[0, k])
        wanted = [float(c.theta[0, i, k]) + float(c.b[0, i, k]) / (2.0 * max(float(c.w[0, i, k]), LEAST_SALIENCE)) for i in (0, 1)]
        text.append(0.5 * sum(min(max(one, low), high) for one in wanted))
    return text


def worth(c: Any, side: int, text: list[float]) -> float:
    """Return what a text is worth to one side (bp of GDP a year)."""
    total = float(c.a[0, side])
    for k, x in enumerate(text):
        total += float(c.b[0, side, k]) * x - float(c.w[0, side, k]) * (x - float(c.theta[0, side, k])) ** 2
    return total


def said(one: Any, c: Any) -> list[float]:
    """Return the text of an instrument; where it is not coded, the one halfway stands in."""
    return [other if math.isnan(x) else x for x, other in zip(one.text, halfway(c), strict=True)]


def undertaken(kind: Any) -> list[tuple[str, bool]]:
    """List the issues on which the second party gives its law: (issue, whether it has a law of its own on it)."""
    does = [one for one in kind.does if one.name == "undertakes"]
    return [(issue, own) for one in does for issue, own in ((one.safeguards, True), (one.redress, False)) if issue]


def held(w: Any, one: Any, view: View | None = None) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what an instrument is worth to each side and what each would save by breaking its word, bp a year; NaN where nobody looks."""
    first, second, kind = one.first, one.second, w.kinds[one.type]
    if (first, second) not in w.facts or min(w.gdp[first], w.gdp[second]) <= 0.0:
        return NOTHING, NOTHING
    view = View(w) if view is None else view
    made, c = at_stake(w, view, one.type, first, second)
    text = said(one, c)
    for issue, _ in undertaken(kind):
        # The other's law counts where it gives more than was undertaken.
        k = ISSUES.index(issue)
        text[k] = max(text[k], float(c.status_quo[0, k]))
    risk = told_exactly(w, made, first, second, text)
    value = tuple(worth(c, side, text) - float(c.d[0, side]) + risk[side] for side in (0, 1))
    if hasattr(kind, "temptation"):
        saving = tuple(float(x) for x in kind.temptation(view, asked(w, first, second), np.array([text]))[0])
    else:
        saving = tuple(sum(float(c.w[0, side, k]) * (x - float(c.theta[0, side, k])) ** 2 for k, x in enumerate(text)) for side in (0, 1))
    return (value[0], value[1]), (saving[0], saving[1])


def damage(w: Any, one: Any, breaker: int) -> float:
    """Return what the other side loses while one breaks its word: who breaks it does what it wants, or goes back to its own law."""
    if (one.first, one.second) not in w.facts:
        return 0.0
    _, c = at_stake(w, View(w), one.type, one.first, one.second)
    text = said(one, c)
    done = [float(c.theta[0, breaker, k]) if float(c.w[0, breaker, k]) > 0.0 else x for k, x in enumerate(text)]
    for issue, own in undertaken(w.kinds[one.type]):
        k = ISSUES.index(issue)
        law = w.own_safeguards[one.second] if own else 0.0
        done[k] = min(text[k], law) if breaker == 1 else text[k]
    return worth(c, 1 - breaker, text) - worth(c, 1 - breaker, done)


def kept(w: Any, talk: Any, side: int) -> float:
    """Return what a side of some talks goes on having of what they would replace, bp; 0 where that has ended or is worth nothing."""
    if talk.succeeds is None or w.instruments[talk.succeeds].stage not in (Stage.IN_FORCE, Stage.SUSPENDED):
        return 0.0
    old = w.instruments[talk.succeeds]
    party = (talk.first, talk.second)[side]
    value = held(w, old)[0][0 if old.first == party else 1]
    return 0.0 if math.isnan(value) else max(0.0, value)


def halfway_worth(w: Any, one: Any, view: View) -> tuple[float, float]:
    """Return what the text halfway would be worth to each side, bp a year; NaN where nobody looks, or nothing of the text is coded."""
    uncoded = all(math.isnan(x) for x in one.text)
    if uncoded or (one.first, one.second) not in w.facts or min(w.gdp[one.first], w.gdp[one.second]) <= 0.0:
        return NOTHING
    made, c = at_stake(w, view, one.type, one.first, one.second)
    text = halfway(c)
    risk = told_exactly(w, made, one.first, one.second, text)
    first, second = (worth(c, side, text) - float(c.d[0, side]) + risk[side] for side in (0, 1))
    return first, second


def better(w: Any, one: Any) -> bool:
    """Say whether the text halfway beat an instrument's own for both in January, by more than talks would cost them now."""
    more = (one.halfway_first - one.value_first, one.halfway_second - one.value_second)
    return min(more) > 0.0 and all(gain > talks_in_bp(w, one, role) for role, gain in enumerate(more))


def called(w: Any, one: Any) -> str:
    """Return the name by which luck knows an instrument of two: that of its talks, or of its listing."""
    if one.talk is None:
        return f"{one.type}:{one.first}>{one.second}:{one.signed}"
    talk = w.talks[one.talk]
    return ":".join([talk.type, *sorted((talk.first, talk.second)), str(talk.opened)])


def of_two(w: Any, *stages: Stage) -> list[tuple[int, Any]]:
    """List the instruments of two that are in some stages."""
    return [(row, one) for row, one in enumerate(w.instruments) if one.conference is None and one.stage in stages]


def anniversary(w: Any, one: Any) -> bool:
    """Say whether it is a whole number of years since an instrument entered into force."""
    return one.in_force < w.month and (w.month - one.in_force) % 12 == 0
