"""Who must consent at home, party by party, and where its pivotal ratifier stands in the eyes of either side."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

from reference.plain_world import ISSUES
from sim import luck
from sim.bargains.winset import Pivots
from sim.rng import Decision, identity, uniform
from sim.types import Institution

BY_THE_EXECUTIVE_ALONE = {"executive", "unilateral"}
LAST_VOTER = 0.99


def consent(w: Any, kind: str, party: str) -> tuple[Institution, float]:
    """Say who must consent to an agreement type, and with what share of the votes: a bloc's members, a listed body, or by regime."""
    if party in w.blocs:
        rule = w.roster.decision_rules[w.blocs.index(party)]
        return Institution.BLOC_ASSENT, max(rule.state_quota, rule.people_quota)
    binds_by = w.kinds[kind].entry
    for row in w.roster.institutions:
        if row.code == party and row.treaty_class == binds_by:
            return Institution[row.institution.upper()], row.quota
    if binds_by in BY_THE_EXECUTIVE_ALONE or w.figure("regime", party) < w.part("ratification").least_regime:
        return Institution.EXECUTIVE_ACT, 0.0
    return Institution.MAJORITY, 0.5


def name_of(talk: Any) -> str:
    """Return the name by which luck knows some talks."""
    one, other = sorted((talk.first, talk.second))
    return f"{talk.type}:{one}:{other}:{talk.opened}"


def believed(w: Any, talk: Any, party: str) -> float:
    """Return how many domestic spreads away a party believes its pivotal ratifier to stand; 0 where nobody is asked."""
    return _distance(w, talk, party, luck.OWN_GUESS, w.part("ratification").own_error)


def guessed(w: Any, talk: Any, party: str) -> float:
    """Return how many spreads away the other side guesses a party's pivotal ratifier to stand; 0 where nobody is asked."""
    return _distance(w, talk, party, luck.OTHER_GUESS, w.part("ratification").other_error)


def _distance(w: Any, talk: Any, party: str, what: Decision, error: float) -> float:
    institution, quota = consent(w, talk.type, party)
    if institution is Institution.EXECUTIVE_ACT:
        return 0.0

    def normal(of: Decision) -> float:
        return NormalDist().inv_cdf(uniform(w.seed, of, talk.opened, identity(name_of(talk)), identity(party)))

    asked = NormalDist().inv_cdf(min(max(quota, 0.5), LAST_VOTER))
    near = w.part("ratification").persuasion * w.image_at_home[party]
    there = max(0.0, asked + w.pivot[party] - near + w.part("ratification").scatter * normal(luck.RATIFIERS))
    return max(0.0, there + error * normal(what))


class Ratifier:
    """The pivotal ratifier of one side: its executive's stakes, with ideal points so many domestic spreads away.

    Attributes
    ----------
    a, d : float
        Value of being party and of no agreement (basis points of own GDP a year).
    b, w, ideal : list of float
        By issue.
    has_a_say : bool
        False where it stands with its executive.
    """

    def __init__(self, w: Any, kind: Any, c: Any, side: int, distance: float) -> None:
        self.a, self.b, self.w = float(c.a[0, side]), c.b[0, side].tolist(), c.w[0, side].tolist()
        self.ideal, self.d, self.has_a_say = c.theta[0, side].tolist(), float(c.d[0, side]), distance > 0.0
        for issue, sides in getattr(kind, "ratifiers", {}).items():
            k = ISSUES.index(issue)
            ideal, today = self.ideal[k], float(c.status_quo[0, k])
            self.ideal[k] = ideal + sides[side] * distance * w.part("ratification").spread
            # What today's text costs the executive on this issue no longer counts, and what it costs the ratifier does.
            self.d += self.w[k] * (today - ideal) ** 2 - self.w[k] * (today - self.ideal[k]) ** 2

    def beside(self, other: Ratifier) -> Ratifier:
        """Return who judges two texts together as they are judged apart: worths add up, issues stand side by side."""
        found = object.__new__(Ratifier)
        found.a, found.d, found.has_a_say = self.a + other.a, self.d + other.d, self.has_a_say or other.has_a_say
        found.b, found.w, found.ideal = self.b + other.b, self.w + other.w, self.ideal + other.ideal
        return found

    def refuses(self, text: list[float], money: float = 0.0) -> bool:
        """Say whether it would rather have no agreement than a text with some money (bp of GDP a year)."""
        worth = self.a + sum(b * x - w * (x - ideal) ** 2 for b, w, ideal, x in zip(self.b, self.w, self.ideal, text, strict=True))
        return self.has_a_say and worth + money < self.d


def as_pivots(pair: list[Ratifier]) -> Pivots | None:
    """Hand both sides' ratifiers to a protocol, which knows them as arrays; None where neither has a say."""
    if not any(one.has_a_say for one in pair):
        return None
    columns = [np.array([[getattr(one, name) for one in pair]]) for name in ("a", "b", "w", "ideal", "d", "has_a_say")]
    return Pivots(*columns)
