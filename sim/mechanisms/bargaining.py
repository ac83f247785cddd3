"""Contacts open negotiations or carry them on; what is concluded is signed, and what fails says why.

A contact between principals gives each of their open talks rounds by channel (and one more when a head or a minister holds it). A
contact that is used to propose (``sim.decisions``) opens talks on the type that promises most. A protocol without rounds
concludes after a declared number of contacts that gave rounds; a protocol with rounds advances by what was given. A concluded
text is signed if both sides accept it. Talks lapse after months without contact, and end when a side no longer speaks for itself.

Source: online contacts continue talks and rarely start them (Bjola and Manor 2022; Eggeling and Versloot 2022). Numbers are assumed
and swept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.decisions import Contacts, contacts_of_month
from sim.kernels import jit
from sim.ledger import close_talk, open_talk, sign
from sim.registry import param, part, switch
from sim.theory.leverage import bargaining_weights, outside_options
from sim.theory.payments import compensated, yearly_payment
from sim.theory.payoffs import ISSUE, Coefficients, Groups
from sim.theory.problems import OfferLog, Outcomes, Problems, Talks, first_proposers
from sim.theory.quality import quality
from sim.theory.ratifiers import gains, joined, with_ratifiers
from sim.types import NEVER, Channel, Event, Rank, Reason, Status, TalkStage
from sim.world import Ints, World

FAILED = {
    Status.NO_ZONE: Reason.NO_ZONE,
    Status.NO_WIN_SET: Reason.NO_WIN_SET,
    Status.NO_TEXT: Reason.NO_TEXT,
    Status.DEADLINE: Reason.DEADLINE,
    Status.REFUSED: Reason.REFUSED,
}


@part(
    "mechanism",
    name="bargaining",
    title="Bargaining",
    title_id="Perundingan",
    sentence_id="Kontak membuka perundingan atau melanjutkannya; yang disepakati ditandatangani, dan yang gagal mencatat alasannya.",
)
@dataclass(frozen=True)
class Bargaining:
    """Contacts open negotiations or carry them on; what is agreed is signed, and what fails says why."""

    reads: ClassVar[tuple[str, ...]] = (
        "prospect", "role", "principal", "open_talk", "in_force", "cooldown", "blocked", "committed", "trust", "trade", "imports",
        "free_flow", "cloud_capacity", "gdp",
        "need", "capability", "population",
        "protection_firms", "protection_state", "localisation", "cybersecurity",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("open_talk", "cooldown", "prospect")
    tables: ClassVar[tuple[str, ...]] = ("talks", "instruments", "adherence", "events", "offers")

    rounds_visit: int = param(4, unit="rounds", low=0, high=20, source="assumed", meaning="Rounds given by a visit.")
    rounds_summit: int = param(2, unit="rounds", low=0, high=20, source="assumed", meaning="Rounds given by a meeting at a summit.")
    rounds_call: int = param(1, unit="rounds", low=0, high=20, source="assumed", meaning="Rounds given by a call.")
    rounds_video: int = param(2, unit="rounds", low=0, high=20, source="assumed", meaning="Rounds given by a video event.")
    rounds_message: int = param(0, unit="rounds", low=0, high=20, source="assumed", meaning="Rounds given by a message.")
    rounds_rank: int = param(
        1, unit="rounds", low=0, high=10, source="assumed", meaning="Rounds added when a head or a minister holds the contact."
    )
    propose_rate: float = param(
        0.25,
        unit="probability",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Chance that a visit is used to propose talks that look good.",
    )
    start_visit: float = param(1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="How readily a visit starts talks.")
    start_summit: float = param(1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="How readily a summit does.")
    start_call: float = param(0.3, unit="share", low=0.0, high=1.0, source="assumed", meaning="How readily a call does.")
    start_video: float = param(
        0.15,
        unit="share",
        low=0.0,
        high=0.5,
        source="assumed after Bjola and Manor 2022 (continues, rarely starts)",
        meaning="How readily a video event does.",
    )
    start_message: float = param(0.05, unit="share", low=0.0, high=0.5, source="assumed", meaning="How readily a message does.")
    worth_half: float = param(
        0.01,
        unit="bp of GDP a year",
        low=0.0001,
        high=1.0,
        source="assumed",
        meaning="Gain of the side that gains less at which a proposal is half as likely as it can be.",
    )
    desks: float = param(
        1.5,
        unit="talks",
        low=0.5,
        high=20.0,
        source="assumed",
        meaning="Talks a party of GDP 10^11 USD can carry at once; every party can carry one.",
    )
    desk_reference: float = param(
        1e11, unit="USD a year", low=1e9, high=1e13, source="assumed", meaning="GDP at which that number of desks holds."
    )
    desk_elasticity: float = param(0.2, unit="elasticity", low=0.0, high=0.6, source="assumed", meaning="How that grows with GDP.")
    lapse: int = param(18, unit="months", low=3, high=120, source="assumed", meaning="Months without contact after which talks lapse.")
    rest_after_failure: int = param(
        24, unit="months", low=0, high=120, source="assumed", meaning="Months before the same two try the same again."
    )

    power: float = param(
        0.25,
        unit="exponent",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="How far strength makes bargaining weights: 0 equal, 1 in proportion.",
    )
    power_dependence: float = param(
        0.5, unit="exponent", low=0.0, high=1.0, source="assumed", meaning="How dependence on the other side's exports weakens."
    )
    power_patience: float = param(
        0.5, unit="exponent", low=0.0, high=1.0, source="assumed", meaning="How GDP per head, and so the means to wait, strengthens."
    )
    reach: float = param(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="How likely a party thinks that its best alternative partner would come to terms.",
    )

    side_payments: bool = switch(
        False, source="assumed", meaning="Whether a side that gains may pay one that loses, where no text alone suits both."
    )
    payment_overhead: float = param(
        0.1, unit="share of payment", low=0.0, high=0.5, source="assumed", meaning="What a side payment costs on top of itself."
    )

    def starts(self) -> tuple[float, ...]:
        """Return how readily each channel starts talks, in the order of the channels."""
        return self.start_visit, self.start_summit, self.start_call, self.start_video, self.start_message

    def rounds(self, channel: NDArray[np.int8], rank: NDArray[np.int8]) -> Ints:
        """Return the rounds each contact gives, shape (n,)."""
        by_channel = [getattr(self, f"rounds_{c.name.lower()}") for c in Channel]
        more = [self.rounds_rank * (r is not Rank.OFFICIAL) for r in Rank]
        given = np.array([[rounds + extra if rounds > 0 else 0 for extra in more] for rounds in by_channel], dtype=np.int32)
        return np.asarray(given[channel, rank])

    def step(self, world: World, decide: Any) -> None:
        """Work through the month's contacts, then through the talks they moved."""
        self._end_without_principal(world)
        # A seat that is played has a hand at the table (``sim.seat``); without one nothing here changes.
        hand = getattr(decide, "hand", None)
        for row in () if hand is None else hand.leaves(world):
            self._fail(world, row, Reason.WALKED_AWAY)
        contacts = contacts_of_month(world)
        given = self.rounds(contacts.channel, contacts.rank)
        self._credit(world, contacts, given)
        row, col = world.setting.edges.row, world.setting.edges.col
        proposed = decide.propose(world, contacts)
        for c in np.flatnonzero(proposed >= 0):
            t, edge = int(proposed[c]), int(contacts.edge[c])
            i, j = int(row[edge]), int(col[edge])
            first, second = (i, j) if world.role[t, edge] == 0 else (j, i)
            open_talk(world, t, first, second, i)
        self._move(world, decide, hand)
        self._lapse(world)

    def _end_without_principal(self, world: World) -> None:
        talks = world.talks
        rows = np.flatnonzero(talks["stage"] == TalkStage.OPEN)
        kind, first, second = talks["type"][rows], talks["first"][rows], talks["second"][rows]
        able = (world.principal[kind, first] == first) & (world.principal[kind, second] == second) & ~world.blocked[talks["edge"][rows]]
        for row in rows[~able]:
            self._fail(world, int(row), Reason.COMPETENCE_LOST)

    def _credit(self, world: World, contacts: Contacts, given: Ints) -> None:
        talks = world.talks
        columns = (talks["credit"], talks["n_contacts"], talks["n_by_channel"], talks["last_contact"])
        _credit(contacts.edge, contacts.channel, given, world.open_talk, world.month, *columns)

    def _move(self, world: World, decide: Any, hand: Any) -> None:
        talks, protocol = world.talks, world.setting.config.protocol
        ready = (talks["stage"] == TalkStage.OPEN) & (talks["credit"] > 0)
        if not protocol.rounds:
            ready &= talks["n_contacts"] >= protocol.contacts_to_conclude
        if hand is not None:
            ready = hand.ready(world, ready)
        rows = np.flatnonzero(ready)
        rows = rows[np.argsort(talks["type"][rows], kind="stable")].astype(np.int32)
        if len(rows) == 0:
            return
        c, problems, table = self.tabled(world, rows)
        if protocol.rounds and hand is None:
            outcomes = self.advance(world, rows, table, talks["credit"][rows].copy())
        elif protocol.rounds:
            outcomes = hand.advance(world, self, rows, table, c.status_quo)
        else:
            table = table if hand is None else hand.mandate(world, rows, table, c.status_quo)
            outcomes = protocol.solve(table)
        gdp = np.stack([world.gdp[talks["first"][rows]], world.gdp[talks["second"][rows]]], axis=1)
        if self.side_payments and protocol.information == "common":
            outcomes = compensated(table, outcomes, gdp, self.payment_overhead)
            talks["payment"][rows] = yearly_payment(outcomes.transfer, gdp)
        if hand is not None:
            outcomes = hand.worth(world, rows, problems, outcomes)
        if world.watcher is not None:
            world.watcher.table(world, rows, problems, table, outcomes)
        talks["credit"][rows] = 0
        agreed = np.flatnonzero(outcomes.status == Status.AGREED)
        accepted = np.zeros((len(rows), 2), dtype=np.bool_)
        if len(agreed):
            accepted[agreed] = decide.accept(
                world,
                rows[agreed],
                problems.take(agreed),
                outcomes.take(agreed),
            )
        signed = np.flatnonzero(accepted.all(axis=1))
        if len(signed):
            talks["quality"][rows[signed]] = quality(problems.take(signed), outcomes.take(signed), gdp[signed])
        for at in sorted(range(len(rows)), key=lambda k: rows[k]):
            row, status = int(rows[at]), Status(outcomes.status[at])
            if status is Status.AGREED and accepted[at].all():
                self._conclude(world, row, outcomes.text[at], outcomes.utility[at], problems.d[at], float(c.commitment[at]))
            elif status is Status.AGREED:
                feared = bool((self._at_home(problems.take([at]), outcomes.take([at])) < 0.0).any())
                self._fail(world, row, Reason.NOT_RATIFIABLE if feared else Reason.REFUSED)
            elif status in FAILED:
                self._fail(world, row, FAILED[status])

    def tabled(self, world: World, rows: Ints) -> tuple[Coefficients, Problems, Problems]:
        """Return what some negotiations are about now: coefficients, problems as each side believes, and as the table knows them.

        Parameters
        ----------
        world : World
        rows : int (M,)
            Rows of negotiations, those of one agreement type together and types in order.
        """
        talks, protocol = world.talks, world.setting.config.protocol
        c = joined([self._compile(world, t, rows[talks["type"][rows] == t]) for t in np.unique(talks["type"][rows])])
        # Each side signs on what it believes of its own ratifiers; the table knows of them what the other side guesses.
        problems, guessed = with_ratifiers(world, rows, c, bargaining_weights(world, rows), outside_options(world, rows))
        # Who opened the talks makes the first offer.
        first = (talks["initiator"][rows] != talks["first"][rows]).astype(np.int8)
        problems, guessed = replace(problems, first=first), replace(guessed, first=first)
        return c, problems, guessed if protocol.information == "common" else problems

    def _at_home(self, problems: Problems, outcomes: Outcomes) -> NDArray[np.float64]:
        """Return what each side's ratifiers gain by text and money, as their executive believes; infinite where none has a say."""
        if problems.pivot is None:
            return np.full((len(problems), 2), np.inf)
        money = 0.0 if outcomes.transfer is None else outcomes.transfer
        return np.asarray(gains(problems.pivot, outcomes.text) + money)

    def _compile(self, world: World, t: int, rows: Ints) -> Coefficients:
        edge = world.talks["edge"][rows]
        groups = Groups(world.talks["first"][rows], world.talks["second"][rows], edge, world.setting.edges.rev[edge])
        coefficients: Coefficients = world.setting.types[t].coefficients(world, groups)
        return coefficients

    def advance(self, world: World, rows: Ints, problems: Problems, rounds: Ints) -> Outcomes:
        """Advance the stored negotiations of a protocol with rounds, each by as many rounds, (M,), as it is given."""
        talks = world.talks
        state = Talks(step=talks["step"][rows].copy(), first=first_proposers(problems), last_offer=talks["last_offer"][rows].copy())
        outcomes, log = world.setting.config.protocol.advance(problems, state, rounds, record=world.record_offers)
        talks["step"][rows], talks["last_offer"][rows] = state.step, state.last_offer
        if log is not None:
            self._write_offers(world, rows, log)
        result: Outcomes = outcomes
        return result

    def _write_offers(self, world: World, rows: Ints, log: OfferLog) -> None:
        talks = world.talks
        who = np.where(log.proposer == 0, talks["first"][rows[log.talk]], talks["second"][rows[log.talk]])
        world.offers.extend(
            len(log.talk), month=world.month, talk=rows[log.talk], step=log.step, proposer=who, text=log.text, utility=log.utility
        )

    def _conclude(
        self, world: World, row: int, text: NDArray[np.float64], utility: NDArray[np.float64], d: NDArray[np.float64], whole: float
    ) -> None:
        talks, setting = world.talks, world.setting
        talks["text"][row], talks["utility"][row], talks["disagreement_value"][row] = text, utility, d
        close_talk(world, row, TalkStage.CONCLUDED)
        t, edge = int(talks["type"][row]), int(talks["edge"][row])
        kind = setting.types[t]
        share = float(text[ISSUE["infrastructure"]]) if "infrastructure" in kind.issues else 0.0
        term = kind.build_months if kind.ending == "completion" else NEVER
        sign(world, row, text, world.month + kind.months_to_force, term, share * whole, float(talks["payment"][row]))
        # The pair is not free to try again before what it signed can show as in force.
        self._rest(world, t, edge, kind.months_to_force + 2)

    def _fail(self, world: World, row: int, reason: Reason) -> None:
        t, edge = int(world.talks["type"][row]), int(world.talks["edge"][row])
        close_talk(world, row, TalkStage.FAILED, reason)
        self._rest(world, t, edge, self.rest_after_failure)

    def _rest(self, world: World, t: int, edge: int, months: int) -> None:
        """Keep two parties from trying the same again for some months; what they hoped from it is settled."""
        both = [edge, int(world.setting.edges.rev[edge])]
        world.cooldown[t, both] = world.month + months
        world.prospect[t, both] = 0.0

    def _lapse(self, world: World) -> None:
        talks = world.talks
        for row in np.flatnonzero((talks["stage"] == TalkStage.OPEN) & (world.month - talks["last_contact"] >= self.lapse)):
            self._fail(world, int(row), Reason.LAPSED)


@jit
def _credit(
    edge: Ints, channel: NDArray[np.int8], given: Ints, open_talk: Ints, month: int, credit: Ints, n_contacts: Ints, n_by_channel: Ints,
    last_contact: Ints,
) -> None:  # fmt: skip
    for c in range(edge.shape[0]):
        for t in range(open_talk.shape[0]):
            row = open_talk[t, edge[c]]
            if row >= 0:
                credit[row] += given[c]
                n_contacts[row] += 1 if given[c] > 0 else 0
                n_by_channel[row, channel[c]] += 1
                last_contact[row] = month


__all__ = ["Bargaining", "Event"]
