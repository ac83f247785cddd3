"""The month's bargaining, talk by talk: credit for contacts, proposals, what a protocol makes of each talk, and how each ends."""

from __future__ import annotations

import copy
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np

from reference.before_plain import ask_before
from reference.executives_plain import led
from reference.keeping_plain import kept
from reference.ledger_plain import apart, close_talk, open_talk, sign
from reference.leverage_plain import elsewhere, outbid, taken, weights
from reference.linkage_plain import halves, other_half, packages
from reference.payments_plain import bare, compensate
from reference.plain_world import ISSUES, K, View
from reference.ratifiers_plain import Ratifier, as_pivots, believed, guessed, name_of
from reference.renewal_plain import press
from sim import luck
from sim.bargains.problems import Outcomes, Problems, Talks
from sim.bargains.quality import quality
from sim.contracts import is_screened
from sim.rng import identity, uniform
from sim.stakes.payoffs import Groups
from sim.types import Channel, Event, Rank, Reason, Status, TalkStage

WHY = {Status[name]: Reason[name] for name in ("NO_ZONE", "NO_WIN_SET", "NO_TEXT", "DEADLINE", "REFUSED", "MISJUDGED")}

TEACH = {Reason.NO_ZONE, Reason.DEADLINE, Reason.REFUSED, Reason.MISJUDGED, Reason.NO_WIN_SET, Reason.NOT_RATIFIABLE}


def step(w: Any, decide: Any) -> None:
    """Work through the month's contacts, then through the talks that they moved."""
    for row, talk in _open(w):
        if not all(w.principal[talk.type, side] == side for side in (talk.first, talk.second)) or w.blocked[talk.edge]:
            _fail(w, row, Reason.COMPETENCE_LOST)
    _end_barred(w)
    for row, talk in _open(w) if (hand := getattr(decide, "hand", None)) else ():
        if hand.leaves(w, talk):
            _fail(w, row, Reason.WALKED_AWAY)
    if w.month == w.config.start:
        ask_before(w, decide, w.part("bargaining").years_before)
    contacts = w.this_month(Event.CONTACT)
    for contact in contacts:
        _credit(w, contact)
    press(w)
    for contact, kind in zip(contacts, decide.propose(w, contacts), strict=True):
        if kind is not None:
            _open_what_is_proposed(w, kind, contact.party_a, contact.party_b)
    _move(w, decide, hand)
    for row, talk in _open(w):
        if not apart(w, talk) and w.month - talk.last_contact >= w.part("bargaining").lapse:
            _fail(w, row, Reason.LAPSED)


def _end_barred(w: Any) -> None:
    """End talks of those who are barred, and their hopes."""
    for row, talk in _open(w):
        if w.bars(talk.first, talk.second) or w.hostile[talk.first, talk.second]:
            _fail(w, row, Reason.BARRED)
    for one, other in w.dyads:
        if w.bars(one, other):
            for hopes in (w.prospect, w.linked_prospect):
                for key in [key for key in hopes if key[1:] == (one, other)]:
                    hopes[key] = 0.0


def _open_what_is_proposed(w: Any, what: str, me: str, other: str) -> None:
    """Open talks on a type in the roles both hope for, or on the two types of a package, the first of which leads."""
    told = w.linked_roles[what, me, other] if "+" in what else w.role[what, me, other]
    roles = (told // 2, told % 2) if "+" in what else (told,)
    lead = None
    for kind, role in zip(what.split("+"), roles, strict=True):
        first, second = (me, other) if role == 0 else (other, me)
        row = open_talk(w, kind, first, second, me, lead)
        lead = row if lead is None else lead


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
    """Let the protocol work on each talk that is ready, by type and age; then ask both sides of each text; then write down the ends.

    What is held alone comes first, of it what a seat has a word in last; then packages, each moved as the talks are that lead it.
    """
    protocol, view, results, answers = w.config.protocol, View(w), {}, {}
    for packed in (False, True):
        found: dict[int, Result] = {}
        played = []
        for row, talk in sorted(_open(w), key=lambda one: one[1].type):
            if apart(w, talk):
                continue
            ready = talk.credit > 0 and (protocol.rounds or talk.n_contacts >= protocol.contacts_to_conclude)
            if hand and not packed:
                ready = hand.ready(w, talk, ready)
            leads = talk.package == row if packed else talk.package is None
            if not (ready and leads):
                continue
            if hand and not packed and hand.holds(w, talk):
                played.append((row, talk))
                continue
            found[row] = _work(w, view, row, talk)
            for half in halves(w, row):
                w.talks[half].credit = 0
        for row, talk in played:
            found[row] = _work_played(w, view, row, talk, hand)
            talk.credit = 0
        for row, result in found.items():
            w.talks[row].payment = result.payment
        agreed = [row for row, result in found.items() if result.status is Status.AGREED]
        if agreed:
            answers |= dict(zip(agreed, decide.accept(w, agreed, [found[row].text for row in agreed]), strict=True))
        results |= found
    screened = _screen(w, view)
    if screened:
        answers |= dict(zip(screened, decide.accept(w, list(screened), [one.text for one in screened.values()]), strict=True))
        results |= screened
    for row in sorted(results):
        status = results[row].status
        wider = other_half(w, row) if status is Status.NO_ZONE else None
        if status is Status.AGREED and all(answers[row]) and any(taken(w, w.talks[half]) for half in halves(w, row)):
            _fail(w, row, Reason.OUTBID)
        elif status is Status.AGREED and all(answers[row]):
            _conclude(w, row, results[row])
        elif status is Status.AGREED:
            _fail(w, row, Reason.NOT_RATIFIABLE if results[row].feared() else Reason.REFUSED)
        elif wider is not None:
            open_talk(w, *wider, w.talks[row].initiator, row)
        elif status is Status.NO_ZONE and outbid(w, w.talks[row], results[row].case.stakes[0]):
            _fail(w, row, Reason.OUTBID)
        elif status is not Status.OPEN:
            _fail(w, row, WHY[status])


def _screen(w: Any, view: View) -> dict[int, Result]:
    """End the screenings whose time is up; those whose tests hold come with the text of the law."""
    found = {}
    for row, talk in _open(w):
        kind = w.kinds[talk.type]
        if not is_screened(kind):
            continue
        drawn = uniform(w.seed, luck.SCREENING, talk.opened, identity(name_of(talk)))
        if w.month - talk.opened < int(kind.screening_least + drawn * (kind.screening_most + 1 - kind.screening_least)):
            continue
        if not bool(kind.eligible(view, _asked(w, talk))[0]):
            _fail(w, row, Reason.NOT_EQUIVALENT)
            continue
        case = Case(w, view, [talk])
        text = case.problem.lo.copy()
        worth = np.array([[_worth(case.stakes[0], side, text[0].tolist()) for side in (0, 1)]])
        found[row] = Result(Outcomes(text, worth, np.array([int(Status.AGREED)], np.int8), np.zeros(1, np.int32)), case)
    return found


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
    protocol, case = w.config.protocol, Case(w, view, [w.talks[half] for half in halves(w, row)])
    if not protocol.rounds:
        # A text, and the money that goes with it, are found by what the two believe of each other's needs.
        thought = copy.copy(case)
        thought.problem = case.believed()
        result = Result(protocol.solve(thought.problem), thought)
        if w.part("bargaining").side_payments and protocol.information == "common":
            result = result.paid_for(w, talk)
        result.case, result.no_agreement = case, case.problem.d[0].tolist()
        return result
    opener = 0 if talk.initiator == talk.first else 1
    heard = {}
    for name in ("last_offer", "first_offer"):
        texts = [np.array(getattr(half, name), dtype=np.float64)[order] for half, order in case.seats()]
        heard[name] = np.concatenate(texts, axis=1)[None]
    asks = np.array([talk.asks], dtype=np.float64)
    state = Talks(step=np.array([talk.step], np.int32), first=np.array([opener], np.int8), asks=asks, **heard)
    outcome, log = protocol.advance(case.problem, state, np.array([talk.credit]), record=w.record_offers)
    for n, (half, order) in enumerate(case.seats()):
        half.step, half.asks = int(state.step[0]), state.asks[0, order].tolist()
        half.last_offer, half.first_offer = (one[0, order, n * K : (n + 1) * K].tolist() for one in (state.last_offer, state.first_offer))
    for at in range(0 if log is None else len(log.talk)):
        for n, (one, (_, order)) in enumerate(zip(halves(w, row), case.seats(), strict=True)):
            w.add(
                "offers", month=w.month, talk=one, step=int(log.step[at]), proposer=(talk.first, talk.second)[log.proposer[at]],
                text=log.text[at, n * K : (n + 1) * K].tolist(), utility=log.utility[at, order].tolist(),
            )  # fmt: skip
    return Result(outcome, case)


def _work_played(w: Any, view: View, row: int, talk: Any, hand: Any) -> Result:
    """Work on a talk in which a seat that is played has a word: solved by what it declares, or held round by round."""
    protocol, case = w.config.protocol, Case(w, view, [talk])
    if protocol.rounds:
        return Result(hand.sit(w, row, talk, case), case)
    # The table knows what either side needs with an error; what is declared is laid over that.
    stance = copy.copy(case)
    stance.problem = case.believed()
    stance.problem = hand.declared(w, talk, stance)
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
    """One talk, or the two of a package, as they come to the table; sides are those of the first.

    Attributes
    ----------
    problem : Problems
        The type's coefficients, what either side could have elsewhere as reservation value, weights by strength, who opened the talks as
        first to propose, and the ratifiers that the table knows of:
        each side's own beliefs where they stay private, what the other side guesses where all is common.
    at_home, known : list of Ratifier
        By side, as each believes its own to be, and as the table knows them.
    talks, stakes : list
        Talks, and what is at stake in each.
    today : list of float
        The text of no agreement of the first.
    """

    def __init__(self, w: Any, view: View, talks: list[Any]) -> None:
        self.w = w
        self.talks, self.stakes, talk = talks, [_stakes(w, view, one) for one in talks], talks[0]
        self.today = self.stakes[0].status_quo[0].tolist()
        self.at_home = self._ratifiers(w, believed)
        self.known = self._ratifiers(w, guessed) if w.config.protocol.information == "common" else self.at_home
        c: dict[str, Any] = {}
        for (one, order), stake in zip(self.seats(), self.stakes, strict=True):
            # What is in force stays where talks on its successor fail.
            more = np.array([max(elsewhere(w, one, side), kept(w, one, side)) for side in (0, 1)])
            for name in ("a", "d"):
                c[name] = c.get(name, 0.0) + getattr(stake, name)[:, order]
            c["more"] = c.get("more", 0.0) + more[order]
            for name in ("b", "w", "theta", "lo", "hi"):
                new = getattr(stake, name) if name in ("lo", "hi") else getattr(stake, name)[:, order]
                c[name] = np.concatenate([c[name], new], axis=-1) if name in c else new
        opener, more = np.array([0 if talk.initiator == talk.first else 1], np.int8), c.pop("more")
        self.problem = Problems(**c, r=c["d"] + more, weight=np.array([weights(w, talk)]), pivot=as_pivots(self.known), first=opener)

    def seats(self) -> list[tuple[Any, list[int]]]:
        """Pair each of the talks with the order in which its sides sit as those of the first do."""
        return [(one, [0, 1] if one.first == self.talks[0].first else [1, 0]) for one in self.talks]

    def believed(self) -> Problems:
        """Return the problem as the two think it is: with what each errs about the other's needs, where all else is common."""
        if self.w.config.protocol.information != "common":
            return self.problem
        errors = np.array([[self._error(side) for side in (0, 1)]])
        return replace(self.problem, d=self.problem.d + errors, r=self.problem.r + errors)

    def _error(self, side: int) -> float:
        """Return how far the other side errs about one side's needs."""
        w, talk, part = self.w, self.talks[0], self.w.part("bargaining")
        me, other = (talk.first, talk.second) if side == 0 else (talk.second, talk.first)
        best = [self._best(k) for k in range(self.problem.lo.shape[1])]
        text = [0.5 * (one + two) for one, two in best]
        p = self.problem
        gain = float(p.a[0, side]) - float(p.d[0, side])
        for k, x in enumerate(text):
            gain += float(p.b[0, side, k]) * x - float(p.w[0, side, k]) * (x - float(p.theta[0, side, k])) ** 2
        known = part.belief_lesson ** w.lessons[talk.type, me, other] / (1.0 + talk.n_contacts / 4.0)
        luck_of = uniform(
            w.seed, luck.BELIEF, w.month - w.month % 12, identity(me), identity(other), index=int(identity(talk.type))
        )  # fmt: skip
        return part.belief_error * (1.0 - w.trust[other, me]) * known * NormalDist().inv_cdf(luck_of) * abs(gain)

    def _best(self, k: int) -> tuple[float, float]:
        """Return what each side would choose on one issue."""
        p, found = self.problem, []
        for side in (0, 1):
            wanted = float(p.theta[0, side, k]) + float(p.b[0, side, k]) / (2.0 * max(float(p.w[0, side, k]), 1e-8))
            found.append(min(max(wanted, float(p.lo[0, k])), float(p.hi[0, k])))
        return found[0], found[1]

    def _ratifiers(self, w: Any, distance: Any) -> list[Ratifier]:
        """Return who judges at home, by side: of a package whole, as far away as the furthest whom either of its types asks."""
        found = []
        for side, party in enumerate((self.talks[0].first, self.talks[0].second)):
            far = max(distance(w, one, party) for one in self.talks)
            pairs = zip(self.seats(), self.stakes, strict=True)
            first, *rest = [Ratifier(w, w.kinds[one.type], stake, order[side], far) for (one, order), stake in pairs]
            found.append(first.beside(rest[0]) if rest else first)
        return found


def _asked(w: Any, talk: Any) -> Groups:
    one, other = talk.first, talk.second
    return Groups(*(np.array([place]) for place in (w.place[one], w.place[other], w.edge_at[one, other], w.edge_at[other, one])), ISSUES)


def _stakes(w: Any, view: View, talk: Any) -> Any:
    return led(w, talk.type, w.kinds[talk.type].coefficients(view, _asked(w, talk)).dyads(), (talk.first, talk.second))


def _worth(stake: Any, side: int, text: list[float]) -> float:
    total = float(stake.a[0, side])
    for k, level in enumerate(text):
        total += float(stake.b[0, side, k]) * level - float(stake.w[0, side, k]) * (level - float(stake.theta[0, side, k])) ** 2
    return total


def _conclude(w: Any, row: int, result: Result) -> None:
    case, lead = result.case, w.talks[row]
    # What a deal is measured by is shared, as problems and outcomes are: it moves nothing.
    own, gdp = replace(case.problem, pivot=as_pivots(case.at_home)), np.array([[w.gdp[lead.first], w.gdp[lead.second]]])
    good = quality(own, result.outcome, gdp)[0].tolist()
    together = halves(w, row)
    months = max(w.kinds[w.talks[half].type].months_to_force for half in together)
    for n, (half, (talk, order), stake) in enumerate(zip(together, case.seats(), case.stakes, strict=True)):
        text = result.text[n * K : (n + 1) * K]
        money = result.money if half == row else [0.0, 0.0]
        talk.text, talk.disagreement_value = text, stake.d[0].tolist()
        talk.utility = [_worth(stake, side, text) + money[side] for side in (0, 1)]
        # The share of the surplus is that of who comes first in these talks.
        talk.quality = good if order == [0, 1] else [*good[:-1], 1.0 - good[-1]]
        close_talk(w, half, TalkStage.CONCLUDED)
        sign(w, half, due=w.month + months, whole=float(stake.commitment[0]), payment=talk.payment)
        _rest(w, talk, months + 2)


def _fail(w: Any, row: int, reason: Reason) -> None:
    for half in halves(w, row):
        if w.talks[half].stage == TalkStage.OPEN:
            close_talk(w, half, TalkStage.FAILED, reason)
            if reason in TEACH:
                one, other = w.talks[half].first, w.talks[half].second
                for dyad in ((one, other), (other, one)):
                    w.lessons[(w.talks[half].type, *dyad)] += 1
            _rest(w, w.talks[half], w.part("bargaining").rest_after_failure)


def _rest(w: Any, talk: Any, months: int) -> None:
    """Let two parties rest from trying the same again, and from hoping for it."""
    for dyad in ((talk.first, talk.second), (talk.second, talk.first)):
        w.cooldown[(talk.type, *dyad)] = w.month + months
        w.prospect[(talk.type, *dyad)] = 0.0
        for package in packages(w.kinds):
            if talk.type in package.split("+"):
                w.linked_prospect[(package, *dyad)] = 0.0
