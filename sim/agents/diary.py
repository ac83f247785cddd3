"""A party's diary: what its heads, ministers and officials do with the hours they have for contacts abroad.

Each rank spends its hours on what brings most an hour, and stops where an hour costs more than it brings. The fast form, with the
equations, is in :mod:`sim.decide.hours`; a test holds the two together.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim import luck
from sim.agents.delegate import Delegate
from sim.decide.agenda import Ways, called_on, ways
from sim.declare.words import NEEDS
from sim.ports import BargainingTerms, ContactTerms
from sim.rng import uniforms
from sim.types import Channel, Rank

BP = 1e4
"""Basis points of one."""


class Step(NamedTuple):
    """One step up in how I would meet a partner: from no contact to a channel, or from a channel to a better one.

    Attributes
    ----------
    rate : float
        What each hour of the step brings.
    hours : float
        Hours that it adds.
    partner : str
    channel : Channel
        Where it leads.
    """

    rate: float
    hours: float
    partner: str
    channel: Any


class Diary(Delegate):
    """A party as it plans its month."""

    def choose_partners(self) -> list[tuple[str, Rank, Channel]]:
        """Choose whom to contact this month, who will do it, and how.

        A subclass may leave the channel out: ``(partner, rank)`` is then held over the channel that is worth most after its hours are paid
        at my latest ``hour_price``.

        Returns
        -------
        list of (str, Rank, Channel)
            By rank, and then by what an hour brings.
        """
        return [contact for rank in Rank for contact in self.contacts_of(rank)]

    def contacts_of(self, rank: Rank) -> list[tuple[str, Rank, Channel]]:
        """Spend the hours of one rank, and write what an hour costs to ``hour_price``."""
        held: dict[str, Channel] = {}
        used, price = 0.0, 0.0
        if self.hours_of(rank) > 0.0:
            channels = ways(self.world)
            steps = [step for partner in self.partners for step in self.steps(partner, rank, channels)]
            for step in sorted(steps, key=lambda one: -one.rate):
                last = step.rate < self.price_of_hours(rank, used + step.hours)
                if last and step.rate <= self.price_of_hours(rank, used):
                    break
                # The step that is worth a part of its hours is taken with that probability.
                if last and self.rounding(rank) * step.hours >= self.worth_using(rank, step.rate) - used:
                    price = step.rate
                    break
                held[step.partner] = step.channel
                used += step.hours
                if last:
                    price = step.rate
                    break
            price = price or self.price_of_hours(rank, used)
        self.world.hour_price[self.index, int(rank)] = price
        return [(partner, rank, channel) for partner, channel in held.items()]

    def hours_of(self, rank: Rank) -> float:
        """Return the hours a month that a rank of mine has for contacts abroad: more, the larger my economy."""
        part = self.setting.terms(ContactTerms)
        scale = (max(self.gdp, 1.0) / part.capacity_reference) ** part.capacity_elasticity
        return float(part.hours()[int(rank)] * scale)

    def price_of_hours(self, rank: Rank, used: float) -> float:
        """Return what an hour of a rank costs when some are used; officials are the staff that my talks take, too."""
        part = self.setting.terms(ContactTerms)
        price: float = part.hour_price * (self.load(rank) + used / self.hours_of(rank)) ** part.hour_elasticity
        return price

    def worth_using(self, rank: Rank, rate: float) -> float:
        """Return the hours at which one more costs what it brings at some rate."""
        part = self.setting.terms(ContactTerms)
        hours: float = self.hours_of(rank) * ((rate / part.hour_price) ** (1.0 / part.hour_elasticity) - self.load(rank))
        return hours

    def load(self, rank: Rank) -> float:
        """Return what else keeps a rank at work, as a share of its hours: contacts that others opened and, of officials, talks."""
        kept = self.world.hours_given[self.index, int(rank)] + self.world.array("hours_sat")[self.index, int(rank)]
        given = float(kept) / self.hours_of(rank)
        if rank != Rank.OFFICIAL:
            return given
        part = self.setting.terms(BargainingTerms)
        return given + float(self.talks_open()) / float(part.desks * (max(self.gdp, 1.0) / part.desk_reference) ** part.desk_elasticity)

    def rounding(self, rank: Rank) -> float:
        """Return the luck that decides about the last step of a rank, in (0, 1)."""
        me = np.array([self.identity])
        return float(uniforms(self.world.seed, luck.CAPACITY, self.world.month, me, word=int(rank))[0])

    def steps(self, partner: str, rank: Rank, channels: Ways) -> list[Step]:
        """Return the steps from no contact to the channels that are worth their hours, each bringing less an hour than the one before."""
        every = range(len(channels.hours))
        worth = [self.worth_over(partner, rank, k, channels) if self.would_come(partner, rank, k, channels) else 0.0 for k in every]
        cost = [self.hours_over(partner, k, channels) for k in every]
        steps: list[Step] = []
        reached, spent = 0.0, 0.0
        while True:
            better = [
                ((worth[k] - reached) / (cost[k] - spent), cost[k], k) for k in every if worth[k] > reached and cost[k] > spent
            ]  # fmt: skip
            if not better:
                return steps
            # Of two that bring alike the dearer one is reached at once.
            rate, _, to = max(better, key=lambda one: one[:2])
            steps.append(Step(rate, cost[to] - spent, partner, self.setting.words.typed("channel", to)))
            reached, spent = worth[to], cost[to]

    def worth_over(self, partner: str, rank: Rank, channel: int, channels: Ways) -> float:
        """Return what a contact with a partner over a channel is worth this month: a visit to an average partner is worth about 1."""
        return self.matter(partner, channel, channels) / self.whim(partner, rank)

    def would_come(self, partner: str, rank: Rank, channel: int, channels: Ways) -> bool:
        """Say whether a partner gives its hours to a matter of mine: if it is worth them to it, at the price they last had."""
        other = self.model.party(partner)
        theirs = other.matter(self.code, channel, channels) / self.whim(partner, rank)
        return bool(theirs >= self.asked[other.index, int(rank)] * self.hours_without_journey(partner, channel, channels))

    @property
    def asked(self) -> Any:
        """What an hour of each party and rank cost in the last month, before anybody planned this one, (P, ranks)."""
        return self.model.asked

    def matter(self, partner: str, channel: int, channels: Ways) -> float:
        """Return what a contact with a partner over a channel is worth to me in an ordinary month."""
        part, world, edge = self.setting.terms(ContactTerms), self.world, self.edge_to(partner)
        if world.blocked[edge]:
            return 0.0
        keep, build, begin, carry = channels.yields[channel].tolist()
        hope = sum(world.prospect[:, edge].tolist()) * self.gdp / BP
        kinds = part.keep_weight * keep + part.build_weight * build + part.prospect_weight * (hope / (hope + part.hope_half)) * begin
        kinds += part.talk_weight * carry if self.negotiates_with(partner) else 0.0
        kinds += part.election_weight if called_on(world)[self.edges.col[edge]] else 0.0
        liking = float(world.contact_weight[edge]) * (1.0 + part.trust_weight * float(world.trust[edge]))
        return float(liking * self.left_of(partner, channel, channels) * kinds)

    def whim(self, partner: str, rank: Rank) -> float:
        """Return this month's luck with a partner: an exponential draw for each rank."""
        me, other = np.array([self.identity]), np.array([self.model.party(partner).identity])
        return -math.log(float(uniforms(self.world.seed, luck.PARTNER, self.world.month, me, other, word=int(rank))[0]))

    def left_of(self, partner: str, channel: int, channels: Ways) -> float:
        """Return what borders, lines and practice leave of a channel to a partner, and what a shared gathering adds."""
        part, world, edge = self.setting.terms(ContactTerms), self.world, self.edge_to(partner)
        me, other = self.index, int(self.edges.col[edge])
        needs = dict(zip(NEEDS, channels.needs[channel].tolist(), strict=True))
        gathered, open_way, left = bool(world.summit[edge]), self._open_way(edge), 1.0
        if needs["summit"]:
            left *= 1.0 + part.summit_weight if gathered else 0.0
        if needs["borders"]:
            left *= open_way
        if needs["bandwidth"]:
            skill = world.array("skill")
            practised = 0.5 * float(world.array("skill_with")[edge] + math.sqrt(skill[me] * skill[other]))
            line = min(float(world.way_between[edge]), min(float(world.bandwidth[me]), float(world.bandwidth[other])) / part.line_enough)
            left *= line * (part.novice + (1.0 - part.novice) * practised) * float(world.carries[edge])
        if needs["digital_government"]:
            left *= math.sqrt(world.digital_government[me] * world.digital_government[other])
        if channel == Channel.VIDEO and gathered:
            # A gathering that closed borders forbid goes online.
            left *= 1.0 + part.summit_weight * (1.0 - open_way)
        return left

    def hours_over(self, partner: str, channel: int, channels: Ways) -> float:
        """Return the hours that a contact with a partner over a channel takes me: a journey both ways, where the channel needs one."""
        hours, far = self.hours_without_journey(partner, channel, channels), channels.needs[channel, NEEDS.index("distance")]
        journey = 2.0 * float(self.edges.distance[self.edge_to(partner)]) / self.setting.terms(ContactTerms).speed
        return hours + journey if far else hours

    def hours_without_journey(self, partner: str, channel: int, channels: Ways) -> float:
        """Return the hours that a contact with me takes a partner, or me where nobody travels."""
        part, edge, hours = self.setting.terms(ContactTerms), self.edge_to(partner), float(channels.hours[channel])
        if channel == Channel.VIDEO and self.world.summit[edge]:
            return hours + (part.hours_summit - hours) * (1.0 - self._open_way(edge))
        return hours

    def _open_way(self, edge: int) -> float:
        closure = self.world.closure
        return float((1.0 - closure[self.edges.row[edge]]) * (1.0 - closure[self.edges.col[edge]]))
