"""What was signed is put to those at home who must consent; it is ratified, or it falls.

A signature of this month learns which institution must consent and when it decides: an executive act binds at once, a legislature or a
bloc's members decide after a delay, ``1 + floor(mean * E)`` months with ``E`` standard exponential luck by negotiation and party.
When the month comes the decision ``ratify`` answers (``sim.decide.assent`` holds the rule). A refusal ends the instrument: Putnam's
involuntary defection, or a withdrawal where the government itself no longer wants it; the two rest before they try again. Funds are
committed when the last side has ratified. Those who decide on one instrument of a package judge the whole of it, and if one falls the
other falls too (*linked fell*).

Source: Putnam (1988), International Organization 42. Delays: Haftel and Thompson (2013), "Delayed ratification: the domestic fate of
bilateral investment treaties", International Organization 67 (mean of 1.76 years to mutual ratification; 24 to 30 % never). These
figures are compared with, not fitted to. Departs from them in that a vote is put once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import among, where_true
from sim.consequences import COST
from sim.contracts import ARITIES
from sim.declare.neutral import Neutral
from sim.ledger import fail_ratification, made_by_many, move, put_to_ratifiers, ratify
from sim.ledger.votes import pending
from sim.ports import BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part
from sim.rng import exponential, identity
from sim.stakes.linkage import signed_with
from sim.stakes.ratifiers import consent_of
from sim.state.world import Bools, World
from sim.types import Institution, Reason, Stage


@part(
    "mechanism",
    name="ratification",
    title="Ratification",
    title_id="Ratifikasi",
    sentence_id="Yang telah ditandatangani diajukan kepada pihak di dalam negeri yang harus menyetujui; disahkan atau gugur.",
)
@dataclass(frozen=True)
class Ratification:
    """What was signed is put to those at home who must consent, and is ratified or falls."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "executives_alone",
            "No legislature has a say, and votes take no time; members of a bloc still assent.",
            "Parlemen tidak berperan dan pemungutan suara tidak makan waktu; anggota blok tetap memberi persetujuan.",
            (
                ("mechanisms.ratification.least_regime", 4),
                ("mechanisms.ratification.months_majority", 0.0),
                ("mechanisms.ratification.months_supermajority", 0.0),
                ("mechanisms.ratification.months_bloc_assent", 0.0),
            ),
            "awaiting_ratification",
        ),
        Neutral(
            "ratifiers_like_executives",
            "Those at home want what their executive wants.",
            "Pihak di dalam negeri menghendaki yang dikehendaki eksekutifnya.",
            (("mechanisms.ratification.spread", 0.0),),
            "never_ratified",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("member", "population", "gdp", "cooldown", "committed", "leaning", "pivot", "image_at_home")
    asks_types: ClassVar[tuple[str, ...]] = ARITIES
    writes: ClassVar[tuple[str, ...]] = ("cooldown", "committed")
    tables: ClassVar[tuple[str, ...]] = ("instruments", "adherence", "events")
    offers: ClassVar[tuple[type, ...]] = (RatificationTerms,)
    needs: ClassVar[tuple[type, ...]] = (RatificationTerms, BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, TradeTerms)

    least_regime: int = param(
        2,
        unit="regime type 0-3",
        low=0,
        high=4,
        source="assumed after Martin 2000 (legislatures consent in democracies)",
        meaning="Least regime type (Regimes of the World) in which a legislature must consent; 4 for none.",
    )
    spread: float = param(
        0.15,
        unit="index 0-1",
        low=0.0,
        high=0.5,
        source="assumed",
        meaning="Standard deviation of ideal points at home.",
    )
    scatter: float = param(
        0.5, unit="domestic spreads", low=0.0, high=2.0, source="assumed", meaning="How far ratifiers of one quota differ in distance."
    )
    persuasion: float = param(
        0.5,
        unit="domestic spreads",
        low=0.0,
        high=2.0,
        source="assumed after Neustadt 1960",
        meaning="How much nearer ratifiers stand to an executive whose image at home is full.",
    )
    own_error: float = param(
        0.25, unit="domestic spreads", low=0.0, high=2.0, source="assumed", meaning="Error of an executive about its own ratifiers."
    )
    other_error: float = param(
        0.5, unit="domestic spreads", low=0.0, high=2.0, source="assumed", meaning="Error of the other side about them."
    )
    months_majority: float = param(
        12.0,
        unit="months",
        low=0.0,
        high=60.0,
        source="assumed",
        meaning="Mean time from signature to a legislature's vote, before it is counted up to whole months.",
    )
    months_supermajority: float = param(
        18.0, unit="months", low=0.0, high=60.0, source="assumed", meaning="The same where more than a majority is needed."
    )
    months_bloc_assent: float = param(
        4.0,
        unit="months",
        low=0.0,
        high=36.0,
        source="memory: Privacy Shield, draft decision 2016-02-29, committee vote 2016-07-08",
        meaning="Mean time from signature to the vote of a bloc's members, before it is counted up to whole months.",
    )

    def months(self, institution: Institution) -> float:
        """Return the mean time from signature to an institution's decision."""
        return float(getattr(self, f"months_{institution.name.lower()}"))

    def step(self, world: World, decide: Any) -> None:
        """Put this month's signatures to their ratifiers, and let those decide whose month has come."""
        many = made_by_many(world)
        fresh = where_true((world.instruments["stage"] == Stage.SIGNED) & (world.instruments["signed"] == world.month) & ~many)
        for new in fresh:
            self._put(world, int(new))
        for new in fresh:
            self._commit(world, int(new))
        self._put_treaties(world, many)
        due = pending(world)
        due = due[world.adherence["vote"][due] == world.month]
        if len(due) == 0:
            return
        for place, reason in zip(due.tolist(), decide.ratify(world, due), strict=True):
            row = int(world.adherence["instrument"][place])
            if many[row]:
                # A treaty of many goes on without those whose ratifiers refuse; whether enough are left is seen at entry into force.
                if reason == Reason.NONE:
                    ratify(world, place)
                else:
                    fail_ratification(world, place, Reason(int(reason)))
                continue
            if world.instruments["stage"][row] != Stage.SIGNED:
                continue
            if reason == Reason.NONE:
                ratify(world, place)
                for half in signed_with(world, row):
                    self._commit(world, half)
            else:
                fail_ratification(world, place, Reason(int(reason)))
                self._fall(world, row)

    def _put(self, world: World, row: int) -> None:
        adherence, instruments = world.adherence, world.instruments
        t, talk = int(instruments["type"][row]), int(instruments["talk"][row])
        fresh = (adherence["instrument"] == row) & (adherence["stage"] == Stage.SIGNED) & (adherence["institution"] < 0)
        places = where_true(fresh)
        consent = consent_of(world.setting, t, adherence["party"][places], world.month)
        last = -1
        for place, institution in zip(places.tolist(), consent.institution.tolist(), strict=True):
            vote = -1
            if institution != Institution.EXECUTIVE_ACT:
                vote = self._day(world, world.talk_identity(talk), place, Institution(institution))
            put_to_ratifiers(world, place, Institution(institution), vote)
            last = max(last, vote)
        if last >= 0:
            # The pair is not free to try again before what it signed can show as in force.
            self._rest(world, row, last + 2)

    def _fall(self, world: World, row: int) -> None:
        """Let fall with an instrument what was signed as one package with it, and let the pair rest from both."""
        for half in signed_with(world, row):
            if half != row:
                move(world, half, Stage.TERMINATED, Reason.LINKED_FELL)
            self._rest(world, half, world.month + world.setting.terms(BargainingTerms).rest_after_failure)

    def _put_treaties(self, world: World, many: Bools) -> None:
        """Put this month's signatures under treaties of many to their ratifiers; where an executive act is enough it comes at once."""
        adherence, instruments = world.adherence, world.instruments
        fresh = (adherence["stage"] == Stage.SIGNED) & (adherence["institution"] < 0) & many[adherence["instrument"]]
        for place in where_true(fresh).tolist():
            row, party = int(adherence["instrument"][place]), adherence["party"][[place]]
            institution = Institution(int(consent_of(world.setting, int(instruments["type"][row]), party, world.month).institution[0]))
            if institution is Institution.EXECUTIVE_ACT:
                put_to_ratifiers(world, place, institution, world.month)
                ratify(world, place)
            else:
                put_to_ratifiers(world, place, institution, self._day(world, world.instrument_identity(row), place, institution))

    def _day(self, world: World, name: str, place: int, institution: Institution) -> int:
        """Return the month in which an institution decides on a signature of this month."""
        who = identity(name), world.setting.identity[int(world.adherence["party"][place])]
        return world.month + 1 + math.floor(self.months(institution) * exponential(world.seed, luck.VOTE, world.month, *who))

    def _commit(self, world: World, row: int) -> None:
        """Commit an instrument's funds once nobody's consent is missing, to it or to what was signed as one package with it."""
        instruments = world.instruments
        whole = float(instruments["commitment"][row])
        if whole > 0.0 and not among(world.adherence["instrument"][pending(world)], *signed_with(world, row)).any():
            world.committed[int(instruments["second"][row])] += whole / float(world.setting.doings.rate(COST)[instruments["type"][row]])

    def _rest(self, world: World, row: int, until: int) -> None:
        instruments, edges = world.instruments, world.setting.edges
        edge = edges.find(int(instruments["first"][row]), int(instruments["second"][row]))
        both = [edge, int(edges.rev[edge])]
        t = int(instruments["type"][row])
        world.cooldown[t, both] = np.maximum(world.cooldown[t, both], until)


_OFFERED: type[RatificationTerms] = Ratification
