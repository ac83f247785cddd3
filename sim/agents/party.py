"""How a party decides: whom to meet, what to propose, whether to sign and to ratify.

This is the model's text; :mod:`sim.decide.decisions` is its fast form. Ten decisions, each a method to override in a subclass:
:meth:`PartyAgent.appraise` (each January and in the first month), then every month :meth:`PartyAgent.choose_partners`,
:meth:`PartyAgent.propose` for each contact that was held, :meth:`PartyAgent.accept` for each text on the table, and
:meth:`PartyAgent.ratify` for each signature whose ratifiers decide; and at tables of many five more (:mod:`sim.agents.delegate`). A
party reads the world, its own beliefs and luck drawn by name and identity (:mod:`sim.luck`); it never reads the future or another
party's mind, except that before talks begin each side reckons with the other's interests as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim import luck
from sim.agents.diary import BP, Diary
from sim.agents.stakes import Deal, Stake, deals, side_by_side, together
from sim.agents.views import Conference, Contact, Negotiation
from sim.contracts import staff_months
from sim.ledger import bars
from sim.ports import BargainingTerms, ContactTerms
from sim.rng import uniform
from sim.stakes.layout import ALIKE
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import World
from sim.types import Reason

DECISIONS = ("appraise", "choose_partners", "propose", "accept", "ratify", "attend", "sign", "accede", "admit", "regret")


class PartyAgent(Diary):
    """A party that decides for itself: a state, or a bloc that speaks for its members."""

    def __init__(self, model: Any, index: int) -> None:
        super().__init__(model, index)
        self.pencilled: set[tuple[str, str]] = set()
        """Talks agreed this month and not yet opened: (agreement type, partner)."""

    @classmethod
    def decided(cls) -> frozenset[str]:
        """Say which decisions a class takes its own way; the others are compiled.

        Raises
        ------
        UserError
            If something in the class would never be asked: a misspelt decision, or one that takes other arguments.
        """
        from sim.agents.overriding import overridden

        return overridden(cls)

    @classmethod
    def minds(cls, world: World, compiled: Any) -> Any:
        """Return who decides in a world whose parties are of this class: they, or ``compiled`` (:class:`~sim.decide.decisions.Decide`)."""
        from sim.agents.cast import Cast

        return Cast(world, compiled, cls).decide

    def appraise(self) -> None:
        """Renew what I think of every partner: how much I would like to meet it, and what we could sign.

        Writes my rows of ``contact_weight``, ``prospect`` (bp of GDP a year) and ``role``.
        """
        world, setting = self.world, self.setting
        liking = {partner: self.standing_weight(partner) for partner in self._edge_to}
        able = [liking[partner] for partner, edge in self._edge_to.items() if not world.blocked[edge]]
        usual = sum(able) / len(able) if able else math.inf
        for partner, edge in self._edge_to.items():
            world.contact_weight[edge] = liking[partner] / usual
        for t, kind in enumerate(setting.types):
            hopes = self.hopes(kind) if setting.negotiated[t] else {}
            for partner, edge in self._edge_to.items():
                world.prospect[t, edge], world.role[t, edge] = hopes.get(partner, (0.0, -1))
        for at, pair in enumerate(setting.links):
            linked = self.linked_hopes(*(setting.types[t] for t in pair)) if all(setting.negotiated[t] for t in pair) else {}
            for partner, edge in self._edge_to.items():
                world.linked_prospect[at, edge], world.linked_roles[at, edge] = linked.get(partner, (0.0, -1))

    def standing_weight(self, partner: str) -> float:
        """Return how much I would like to meet a partner, whatever this month brings.

        Larger, nearer and neighbouring ones more; those close to me in the alliance graph more, and hostile ones less.
        """
        part, edges, edge = self.setting.terms(ContactTerms), self.edges, self.edge_to(partner)
        size = (float(self.world.gdp[edges.col[edge]]) / 1e9) ** part.size_elasticity
        nearness = (float(edges.distance[edge]) / 1000.0) ** -part.distance_elasticity
        liking = math.exp(part.graph_weight * float(self.world.alliance_weight[edge]))
        neighbourhood = 1.0 + part.border_weight * float(edges.border[edge])
        seen = 1.0 + part.image_weight * float(self.world.array("image")[edges.col[edge]])
        weight: float = size * nearness * liking * neighbourhood * seen
        return weight

    def hopes(self, kind: Any) -> dict[str, tuple[float, int]]:
        """Return, for each partner with whom an agreement of this type looks good for both, what I would gain and the role I would take.

        Each deal is judged at the text halfway between what either side would choose alone. Where both of us could take either role, the
        order that promises more to both together counts; where they promise the same, to a billionth, the one in which the party that comes
        first in the order of parties takes the first role.
        """
        best: dict[str, tuple[float, float, int]] = {}
        for role in (0, 1):
            for partner, deal in self.deals_with(self.counterparts(kind), kind, role):
                outlook = deal.outlook()
                mine, total = outlook[role], sum(outlook)
                if mine <= 0.0:
                    continue
                known = best.get(partner)
                if known is None:
                    better = True
                elif self.index < self.model.party(partner).index:
                    better = total > ALIKE * known[1]
                else:
                    better = known[1] <= ALIKE * total
                if better:
                    best[partner] = (mine, total, role)
        return {partner: (mine, role) for partner, (mine, _, role) in best.items()}

    def linked_hopes(self, one: Any, two: Any) -> dict[str, tuple[float, int]]:
        """Return, for each partner with whom a package of two linked types looks good for both, what I would gain and my roles.

        Worths add up: what I lose halfway in one deal may be made good in the other. Of the orders of roles the one that promises more to
        both together counts; where they promise the same, the one in which who comes first in the order of parties takes first roles.
        The roles are told as one number, 2 times mine in the first deal and mine in the second.
        """
        if not self.setting.terms(BargainingTerms).linkage:
            return {}
        seen: list[list[dict[str, tuple[float, float]]]] = []
        for kind in (one, two):
            partners = self.counterparts(kind)
            found = ({partner: deal.halfway() for partner, deal in self.deals_with(partners, kind, role)} for role in (0, 1))
            seen.append([{partner: gains for partner, gains in some.items() if gains is not None} for some in found])
        best: dict[str, tuple[float, float, int]] = {}
        for order in ((0, 0), (0, 1), (1, 0), (1, 1)):
            for partner in self.partners:
                p, q = order if self.index < self.model.party(partner).index else (1 - order[0], 1 - order[1])
                if partner not in seen[0][p] or partner not in seen[1][q]:
                    continue
                a, b = seen[0][p][partner], seen[1][q][partner]
                mine, theirs = a[p] + b[q], a[1 - p] + b[1 - q]
                if mine > 0.0 and theirs > 0.0 and mine + theirs > ALIKE * best.get(partner, (0.0, 0.0, 0))[1]:
                    best[partner] = (mine, mine + theirs, 2 * p + q)
        return {partner: (mine, roles) for partner, (mine, _, roles) in best.items()}

    def counterparts(self, kind: Any) -> list[str]:
        """Return the partners who speak for themselves on an agreement type, and with whom it is neither settled nor at rest.

        None where I do not speak for myself.
        """
        if self.principal(kind.name) != self.code:
            return []
        speaker = self.world.principal[self._type(kind.name)].tolist()
        speaks = {code for party, code in enumerate(self.setting.codes) if speaker[party] == party}
        return [partner for partner in self.partners if partner in speaks and not self.settled(kind.name, partner)]

    def settled(self, name: str, partner: str) -> bool:
        """Say whether an agreement type is settled between us for now.

        It is when one of that type, or of a type that rules it out, is in force; for a while after talks have failed or been signed; and
        while we are barred from each other.
        """
        world, edge, t = self.world, self.edge_to(partner), self._type(name)
        in_force = [other for other, binds in zip(self.setting.type_names, world.in_force[:, edge].tolist(), strict=True) if binds]
        pointless = any(other == name or other in self.setting.types[t].excluded_by for other in in_force)
        return pointless or bool(world.cooldown[t, edge] > world.month) or bars(world, edge)

    def deals_with(self, partners: list[str], kind: Any, role: int, *, screened: bool = True) -> Iterator[tuple[str, Deal]]:
        """Yield each partner with what is at stake between us, as our executives see it, on an agreement type if I take a role.

        Parameters
        ----------
        partners : list of str
        kind : agreement type
        role : int
            My role, 0 or 1.
        screened : bool
            Leave out partners with whom the type's own conditions are not met.
        """
        if screened and partners:
            fit = kind.eligible(self.world, self._groups(partners, role))
            partners = [partner for partner, able in zip(partners, fit.tolist(), strict=True) if able]
        if partners:
            found = kind.coefficients(self.world, self._groups(partners, role))
            for partner, deal in zip(partners, deals(kind, found, issues_of(self.setting)), strict=True):
                pair = (self, self.model.party(partner)) if role == 0 else (self.model.party(partner), self)
                first, second = (one.led(kind, stake, side) for side, (one, stake) in enumerate(zip(pair, deal.stakes, strict=True)))
                yield partner, Deal((first, second), deal.limits)

    def _groups(self, partners: list[str], role: int) -> Groups:
        out = np.array([self.edge_to(partner) for partner in partners], dtype=np.int64)
        back = self.edges.rev[out]
        edge, back = (out, back) if role == 0 else (back, out)
        return Groups(self.edges.row[edge], self.edges.col[edge], edge, back, issues_of(self.setting))

    def propose(self, contact: Contact) -> str | None:
        """Say which agreement type, or package of two (``"one+two"``), I use a contact to propose, None for none.

        Of what pays the staff of both of us, the one that brings me most for its time, if the moment is right.
        """
        partner = self.model.party(contact.partner)
        worth, theirs = self.worth_a_month(contact.partner), partner.worth_a_month(self.code)
        mine, yours = self.price_of_staff(), partner.price_of_staff()
        able = [name for name in self.proposals(contact.partner) if worth[name] >= mine and theirs.get(name, 0.0) >= yours]
        if not able:
            return None
        part = self.setting.terms(BargainingTerms)
        name = max(able, key=lambda one: worth[one])
        readiness: float = part.propose_rate * part.starts(self.setting.words.added_channels)[contact.channel]
        moment = uniform(self.world.seed, luck.PROPOSE, self.world.month, self.identity, self.model.party(contact.partner).identity)
        return name if moment < readiness else None

    def proposals(self, partner: str) -> dict[str, float]:
        """Return the agreement types, and then the packages, I could now propose to a partner, with what I hope from each (bp)."""
        hopes = self.prospect_with(partner) | self.packages_with(partner)
        return {name: hope for name, hope in hopes.items() if self.may_propose(name, partner)}

    def may_propose(self, name: str, partner: str) -> bool:
        """Say whether talks with a partner on an agreement type, or on both types of a package, may begin.

        Both must speak for themselves; we must not be talking about it already; and it must not be settled between us for now.
        """
        if "+" in name:
            return all(self.may_propose(half, partner) for half in name.split("+"))
        world, edge, t = self.world, self.edge_to(partner), self._type(name)
        if not self.setting.negotiated[t] or world.blocked[edge]:
            return False
        if self.principal(name) != self.code or self.model.party(partner).principal(name) != partner:
            return False
        if world.open_talk[t, edge] >= 0 or any(name in agreed.split("+") and partner == other for agreed, other in self.pencilled):
            return False
        return not self.settled(name, partner)

    def worth_a_month(self, partner: str) -> dict[str, float]:
        """Return what I hope to gain with a partner for a month of my staff, by type and by package (USD of gain a year)."""
        hopes = self.prospect_with(partner) | self.packages_with(partner)
        return {name: hope * self.gdp / BP / self.months_of(name, partner) for name, hope in hopes.items()}

    def months_of(self, name: str, partner: str) -> float:
        """Return the months of my staff that an agreement type, or a package, with a partner takes in the role I would have."""
        world, edge, types = self.world, self.edge_to(partner), [self._type(half) for half in name.split("+")]
        roles = [int(world.role[types[0], edge])]
        if len(types) > 1:
            roles = list(divmod(int(world.linked_roles[self.setting.links.index((types[0], types[1])), edge]), 2))
        return max(staff_months(self.setting.types[t])[role] for t, role in zip(types, roles, strict=True))

    def price_of_staff(self) -> float:
        """Return what a month of one more talk costs me: more, the more of my staff is at work (USD of gain a year)."""
        part = self.setting.terms(BargainingTerms)
        staff = part.desks * (max(self.gdp, 1.0) / part.desk_reference) ** part.desk_elasticity
        at_work = float(self.world.meetings[self.index]) + (self.talks_open() + 1.0) / staff
        price: float = part.talk_hours * part.staff_price * at_work**part.staff_elasticity
        return price

    def talks_open(self) -> int:
        """Return how many talks I carry, with those agreed this month; the same people sit over a whole package, or a whole accession."""
        mine = self.world.open_talk[:, self.edges.start[self.index] : self.edges.start[self.index + 1]]
        rows = mine[mine >= 0]
        package, accession = (self.world.talks[key][rows] for key in ("package", "accession"))
        lead = np.where(accession >= 0, accession, package)
        return int(np.count_nonzero((lead < 0) | (lead == rows))) + len(self.pencilled)

    def free_desks(self) -> int:
        """Return how many more talks I can carry: more the larger I am, at least one in all, less those open or agreed this month."""
        part = self.setting.terms(BargainingTerms)
        desks: int = max(1, math.floor(part.desks * (self.gdp / part.desk_reference) ** part.desk_elasticity))
        return desks - self.talks_open()

    def accept(self, negotiation: Negotiation, text: Mapping[str, float]) -> bool:
        """Say whether I sign a text: if it is worth no less to me than what I can have without it, and I believe that it passes at home.

        Parameters
        ----------
        negotiation : Negotiation
        text : mapping of str to float
            Level of each issue, 0 to 1.
        """
        mine, text = self.stake_in(negotiation), whole_text(negotiation, text)
        return mine.utility(text) + negotiation.payment >= self.reservation(negotiation, mine) and self.would_pass(negotiation, mine, text)

    def reservation(self, negotiation: Negotiation, stake: Stake) -> float:
        """Return what a text must be worth to me (bp of GDP a year): no agreement, or my best alternative as far as it is within reach.

        Where other partners could meet the same need, their best bid counts, as far as I count on it. What the talks would replace goes on
        if they fail, and counts where it is worth more. Of a package, what both halves could bring.
        """
        elsewhere, *more = (max(self.elsewhere(half), self.kept(half)) for half in negotiation.halves)
        for one in more:
            elsewhere += one
        return stake.no_agreement + elsewhere

    def elsewhere(self, negotiation: Negotiation) -> float:
        """Return what I count on of the best bid of another partner (bp), where partners are alternatives to one another."""
        kind = self.setting.types[self._type(negotiation.type)]
        if not kind.alternatives[negotiation.side]:
            return 0.0
        reach: float = self.setting.terms(BargainingTerms).reach
        return reach * max((0.0, *self.bids(kind, negotiation.side, negotiation.partner)))

    def bids(self, kind: Any, role: int, sitting: str) -> list[float]:
        """Return what I would gain halfway with each rival of the one I sit with (bp): with whom I hoped for something in this role."""
        world, t = self.world, self._type(kind.name)
        hoped = [
            partner
            for partner in self.counterparts(kind)
            if partner != sitting and world.prospect[t, self.edge_to(partner)] > 0.0 and world.role[t, self.edge_to(partner)] == role
        ]
        return [deal.outlook()[role] for _, deal in self.deals_with(hoped, kind, role)]

    def ratify(self, negotiation: Negotiation | Conference, text: Mapping[str, float]) -> Reason:
        """Say whether those at home consent to what I signed, on the interests of this month.

        Parameters
        ----------
        negotiation : Negotiation or Conference
            The talks, or the table of many, at which it was agreed.
        text : mapping of str to float
            Level of each issue, 0 to 1.

        Returns
        -------
        Reason
            ``NONE`` where it is ratified; ``WITHDRAWN`` where I no longer want it myself; ``NOT_RATIFIED`` where they refuse.
        """
        mine, text = self.stake_in(negotiation), whole_text(negotiation, text)
        if mine.gain(text) + negotiation.payment < 0.0:
            return Reason.WITHDRAWN
        return Reason.NONE if self.passes(negotiation, mine, text) else Reason.NOT_RATIFIED

    def stake_in(self, negotiation: Negotiation | Conference) -> Stake:
        """Return what I have at stake in some talks, on the interests of this month."""
        if isinstance(negotiation, Conference):
            return self.stake_at(negotiation)
        return self.at_stake(negotiation)

    def at_stake(self, negotiation: Negotiation) -> Stake:
        """Return what would be at stake for me if I sat at some talks in the place of who does; in a package, in both its halves."""
        found = []
        for half in negotiation.halves:
            ((_, deal),) = self.deals_with([half.partner], self.setting.types[self._type(half.type)], half.side, screened=False)
            found.append(deal.stakes[half.side])
        return found[0] if len(found) == 1 else together(found)


def whole_text(negotiation: Negotiation | Conference, text: Mapping[Any, float]) -> Mapping[Any, float]:
    """Return the text of some talks, with those of the other talks of their package beside it."""
    rest = () if isinstance(negotiation, Conference) else negotiation.rest
    return side_by_side([text, *(other for _, other in rest)]) if rest else text


__all__ = ["DECISIONS", "PartyAgent"]
