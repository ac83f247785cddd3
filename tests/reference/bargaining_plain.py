"""The month's bargaining, talk by talk: credit for contacts, proposals, what a protocol makes of each talk, and how each ends."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np

from reference.ledger_plain import close_talk, open_talk, sign
from reference.leverage_plain import elsewhere, weights
from reference.payments_plain import bare, compensate
from reference.plain_world import View
from reference.ratifiers_plain import Ratifier, as_pivots, believed, guessed
from sim.theory.payoffs import Groups
from sim.theory.problems import Problems, Talks
from sim.theory.quality import quality
from sim.types import ISSUES, NEVER, Channel, Event, Rank, Reason, Status, TalkStage

WHY = {
    Status.NO_ZONE: Reason.NO_ZONE,
    Status.NO_WIN_SET: Reason.NO_WIN_SET,
    Status.NO_TEXT: Reason.NO_TEXT,
    Status.DEADLINE: Reason.DEADLINE,
    Status.REFUSED: Reason.REFUSED,
}


def step(w: Any, decide: Any) -> None:
    """Work through the month's contacts, then through the talks that they moved."""
    for row, talk in _open(w):
        if not all(w.principal[talk.type, side] == side for side in (talk.first, talk.second)) or w.blocked[talk.edge]:
            _fail(w, row, Reason.COMPETENCE_LOST)
    hand = getattr(decide, "hand", None)
    for row, talk in _open(w) if hand else ():
        if hand.leaves(w, talk):
            _fail(w, row, Reason.WALKED_AWAY)
    contacts = w.this_month(Event.CONTACT)
    for contact in contacts:
        _credit(w, contact)
    for contact, kind in zip(contacts, decide.propose(w, contacts), strict=True):
        if kind is not None:
            me, other = contact.party_a, contact.party_b
            first, second = (me, other) if w.role[kind, me, other] == 0 else (other, me)
            open_talk(w, kind, first, second, me)
    _move(w, decide, hand)
    for row, talk in _open(w):
        if w.month - talk.last_contact >= w.part("bargaining").lapse:
            _fail(w, row, Reason.LAPSED)


def _open(w: Any) -> list[tuple[int, Any]]:
    return [(row, talk) for row, talk in enumerate(w.talks) if talk.stage == TalkStage.OPEN]


def _credit(w: Any, contact: Any) -> None:
    """Give every open talk of two parties the rounds that a contact of theirs carries, whoever of them opened it."""
    part = w.part("bargaining")
    rounds = getattr(part, f"rounds_{Channel(contact.channel).name.lower()}")
    if rounds > 0 and contact.rank != Rank.OFFICIAL:
        rounds += part.rounds_rank
    for kind in w.kinds:
        row = w.open_talk[kind, contact.party_a, contact.party_b]
        if row is not None:
            talk = w.talks[row]
            talk.credit += rounds
            talk.n_contacts += 1 if rounds > 0 else 0
            talk.n_by_channel[contact.channel] += 1
            talk.last_contact = w.month


def _move(w: Any, decide: Any, hand: Any) -> None:
    """Let the protocol work on each talk that is ready, by type and age; then ask both sides of each text; then write down the ends."""
    protocol, view, results, played = w.config.protocol, View(w), {}, []
    for kind in w.kinds:
        for row, talk in _open(w):
            ready = talk.credit > 0 and (protocol.rounds or talk.n_contacts >= protocol.contacts_to_conclude)
            if hand:
                ready = hand.ready(w, talk, ready)
            if talk.type == kind and ready and hand and hand.holds(w, talk):
                played.append((row, talk))
            elif talk.type == kind and ready:
                results[row] = _work(w, view, row, talk)
                talk.credit = 0
    for row, talk in played:
        results[row] = _work_played(w, view, row, talk, hand)
        talk.credit = 0
    for row, result in results.items():
        w.talks[row].payment = result.payment
    agreed = [row for row, result in results.items() if result.status is Status.AGREED]
    answers = dict(zip(agreed, decide.accept(w, agreed, [results[row].text for row in agreed]), strict=True)) if agreed else {}
    for row in sorted(results):
        status = results[row].status
        if status is Status.AGREED and all(answers[row]):
            _conclude(w, row, results[row])
        elif status is Status.AGREED:
            _fail(w, row, Reason.NOT_RATIFIABLE if results[row].feared() else Reason.REFUSED)
        elif status is not Status.OPEN:
            _fail(w, row, WHY[status])


class Result:
    """What a protocol made of one talk.

    Attributes
    ----------
    status : Status
    text, utility, no_agreement : list of float
        By issue; by side; by side.
    """

    def __init__(self, outcome: Any, case: Case) -> None:
        self.status, self.case, self.outcome = Status(int(outcome.status[0])), case, outcome
        self.text, self.utility, self.no_agreement = outcome.text[0].tolist(), outcome.utility[0].tolist(), case.problem.d[0].tolist()
        self.payment, self.money = 0.0, [0.0, 0.0]

    def feared(self) -> bool:
        """Say whether either side believes that its own ratifiers would refuse the text."""
        return any(one.refuses(self.text, money) for one, money in zip(self.case.at_home, self.money, strict=True))

    def paid_for(self, w: Any, talk: Any) -> Result:
        """Settle talks without a zone by a side payment, where one can do it and those the table knows of at home would have it."""
        found = compensate(w, talk, self.case) if self.status is Status.NO_ZONE else None
        if found is None:
            return self
        text, utility, payment = found
        worth = [after - before for after, before in zip(utility, bare(self.case.problem, text), strict=True)]
        if any(one.refuses(text, money) for one, money in zip(self.case.known, worth, strict=True)):
            self.status = Status.NO_WIN_SET
            return self
        self.status, self.text, self.utility, self.payment, self.money = Status.AGREED, text, utility, payment, worth
        status, arrays = np.array([int(Status.AGREED)], np.int8), (np.array([text]), np.array([utility]))
        self.outcome = replace(self.outcome, text=arrays[0], utility=arrays[1], status=status)
        return self


def _work(w: Any, view: View, row: int, talk: Any) -> Result:
    protocol, case = w.config.protocol, Case(w, view, talk)
    if not protocol.rounds:
        result = Result(protocol.solve(case.problem), case)
        money = w.part("bargaining").side_payments and protocol.information == "common"
        return result.paid_for(w, talk) if money else result
    opener = 0 if talk.initiator == talk.first else 1
    state = Talks(
        step=np.array([talk.step], np.int32), first=np.array([opener], np.int8), last_offer=np.array([talk.last_offer], dtype=np.float64)
    )
    outcome, log = protocol.advance(case.problem, state, np.array([talk.credit]), record=w.record_offers)
    talk.step, talk.last_offer = int(state.step[0]), state.last_offer[0].tolist()
    for at in range(0 if log is None else len(log.talk)):
        w.add(
            "offers", month=w.month, talk=row, step=int(log.step[at]), proposer=(talk.first, talk.second)[log.proposer[at]],
            text=log.text[at].tolist(), utility=log.utility[at].tolist(),
        )  # fmt: skip
    return Result(outcome, case)


def _work_played(w: Any, view: View, row: int, talk: Any, hand: Any) -> Result:
    """Work on a talk in which a seat that is played has a word: solved by what it declares, or held round by round."""
    protocol, case = w.config.protocol, Case(w, view, talk)
    if protocol.rounds:
        return Result(hand.sit(w, row, talk, case), case)
    stance = copy.copy(case)
    stance.problem = hand.declared(w, talk, case)
    result = Result(protocol.solve(stance.problem), stance)
    if w.part("bargaining").side_payments and protocol.information == "common":
        result = result.paid_for(w, talk)
    if result.status is Status.AGREED:
        # What was declared made the text; what it is worth, money included, is another matter.
        result.utility = [worth + money for worth, money in zip(bare(case.problem, result.text), result.money, strict=True)]
        result.outcome = replace(result.outcome, utility=np.array([result.utility]))
    result.case, result.no_agreement = case, case.problem.d[0].tolist()
    return result


class Case:
    """One talk as it comes to the table.

    Attributes
    ----------
    problem : Problems
        The type's coefficients, what either side could have elsewhere as reservation value, weights by strength, who opened the talks as
        first to propose, and the ratifiers that the table knows of:
        each side's own beliefs where they stay private, what the other side guesses where all is common.
    at_home, known : list of Ratifier
        By side, as each believes its own to be, and as the table knows them.
    today : list of float
        The text of no agreement.
    whole : float
        What an infrastructure level of 1 would commit (USD).
    """

    def __init__(self, w: Any, view: View, talk: Any) -> None:
        edges, kind, parties = w.dyads, w.kinds[talk.type], (talk.first, talk.second)
        places = (*(w.parties.index(one) for one in parties), edges.index(parties), edges.index(parties[::-1]))
        c = kind.coefficients(view, Groups(*(np.array([place]) for place in places)))
        self.at_home = [Ratifier(w, kind, c, side, believed(w, talk, one)) for side, one in enumerate(parties)]
        known = self.at_home
        if w.config.protocol.information == "common":
            known = [Ratifier(w, kind, c, side, guessed(w, talk, one)) for side, one in enumerate(parties)]
        sides = {name: getattr(c, name) for name in ("a", "b", "w", "theta", "d", "lo", "hi")}
        more = [elsewhere(w, talk, side) for side in (0, 1)]
        opener = np.array([0 if talk.initiator == talk.first else 1], np.int8)
        self.known = known
        self.problem = Problems(
            **sides, r=c.d + np.array([more]), weight=np.array([weights(w, talk)]), pivot=as_pivots(known), first=opener
        )
        self.today, self.whole = c.status_quo[0].tolist(), float(c.commitment[0])


def _conclude(w: Any, row: int, result: Result) -> None:
    talk, kind = w.talks[row], w.kinds[w.talks[row].type]
    talk.text, talk.utility, talk.disagreement_value = result.text, result.utility, result.no_agreement
    # What a deal is measured by is shared, as problems and outcomes are: it moves nothing.
    own, gdp = replace(result.case.problem, pivot=as_pivots(result.case.at_home)), np.array([[w.gdp[talk.first], w.gdp[talk.second]]])
    talk.quality = quality(own, result.outcome, gdp)[0].tolist()
    close_talk(w, row, TalkStage.CONCLUDED)
    commitment = result.text[ISSUES.index("infrastructure")] * result.case.whole if "infrastructure" in kind.issues else 0.0
    term = kind.build_months if kind.ending == "completion" else NEVER
    sign(w, row, due=w.month + kind.months_to_force, term=term, commitment=commitment, payment=talk.payment)
    _rest(w, talk, kind.months_to_force + 2)


def _fail(w: Any, row: int, reason: Reason) -> None:
    close_talk(w, row, TalkStage.FAILED, reason)
    _rest(w, w.talks[row], w.part("bargaining").rest_after_failure)


def _rest(w: Any, talk: Any, months: int) -> None:
    """Let two parties rest from trying the same again, and from hoping for it."""
    for dyad in ((talk.first, talk.second), (talk.second, talk.first)):
        w.cooldown[(talk.type, *dyad)] = w.month + months
        w.prospect[(talk.type, *dyad)] = 0.0
