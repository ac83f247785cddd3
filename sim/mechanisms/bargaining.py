"""Contacts open negotiations or carry them on; what is concluded is signed, and what fails says why.

A contact between principals gives each of their open talks rounds by channel (and one more when a head or a minister holds it). A
contact that is used to propose (``sim.decide.decisions``) opens talks on the type that promises most. A protocol without rounds
concludes after a declared number of contacts that gave rounds; a protocol with rounds advances by what was given. A concluded
text is signed if both sides accept it. A type that is ``screened`` is not bargained over: after a time drawn by luck
the judge decides on the law as it is. Talks lapse after months without contact, and end when a side no longer speaks for itself.

Source: online contacts continue talks and rarely start them (Bjola and Manor 2022; Eggeling and Versloot 2022). Numbers are assumed
and swept.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import by_role, where_true
from sim.bargains.quality import QUALITIES
from sim.consequences import Pays
from sim.decide.before import ask_before
from sim.decide.contacts import contacts_of_month
from sim.declare.arrays import Array, Axis, array, axis
from sim.declare.neutral import Neutral
from sim.declare.words import ChannelWord
from sim.ledger import barred_talks, close_talk, end_hopes, sign, without_principal
from sim.ports import BargainingTerms, CourtTerms, Hand, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part, switch
from sim.stakes.contacted import credit, open_proposed, widen
from sim.stakes.leverage import outbid, taken
from sim.stakes.linkage import halves_of, riders_of
from sim.stakes.packages import Worked, tabled
from sim.stakes.payments import compensated, yearly_payment
from sim.stakes.renewal import press
from sim.stakes.screening import judged, passes, screenings, time_is_up
from sim.state.world import Ints, World
from sim.types import Reason, Status, TalkStage

_OPEN = int(TalkStage.OPEN)
FAILED = {
    Status.NO_ZONE: Reason.NO_ZONE,
    Status.NO_WIN_SET: Reason.NO_WIN_SET,
    Status.NO_TEXT: Reason.NO_TEXT,
    Status.DEADLINE: Reason.DEADLINE,
    Status.REFUSED: Reason.REFUSED,
    Status.MISJUDGED: Reason.MISJUDGED,
}
TEACH = (Reason.NO_ZONE, Reason.DEADLINE, Reason.REFUSED, Reason.MISJUDGED, Reason.NO_WIN_SET, Reason.NOT_RATIFIABLE)
"""Talks that fail for these reasons have shown both sides what the other needs."""


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

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_talks",
            "No contact is used to propose talks.",
            "Tidak ada kontak yang dipakai untuk mengusulkan perundingan.",
            (("mechanisms.bargaining.propose_rate", 0.0),),
            "negotiations_opened",
        ),
        Neutral(
            "equal_power",
            "Both sides weigh the same at the table.",
            "Kedua pihak sama kuat di meja perundingan.",
            (("mechanisms.bargaining.power", 0.0),),
            "new_signatures_infrastructure_pact",
        ),
        Neutral(
            "no_alternatives",
            "Nobody counts on another partner.",
            "Tidak ada yang mengandalkan mitra lain.",
            (("mechanisms.bargaining.reach", 0.0),),
            "new_signatures_infrastructure_pact",
        ),
        Neutral(
            "beliefs_are_true",
            "Each side knows what the other needs.",
            "Tiap pihak tahu apa yang dibutuhkan pihak lain.",
            (("mechanisms.bargaining.belief_error", 0.0),),
            "new_signatures_infrastructure_pact",
        ),
        Neutral(
            "staff_is_free",
            "Staff costs nothing: whatever both sides gain by is talked about.",
            "Staf tidak berbiaya: apa pun yang menguntungkan kedua pihak dirundingkan.",
            (("mechanisms.bargaining.staff_price", 0.0),),
            "negotiations_opened",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "prospect", "role", "linked_prospect", "linked_roles", "principal", "open_talk", "in_force", "cooldown", "blocked", "barred",
        "hostile", "meetings", "trade_known", "imports_known", "gdp", "capability", "population", "lessons", "trust", "leaning", "pivot",
        "image_at_home",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ("open_talk", "cooldown", "lessons", "prospect", "linked_prospect")
    tables: ClassVar[tuple[str, ...]] = ("talks", "instruments", "adherence", "events", "offers")
    state: ClassVar[tuple[Array | Axis, ...]] = (
        array("cooldown", ("type", "edge"), dtype="int32", unit="month", meaning="no new talks on the type before this month"),
        array("lessons", ("type", "edge"), dtype="int32", unit="count", meaning="talks on the type that failed and taught both sides"),
        axis("measure", names=QUALITIES, meaning="measures of how good a deal is"),
        array("quality", ("talks", "measure"), start=float("nan"), unit="share or ideal gains", meaning="how good the deal is"),
    )
    offers: ClassVar[tuple[type, ...]] = (BargainingTerms,)
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, CourtTerms, RatificationTerms, LawTerms, PoliticsTerms, TradeTerms)

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
    start_call: float = param(0.05, unit="share", low=0.0, high=1.0, source="assumed", meaning="How readily a call does.")
    start_video: float = param(
        0.15,
        unit="share",
        low=0.0,
        high=0.5,
        source="assumed after Bjola and Manor 2022 (continues, rarely starts)",
        meaning="How readily a video event does.",
    )
    start_message: float = param(0.05, unit="share", low=0.0, high=0.5, source="assumed", meaning="How readily a message does.")
    desks: float = param(
        1.5,
        unit="talks",
        low=0.5,
        high=20.0,
        source="assumed",
        meaning="Talks that the staff of a party of GDP 10^11 USD can carry when all of it is at work.",
    )
    desk_reference: float = param(
        1e11, unit="USD a year", low=1e9, high=1e13, source="assumed", meaning="GDP at which that number of talks holds."
    )
    staff_price: float = param(
        4e3,
        unit="USD of gain a year",
        low=0.0,
        high=1e7,
        source="fitted to the number of data instruments signed in 2010 to 2018 (docs/calibration.md)",
        meaning="Price of an hour of staff when all of it is at work, w0.",
    )
    staff_elasticity: float = param(
        1.0, unit="elasticity", low=0.5, high=2.0, source="assumed", meaning="How the price of staff rises with its use, eta."
    )
    talk_hours: float = param(
        480.0, unit="hours a month", low=80.0, high=2000.0, source="assumed: three people", meaning="Staff hours that talks take."
    )
    desk_elasticity: float = param(0.2, unit="elasticity", low=0.0, high=0.6, source="assumed", meaning="How that grows with GDP.")
    lapse: int = param(18, unit="months", low=3, high=120, source="assumed", meaning="Months without contact after which talks lapse.")
    belief_error: float = param(
        0.3,
        unit="share of the gain",
        low=0.0,
        high=0.6,
        source="assumed",
        meaning="Error about what the other side needs, without contact and trust, s.",
    )
    belief_lesson: float = param(
        0.5, unit="factor", low=0.0, high=1.0, source="assumed", meaning="What is left of that error after talks that failed."
    )
    years_before: int = param(
        2,
        unit="years",
        low=0,
        high=5,
        source="assumed",
        meaning="Years before the start from which screenings are under way as a run begins; 0 for none.",
    )
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
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of a rival's bid that a party counts on; at 1 it signs for no less than the best bid.",
    )

    side_payments: bool = switch(
        False, source="assumed", meaning="Whether a side that gains may pay one that loses, where no text alone suits both."
    )
    payment_overhead: float = param(
        0.1, unit="share of payment", low=0.0, high=0.5, source="assumed", meaning="What a side payment costs on top of itself."
    )

    linkage: bool = switch(
        False, source="assumed", meaning="Whether two linked agreement types may be bargained as one package, signed and in force together."
    )

    def starts(self, added: tuple[ChannelWord, ...] = ()) -> tuple[float, ...]:
        """Return how readily each channel starts talks, in the order of the channels; those that parts add carry their own number."""
        own = (self.start_visit, self.start_summit, self.start_call, self.start_video, self.start_message)
        return (*own, *(one.starts for one in added))

    def rounds(self, channel: NDArray[np.int8], rank: NDArray[np.int8], added: tuple[ChannelWord, ...] = ()) -> Ints:
        """Return the rounds each contact gives, shape (n,); channels that parts add carry their own number."""
        own = (self.rounds_visit, self.rounds_summit, self.rounds_call, self.rounds_video, self.rounds_message)
        return np.asarray(_given((*own, *(one.rounds for one in added)), self.rounds_rank)[channel, rank])

    def step(self, world: World, decide: Any) -> None:
        """Work through the month's contacts, then through the talks they moved."""
        self._end_without_principal(world)
        self._end_barred(world)
        for row in decide.hand.leaves(world):
            self._fail(world, row, Reason.WALKED_AWAY)
        if world.month == world.setting.config.start:
            ask_before(world, decide, self.years_before)
        contacts = contacts_of_month(world)
        given = self.rounds(contacts.channel, contacts.rank, world.setting.words.added_channels)
        credit(world, contacts.edge, contacts.channel, given)
        press(world, world.setting.terms(CourtTerms).deadline_sessions, self.rounds_visit)
        proposed = decide.propose(world, contacts)
        for c in where_true(proposed >= 0):
            open_proposed(world, int(proposed[c]), int(contacts.edge[c]))
        self._move(world, decide)
        self._lapse(world)

    def _end_without_principal(self, world: World) -> None:
        for row in without_principal(world):
            self._fail(world, row, Reason.COMPETENCE_LOST)

    def _end_barred(self, world: World) -> None:
        """End talks between parties that are barred, and what they hoped for; hopes are looked at afresh in January."""
        for row in barred_talks(world):
            self._fail(world, row, Reason.BARRED)
        end_hopes(world)

    def _move(self, world: World, decide: Any) -> None:
        talks, protocol = world.talks, world.setting.config.protocol
        ready = (talks["stage"] == _OPEN) & (talks["credit"] > 0)
        if not protocol.rounds:
            ready &= talks["n_contacts"] >= protocol.contacts_to_conclude
        screened = screenings(world)
        ready = decide.hand.ready(world, ready & ~screened)
        # Accessions have a rule of their own. A package is moved as the talks that lead it are.
        ready &= (talks["accession"] < 0) & ((talks["package"] < 0) | (talks["package"] == np.arange(len(talks))))
        rows = where_true(ready)
        rows = rows[np.argsort(talks["type"][rows], kind="stable")].astype(np.int32)
        alone = talks["package"][rows] < 0
        worked = [self._work(world, decide, some) for some in (rows[alone], rows[~alone]) if len(some)]
        worked += self._screen(world, decide, where_true(screened & (talks["stage"] == _OPEN)).astype(np.int32))
        every = [(int(row), at, one) for one in worked for at, row in enumerate(one.rows)]
        for _, at, one in sorted(every, key=lambda found: found[0]):
            self._finish(world, one, at)

    def _work(self, world: World, decide: Any, rows: Ints) -> Worked:
        """Let the hand work on talks that are ready, or on packages by the talks that lead them, and ask both sides of each text."""
        hand: Hand = decide.hand
        talks, protocol, riders = world.talks, world.setting.config.protocol, riders_of(world, rows)
        package = None if riders[0] < 0 else (riders, talks["first"][riders] != talks["first"][rows])
        halves, problems, table = tabled(world, rows, package)
        if not protocol.rounds:
            table = hand.mandate(world, rows, table, halves[0].status_quo)
        outcomes = hand.work(world, rows, table, halves[0].status_quo, package)
        gdp = by_role(world.gdp[talks["first"][rows]], world.gdp[talks["second"][rows]])
        if self.side_payments and protocol.information == "common":
            outcomes = compensated(table, outcomes, gdp, self.payment_overhead, world.setting.doings.doing(Pays)[talks["type"][rows]])
            talks["payment"][rows] = yearly_payment(outcomes.transfer, gdp)
        outcomes = hand.worth(world, rows, problems, outcomes)
        world.watchers.table(world, rows, problems, table, outcomes)
        for some in (rows, *(package or ())[:1]):
            talks["credit"][some] = 0
        agreed = where_true(outcomes.status == Status.AGREED)
        accepted = np.zeros((len(rows), 2), dtype=np.bool_)
        if len(agreed):
            accepted[agreed] = decide.accept(world, rows[agreed], problems.take(agreed), outcomes.take(agreed))
        worked = Worked(rows, halves, package, problems, outcomes, np.asarray(accepted.all(axis=1)))
        worked.measure(world, gdp)
        return worked

    def _finish(self, world: World, one: Worked, at: int) -> None:
        """Sign what both sides accept, and say of the rest why it failed."""
        row, status = int(one.rows[at]), Status(one.outcomes.status[at])
        if one.accepted[at] and any(taken(world, int(half)) for half in halves_of(world, row)):
            # A good deal that nobody signs is none to be measured.
            world.talks["quality"][list(halves_of(world, row))] = np.nan
            self._fail(world, row, Reason.OUTBID)
        elif one.accepted[at]:
            self._conclude(world, one, at)
        elif status is Status.AGREED:
            self._fail(world, row, Reason.NOT_RATIFIABLE if one.feared(at) else Reason.REFUSED)
        elif status is Status.NO_ZONE and widen(world, row):
            return
        elif status is Status.NO_ZONE and one.package is None and outbid(world, row, one.midway[at]):
            self._fail(world, row, Reason.OUTBID)
        elif status in FAILED:
            self._fail(world, row, FAILED[status])

    def _screen(self, world: World, decide: Any, rows: Ints) -> list[Worked]:
        """End the screenings whose time is up: where the tests fail so do they, else both sides are asked of the text of the law."""
        over = time_is_up(world, rows)
        for row in over:
            if not passes(world, int(row)):
                self._fail(world, int(row), Reason.NOT_EQUIVALENT)
        over = over[world.talks["stage"][over] == _OPEN]
        return [judged(world, decide, over)] if len(over) else []

    def _conclude(self, world: World, one: Worked, at: int) -> None:
        """Sign what was concluded: an instrument, or the two of a package, which enter into force together."""
        talks, types = world.talks, world.setting.types
        deals = one.deals(at)
        months = max(int(types[int(talks["type"][deal.row])].months_to_force) for deal in deals)
        for deal in deals:
            row, text = deal.row, deal.text
            talks["text"][row], talks["utility"][row], talks["disagreement_value"][row] = text, deal.utility, deal.d
            close_talk(world, row, TalkStage.CONCLUDED)
            t, edge = int(talks["type"][row]), int(talks["edge"][row])
            sign(world, row, text, world.month + months, payment=float(talks["payment"][row]), whole=deal.whole)
            # The pair is not free to try again before what it signed can show as in force.
            self._rest(world, t, edge, months + 2)

    def _fail(self, world: World, row: int, reason: Reason) -> None:
        """Close talks, and those that make one package with them, for one reason."""
        for half in halves_of(world, row):
            if world.talks["stage"][half] == TalkStage.OPEN:
                close_talk(world, half, TalkStage.FAILED, reason)
                if reason in TEACH:
                    edge, t = int(world.talks["edge"][half]), int(world.talks["type"][half])
                    world.lessons[t, [edge, int(world.setting.edges.rev[edge])]] += 1
                self._rest(world, int(world.talks["type"][half]), int(world.talks["edge"][half]), self.rest_after_failure)

    def _rest(self, world: World, t: int, edge: int, months: int) -> None:
        """Keep two parties from trying the same again for some months; what they hoped from it is settled."""
        both = [edge, int(world.setting.edges.rev[edge])]
        world.cooldown[t, both] = world.month + months
        world.prospect[t, both] = 0.0
        for at, pair in enumerate(world.setting.links):
            if t in pair:
                world.linked_prospect[at, both] = 0.0

    def _lapse(self, world: World) -> None:
        talks = world.talks
        idle = (talks["stage"] == _OPEN) & (world.month - talks["last_contact"] >= self.lapse)
        for row in where_true(idle & ~screenings(world) & (talks["accession"] < 0)):
            self._fail(world, int(row), Reason.LAPSED)


@functools.lru_cache(maxsize=64)
def _given(by_channel: tuple[int, ...], more: int) -> Ints:
    """Return the rounds that a contact gives, (channels, ranks): ``more`` where a head or a minister holds one that gives any."""
    given = np.array([[rounds + extra if rounds > 0 else 0 for extra in (more, more, 0)] for rounds in by_channel], dtype=np.int32)
    given.setflags(write=False)
    return given


_OFFERED: type[BargainingTerms] = Bargaining
