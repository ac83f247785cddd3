r"""A text says how long it lasts, when it is reviewed, how a side leaves and how disputes are settled; reviews and terms come on their day.

What a text may say is declared by its type (``lasting``). What it does say is settled at signature, where uncertainty and power make it
worth having (:mod:`sim.mechanisms.durability.equations`). How uncertain two sides are falls with the trust between them. What was in force
before the run says what ``clauses.csv`` says of it; an instrument without a row there has no such clause.

At a review both sides compare the text in force with the one halfway between their wishes, as they stood in January. Where that is better
for both by more than talks cost them, talks on a successor begin; else the review is passed. As a term ends, the instrument goes on for
another where it is still worth something to both, and expires otherwise; where both would gain by another text, talks on that open.

Source: Koremenos (2001, 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import where_true
from sim.contracts import staff_months
from sim.decide.staff import staff_in_bp, staff_prices
from sim.declare.arrays import Array, array
from sim.declare.lasting import Lasting
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event
from sim.ledger import made_by_many
from sim.mechanisms.durability.equations import time_to_talk_again, within
from sim.ports import BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part
from sim.stakes.keeping import held
from sim.stakes.leverage import bargaining_weights
from sim.stakes.renewal import reopen
from sim.state.world import World
from sim.types import NEVER, Reason, Stage

_NOTHING = Lasting()


@part(
    "mechanism",
    name="durability",
    title="Durability",
    title_id="Daya tahan",
    sentence_id="Naskah menetapkan jangka waktu, peninjauan, cara keluar, dan penyelesaian sengketa; semuanya datang pada harinya.",
)
@dataclass(frozen=True)
class Durability:
    """A text says how long it lasts, when it is reviewed, how a side leaves and how disputes are settled; each comes on its day."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nothing_uncertain",
            "Nothing is uncertain, so no text says anything of its own life.",
            "Tidak ada yang tidak pasti, sehingga tidak ada naskah yang mengatur masa berlakunya.",
            (("mechanisms.durability.uncertainty", 0.0),),
            "reviews",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "trust", "gdp", "capability", "population", "trade_known", "imports_known", "leaning", "pivot",
        "image_at_home", "value_first", "value_second",
        "halfway_first", "halfway_second", "principal", "blocked", "hostile", "barred", "open_talk",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ("open_talk",)
    tables: ClassVar[tuple[str, ...]] = ("talks", "instruments", "events")
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms)
    state: ClassVar[tuple[Array, ...]] = (
        array("renewal", ("instruments",), dtype="int32", unit="months", meaning="for how long it goes on as its term ends, 0 for none"),
        array("review", ("instruments",), dtype="int32", unit="months", meaning="months between its reviews, 0 for none"),
        array(
            "notice",
            ("instruments",),
            dtype="int32",
            start=-1,
            unit="months",
            meaning="notice of withdrawal, -1 where its text says nothing",
        ),
        array("disputes", ("instruments",), dtype=bool, unit="0/1", meaning="a side alone can start a procedure that settles disputes"),
    )
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "review", "Review", "Peninjauan", "The parties look at an agreement again: 1 where talks on another text begin, 0 where not.",
            "Para pihak meninjau sebuah perjanjian: 1 bila perundingan naskah baru dimulai, 0 bila tidak.",
            columns=("party_a", "party_b", "type", "instrument", "value"), public="everyone", listed=False, mark="ring", said="reviewed",
            said_id="ditinjau",
        ),
        event(
            "prolongation", "Prolongation", "Perpanjangan", "An agreement goes on for another term.",
            "Sebuah perjanjian diperpanjang untuk satu masa lagi.", columns=("party_a", "party_b", "type", "instrument", "reason"),
            public="everyone", mark="plus", said="prolonged", said_id="diperpanjang",
        ),
    )  # fmt: skip

    uncertainty: float = param(
        0.1,
        unit="share of an issue a year",
        low=0.0,
        high=0.5,
        source="assumed",
        meaning="How far in a year what two sides want may wander off where they do not trust each other, u at no trust.",
    )
    drift: float = param(
        1.0, unit="factor", low=0.1, high=10.0, source="assumed", meaning="What a stale text loses a year, for a unit of the square, kappa."
    )
    review_cost: float = param(
        0.1, unit="share of talks", low=0.01, high=1.0, source="assumed", meaning="What a review takes of the staff that talks take."
    )
    withdrawal_from: float = param(
        0.04,
        unit="share of an issue a year",
        low=0.0,
        high=0.5,
        source="assumed; 60 to 75 % of treaties have the clause (memory: Koremenos and Nau 2010)",
        meaning="Uncertainty from which on a text lets a side leave.",
    )
    long_notice: float = param(
        1e9, unit="USD a year", low=1e7, high=1e11, source="assumed", meaning="Gain of the larger side from which on notice is the longest."
    )
    disputes_from: float = param(
        0.1,
        unit="share of the value",
        low=0.0,
        high=2.0,
        source="assumed; 40 to 55 % of treaties have a procedure (memory: Koremenos 2007)",
        meaning="What breaking the word would save, over what keeping it is worth, from which on a text has a procedure for disputes.",
    )
    strongest: float = param(
        0.85,
        unit="bargaining weight",
        low=0.5,
        high=1.0,
        source="assumed after Koremenos 2016 (the strong do without)",
        meaning="Weight from which on a side is so strong that it takes no procedure for disputes.",
    )

    def step(self, world: World, decide: Any) -> None:
        """Settle the clauses of this month's signatures, then hold reviews and let terms come."""
        if world.month == world.setting.config.start:
            self._listed(world)
        instruments, many = world.instruments, made_by_many(world)
        for row in where_true((instruments["signed"] == world.month) & (instruments["stage"] == Stage.SIGNED) & ~many).tolist():
            self._settle(world, row)
        live = (instruments["stage"] == Stage.IN_FORCE) & ~many & (instruments["in_force"] < world.month)
        age, every = world.month - instruments["in_force"], world.array("review")
        for row in where_true(live & (every > 0) & (age % np.maximum(every, 1) == 0)).tolist():
            self._review(world, row)
        over = live & (age - world.array("months_barred") == instruments["term"])
        for row in where_true(over).tolist():
            if world.setting.types[int(instruments["type"][row])].ending != "completion":
                self._end_of_term(world, row)

    def _listed(self, world: World) -> None:
        """Give what was in force before the run the clauses that the table knows; a term that is over by now has been prolonged."""
        rows = world.setting.roster.instruments
        for row in where_true(world.instruments["listed"] >= 0).tolist():
            said = rows[int(world.instruments["listed"][row])].clauses
            if said is None:
                continue
            world.array("renewal")[row], world.array("review")[row] = said.renewal, said.review
            world.array("notice")[row], world.array("disputes")[row] = said.withdrawal, said.disputes
            term, age = said.duration, world.month - int(world.instruments["in_force"][row])
            while term < NEVER and term <= age:
                term += said.renewal or said.duration
            world.instruments["term"][row] = term

    def _settle(self, world: World, row: int) -> None:
        """Settle what a text just signed says of its own life."""
        instruments, setting = world.instruments, world.setting
        kind, talk = setting.types[int(instruments["type"][row])], int(instruments["talk"][row])
        lasting: Lasting = getattr(kind, "lasting", _NOTHING)
        if lasting == _NOTHING or talk < 0:
            return
        value = world.talks["utility"][talk] - world.talks["disagreement_value"][talk]
        if not np.isfinite(value).all():
            return
        party = [int(instruments[key][row]) for key in ("first", "second")]
        usd = float(np.max(value * world.gdp[party])) / 1e4
        months, prices = np.array(staff_months(kind)), staff_prices(world)[party]
        cost, unsure = float((months * prices).sum()), self._unsure(world, *party)
        if lasting.duration is not None:
            years = time_to_talk_again(cost, usd, unsure, self.drift)
            if 12.0 * years <= lasting.duration[1]:
                instruments["term"][row] = within(12.0 * years, lasting.duration)
                world.array("renewal")[row] = instruments["term"][row]
        if lasting.review is not None and unsure > 0.0:
            years = time_to_talk_again(self.review_cost * cost, usd, unsure, self.drift)
            world.array("review")[row] = within(12.0 * years, lasting.review)
        if lasting.notice is not None and unsure >= self.withdrawal_from > 0.0:
            low, high = lasting.notice
            world.array("notice")[row] = within(low + (high - low) * min(1.0, usd / self.long_notice), lasting.notice)
        if lasting.disputes:
            weight = float(bargaining_weights(world, np.array([talk])).max())
            saving = np.nan_to_num(held(world, np.array([row])).saving[0])
            tempted = float(np.max(saving)) >= self.disputes_from * max(float(np.min(value)), 1e-12)
            world.array("disputes")[row] = tempted and weight < self.strongest

    def _unsure(self, world: World, first: int, second: int) -> float:
        """Return how uncertain two sides are of what both will want: less, the more they trust each other."""
        edge = world.setting.edges.find(first, second)
        return self.uncertainty * (1.0 - 0.5 * float(world.trust[edge] + world.trust[world.setting.edges.rev[edge]]))

    def _review(self, world: World, row: int) -> None:
        """Look at an instrument again; where another text is better for both, talks on it begin."""
        self._tell(world, "review", row, value=float(self._better(world, row) and reopen(world, row, pressed=False) >= 0))

    def _better(self, world: World, row: int) -> bool:
        """Say whether the text halfway between both sides' wishes was better for both in January, by more than talks cost them now."""
        one = np.array([row])
        more = [float((world.array(f"halfway_{side}") - world.array(f"value_{side}"))[row]) for side in ("first", "second")]
        return min(more) > 0.0 and all(gain > float(staff_in_bp(world, one, role)[0]) for role, gain in enumerate(more))

    def _end_of_term(self, world: World, row: int) -> None:
        """Let an instrument go on for another term where both still want it, or let it expire."""
        wanted = min(float(world.array("value_first")[row]), float(world.array("value_second")[row])) >= 0.0
        further = int(world.array("renewal")[row])
        if wanted and further > 0:
            world.instruments["term"][row] += further
            self._tell(world, "prolongation", row, reason=Reason.RENEWED)
        else:
            reopen(world, row, pressed=True)

    def _tell(self, world: World, what: str, row: int, value: float = np.nan, reason: Reason = Reason.NONE) -> None:
        code, (first, second, kind) = (
            world.setting.words.code("event", what),
            (world.instruments[key][row] for key in ("first", "second", "type")),
        )
        world.events.append(
            month=world.month, event=code, party_a=first, party_b=second, type=kind, instrument=row, value=value, reason=reason
        )
