"""Courts in the eyes of parties, dyad by dyad: how well a text protects, what a court asks, and what may be lost by it."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

from reference.plain_world import ISSUES

SAFEGUARDS, REDRESS = ISSUES.index("safeguards"), ISSUES.index("redress")


def reach(w: Any, judge: str, other: str) -> float:
    """Return the part of the data of a judge's people that the other's state can compel: its share in imports, less rights it gives."""
    share = max(w.trade_known[other, judge] / w.imports_known[judge], w.reached[judge, other])
    return share * (1.0 - w.rights_of_foreigners[other])


def margins(w: Any, kind: str, judge: str, other: str, text: list[float]) -> list[tuple[float, float]]:
    """Return (protection, what a court of the judge asks) by the test on safeguards, then on redress, of a text or the other's law."""
    kappa = w.part("law").equivalence
    safeguards, redress = (
        law[other] if math.isnan(said) else max(said, law[other])
        for said, law in ((text[SAFEGUARDS], w.safeguards), (text[REDRESS], w.redress))
    )
    # Where a type does not bargain over safeguards, no test asks for them.
    asked = kappa * w.own_safeguards[judge] if "safeguards" in w.kinds[kind].issues else -math.inf
    return [(safeguards, asked), (1.0 - reach(w, judge, other) * (1.0 - redress), kappa)]


def least(found: list[tuple[float, float]]) -> tuple[int, float]:
    """Return the test that a text passes by less, and by how much; the first of two that are alike."""
    by_how_much = [given - asked for given, asked in found]
    return by_how_much.index(min(by_how_much)), min(by_how_much)


def complaints(w: Any, judge: str, other: str, salience: float) -> float:
    """Return how many complaints a year the judge's people bring; none where they may not sue."""
    return float(w.part("courts").complaint_rate * salience * reach(w, judge, other) * w.standing[judge])


def foreseen(w: Any, judge: str, other: str) -> float:
    """Return how many complaints a year are reckoned with: what a leak added to salience fades."""
    rho, half_life = w.part("law").yearly_share, w.part("courts").leak_half_life
    mean = 1.0 + (w.salience[other] - 1.0) * rho / (rho + math.log(2.0) / half_life)
    return complaints(w, judge, other, mean)


def lost(w: Any, judge: str, other: str, value: float, text: list[float]) -> float:
    """Return what the risk of a strike takes off a yearly value (bp): the present value that would come after it."""
    rho, sigma = w.part("law").yearly_share, max(w.part("courts").reading, 1e-9)
    hazard = foreseen(w, judge, other) * NormalDist().cdf(-margin_of(w, judge, other, text) / sigma)
    if hazard <= 0.0 or value <= 0.0:
        return 0.0
    return -value * math.exp(-rho * w.case_months[judge] / 12.0) * hazard / (rho + hazard)


def margin_of(w: Any, judge: str, other: str, text: list[float]) -> float:
    """Return by how much a text passes the nearer test, just as it is written."""
    kappa = w.part("law").equivalence
    there = 1.0 - reach(w, judge, other) * (1.0 - text[REDRESS])
    return float(min(text[SAFEGUARDS] - kappa * w.own_safeguards[judge], there - kappa))


def told_exactly(w: Any, made: Any, judge: str, other: str, text: list[float]) -> list[float]:
    """Return by side what to add to a worth in which courts were foreseen along a slope, so that the risk is that of this very text."""
    if "court" not in dict(made.terms):
        return [0.0, 0.0]
    added = []
    for side in (0, 1):
        sloped = sum(float(told[0, side]) for name, told in made.terms if name == "court")
        sloped += sum(float(slope[0, side]) * text[ISSUES.index(issue)] for issue, name, slope in made.parts if name == "court")
        value = sum(float(told[0, side]) for name, told in made.terms if name != "court")
        added.append(lost(w, judge, other, value, text) - sloped)
    return added


def floors(w: Any, judge: str, other: str) -> tuple[float, float]:
    """Return the least safeguards and redress that a judge's executive takes: the other's law, or what rulings have taught it."""
    there, allowed = reach(w, judge, other), 1.0 - w.asked_redress[judge]
    sworn = 1.0 - allowed / there if there > allowed else 0.0
    return max(w.safeguards[other], w.asked_safeguards[judge]), max(w.redress[other], sworn)


def along_a_slope(w: Any, judge: str, other: str, value: float, at: list[float]) -> tuple[float, float, float]:
    """Return what is feared at no undertaking at all, and what a unit of safeguards and of redress gives back, about one text."""
    rho, sigma = w.part("law").yearly_share, max(w.part("courts").reading, 1e-9)
    rate, m, value = foreseen(w, judge, other), margin_of(w, judge, other, at), max(value, 0.0)
    hazard = rate * NormalDist().cdf(-m / sigma)
    steep = rate * NormalDist().pdf(m / sigma) / sigma
    by_margin = value * math.exp(-rho * w.case_months[judge] / 12.0) * rho * steep / (rho + hazard) ** 2
    near = at[SAFEGUARDS] - w.part("law").equivalence * w.own_safeguards[judge] <= m
    slopes = (by_margin, 0.0) if near else (0.0, by_margin * reach(w, judge, other))
    return lost(w, judge, other, value, at) - slopes[0] * at[SAFEGUARDS] - slopes[1] * at[REDRESS], *slopes
