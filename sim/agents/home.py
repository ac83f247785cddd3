r"""Who must consent at home, told from the party's own side: how far its ratifiers stand, what it believes of them, and how they decide.

The pivotal ratifier has its executive's stakes and stands :math:`S \sigma` away from its ideal points along the direction that the
agreement type declares (``ratifiers``). The fast form is in :mod:`sim.stakes.ratifiers` and :mod:`sim.decide.assent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from sim import luck
from sim.agents.faces import Face
from sim.agents.stakes import Stake, led, side_by_side
from sim.agents.views import Conference, Negotiation
from sim.ports import RatificationTerms
from sim.rng import Decision, identity, uniform
from sim.types import Institution, month_index

LARGEST = 0.99
"""Share of votes that stands for the last voter."""


class Home(Face):
    """A party and those at home whose consent it needs."""

    def consent_needed(self, agreement_type: str) -> tuple[Institution, float]:
        """Return who must consent to an agreement type, and with which share of the votes (0 under an executive act)."""
        kind, roster = self.setting.types[self._type(agreement_type)], self.setting.roster
        for row in roster.institutions:
            if (row.code, row.treaty_class) == (self.code, kind.entry):
                return Institution[row.institution.upper()], row.quota
        regime = float(roster.figure("regime", self.world.month)[self.index])
        if kind.entry in ("executive", "unilateral") or regime < self._part.least_regime:
            return Institution.EXECUTIVE_ACT, 0.0
        return Institution.MAJORITY, 0.5

    @property
    def _part(self) -> RatificationTerms:
        return self.setting.terms(RatificationTerms)

    def led(self, kind: Any, stake: Stake, side: int) -> Stake:
        """Return what is at stake for my state on an agreement type, as told by the type, as my executive sees it in a role."""
        return led(stake, self.leaning * self._part.spread, {issue: pair[side] for issue, pair in kind.ratifiers.items()})

    def ratifiers_distance(self, negotiation: Negotiation | Conference) -> float:
        """Return how many domestic spreads my pivotal ratifier stands from me in some talks, as it is; I do not know this."""
        quota = self.consent_needed(negotiation.type)[1]
        asked = NormalDist().inv_cdf(min(max(quota, 0.5), LARGEST))
        near = self._part.persuasion * self.image_at_home
        distance: float = max(0.0, asked + self.pivot - near + self._part.scatter * self._luck(luck.RATIFIERS, negotiation))
        return distance

    def believed_distance(self, negotiation: Negotiation | Conference) -> float:
        """Return how many domestic spreads away I believe my pivotal ratifier to stand."""
        error = self._part.own_error * self._luck(luck.OWN_GUESS, negotiation)
        distance: float = max(0.0, self.ratifiers_distance(negotiation) + error)
        return distance

    def _luck(self, what: Decision, negotiation: Negotiation | Conference) -> float:
        drawn = uniform(self.world.seed, what, month_index(negotiation.opened), identity(negotiation.identity), self.identity)
        return NormalDist().inv_cdf(drawn)

    def ratifier(self, negotiation: Negotiation | Conference, stake: Stake, distance: float) -> Stake:
        """Return my stakes as a ratifier sees them who stands so many domestic spreads away from me."""
        halves: tuple[Any, ...] = negotiation.halves
        leans = [self.setting.types[self._type(half.type)].ratifiers for half in halves]
        sides = [{issue: pair[half.side] for issue, pair in lean.items()} for lean, half in zip(leans, halves, strict=True)]
        lean = sides[0] if len(sides) == 1 else side_by_side(sides)
        moved = {issue: one.ideal + distance * self._part.spread * lean.get(issue, 0) for issue, one in stake.interests.items()}
        return stake.seen_from(moved)

    def asked_on(self, negotiation: Negotiation | Conference) -> list[Any]:
        """Return the talks on which somebody at home must consent: some talks, or those halves of a package.

        One pivotal ratifier judges a package whole, as neither half comes without the other: of those asked, the one furthest from me.
        """
        return [half for half in negotiation.halves if self.consent_needed(half.type)[0] is not Institution.EXECUTIVE_ACT]

    def would_pass(self, negotiation: Negotiation | Conference, stake: Stake, text: Mapping[Any, float]) -> bool:
        """Say whether I believe that those at home would consent to a text and its payment."""
        distance = max((self.believed_distance(half) for half in self.asked_on(negotiation)), default=0.0)
        return distance <= 0.0 or self.ratifier(negotiation, stake, distance).gain(text) + negotiation.payment >= 0.0

    def passes(self, negotiation: Negotiation | Conference, stake: Stake, text: Mapping[Any, float]) -> bool:
        """Say whether those at home consent to a text, as the vote goes."""
        distance = max((self.ratifiers_distance(half) for half in self.asked_on(negotiation)), default=0.0)
        return distance <= 0.0 or self.ratifier(negotiation, stake, distance).gain(text) + negotiation.payment >= 0.0
