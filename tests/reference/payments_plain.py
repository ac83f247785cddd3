"""A side payment, told for two parties: who gains by the richest text pays who loses, where no text alone suits both."""

from __future__ import annotations

from typing import Any


def compensate(w: Any, talk: Any, case: Any) -> tuple[list[float], list[float], float] | None:
    """Return a text, the two utilities with the money in them, and the yearly payment from first to second (USD); None where none helps."""
    problem, gdp = case.problem, (w.gdp[talk.first], w.gdp[talk.second])
    lo, hi = problem.lo[0].tolist(), problem.hi[0].tolist()
    if any(floor > ceiling for floor, ceiling in zip(lo, hi, strict=True)):
        return None
    text = [_level(problem, gdp, k, floor, ceiling) for k, (floor, ceiling) in enumerate(zip(lo, hi, strict=True))]
    utility = bare(problem, text)
    gain = [gdp[side] * (utility[side] - float(problem.r[0, side])) / 1e4 for side in (0, 1)]
    payer = 0 if gain[0] >= gain[1] else 1
    receiver, more, weight = 1 - payer, w.part("bargaining").payment_overhead, problem.weight[0].tolist()
    if gain[receiver] > 0.0 or gain[payer] + (1.0 + more) * gain[receiver] <= 0.0:
        return None
    money = weight[receiver] * gain[payer] / (1.0 + more) - weight[payer] * gain[receiver]
    worth = [0.0, 0.0]
    worth[payer], worth[receiver] = -1e4 * (1.0 + more) * money / gdp[payer], 1e4 * money / gdp[receiver]
    return text, [utility[side] + worth[side] for side in (0, 1)], money if payer == 0 else -money


def _level(problem: Any, gdp: tuple[float, float], k: int, floor: float, ceiling: float) -> float:
    """Return the level of one issue at which the two gain most money together."""
    care = sum(gdp[side] * float(problem.w[0, side, k]) for side in (0, 1))
    if care <= 0.0:
        return floor
    pull = sum(gdp[s] * (float(problem.w[0, s, k]) * float(problem.theta[0, s, k]) + float(problem.b[0, s, k]) / 2.0) for s in (0, 1))
    return min(max(pull / care, floor), ceiling)


def bare(problem: Any, text: list[float]) -> list[float]:
    """Return both sides' utility of a text without money."""
    return [_worth(problem, side, text) for side in (0, 1)]


def _worth(problem: Any, side: int, text: list[float]) -> float:
    total = float(problem.a[0, side])
    for k, level in enumerate(text):
        total += float(problem.b[0, side, k]) * level - float(problem.w[0, side, k]) * (level - float(problem.theta[0, side, k])) ** 2
    return total
